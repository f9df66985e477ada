//! One corpus of answers, read natively and in a browser: every spelling of docs/platform.md §1–7, and what is no answer.

use storefront_session::emporix::{TokenInfo, grant};
use storefront_session::json::Json;
use storefront_session::session::{Cart, Grant, Moment, Record};

#[cfg(not(target_arch = "wasm32"))]
type Value = serde_json::Value;
#[cfg(target_arch = "wasm32")]
type Value = wasm_bindgen::JsValue;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const NOW: Moment = Moment {
    wall: 1_800_000_000_000,
    mono: 0,
};

/// What is read of an answer: access token, refresh token, their lives in seconds, saas token, session id.
type Read<'a> = (
    &'a str,
    Option<&'a str>,
    Option<u64>,
    Option<u64>,
    Option<&'a str>,
    Option<&'a str>,
);

fn read(grant: &Grant) -> Read<'_> {
    let seconds = |lives: Option<u64>| lives.map(|lives| lives / 1000);
    let refresh = grant.refresh.as_ref();
    (
        grant.access.token.expose(),
        refresh.map(|refresh| refresh.token.expose()),
        seconds(grant.access.life.lives),
        refresh.and_then(|refresh| seconds(refresh.life.lives)),
        grant.saas.as_ref().map(|saas| saas.token.expose()),
        grant.session_id.as_ref().map(|id| id.as_str()),
    )
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn every_variant_of_a_token_answer_is_read() {
    let cases: &[(&str, Read<'_>)] = &[
        // Anonymous login, and its refresh in the deprecated mode.
        (
            r#"{"token_type":"Bearer","access_token":"A","expires_in":3599,"refresh_token":"R","refresh_token_expires_in":86399,"sessionId":"s","scope":"tenant=t"}"#,
            ("A", Some("R"), Some(3599), Some(86399), None, Some("s")),
        ),
        (
            r#"{"token_type":"Bearer","access_token":"A","expires_in":3599,"sessionId":"s","scope":"tenant=t"}"#,
            ("A", None, Some(3599), None, None, Some("s")),
        ),
        // a: the official example of a login.
        (
            r#"{"access_token":"A","saas_token":"S","expires_in":2591999,"refresh_token":"R","refresh_token_expires_in":86399,"token_type":"Bearer","session_id":"s","initialPassword":false}"#,
            (
                "A",
                Some("R"),
                Some(2_591_999),
                Some(86399),
                Some("S"),
                Some("s"),
            ),
        ),
        // b and d: both spellings at once; the newer one is taken.
        (
            r#"{"access_token":"A","accessToken":"old","saas_token":"S","saasToken":"old","refresh_token":"R","refreshToken":"old","expires_in":14399,"expiresIn":1,"refresh_token_expires_in":"86399","refreshTokenExpiresIn":1,"session_id":"s","initialPassword":"false"}"#,
            (
                "A",
                Some("R"),
                Some(14399),
                Some(86399),
                Some("S"),
                Some("s"),
            ),
        ),
        // c and j: camel case only, a number as text, no session id.
        (
            r#"{"accessToken":"A","saasToken":"S","refreshToken":"R","expiresIn":14399,"refreshTokenExpiresIn":"86399"}"#,
            ("A", Some("R"), Some(14399), Some(86399), Some("S"), None),
        ),
        // g: mixed.
        (
            r#"{"access_token":"A","refresh_token":"R","saasToken":"S","scope":"x","sessionId":"s","initialPassword":true}"#,
            ("A", Some("R"), None, None, Some("S"), Some("s")),
        ),
        // h: social login, with numbers as text.
        (
            r#"{"social_access_token":"no","social_id_token":"no","access_token":"A","saas_token":"S","refresh_token":"R","refresh_token_expires_in":"86399","expires_in":"2591999","session_idle_time":3600}"#,
            (
                "A",
                Some("R"),
                Some(2_591_999),
                Some(86399),
                Some("S"),
                None,
            ),
        ),
        // i: token exchange.
        (
            r#"{"subject_access_token":"no","access_token":"A","saas_token":"S","refresh_token":"R","refresh_token_expires_in":15551999,"session_idle_time":120,"expires_in":14399,"session_id":"s"}"#,
            (
                "A",
                Some("R"),
                Some(14399),
                Some(15_551_999),
                Some("S"),
                Some("s"),
            ),
        ),
        // Fields that are there and say nothing.
        (
            r#"{"access_token":"A","refresh_token":"","saas_token":null,"expires_in":null,"refresh_token_expires_in":"","session_id":"","sessionId":" "}"#,
            ("A", None, None, None, None, None),
        ),
        (
            r#"{"access_token":"A","refresh_token":"undefined","expires_in":"soon","session_id":7}"#,
            ("A", None, None, None, None, None),
        ),
        (
            r#"{"access_token":"A","accessToken":"B","expires_in":-5,"refresh_token":"R","refresh_token_expires_in":0}"#,
            ("A", Some("R"), None, None, None, None),
        ),
        (
            r#"{"access_token":"A","expires_in":9007199254740992}"#,
            ("A", None, Some(315_360_000), None, None, None),
        ),
        (
            r#"{"access_token":"A","expires_in":1e300}"#,
            ("A", None, Some(315_360_000), None, None, None),
        ),
        (
            r#"{"access_token":" ","accessToken":"B","expires_in":3599.9}"#,
            ("B", None, Some(3599), None, None, None),
        ),
    ];
    for (body, expected) in cases {
        let grant = grant::<Value>(body, NOW).unwrap_or_else(|| panic!("{body}"));
        assert_eq!(read(&grant), *expected, "{body}");
    }
}

/// What a captive portal, a broken proxy or a confused server may answer with 200.
const NO_ANSWERS: [&str; 18] = [
    "",
    " ",
    "null",
    "true",
    "7",
    "[]",
    "{}",
    "\"access_token\"",
    "{",
    "{\"access_token\":",
    "<!doctype html><title>Sign in to the hotel</title>",
    r#"{"access_token":""}"#,
    r#"{"access_token":null}"#,
    r#"{"access_token":{"a":1}}"#,
    r#"{"access_token":["A"]}"#,
    r#"{"access_token":"two words"}"#,
    r#"[{"access_token":"A"}]"#,
    r#"{"data":{"access_token":"A"}}"#,
];

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn what_is_no_answer_is_none() {
    for body in NO_ANSWERS {
        assert!(grant::<Value>(body, NOW).is_none(), "{body}");
        assert!(TokenInfo::decode::<Value>(body, NOW).is_none(), "{body}");
        assert!(
            Record::decode::<Value>(body, "http://x", NOW).is_err(),
            "{body}"
        );
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn what_validate_says_is_read() {
    let body = r#"{"token_type":"Bearer","expires_in":2591974,"scope":"customer.customerprofile_view  order.history_view tenant=test","sessionId":"s","email":"c@example.com","legalEntityId":"le"}"#;
    let info = TokenInfo::decode::<Value>(body, NOW).unwrap();
    assert_eq!(info.session_id.unwrap().as_str(), "s");
    assert_eq!(info.legal_entity_id.unwrap().as_str(), "le");
    assert_eq!(info.expires_at, Some(NOW.wall + 2_591_974_000));

    let older = TokenInfo::decode::<Value>(r#"{"scope":"a","expires_in":"60"}"#, NOW).unwrap();
    assert_eq!((older.email, older.legal_entity_id), (None, None));
    assert_eq!(older.expires_at, Some(NOW.wall + 60_000));
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn a_password_that_somebody_else_has_set_is_to_be_changed_until_the_next_login() {
    for (said, needs) in [
        ("true", true),
        (r#""true""#, true),
        ("false", false),
        (r#""false""#, false),
        ("null", false),
        ("1", false),
        (r#""yes""#, false),
        ("{}", false),
    ] {
        let login =
            format!(r#"{{"access_token":"A","refresh_token":"R","initialPassword":{said}}}"#);
        let signed_in = Record::default().with_login(grant::<Value>(&login, NOW).unwrap(), 1);
        // A refresh does not tell it.
        let renewal = r#"{"access_token":"B","refresh_token":"S"}"#;
        let renewed = signed_in
            .clone()
            .with_customer_renewed(grant::<Value>(renewal, NOW).unwrap());
        let text = renewed.encode::<Value>("http://x", None).unwrap();
        let read = Record::decode::<Value>(&text, "http://x", NOW).unwrap();
        for record in [signed_in, renewed, read.clone()] {
            assert_eq!(record.snapshot(true).needs_password_change, needs, "{said}");
        }
        assert!(
            !read
                .without_customer(2)
                .snapshot(true)
                .needs_password_change
        );
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn a_record_is_read_as_it_was_written() {
    let grant = |body: &str| grant::<Value>(body, NOW).unwrap();
    let guest = r#"{"access_token":"G","refresh_token":"GR","expires_in":3599,"refresh_token_expires_in":86399,"sessionId":"s"}"#;
    let login =
        r#"{"access_token":"A\u0022","saas_token":"S","expires_in":2591999,"refresh_token":"R"}"#;
    let company = storefront_session::session::LegalEntityId::new("le-ünï \"1\"\n".into());
    for record in [
        Record::default(),
        Record::default().with_guest(grant(guest)),
        Record::default()
            .with_guest(grant(guest))
            .with_login(grant(login), 1),
        Record::default()
            .with_guest(grant(guest))
            .with_login(grant(login), 1)
            .with_legal_entity(company, 2)
            .with_customer_spent(),
        Record::default()
            .with_guest(grant(guest))
            .with_cart(Cart::new("fc \"1\"".into()))
            .with_login(grant(login), 1)
            .with_company_needed(),
        Record::default().with_guest(grant(guest)).ended(3),
    ] {
        let text = record.encode::<Value>("http://x", None).unwrap();
        assert_eq!(Record::decode::<Value>(&text, "http://x", NOW), Ok(record));
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn values_answer_for_what_they_are() {
    let value = Value::parse(r#"{"t":"x","n":1.5,"b":false,"l":[1,2],"z":null,"o":{}}"#).unwrap();
    let field = |name: &str| value.field(name);
    assert_eq!(field("t").and_then(|it| it.text()).as_deref(), Some("x"));
    assert_eq!(field("n").and_then(|it| it.number()), Some(1.5));
    assert_eq!(field("b").and_then(|it| it.flag()), Some(false));
    assert_eq!(field("l").map(|it| it.items().len()), Some(2));
    assert!(field("z").is_none() && field("missing").is_none());
    for (name, other) in [("t", "length"), ("l", "push"), ("n", "toFixed"), ("o", "x")] {
        let value = field(name).unwrap();
        assert!(
            name == "l" || value.field(other).is_none(),
            "{name}.{other}"
        );
        assert!(value.text().is_none() || name == "t");
        assert!(value.number().is_none() || name == "n");
        assert!(value.items().is_empty() || name == "l");
    }
}
