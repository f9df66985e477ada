//! How long a token lives, and how long it is said to live.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A number of seconds as it stands in an answer, or something absurd that a client must survive.
///
/// A positive number is the truth. Zero, a negative number, `null` (the field is missing) and a text are reported
/// literally, while the token really lives as long as documented.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Lifetime(Value);

impl Lifetime {
    /// A lifetime that says the truth.
    pub fn seconds(seconds: u64) -> Self {
        Self(seconds.into())
    }

    /// What the answer says, `null` for a missing field.
    pub fn as_given(&self) -> &Value {
        &self.0
    }

    /// The milliseconds for which a token really lives.
    pub(crate) fn milliseconds(&self, documented_seconds: u64) -> u64 {
        // A float cast saturates, so that 2^53 seconds and more live practically for ever.
        self.truthful()
            .map_or(documented_seconds * 1000, |seconds| {
                (seconds * 1000.0) as u64
            })
    }

    /// Whether the answer says how long the token lives.
    pub(crate) fn is_truthful(&self) -> bool {
        self.truthful().is_some()
    }

    fn truthful(&self) -> Option<f64> {
        self.0.as_f64().filter(|seconds| *seconds > 0.0)
    }
}

impl TryFrom<Value> for Lifetime {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value {
            Value::Number(_) | Value::Null | Value::String(_) => Ok(Self(value)),
            other => Err(format!(
                "{other} is no lifetime: a number of seconds, a text or null"
            )),
        }
    }
}

impl From<Lifetime> for Value {
    fn from(lifetime: Lifetime) -> Self {
        lifetime.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lifetime(value: Value) -> Lifetime {
        Lifetime::try_from(value).expect("a lifetime")
    }

    #[test]
    fn a_positive_number_is_the_truth() {
        assert_eq!(lifetime(json!(120)).milliseconds(3600), 120_000);
        assert_eq!(lifetime(json!(1.5)).milliseconds(3600), 1_500);
        assert_eq!(
            lifetime(json!(1u64 << 53)).milliseconds(3600),
            (1 << 53) * 1000
        );
    }

    #[test]
    fn an_absurd_one_is_only_a_claim() {
        for absurd in [json!(0), json!(-5), json!(null), json!("soon")] {
            assert!(!lifetime(absurd.clone()).is_truthful());
            assert_eq!(lifetime(absurd.clone()).milliseconds(3600), 3_600_000);
            assert_eq!(lifetime(absurd.clone()).as_given(), &absurd);
        }
    }

    #[test]
    fn some_things_are_no_lifetime() {
        assert!(Lifetime::try_from(json!(true)).is_err());
        assert!(Lifetime::try_from(json!([1])).is_err());
    }
}
