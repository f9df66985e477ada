//! The platform's query language, as far as storefronts use it. What is not understood is an error, never ignored: a list
//! that nobody has narrowed looks like an answer.
//!
//! Clauses stand side by side and all hold: `field:value`, `field:"a value"`, one of several with `field:(a,b)` or
//! `field:(a OR b)`, a regular expression with `field:~part`, `field:~(a,b)` or `field:(~a part)`, `field:null` and
//! `field:exists`; one of several clauses with `(field:a OR other:b)`.

mod reader;

use reader::Reader;
use regex_lite::Regex;
use serde_json::Value;

/// What a document must be like.
#[derive(Debug)]
pub(crate) enum Query {
    /// All of them hold.
    All(Vec<Query>),
    /// One of them holds.
    Any(Vec<Query>),
    Field {
        name: String,
        is: Vec<Test>,
    },
}

/// What a field must be like.
#[derive(Debug)]
pub(crate) enum Test {
    Equal(String),
    Like(Regex),
    Null,
    Exists,
}

impl Query {
    /// Reads a query about these fields; the message says what is not understood.
    pub(crate) fn parse(text: &str, fields: &[&str]) -> Result<Self, String> {
        let mut reader = Reader { rest: text, fields };
        let mut clauses = Vec::new();
        while reader.skip_space() {
            if !clauses.is_empty() && reader.take_word("AND") {
                continue;
            }
            clauses.push(reader.clause(0)?);
        }
        Ok(Self::All(clauses))
    }

    pub(crate) fn matches(&self, document: &Value) -> bool {
        match self {
            Self::All(queries) => queries.iter().all(|query| query.matches(document)),
            Self::Any(queries) => queries.iter().any(|query| query.matches(document)),
            Self::Field { name, is } => {
                let value = name.split('.').fold(document, |value, key| &value[key]);
                is.iter().any(|test| test.holds(value))
            }
        }
    }
}

impl Test {
    fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, value) => value.is_null(),
            (Self::Exists, value) => !value.is_null(),
            (_, Value::Null) => false,
            // A text in several languages is found in any of them, and a list by any of its entries.
            (test, Value::Object(texts)) => texts.values().any(|text| test.holds(text)),
            (test, Value::Array(entries)) => entries.iter().any(|entry| test.holds(entry)),
            (Self::Equal(wanted), Value::String(text)) => wanted == text,
            (Self::Equal(wanted), other) => {
                let text = other.to_string();
                *wanted == text
            }
            (Self::Like(pattern), Value::String(text)) => pattern.is_match(text),
            (Self::Like(pattern), other) => pattern.is_match(&other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(query: &str) -> Result<Vec<&'static str>, String> {
        let documents = [
            json!({ "id": "a", "code": "A-1", "name": { "en": "Red Mug", "de": "Roter Becher" }, "n": 1 }),
            json!({ "id": "b", "code": "B-2", "name": { "en": "Tea Tin" }, "n": 2 }),
        ];
        let query = Query::parse(query, &["id", "code", "name", "n", "x"])?;
        let ids = ["a", "b"].into_iter().zip(documents);
        Ok(ids
            .filter(|(_, document)| query.matches(document))
            .map(|(id, _)| id)
            .collect())
    }

    #[test]
    fn what_is_understood_narrows() {
        for (query, ids) in [
            ("", &["a", "b"][..]),
            ("id:a", &["a"]),
            ("id:c", &[]),
            ("id:(a,b)", &["a", "b"]),
            ("id:(a, c)", &["a"]),
            ("code:(A-1 OR B-2)", &["a", "b"]),
            ("code:(A-1 OR C)", &["a"]),
            ("code:~-1", &["a"]),
            ("code:~(a-1,b)", &["a", "b"]),
            ("code:~(x OR B)", &["b"]),
            ("code:~^b-.$", &["b"]),
            ("name:\"Red Mug\"", &["a"]),
            ("name:(Red Mug,x)", &["a"]),
            ("name:(~ed m)", &["a"]),
            ("name:~mug", &["a"]),
            ("name:~becher", &["a"]),
            ("name.de:~becher", &["a"]),
            ("name.en:~becher", &[]),
            ("name:Mug", &[]),
            ("n:2", &["b"]),
            ("x:null", &["a", "b"]),
            ("name.de:exists", &["a"]),
            ("id:a code:A-1", &["a"]),
            ("id:a AND code:B-2", &[]),
            ("(id:a OR code:B-2)", &["a", "b"]),
            ("(id:a AND code:B-2 OR id:b)", &["b"]),
            ("(id:a OR id:b) code:B-2", &["b"]),
        ] {
            assert_eq!(found(query).as_deref(), Ok(ids), "{query}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        let deep = "(".repeat(10_000);
        for query in [
            "a",
            "id:",
            "id",
            ":a",
            "id:(a",
            "id:()",
            "id:(a,)",
            "id:\"a",
            "colour:red",
            "id:a)",
            "(id:a",
            "id:a,b",
            "n:(>=1)",
            "n:>1",
            "code:~(",
            "code:~[",
            "id:(a b OR)",
            "name:Red Mug",
            "\"",
            "OR",
            "id:a OR id:b",
            "(id:a OR)",
            &deep,
            "id:(a))",
            "id:a\"b\"",
            "id:~",
        ] {
            assert!(found(query).is_err(), "{query}: {:?}", found(query));
        }
    }
}
