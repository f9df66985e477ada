//! The platform's query language, as far as storefronts use it. What is not understood is an error, never ignored: a list
//! that nobody has narrowed looks like an answer.
//!
//! Clauses stand side by side and all hold: `field:value`, `field:"a value"`, one of several with `field:(a,b)` or
//! `field:(a OR b)`, a regular expression with `field:~part`, `field:~(a,b)` or `field:(~a part)`, `field:null` and
//! `field:exists`; one of several clauses with `(field:a OR other:b)`.

use regex_lite::{Regex, RegexBuilder};
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

/// Groups may stand in groups, but no request may exhaust the stack.
const DEEPEST: usize = 8;

struct Reader<'q> {
    rest: &'q str,
    fields: &'q [&'q str],
}

impl<'q> Reader<'q> {
    /// Whether anything is left behind the space.
    fn skip_space(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        !self.rest.is_empty()
    }

    fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        match rest.filter(|rest| rest.starts_with([' ', '('])) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// All up to the first of these characters.
    fn take_until(&mut self, ends: &[char]) -> &'q str {
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn clause(&mut self, depth: usize) -> Result<Query, String> {
        if depth > DEEPEST {
            return Err("there are too many parentheses".to_owned());
        }
        if !self.take("(") {
            return self.field();
        }
        let mut any = vec![self.group(depth)?];
        while self.take_word("OR") {
            any.push(self.group(depth)?);
        }
        if !self.take(")") {
            return Err(self.unexpected(") or OR"));
        }
        Ok(Query::Any(any))
    }

    /// One side of an `OR`: clauses that all hold.
    fn group(&mut self, depth: usize) -> Result<Query, String> {
        self.skip_space();
        let mut all = vec![self.clause(depth + 1)?];
        loop {
            self.skip_space();
            let ends = self.rest.is_empty() || self.rest.starts_with(')');
            if ends || self.rest.starts_with("OR ") || self.rest.starts_with("OR(") {
                return Ok(Query::All(all));
            }
            self.take_word("AND");
            self.skip_space();
            all.push(self.clause(depth + 1)?);
        }
    }

    fn field(&mut self) -> Result<Query, String> {
        let name = self.take_until(&[':', ' ', '(', ')', ',', '"']);
        if name.is_empty() || !self.take(":") {
            return Err(self.unexpected("a field, a colon and a value"));
        }
        let base = name.split_once('.').map_or(name, |(base, _)| base);
        if !self.fields.contains(&name) && !self.fields.contains(&base) {
            let known = self.fields.join(", ");
            return Err(format!("{name} cannot be searched for, but {known}"));
        }
        let is = self.tests()?;
        let name = name.to_owned();
        Ok(Query::Field { name, is })
    }

    fn tests(&mut self) -> Result<Vec<Test>, String> {
        let like = self.take("~");
        if !self.take("(") {
            let value = if self.rest.starts_with('"') {
                self.quoted()?
            } else {
                self.take_until(&[' ', '(', ')', ',', '"']).to_owned()
            };
            if !(self.rest.is_empty() || self.rest.starts_with([' ', ')'])) {
                return Err(self.unexpected("a space"));
            }
            return Ok(vec![test(&value, like)?]);
        }
        let mut tests = Vec::new();
        loop {
            self.skip_space();
            let like = self.take("~") || like;
            let value = if self.rest.starts_with('"') {
                self.quoted()?
            } else {
                self.list_entry()?
            };
            tests.push(test(&value, like)?);
            self.skip_space();
            if self.take(")") {
                return Ok(tests);
            }
            if !self.take(",") && !self.take_word("OR") {
                return Err(self.unexpected(", or OR or )"));
            }
        }
    }

    /// An entry of a list may have spaces in it.
    fn list_entry(&mut self) -> Result<String, String> {
        let whole = self.rest;
        let end = whole.find([',', ')', '(', '"']).unwrap_or(whole.len());
        let end = whole.find(" OR ").map_or(end, |or| or.min(end));
        let (entry, rest) = whole.split_at(end);
        self.rest = rest;
        let entry = entry.trim();
        if entry == "OR" || entry.starts_with("OR ") || entry.ends_with(" OR") {
            return Err("a value is missing beside OR".to_owned());
        }
        Ok(entry.to_owned())
    }

    fn quoted(&mut self) -> Result<String, String> {
        self.take("\"");
        let text = self.take_until(&['"']);
        if self.take("\"") {
            Ok(text.to_owned())
        } else {
            Err("a quotation mark is missing".to_owned())
        }
    }

    fn unexpected(&self, wanted: &str) -> String {
        match self.rest.chars().next() {
            Some(found) => format!("there is {found:?} where {wanted} should be"),
            None => format!("it ends where {wanted} should be"),
        }
    }
}

fn test(value: &str, like: bool) -> Result<Test, String> {
    match value {
        "" => Err("a value is missing".to_owned()),
        "null" if !like => Ok(Test::Null),
        "exists" if !like => Ok(Test::Exists),
        _ if value.starts_with(['<', '>']) => {
            Err(format!("{value} compares, which is not known here"))
        }
        _ if like => RegexBuilder::new(value)
            .case_insensitive(true)
            .build()
            .map(Test::Like)
            .map_err(|_| format!("{value} is no regular expression")),
        _ => Ok(Test::Equal(value.to_owned())),
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
