//! Names that are no secrets and must not be mixed up.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
        pub struct $name(String);

        impl $name {
            /// Takes the text, unless it is blank.
            pub fn new(text: String) -> Option<Self> {
                (!text.trim().is_empty()).then_some(Self(text))
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
        Self(format!("{epoch}-{random:08x}"))
    }
}
