//! What goes over the wire: requests and answers, refusals, queries, headers.

pub(crate) mod cors;
pub(crate) mod http;
pub(crate) mod language;
pub(crate) mod problem;
pub(crate) mod query;
pub(crate) mod reply;
