//! The log of API calls, for those who count them.

use crate::world::tokens::{BearerKind, Status};
use serde::{Serialize, Serializer};
use std::collections::VecDeque;
use std::fmt;

/// The rows that are kept: a long load test must not eat the memory.
const CAPACITY: usize = 100_000;

/// One API call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Counts the calls since the start or the last reset, from 1.
    pub seq: u64,
    /// The platform's time, in milliseconds since 1970.
    pub at: u64,
    /// The method; `OPTIONS` marks a preflight.
    pub method: String,
    /// The path without the query, which may hold secrets; a mailed token in it as its fingerprint.
    pub path: String,
    /// The status of the answer, delivered or not; none when the request was dropped.
    pub status: Option<u16>,
    /// Whose token the request carried.
    pub bearer: BearerKind,
    /// Whether that token worked.
    pub bearer_status: Option<Status>,
    /// The fingerprint of that token.
    pub token: Option<Fingerprint>,
    /// The fingerprint of the refresh token in the query.
    pub refresh_token: Option<Fingerprint>,
    /// The session of the token that was issued, else of the bearer.
    pub session_id: Option<String>,
    /// The company of the token that was issued, else of the bearer.
    pub legal_entity_id: Option<String>,
    /// The `Origin` header.
    pub origin: Option<String>,
    /// Whether the answer went out: not for `drop`, `lost-answer` and what is still held.
    pub delivered: bool,
}

/// Stands for a secret where the secret itself must not be seen: 64-bit FNV-1a, in 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of a token.
    pub fn of(secret: &str) -> Self {
        Self(secret.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A path as the log tells it: the one secret that stands in a path, a mailed token, is told by its fingerprint.
pub(crate) fn without_secrets(path: &str) -> String {
    const OPT_IN: &str = "/signup/optin/";
    match path.split_once(OPT_IN) {
        Some((before, token)) if token.trim_end_matches('/') != "refresh_token" => {
            let token = token.strip_suffix('/').unwrap_or(token);
            format!("{before}{OPT_IN}{}", Fingerprint::of(token))
        }
        _ => path.to_owned(),
    }
}

/// The last calls, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Log {
    rows: VecDeque<Row>,
    calls: u64,
}

impl Log {
    /// The number that the next row must bear.
    pub(crate) fn next_seq(&mut self) -> u64 {
        self.calls += 1;
        self.calls
    }

    pub(crate) fn push(&mut self, row: Row) {
        if self.rows.len() == CAPACITY {
            self.rows.pop_front();
        }
        self.rows.push_back(row);
    }

    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.rows.iter()
    }

    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }

    pub(crate) fn mark_delivered(&mut self, seq: u64) {
        if let Some(row) = self.rows.iter_mut().rev().find(|row| row.seq == seq) {
            row.delivered = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_fnv() {
        assert_eq!(
            serde_json::to_string(&Fingerprint::of("")).expect("serializes"),
            r#""cbf29ce484222325""#
        );
        assert_eq!(
            serde_json::to_string(&Fingerprint::of("a")).expect("serializes"),
            r#""af63dc4c8601ec8c""#
        );
    }
}
