//! The languages that the shop speaks.

use serde_json::{Value, json};

/// A language that the shop speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    En,
    De,
}

/// A text in all languages of the shop.
#[derive(Debug)]
pub(crate) struct Localized {
    pub(crate) en: &'static str,
    pub(crate) de: &'static str,
}

impl Localized {
    pub(crate) fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::De => self.de,
        }
    }

    /// All of them.
    pub(crate) fn map(&self) -> Value {
        json!({ "en": self.en, "de": self.de })
    }

    /// As a caller reads it: in one language, or in all when none is asked for.
    pub(crate) fn read(&self, language: Option<Language>) -> Value {
        language.map_or_else(|| self.map(), |language| self.in_language(language).into())
    }
}
