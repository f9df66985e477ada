//! A request as an endpoint sees it, after gateway and routing.

use crate::seed::language::Language;
use crate::wire::http::Request;
use crate::wire::language as wire_language;
use crate::wire::problem::{Problem, Service};
use crate::wire::query::Query;
use crate::wire::reply::Reply;
use crate::world::caller::Caller;
use matchit::Params;
use serde_json::Value;
use std::borrow::Cow;

/// The number of documents on a page when the caller does not choose.
const PAGE_SIZE: usize = 16;

/// A request that has passed the gateway.
#[derive(Debug)]
pub(crate) struct Call<'r> {
    pub(crate) request: &'r Request,
    pub(crate) service: Service,
    /// The values of the route's placeholders.
    pub(crate) params: Params<'static, 'r>,
    /// Nobody on routes that are open.
    pub(crate) caller: Option<Caller>,
}

impl Call<'_> {
    /// The caller; endpoints behind a bearer always have one.
    pub(crate) fn caller(&self) -> Result<&Caller, Problem> {
        self.caller
            .as_ref()
            .ok_or_else(|| Problem::forbidden(self.service))
    }

    /// In which of the languages the caller wants to read; none asks for all of them.
    pub(crate) fn language(&self) -> Result<Option<Language>, Problem> {
        wire_language::accepted(self.request.header_value("accept-language")).map_err(
            |wire_language::Invalid| Problem::new(400, "Language header validation failed"),
        )
    }

    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.get(name).unwrap_or_default()
    }

    pub(crate) fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        self.request.query(name)
    }

    /// A query parameter that has to be there and say something.
    pub(crate) fn required(&self, name: &'static str) -> Result<Cow<'_, str>, Problem> {
        self.query(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Problem::missing(name))
    }

    /// The body as a JSON object.
    pub(crate) fn body(&self) -> Result<Value, Problem> {
        let body: Value =
            serde_json::from_str(&self.request.body).map_err(|_| Problem::malformed_body())?;
        if body.is_object() {
            Ok(body)
        } else {
            Err(Problem::malformed_body())
        }
    }

    /// The body as a list of objects, at most that many.
    pub(crate) fn list(&self, most: usize) -> Result<Vec<Value>, Problem> {
        let body = serde_json::from_str(&self.request.body);
        let Ok(Value::Array(list)) = body else {
            return Err(Problem::malformed_body());
        };
        if list.len() > most {
            return Err(Problem::new(
                400,
                format!("The maximum batch size is {most}."),
            ));
        }
        Ok(list)
    }

    pub(crate) fn forbidden(&self) -> Problem {
        Problem::forbidden(self.service)
    }

    /// One page of those documents that a query about these fields finds. What it does not understand is refused.
    pub(crate) fn found(
        &self,
        documents: impl Iterator<Item = Value>,
        query: Option<&str>,
        fields: &[&str],
    ) -> Result<Reply, Problem> {
        let query = Query::parse(query.unwrap_or_default(), fields)
            .map_err(|message| Problem::invalid("q", message))?;
        self.page(
            documents
                .filter(|document| query.matches(document))
                .collect(),
        )
    }

    /// One page of a list, as `pageNumber` and `pageSize` choose it.
    pub(crate) fn page(&self, documents: Vec<Value>) -> Result<Reply, Problem> {
        let number = self.positive("pageNumber")?.unwrap_or(1);
        let size = self.positive("pageSize")?.unwrap_or(PAGE_SIZE);
        let total = documents.len();
        let page: Vec<_> = documents
            .into_iter()
            .skip((number - 1).saturating_mul(size))
            .take(size)
            .collect();
        let reply = Reply::json(200, &page);
        // Only on demand, as specified: a client that forgets to ask must notice it here.
        match self.request.header_value("x-total-count") {
            Some("true") => Ok(reply.header("X-Total-Count", total.to_string())),
            _ => Ok(reply),
        }
    }

    fn positive(&self, name: &'static str) -> Result<Option<usize>, Problem> {
        let Some(text) = self.query(name) else {
            return Ok(None);
        };
        match text.parse() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(Problem::invalid(
                name,
                format!("{name} must be a positive number"),
            )),
        }
    }
}

/// An optional text of a body.
pub(crate) fn text<'b>(body: &'b Value, field: &'static str) -> Result<Option<&'b str>, Problem> {
    match &body[field] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(Problem::invalid(field, format!("{field} must be a text"))),
    }
}
