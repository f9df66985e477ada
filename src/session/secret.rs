//! Secrets: tokens and the password. They cannot be mixed up and cannot be printed.

use crate::json::is_nothing;
use std::fmt;

/// A short, one-way mark of a secret: enough to tell two tokens apart, useless to anybody who reads it.
pub type Fingerprint = u32;

/// The mark of a text.
pub(crate) const fn fingerprint(text: &str) -> Fingerprint {
    // FNV-1a. Thirty-two bits tell apart the handful of tokens one record ever sees.
    let mut mark: Fingerprint = 0x811c_9dc5;
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        mark = (mark ^ *byte as Fingerprint).wrapping_mul(0x0100_0193);
        rest = after;
    }
    mark
}

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Takes the text, if it can be one.
            pub fn new(text: String) -> Option<Self> {
                let accepts: fn(&str) -> bool = $accepts;
                accepts(&text).then_some(Self(text))
            }

            /// The secret itself: for the wire and the record, nowhere else.
            pub fn expose(&self) -> &str {
                &self.0
            }

            /// A mark by which two of them are told apart.
            pub fn fingerprint(&self) -> Fingerprint {
                fingerprint(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({} chars)", stringify!($name), self.0.chars().count())
            }
        }
    };
}

/// The platform takes addresses of 10 KB, and a refresh token stands in one.
const LONGEST: usize = 8_192;

/// Not longer than that, and with no sign for a character that JavaScript has half of.
pub(super) fn is_sendable(text: &str) -> bool {
    text.len() <= LONGEST && text.chars().all(|it| it != char::REPLACEMENT_CHARACTER)
}

/// Visible ASCII, so that it can stand in a header; not longer than what the platform can be sent; and not the words that
/// careless clients store for "no token".
fn is_token(text: &str) -> bool {
    !is_nothing(text) && text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic())
}

secret!(
    /// What an API call is made with. Opaque: never decoded.
    AccessToken,
    is_token
);
secret!(
    /// What a new pair of tokens is got with. To be taken as good for one use.
    RefreshToken,
    is_token
);
secret!(
    /// The customer's JWT, which checkout asks for beside the access token.
    SaasToken,
    is_token
);
secret!(
    /// A customer's password.
    Password,
    |text| is_sendable(text) && !text.is_empty()
);
secret!(
    /// A customer's e-mail address: no secret to its owner, but none of a log's business.
    Email,
    |text| is_sendable(text) && !text.trim_ascii().is_empty()
);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn debug_prints_the_length_only() {
        let token = AccessToken::new("s3cr3t-s3cr3t".into()).unwrap();
        assert_eq!(format!("{token:?}"), "AccessToken(13 chars)");
    }

    #[test]
    fn no_token_is_made_of_nothing() {
        for text in [
            "",
            " ",
            "undefined",
            "null",
            "two words",
            "line\nbreak",
            "ünïcode",
        ] {
            assert_eq!(RefreshToken::new(text.into()), None, "{text:?}");
        }
        assert!(RefreshToken::new("r".repeat(8_192)).is_some());
        assert_eq!(RefreshToken::new("r".repeat(8_193)), None);
    }

    #[test]
    fn fingerprints_tell_tokens_apart() {
        let mark = |text: &str| AccessToken::new(text.into()).unwrap().fingerprint();
        assert_eq!(mark("one"), mark("one"));
        let marks: BTreeSet<_> = (0..1000).map(|n| mark(&n.to_string())).collect();
        assert_eq!(marks.len(), 1000);
    }
}
