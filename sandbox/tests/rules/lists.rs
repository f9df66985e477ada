//! Lists that can be searched: a query narrows them, and one that is not understood is refused, never ignored.

use crate::shop::Shop;
use serde_json::json;

#[test]
fn a_query_narrows_every_list_or_is_refused() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    for (list, all, query, found) in [
        ("/site/acme/sites", 2, "code:outlet", 1),
        ("/site/acme/sites", 2, "currency:EUR%20default:true", 1),
        (
            "/customer-management/acme/legal-entities",
            2,
            "id:le-north",
            1,
        ),
        (
            "/customer-management/acme/legal-entities",
            2,
            "name:~south",
            1,
        ),
        ("/product/acme/products", 14, "id:(harbour-mug,tea-tin)", 2),
        ("/order-v2/acme/orders", 0, "status:CREATED", 0),
    ] {
        let mut ask = |query: &str| {
            let target = format!("{list}?pageSize=50&q={query}");
            let answer = shop.get(&target, &buyer.access);
            (answer.status, answer.json().as_array().map(Vec::len))
        };
        assert_eq!(ask(""), (200, Some(all)), "{list}");
        assert_eq!(ask(query), (200, Some(found)), "{list} {query}");
        for unknown in ["colour:red", "red", "id:(", "code:%3E5"] {
            assert_eq!(ask(unknown).0, 400, "{list} {unknown}");
        }
    }
}

#[test]
fn searches_speak_the_language_of_the_lists() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    shop.get("/cart/acme/carts?siteCode=main&create=true", &buyer.access);
    for (search, query) in [
        ("/cart/acme/carts/search", "status:(OPEN,CLOSED)"),
        (
            "/customer-management/acme/legal-entities/search",
            "id:~north type:COMPANY",
        ),
        ("/product/acme/products/search", "id:harbour-mug"),
    ] {
        let mut ask = |query: &str| shop.post(search, &buyer.access, json!({ "q": query }));
        assert_eq!(ask(query).json().as_array().map(Vec::len), Some(1));
        assert_eq!(ask("id:(").status, 400, "{search}");
    }
}
