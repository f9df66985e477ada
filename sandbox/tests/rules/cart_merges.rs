//! What a merge moves, and who may ask for one.

use crate::carts::{add, current, quantities};
use crate::shop::{Pair, Shop};
use sandbox::Answer;
use serde_json::{Value, json};

fn merge(shop: &mut Shop, bearer: &str, target: &str, sources: Value) -> Answer {
    shop.post(
        &format!("/cart/acme/carts/{target}/merge"),
        bearer,
        json!({ "carts": sources }),
    )
}

#[test]
fn a_merge_moves_the_guests_items() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let guest_cart = current(&mut shop, &guest.access, "");
    add(&mut shop, &guest.access, &guest_cart, "harbour-mug", 1);
    let buyer = shop.login(&guest, "buyer@example.com");
    let buyer_cart = current(&mut shop, &buyer.access, "");
    add(&mut shop, &buyer.access, &buyer_cart, "harbour-mug", 2);
    add(&mut shop, &buyer.access, &buyer_cart, "wool-throw", 1);

    let answer = merge(&mut shop, &buyer.access, &buyer_cart, json!([guest_cart]));
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(
        quantities(&mut shop, &buyer.access, &buyer_cart),
        [
            ("harbour-mug".to_owned(), 3.0),
            ("wool-throw".to_owned(), 1.0)
        ]
    );
    assert_eq!(
        shop.get(&format!("/cart/acme/carts/{guest_cart}"), &buyer.access)
            .status,
        404,
        "closed"
    );
    assert_eq!(
        merge(&mut shop, &buyer.access, &buyer_cart, json!([guest_cart])).status,
        404
    );
    assert_ne!(
        current(&mut shop, &guest.access, ""),
        guest_cart,
        "the session may open another one"
    );
}

#[test]
fn a_merge_is_for_the_customer_only() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let guest_cart = current(&mut shop, &guest.access, "");
    let buyer = shop.login(&guest, "buyer@example.com");
    let buyer_cart = current(&mut shop, &buyer.access, "");
    let Pair {
        access: stranger, ..
    } = shop.guest();
    let foreign_cart = current(&mut shop, &stranger, "");
    assert_eq!(
        merge(&mut shop, &guest.access, &buyer_cart, json!([guest_cart])).status,
        403
    );
    for (target, sources, status) in [
        (&buyer_cart, json!([]), 400),
        (&buyer_cart, json!([1]), 400),
        (&buyer_cart, json!([buyer_cart]), 400),
        (&buyer_cart, json!([guest_cart, foreign_cart]), 404),
        (&guest_cart, json!([guest_cart]), 400),
    ] {
        assert_eq!(
            merge(&mut shop, &buyer.access, target, sources.clone()).status,
            status,
            "{sources}"
        );
    }
    assert_eq!(
        current(&mut shop, &guest.access, ""),
        guest_cart,
        "nothing was merged"
    );
}
