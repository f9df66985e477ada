//! Reads a query, word by word; what is not understood is told in words.

use super::{Query, Test};
use regex_lite::RegexBuilder;

/// Groups may stand in groups, but no request may exhaust the stack.
const DEEPEST: usize = 8;

/// What is left to read of a query about these fields.
pub(super) struct Reader<'q> {
    pub(super) rest: &'q str,
    pub(super) fields: &'q [&'q str],
}

impl<'q> Reader<'q> {
    /// Whether anything is left behind the space.
    pub(super) fn skip_space(&mut self) -> bool {
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

    pub(super) fn take_word(&mut self, word: &str) -> bool {
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

    pub(super) fn clause(&mut self, depth: usize) -> Result<Query, String> {
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
