//! What a token allows.

use crate::shop::{Shop, error_code};
use serde_json::json;

const SCOPES: &str = "/iam/acme/users/me/scopes";

#[test]
fn a_customer_learns_what_the_token_allows() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let answer = shop.get(SCOPES, &buyer.access).json();
    assert_eq!(answer["userId"], "13869001");
    assert_eq!(
        answer["scopes"],
        shop.validate(&buyer.access).json()["scope"]
    );
    let refused = shop.get(SCOPES, &guest.access);
    assert_eq!(
        (refused.status, &refused.json()["details"]),
        (
            403,
            &json!(["Missing required scopes 'iam.scope_read_own'"])
        )
    );
}

#[test]
fn a_bearer_that_is_none_has_an_error_of_its_own() {
    let mut shop = Shop::open();
    let (_, buyer) = shop.buyer();
    for (target, bearer) in [
        (SCOPES, "nonsense"),
        ("/iam/other/users/me/scopes", &buyer.access),
    ] {
        let refused = shop.get(target, bearer);
        assert_eq!(
            (refused.status, error_code(&refused).as_str()),
            (401, "keymanagement.service.invalid_access_token")
        );
    }
}
