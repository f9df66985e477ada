//! Anything in: a typed error or a value that makes sense comes out, and nothing panics.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use storefront_session::emporix::{TokenInfo, grant, judge};
use storefront_session::http::Response;
use storefront_session::session::{Cart, Freshness, Life, Moment, Record};

const URL: &str = "http://x";
const LAST_DATE: u64 = 8_640_000_000_000_000;

/// Any JSON, with the field names that the decoders look for among the others.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|it| json!(it)),
        any::<String>().prop_map(Value::from),
        "[!-~]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 12, |inner| {
        let name = prop::sample::select(&NAMES[..]).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..12)
                .prop_map(|fields| Value::from(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

const NAMES: [&str; 42] = [
    "access_token",
    "accessToken",
    "refresh_token",
    "refreshToken",
    "saas_token",
    "saasToken",
    "expires_in",
    "expiresIn",
    "refresh_token_expires_in",
    "sessionId",
    "session_id",
    "scope",
    "email",
    "legalEntityId",
    "b2b",
    "legalEntities",
    "id",
    "name",
    "fault",
    "detail",
    "errorcode",
    "schema",
    "revision",
    "epoch",
    "identity",
    "began",
    "apiUrl",
    "guest",
    "customer",
    "pair",
    "access",
    "refresh",
    "token",
    "received",
    "lives",
    "extends",
    "saas",
    "pending",
    "fingerprint",
    "startedAt",
    "initialPassword",
    "cart",
];

fn any_moment() -> impl Strategy<Value = Moment> {
    (0..=LAST_DATE, any::<i64>()).prop_map(|(wall, mono)| Moment { wall, mono })
}

fn decode_all(text: &str, now: Moment) {
    if let Some(grant) = grant::<Value>(text, now) {
        assert!(!grant.access.token.expose().is_empty());
        let record = Record::default()
            .with_guest(grant.clone())
            .with_login(grant, 1);
        let stored = record.encode::<Value>(URL, None).unwrap();
        let back = Record::decode::<Value>(&stored, URL, now).unwrap();
        assert_eq!(back.change_since(&record), None);
        assert!(
            record
                .snapshot(true)
                .expires_at
                .is_none_or(|at| at <= 1 << 53)
        );
    }
    let _ = TokenInfo::decode::<Value>(text, now);
    if let Ok(record) = Record::decode::<Value>(text, URL, now) {
        assert!(record.encode::<Value>(URL, None).is_some());
    }
}

/// A record that is good, and each of its fields in turn replaced by something else.
fn spoiled_record(path: usize, value: &Value) -> String {
    let answer = r#"{"access_token":"A","refresh_token":"R","saas_token":"S","expires_in":60,"session_id":"s"}"#;
    let tokens = grant::<Value>(answer, Moment::default()).unwrap();
    let record = Record::default()
        .with_guest(tokens.clone())
        .with_cart(Cart::new("fc".into()))
        .with_login(tokens, 1);
    let text = record.encode::<Value>(URL, None).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    let mut left = path;
    spoil(&mut json, &mut left, value);
    json.to_string()
}

fn spoil(json: &mut Value, left: &mut usize, value: &Value) {
    let fields: Vec<&mut Value> = match json {
        Value::Object(fields) => fields.values_mut().collect(),
        _ => return,
    };
    for field in fields {
        if *left == 0 {
            *field = value.clone();
            *left = usize::MAX;
            return;
        }
        *left -= 1;
        spoil(field, left, value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), now in any_moment()) {
        decode_all(&text, now);
    }

    #[test]
    fn any_json_is_read_or_refused(json in any_json(), now in any_moment()) {
        decode_all(&json.to_string(), now);
    }

    #[test]
    fn any_spoiled_record_is_read_or_refused(path in 0_usize..40, value in any_json(), now in any_moment()) {
        decode_all(&spoiled_record(path, &value), now);
    }

    #[test]
    fn any_answer_is_judged(status in any::<u16>(), body in any::<String>()) {
        let response = Response { status, retry_after: None, body };
        let _ = judge::<Value>(Ok(response)).map(|answer| grant::<Value>(&answer.body, Moment::default()));
    }

    #[test]
    fn any_two_clocks_agree_on_an_age(received in any_moment(), now in any_moment(), seconds in any::<Option<i64>>()) {
        let life = Life::from_answer(received, seconds);
        let until_due = life.until_due(now);
        match life.freshness(now) {
            Freshness::Expired => prop_assert!(until_due.is_none_or(|time| time == 0)),
            Freshness::Due => prop_assert!(until_due == Some(0)),
            Freshness::Fresh => prop_assert!(until_due.is_none_or(|time| time > 0)),
        }
        let stored = Life::from_record(received.wall, life.lives, now);
        prop_assert!(stored.ends() == life.ends());
    }
}
