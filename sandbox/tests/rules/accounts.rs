//! What customers do with their accounts.

use crate::shop::{Shop, pair};
use sandbox::MailKind;
use serde_json::{Value, json};

const SIGNUP: &str = "/customer/acme/signup";
const ME: &str = "/customer/acme/me";

fn new_customer() -> Value {
    json!({
        "email": "nora@example.com",
        "password": "secret-1",
        "customerDetails": { "firstName": "Nora", "lastName": "New", "contactEmail": "nora@example.com" },
        "customerAddress": { "contactName": "Nora New", "country": "AT", "tags": ["SHIPPING"] },
    })
}

#[test]
fn a_guest_signs_up_and_logs_in() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let answer = shop.post(SIGNUP, &guest.access, new_customer());
    assert_eq!(
        (answer.status, answer.json()),
        (201, json!({ "id": "13869004" }))
    );
    let nora = pair(&shop.try_login(&guest.access, "nora@example.com", "secret-1"));
    assert_eq!(nora.session, guest.session);
    let me = shop
        .get(&format!("{ME}?expand=addresses,mixin:*"), &nora.access)
        .json();
    assert_eq!(
        (&me["firstName"], &me["businessModel"], &me["id"]),
        (&json!("Nora"), &json!("B2C"), &json!("13869004"))
    );
    assert_eq!(me["addresses"][0]["contactName"], "Nora New");
    assert_eq!(me["defaultAddress"]["isDefault"], true);
    let context = shop.get("/session-context/acme/me/context", &nora.access);
    assert_eq!(context.json()["targetLocation"], "AT");

    let again = shop.post(SIGNUP, &guest.access, new_customer());
    assert_eq!(
        (again.status, &again.json()["type"]),
        (409, &json!("conflict_resource"))
    );
    shop.platform.reset();
    assert_eq!(shop.platform.state().mails, []);
}

#[test]
fn a_sign_up_may_have_a_login_of_its_own() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    let mut body = new_customer();
    body["signup"] = json!({ "email": "login@example.com", "password": "secret-2" });
    assert_eq!(shop.post(SIGNUP, &guest.access, body).status, 201);
    let refused = shop.try_login(&guest.access, "nora@example.com", "secret-1");
    assert_eq!(refused.status, 401);
    let nora = pair(&shop.try_login(&guest.access, "login@example.com", "secret-2"));
    assert_eq!(
        shop.get(ME, &nora.access).json()["contactEmail"],
        "nora@example.com"
    );
}

#[test]
fn a_sign_up_is_checked() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    for (field, value) in [
        ("email", json!("")),
        ("password", json!(null)),
        ("customerDetails", json!([])),
        (
            "customerDetails",
            json!({ "contactEmail": "other@example.com" }),
        ),
        (
            "customerDetails",
            json!({ "b2b": { "companyRegistrationId": "HRB 1" } }),
        ),
        ("customerDetails", json!({ "preferredCurrency": "EURO" })),
        ("customerAddress", json!({ "city": "Berlin" })),
        (
            "signup",
            json!({ "email": "x@example.com", "password": "short" }),
        ),
    ] {
        let mut body = new_customer();
        body[field] = value;
        let answer = shop.post(SIGNUP, &guest.access, body.clone());
        assert_eq!(answer.status, 400, "{body}");
    }
    let answer = shop.post(SIGNUP, &buyer.access, new_customer());
    assert_eq!(
        (answer.status, &answer.json()["type"]),
        (403, &json!("Forbidden"))
    );
    assert_eq!(shop.platform.state().mails, []);
}

#[test]
fn a_confirmed_address_logs_in() {
    let mut shop = Shop::open();
    let guest = shop.guest();
    shop.post(SIGNUP, &guest.access, new_customer());
    let first = shop.mailed("nora@example.com");
    let resend = |shop: &mut Shop, email: &str| {
        let target = "/customer/acme/signup/optin/refresh_token";
        shop.post(target, &guest.access, json!({ "email": email }))
            .status
    };
    assert_eq!(resend(&mut shop, "nora@example.com"), 202);
    assert_eq!(resend(&mut shop, "nobody@example.com"), 202);
    assert_eq!(resend(&mut shop, "buyer@example.com"), 202);
    let mails = shop.platform.state().mails;
    let told: Vec<_> = mails.iter().map(|mail| (mail.kind, mail.spent)).collect();
    assert_eq!(told, [(MailKind::OptIn, true), (MailKind::OptIn, false)]);

    let opt_in = |token: &str| format!("/customer/acme/signup/optin/{token}");
    assert_eq!(shop.get(&opt_in(&first), &guest.access).status, 400);
    let second = opt_in(&mails[1].token);
    let answer = shop.get(&second, &guest.access);
    assert!(answer.json().get("session_id").is_none() && answer.json()["saas_token"].is_string());
    let nora = pair(&answer);
    assert_eq!(
        shop.validate(&nora.access).json()["sessionId"],
        guest.session
    );
    assert_eq!(shop.get(&second, &guest.access).status, 400);
    assert_eq!(resend(&mut shop, "nora@example.com"), 202);
    assert_eq!(shop.platform.state().mails.len(), 2);
    let mut paths = shop.platform.log().map(|row| row.path.as_str());
    assert!(paths.all(|path| !path.contains(&first) && !path.contains(&mails[1].token)));
}

#[test]
fn a_forgotten_password_is_reset_by_mail() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let ask = "/customer/acme/password/reset";
    for email in ["buyer@example.com", "nobody@example.com"] {
        let answer = shop.post(
            ask,
            &guest.access,
            json!({ "email": email, "site": "main" }),
        );
        assert_eq!(answer.status, 204);
    }
    assert_eq!(shop.platform.state().mails.len(), 1);
    assert_eq!(
        shop.post(ask, &buyer.access, json!({ "email": "buyer@example.com" }))
            .status,
        403
    );
    let token = shop.mailed("buyer@example.com");
    let mut update = |password: &str| {
        let body = json!({ "token": token, "password": password });
        let answer = shop.post("/customer/acme/password/reset/update", &guest.access, body);
        answer.status
    };
    assert_eq!(update("short"), 400);
    assert_eq!(update("new-secret"), 204);
    assert_eq!(update("newer-secret"), 400);
    let old = shop.try_login(&guest.access, "buyer@example.com", "sandbox-pass");
    assert_eq!(old.status, 401);
    let new = shop.try_login(&guest.access, "buyer@example.com", "new-secret");
    assert_eq!(new.status, 200);
    assert!(shop.is_live(&buyer.access));
}

#[test]
fn a_wrong_current_password_is_told_in_a_bare_text() {
    let mut shop = Shop::open();
    let (guest, buyer) = shop.buyer();
    let target = "/customer/acme/password/change";
    let body = |current: &str| json!({ "currentPassword": current, "newPassword": "new-secret" });
    let refused = shop.post(target, &buyer.access, body("wrong-pass"));
    assert_eq!((refused.status, refused.json().is_string()), (401, true));
    assert_eq!(
        shop.post(target, &guest.access, body("sandbox-pass"))
            .status,
        403
    );
    assert_eq!(
        shop.post(target, &buyer.access, body("sandbox-pass"))
            .status,
        204
    );
    assert_eq!(
        shop.post(
            target,
            &buyer.access,
            json!({ "newPassword": "new-secret" })
        )
        .status,
        400
    );
    let new = shop.try_login(&guest.access, "buyer@example.com", "new-secret");
    assert_eq!(new.status, 200);
}
