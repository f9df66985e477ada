//! The catalogue: pages, queries, languages.

use crate::shop::Shop;
use sandbox::{Answer, Request};
use serde_json::{Value, json};

const PRODUCTS: &str = "/product/acme/products";

fn ids(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let id = |product: &Value| product["id"].as_str().expect("an id").to_owned();
    answer
        .json()
        .as_array()
        .expect("a list")
        .iter()
        .map(id)
        .collect()
}

fn encoded(query: &str) -> String {
    let byte = |byte: u8| format!("%{byte:02X}");
    query.bytes().map(byte).collect()
}

#[test]
fn there_is_enough_for_pages() {
    let mut shop = Shop::open();
    let guest = shop.guest().access;
    let all = ids(&shop.get(&format!("{PRODUCTS}?pageSize=100"), &guest));
    assert!(all.len() >= 12);
    let mut paged = Vec::new();
    for page in 1..=4 {
        let target = format!("{PRODUCTS}?pageSize=5&pageNumber={page}");
        paged.extend(ids(&shop.get(&target, &guest)));
    }
    assert_eq!(paged, all);
    let product = shop.get(&format!("{PRODUCTS}/oak-stool"), &guest).json();
    assert!(product["media"][0]["url"].is_string() && product["metadata"]["version"].is_u64());
    assert_eq!(
        product["yrn"],
        "urn:yaas:saasag:caasproduct:product:acme;oak-stool"
    );
}

#[test]
fn a_query_narrows_the_list_and_the_search() {
    let mut shop = Shop::open();
    let guest = shop.guest().access;
    for (query, found) in [
        ("id:harbour-mug", &["harbour-mug"][..]),
        ("code:tea-tin", &["tea-tin"]),
        ("id:(harbour-mug,tea-tin)", &["harbour-mug", "tea-tin"]),
        ("code:(harbour-mug OR tea-tin)", &["harbour-mug", "tea-tin"]),
        ("code:~(mug,lantern)", &["harbour-mug", "brass-lantern"]),
        ("code:~mug", &["harbour-mug"]),
        (
            "(code:harbour-mug OR code:tea-tin)",
            &["harbour-mug", "tea-tin"],
        ),
        ("name:\"Harbour Mug\"", &["harbour-mug"]),
        ("name.de:Hafenbecher", &["harbour-mug"]),
        ("name:~candle", &["beeswax-candle"]),
        ("name:(~Harbour Mug)", &["harbour-mug"]),
        (
            "yrn:\"urn:yaas:saasag:caasproduct:product:acme;tea-tin\"",
            &["tea-tin"],
        ),
        ("code:tea-tin name:~mug", &[]),
        ("id:nothing", &[]),
    ] {
        let listed = shop.get(&format!("{PRODUCTS}?q={}", encoded(query)), &guest);
        assert_eq!(ids(&listed), found, "{query}");
        let search = format!("{PRODUCTS}/search");
        let searched = shop.post(&search, &guest, json!({ "q": query }));
        assert_eq!(ids(&searched), found, "{query}");
    }
    for query in [
        "mug",
        "colour:red",
        "id:",
        "id:(a",
        "name:Harbour Mug",
        "price:>1",
        "code:~[",
    ] {
        let listed = shop.get(&format!("{PRODUCTS}?q={}", encoded(query)), &guest);
        let searched = shop.post(&format!("{PRODUCTS}/search"), &guest, json!({ "q": query }));
        for refused in [listed, searched] {
            assert_eq!(
                (refused.status, refused.json()["details"].is_array()),
                (400, true),
                "{query}"
            );
        }
    }
    for body in [json!({}), json!({ "q": 1 }), json!([])] {
        let refused = shop.post(&format!("{PRODUCTS}/search"), &guest, body);
        assert_eq!(refused.status, 400);
    }
    let request = Request::post(
        format!("{PRODUCTS}/search?pageSize=1"),
        &json!({ "q": "id:(tea-tin,oak-stool)" }),
    )
    .bearer(&guest)
    .header("X-Total-Count", "true");
    let page = shop.platform.handle(&request);
    assert_eq!(
        (ids(&page).len(), page.header_value("x-total-count")),
        (1, Some("2"))
    );
}

#[test]
fn a_list_is_sorted_and_cut_to_fields() {
    let mut shop = Shop::open();
    let guest = shop.guest().access;
    let sorted = ids(&shop.get(&format!("{PRODUCTS}?sort=name:desc&pageSize=2"), &guest));
    assert_eq!(sorted, ["wool-throw", "walnut-board"]);
    for sort in ["colour", "name:up", ""] {
        assert_eq!(
            shop.get(&format!("{PRODUCTS}?sort={sort}"), &guest).status,
            400,
            "{sort}"
        );
    }
    let cut = shop
        .get(&format!("{PRODUCTS}/tea-tin?fields=name,code"), &guest)
        .json();
    let names: Vec<&String> = cut.as_object().expect("an object").keys().collect();
    assert_eq!(names.len(), 4, "{names:?}");
}

#[test]
fn names_come_in_the_language_asked_for() {
    let mut shop = Shop::open();
    let guest = shop.guest().access;
    let mut ask = |target: &str, language: Option<&str>| {
        let mut request = Request::get(target).bearer(&guest);
        if let Some(language) = language {
            request = request.header("Accept-Language", language);
        }
        shop.platform.handle(&request)
    };
    let both = json!({ "en": "Harbour Mug", "de": "Hafenbecher" });
    let one = format!("{PRODUCTS}/harbour-mug");
    for (language, name) in [
        (None, both.clone()),
        (Some("*"), both.clone()),
        (Some(""), both),
        (Some("en"), json!("Harbour Mug")),
        (Some("de-DE,de;q=0.9,en;q=0.8"), json!("Hafenbecher")),
        (Some("fr"), json!("Harbour Mug")),
    ] {
        assert_eq!(ask(&one, language).json()["name"], name, "{language:?}");
        let listed = ask(&format!("{PRODUCTS}?q=id:harbour-mug"), language).json();
        assert_eq!(listed[0]["name"], name, "{language:?}");
        assert_eq!(listed[0]["description"].is_object(), name.is_object());
    }
    for language in ["!", "en_US", "en;q=7", "verylonglanguage"] {
        for target in [one.as_str(), PRODUCTS] {
            let refused = ask(target, Some(language));
            assert_eq!(
                (refused.status, &refused.json()["message"]),
                (400, &json!("Language header validation failed"))
            );
        }
    }
}
