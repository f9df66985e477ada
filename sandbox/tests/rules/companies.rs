//! Companies: the list, the switch, the prices.

use crate::shop::{Pair, Shop};
use sandbox::Request;
use serde_json::{Value, json};

fn company_ids(shop: &mut Shop, bearer: &str, query: &str) -> Vec<String> {
    let answer = shop.get(
        &format!("/customer-management/acme/legal-entities{query}"),
        bearer,
    );
    assert_eq!(answer.status, 200, "{}", answer.body);
    let companies = answer.json();
    let companies = companies.as_array().expect("a list");
    companies
        .iter()
        .map(|company| company["id"].as_str().expect("an id").to_owned())
        .collect()
}

fn mug_price(shop: &mut Shop, bearer: &str) -> Value {
    let answer = shop.get("/product/acme/products/harbour-mug", bearer);
    answer.json()["price"]["effectiveAmount"].clone()
}

#[test]
fn a_customer_sees_the_own_companies() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    for (email, expected) in [
        ("buyer@example.com", ["le-north", "le-south"].as_slice()),
        ("single@example.com", &["le-north"]),
        ("solo@example.com", &[]),
    ] {
        let customer = shop.login(&guest, email);
        assert_eq!(company_ids(&mut shop, &customer.access, ""), expected);
    }
    let forbidden = shop.get("/customer-management/acme/legal-entities", &guest.access);
    assert_eq!(
        (forbidden.status, &forbidden.json()["code"]),
        (403, &json!(403))
    );
}

#[test]
fn the_list_has_pages_and_filters() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    assert_eq!(
        company_ids(&mut shop, &buyer.access, "?pageSize=1&pageNumber=2"),
        ["le-south"]
    );
    assert_eq!(
        company_ids(&mut shop, &buyer.access, "?name=NORTH"),
        ["le-north"]
    );
    assert_eq!(
        company_ids(&mut shop, &buyer.access, "?id=le-south"),
        ["le-south"]
    );
    let bad = shop.get(
        "/customer-management/acme/legal-entities?pageSize=0",
        &buyer.access,
    );
    assert_eq!(bad.status, 400);
}

#[test]
fn the_total_comes_on_demand() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    let request =
        Request::get("/customer-management/acme/legal-entities?pageSize=1").bearer(&buyer.access);
    assert_eq!(
        shop.platform.handle(&request).header_value("X-Total-Count"),
        None
    );
    let request = request.header("X-Total-Count", "true");
    assert_eq!(
        shop.platform.handle(&request).header_value("X-Total-Count"),
        Some("2")
    );
}

#[test]
fn a_switch_puts_the_company_into_the_token() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let north = shop.refresh(&guest.access, &buyer.refresh, Some("le-north"));
    assert_eq!(shop.company_of(&north.access).as_deref(), Some("le-north"));
    assert_eq!(
        shop.company_of(&buyer.access),
        None,
        "a token keeps what it was issued with"
    );
    let south = shop.refresh(&guest.access, &north.refresh, Some("le-south"));
    assert_eq!(shop.company_of(&south.access).as_deref(), Some("le-south"));
    assert_eq!(south.session, guest.session);
}

#[test]
fn a_company_of_others_is_refused() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let single = shop.login(&guest, "single@example.com");
    for company in ["le-south", "le-nowhere", ""] {
        let answer = shop.try_refresh(&guest.access, &single.refresh, Some(company));
        assert_eq!(
            (answer.status, &answer.json()["type"]),
            (400, &json!("bad_request")),
            "{company}"
        );
    }
    shop.refresh(&guest.access, &single.refresh, Some("le-north"));
}

#[test]
fn prices_depend_on_the_company() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    assert_eq!(mug_price(&mut shop, &guest.access), 14.9);
    assert_eq!(mug_price(&mut shop, &buyer.access), 14.9);
    let north: Pair = shop.refresh(&guest.access, &buyer.refresh, Some("le-north"));
    assert_eq!(mug_price(&mut shop, &north.access), 13.41);
    let south = shop.refresh(&guest.access, &north.refresh, Some("le-south"));
    assert_eq!(mug_price(&mut shop, &south.access), 12.67);
}

#[test]
fn the_shelf_is_not_empty() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let products = shop.get("/product/acme/products", &guest.access).json();
    let products = products.as_array().expect("a list");
    assert!(products.len() >= 6);
    for product in products {
        assert!(product["name"]["en"].is_string() && product["description"]["de"].is_string());
        assert!(product["price"]["effectiveAmount"].as_f64() > Some(0.0));
    }
    assert_eq!(
        shop.get("/product/acme/products/nothing", &guest.access)
            .status,
        404
    );
}

#[test]
fn the_sites_can_be_read() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let sites = shop.get("/site/acme/sites", &guest.access).json();
    assert_eq!(
        (&sites[0]["code"], &sites[0]["default"]),
        (&json!("main"), &json!(true))
    );
    assert_eq!(
        shop.get("/site/acme/sites/main", &guest.access).json(),
        sites[0]
    );
    assert_eq!(
        shop.get("/site/acme/sites/elsewhere", &guest.access).status,
        404
    );
}

#[test]
fn a_company_can_be_read_and_searched_for() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let sina = shop.login(&guest, "single@example.com");
    let backend = shop.backend();
    let list = "/customer-management/acme/legal-entities";
    for (bearer, id, status) in [
        (&sina.access, "le-north", 200),
        (&sina.access, "le-south", 404),
        (&backend, "le-south", 200),
        (&backend, "le-west", 404),
        (&guest.access, "le-north", 403),
    ] {
        assert_eq!(shop.get(&format!("{list}/{id}"), bearer).status, status);
    }
    let mut search = |bearer: &str, query: serde_json::Value| {
        let body = serde_json::json!({ "q": query });
        let answer = shop.post(&format!("{list}/search"), bearer, body);
        let found = answer.json();
        (answer.status, found.as_array().map_or(0, Vec::len))
    };
    assert_eq!(search(&backend, "type:COMPANY".into()), (200, 2));
    assert_eq!(search(&sina.access, serde_json::Value::Null), (200, 1));
    let south = "name:\"South Valley Supplies GmbH\"";
    assert_eq!(search(&backend, south.into()), (200, 1));
    assert_eq!(search(&sina.access, south.into()), (200, 0));
    assert_eq!(search(&backend, "colour:blue".into()).0, 400);
    assert_eq!(search(&backend, 5.into()).0, 400);
}
