//! Names that are no secrets and must not be mixed up.

use super::secret::is_sendable;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Takes the text, unless it is blank or nothing that can be sent.
            pub fn new(text: String) -> Option<Self> {
                (is_sendable(&text) && !text.trim_ascii().is_empty()).then_some(Self(text))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

id!(
    /// The platform's session. The cart is tied to it, so it outlives every token.
    SessionId
);
id!(
    /// A company that a customer may act for.
    LegalEntityId
);
id!(
    /// An opaque name of the current epoch: one identity, one company.
    Identity
);

impl Identity {
    /// Before anything has happened to a visitor.
    pub fn first() -> Self {
        Self("0".into())
    }

    /// Of the epoch that begins. The random part keeps two lives of one browser apart after storage was cleared.
    pub fn of(epoch: u64, random: u32) -> Self {
        let mut name = String::new();
        hex(&mut name, epoch);
        name.push('-');
        hex(&mut name, random.into());
        Self(name)
    }
}

/// Without the formatting that the standard library would bring for it.
fn hex(into: &mut String, number: u64) {
    if number > 15 {
        hex(into, number >> 4);
    }
    into.extend(char::from_digit((number & 15) as u32, 16));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_names_its_epoch_and_its_life() {
        for (epoch, random, name) in [
            (0, 0, "0-0"),
            (15, 16, "f-10"),
            (0x2a0, 0xffff_ffff, "2a0-ffffffff"),
        ] {
            assert_eq!(Identity::of(epoch, random).as_str(), name);
        }
    }
}
