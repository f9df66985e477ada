//! Whatever stands in a field of a request, there is an answer in the platform's form, and the platform goes on.
//!
//! Every request of the corpus is valid. Each of its fields, parameters, path segments and headers is replaced by each of the
//! hostile values in turn, and removed; afterwards everything is read back.

mod corpus;
mod scene;

use corpus::{corpus, hostile};
use sandbox::{Answer, Request};
use scene::Scene;
use serde_json::Value;
use std::fs;
use std::path::Path;

fn check(answer: &Answer, what: &str) {
    assert!(
        (200..500).contains(&answer.status) || answer.status == 501,
        "{what}: {} {}",
        answer.status,
        answer.body
    );
    if !answer.body.is_empty() {
        let body: Result<Value, _> = serde_json::from_str(&answer.body);
        assert!(body.is_ok(), "{what}: {}", answer.body);
    }
    for (name, value) in &answer.headers {
        let plain = value.chars().all(|c| c == '\t' || (' '..='~').contains(&c));
        assert!(plain, "{what}: {name}: {value:?}");
    }
}

/// The places of a body at which something can be wrong, the body itself among them.
fn places(body: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                places(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(entries) => {
            for (index, value) in entries.iter().enumerate() {
                places(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[test]
fn the_corpus_is_valid_and_leaves_no_route_out() {
    let mut used: Vec<String> = Vec::new();
    for template in corpus() {
        let mut scene = Scene::set();
        let answer = scene.send(&template, template.target, template.body.as_ref(), None);
        let what = format!("{} {}", template.method, template.target);
        check(&answer, &what);
        let mailed_or_foreign = [
            "optin/token",
            "reset/update",
            "confirm",
            "socialLogin",
            "exchange",
            "EON1001",
            "legal-entity-orders",
            "users/nobody",
            "discounts/0",
        ];
        if !mailed_or_foreign
            .iter()
            .any(|part| template.target.contains(part))
        {
            assert!(
                answer.status < 300 || answer.status == 409,
                "{what}: {} {}",
                answer.status,
                answer.body
            );
        }
        used.push(what);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/services");
    let files = fs::read_dir(folder).expect("a folder");
    let files = files.map(|entry| entry.expect("an entry").path());
    let tables = files
        .filter(|file| file.is_file())
        .map(|file| fs::read_to_string(file).expect("a source"));
    let table: String = tables.collect();
    let routes = table.lines().filter_map(|line| {
        let mut parts = line.trim().strip_prefix("route(\"")?.split('"');
        Some((parts.next()?, parts.nth(1)?))
    });
    let mut count = 0;
    for (method, pattern) in routes {
        count += 1;
        let matches = |used: &String| {
            let path = used
                .strip_prefix(method)?
                .trim()
                .split('?')
                .next()?
                .to_owned();
            let mut segments = path.split('/');
            let fits = pattern.split('/').all(|expected| {
                segments
                    .next()
                    .is_some_and(|segment| expected == segment || expected.starts_with('{'))
            });
            (fits && segments.next().is_none()).then_some(())
        };
        assert!(
            used.iter().any(|used| matches(used).is_some()),
            "{method} {pattern}"
        );
    }
    assert!(count > 70, "{count}");
}

#[test]
fn any_field_of_any_body_is_answered() {
    for template in corpus() {
        let Some(body) = &template.body else { continue };
        let mut found = Vec::new();
        places(body, "", &mut found);
        for place in found {
            let mut scene = Scene::set();
            for value in hostile() {
                let mut body = body.clone();
                *body.pointer_mut(&place).expect("a place") = value.clone();
                let what = format!(
                    "{} {} {place} {:.60}",
                    template.method,
                    template.target,
                    value.to_string()
                );
                let answer = scene.send(&template, template.target, Some(&body), None);
                check(&answer, &what);
                // What was refused has changed nothing.
                if answer.status < 300 {
                    scene.read_back(&what);
                }
            }
        }
    }
}

#[test]
fn any_parameter_and_segment_is_answered() {
    for template in corpus() {
        let (path, query) = template
            .target
            .split_once('?')
            .unwrap_or((template.target, ""));
        let segments = path.split('/').count();
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).count();
        for place in 1..segments + pairs {
            let mut scene = Scene::set();
            for value in hostile() {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                for text in [encoded(&text), text.replace(['?', '#', '&', ' '], "")] {
                    let mut path: Vec<String> = path.split('/').map(str::to_owned).collect();
                    let mut query: Vec<String> = query.split('&').map(str::to_owned).collect();
                    match place.checked_sub(segments) {
                        None => path[place] = text,
                        Some(pair) => {
                            let name = query[pair].split('=').next().unwrap_or_default().to_owned();
                            query[pair] = format!("{name}={text}");
                        }
                    }
                    let target = format!("{}?{}", path.join("/"), query.join("&"));
                    let what = format!("{} {target:.200}", template.method);
                    let answer = scene.send(&template, &target, template.body.as_ref(), None);
                    check(&answer, &what);
                }
            }
            scene.read_back(&format!("{} {} {place}", template.method, template.target));
        }
    }
}

#[test]
fn any_text_is_answered_as_a_body() {
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    for template in corpus() {
        let mut scene = Scene::set();
        for text in [
            "",
            "{",
            "nul",
            "\u{feff}{}",
            "{\"a\":1}{",
            "1e999",
            "\"\\ud800\"",
            "a=b&c",
            "<xml/>",
            deep.as_str(),
        ] {
            let request = Request {
                body: text.to_owned(),
                ..Request::new(template.method, scene.fill(template.target))
            };
            let request = match scene.bearer(template.who) {
                Some(bearer) => request.bearer(bearer),
                None => request,
            };
            let what = format!("{} {} {text:.20}", template.method, template.target);
            check(&scene.shop.platform.handle(&request), &what);
        }
        scene.read_back(template.target);
    }
}

#[test]
fn any_header_is_answered() {
    for template in corpus() {
        let mut scene = Scene::set();
        for name in [
            "Accept-Language",
            "saas-token",
            "session-id",
            "X-Total-Count",
            "Content-Type",
            "Host",
            "Origin",
            "Emporix-Tenant",
        ] {
            for value in [
                "",
                " ",
                "*",
                "x",
                "..",
                "a.b.c",
                "ä",
                "1e308",
                "\u{0}",
                "=;q=,",
                &"x".repeat(5_000),
            ] {
                let answer = scene.send(
                    &template,
                    template.target,
                    template.body.as_ref(),
                    Some((name, value)),
                );
                check(
                    &answer,
                    &format!(
                        "{} {} {name}: {value:.20}",
                        template.method, template.target
                    ),
                );
            }
        }
        scene.read_back(template.target);
    }
}
