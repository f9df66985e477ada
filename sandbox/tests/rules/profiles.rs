//! What a customer keeps of himself: profile, addresses, and an e-mail address that changes.

use crate::shop::{Shop, error_code};
use serde_json::{Value, json};

const ME: &str = "/customer/acme/me";
const ADDRESSES: &str = "/customer/acme/me/addresses";
const CHANGE_EMAIL: &str = "/customer/acme/me/accounts/internal/email/change";
const CONFIRM_EMAIL: &str = "/customer/acme/me/accounts/internal/email/change/confirm";

#[test]
fn an_email_changes_once_it_is_confirmed() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let body = |password: &str, new: &str| json!({ "email": "buyer@example.com", "password": password, "newEmail": new, "syncContactEmail": true });
    let wrong = shop.post(CHANGE_EMAIL, &buyer.access, body("wrong", "b@example.com"));
    assert_eq!((wrong.status, error_code(&wrong).as_str()), (401, ""));
    let taken = body("sandbox-pass", "solo@example.com");
    assert_eq!(shop.post(CHANGE_EMAIL, &buyer.access, taken).status, 400);
    let fine = body("sandbox-pass", "b@example.com");
    assert_eq!(shop.post(CHANGE_EMAIL, &buyer.access, fine).status, 204);
    assert_eq!(
        shop.validate(&buyer.access).json()["email"],
        "buyer@example.com"
    );

    let confirm = json!({ "token": shop.mailed("b@example.com") });
    let by_customer = shop.post(CONFIRM_EMAIL, &buyer.access, confirm.clone());
    assert_eq!(by_customer.status, 403);
    let confirmed = shop.post(CONFIRM_EMAIL, &guest.access, confirm.clone());
    assert_eq!(confirmed.status, 204);
    assert_eq!(
        shop.validate(&buyer.access).json()["email"],
        "b@example.com"
    );
    assert_eq!(
        shop.get(ME, &buyer.access).json()["contactEmail"],
        "b@example.com"
    );
    let again = shop.post(CONFIRM_EMAIL, &guest.access, confirm);
    assert_eq!(again.status, 400);
}

#[test]
fn a_profile_is_patched() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let patch = |shop: &mut Shop, body: Value| shop.send("PATCH", ME, &buyer.access, body).status;
    let change = json!({
        "title": "MRS", "company": "Buyers Ltd", "b2b": { "companyRegistrationId": "HRB 5" },
        "mixins": { "shoe": { "size": 40 } }, "metadata": { "version": 1 },
    });
    assert_eq!(patch(&mut shop, change.clone()), 200);
    let me = shop.get(ME, &buyer.access).json();
    assert_eq!(
        (&me["title"], &me["firstName"], &me["metadata"]["version"]),
        (&json!("MRS"), &json!("Bea"), &json!(2))
    );
    assert_eq!(me["b2b"]["companyRegistrationId"], "HRB 5");
    assert_eq!(me["mixins"]["shoe"]["size"], 40);
    assert_eq!(patch(&mut shop, change), 409);
    assert_eq!(patch(&mut shop, json!({ "title": null })), 200);
    assert!(shop.get(ME, &buyer.access).json().get("title").is_none());
    for refused in [
        json!({ "contactEmail": null }),
        json!({ "firstName": 5 }),
        json!({ "company": null }),
        json!({ "metadata": { "version": "1" } }),
    ] {
        assert_eq!(patch(&mut shop, refused), 400);
    }
    assert_eq!(shop.send("PATCH", ME, &guest.access, json!({})).status, 403);
}

#[test]
fn addresses_are_kept() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let add = |shop: &mut Shop, name: &str| {
        let body = json!({ "contactName": name, "country": "DE", "tags": ["BILLING"] });
        let answer = shop.post(ADDRESSES, &buyer.access, body);
        assert_eq!(answer.status, 201);
        answer.json()["id"].as_str().expect("an id").to_owned()
    };
    let (first, second) = (add(&mut shop, "Home"), add(&mut shop, "Work"));
    let list = shop.get(ADDRESSES, &buyer.access).json();
    assert_eq!(
        (&list[0]["isDefault"], &list[1]["isDefault"]),
        (&json!(true), &json!(false))
    );
    let target = format!("{ADDRESSES}/{second}");
    let change = json!({ "city": "Kiel", "country": null, "isDefault": true });
    assert_eq!(
        shop.send("PATCH", &target, &buyer.access, change).status,
        200
    );
    let changed = shop.get(&target, &buyer.access).json();
    assert_eq!(
        (
            &changed["city"],
            changed.get("country"),
            &changed["isDefault"]
        ),
        (&json!("Kiel"), None, &json!(true))
    );
    let tags = format!("{target}/tags?tags=SHIPPING,BILLING");
    assert_eq!(shop.post(&tags, &buyer.access, json!(null)).status, 204);
    assert_eq!(
        shop.get(&target, &buyer.access).json()["tags"],
        json!(["BILLING", "SHIPPING"])
    );
    let tags = format!("{target}/tags?tags=BILLING");
    assert_eq!(shop.delete(&tags, &buyer.access).status, 204);
    assert_eq!(
        shop.get(&target, &buyer.access).json()["tags"],
        json!(["SHIPPING"])
    );
    let old = format!("{ADDRESSES}/{first}");
    assert_eq!(shop.delete(&old, &buyer.access).status, 204);
    assert_eq!(shop.delete(&old, &buyer.access).status, 404);
    assert_eq!(
        shop.post(ADDRESSES, &buyer.access, json!({ "city": 5 }))
            .status,
        400
    );
    let solo = shop.login(&guest, "solo@example.com");
    assert_eq!(shop.get(&target, &solo.access).status, 404);
    assert_eq!(shop.get(ADDRESSES, &guest.access).status, 403);
}
