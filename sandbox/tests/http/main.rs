//! The sandbox over HTTP: what the wire adds to the rules.

mod server;

use serde_json::{Value, json};
use server::{Sandbox, header, json_of};
use std::io::Write;
use std::net::TcpStream;
use std::thread;

const LOGIN: &str = "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront";

#[test]
fn a_guest_becomes_a_customer() {
    let sandbox = Sandbox::start();
    let guest = json_of(sandbox.get(LOGIN).expect("an answer"));
    let login = sandbox
        .agent
        .post(sandbox.url("/customer/acme/login"))
        .header(
            "Authorization",
            format!(
                "Bearer {}",
                guest["access_token"].as_str().expect("a token")
            ),
        )
        .send(json!({ "email": "buyer@example.com", "password": "sandbox-pass" }).to_string());
    let customer = json_of(login.expect("an answer"));
    assert_eq!(customer["session_id"], guest["sessionId"]);
}

#[test]
fn a_foreign_origin_may_read() {
    let sandbox = Sandbox::start();
    let answer = sandbox.get(LOGIN).expect("an answer");
    assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"));
    assert!(
        header(&answer, "access-control-expose-headers")
            .is_some_and(|names| names.contains("Retry-After"))
    );
}

#[test]
fn a_preflight_is_answered() {
    let sandbox = Sandbox::start();
    let request = sandbox
        .agent
        .options(sandbox.url("/customer/acme/login"))
        .header("Origin", "http://shop.test");
    let answer = request.call().expect("an answer");
    assert_eq!(answer.status(), 204);
    let allowed = header(&answer, "access-control-allow-headers")
        .unwrap_or_default()
        .to_lowercase();
    for name in ["authorization", "content-type", "saas-token", "session-id"] {
        assert!(allowed.contains(name), "{name}");
    }
    let rows = sandbox.requests();
    assert_eq!(
        (&rows[0]["method"], &rows[0]["origin"]),
        (&json!("OPTIONS"), &json!("http://shop.test"))
    );
}

#[test]
fn a_lost_answer_is_a_broken_connection() {
    let sandbox = Sandbox::start();
    for kind in ["drop", "lost-answer"] {
        sandbox.order(json!({ "path": "/customerlogin/*", "times": 1, "kind": kind }));
        assert_eq!(
            sandbox.raw(&format!("GET {LOGIN} HTTP/1.1\r\nHost: sandbox\r\n\r\n")),
            "",
            "{kind}"
        );
    }
    let rows = sandbox.requests();
    assert_eq!(
        (&rows[0]["status"], &rows[1]["status"]),
        (&json!(null), &json!(200))
    );
    assert_eq!(
        (&rows[0]["delivered"], &rows[1]["delivered"]),
        (&json!(false), &json!(false))
    );
    assert!(sandbox.get(LOGIN).is_ok());
}

#[test]
fn no_connection_is_used_twice() {
    let sandbox = Sandbox::start();
    assert_eq!(
        header(&sandbox.get(LOGIN).expect("an answer"), "connection"),
        Some("close")
    );
}

#[test]
fn a_held_answer_comes_after_its_release() {
    let sandbox = Sandbox::start();
    sandbox.order(json!({ "path": "/customerlogin/*", "times": 1, "kind": "hold" }));
    let url = sandbox.url(LOGIN);
    let agent = sandbox.agent.clone();
    let waiting = thread::spawn(move || agent.get(url).call().expect("an answer").status());
    // The work is done as soon as the row is there.
    while sandbox.requests().as_array().is_none_or(Vec::is_empty) {
        thread::yield_now();
    }
    assert_eq!(sandbox.requests()[0]["delivered"], false);
    assert!(!waiting.is_finished());
    assert_eq!(
        json_of(sandbox.post("/_sandbox/release", &json!(null)))["released"],
        1
    );
    assert_eq!(waiting.join().expect("an answer"), 200);
    assert_eq!(sandbox.requests()[0]["delivered"], true);
}

#[test]
fn who_has_left_gets_nothing() {
    let sandbox = Sandbox::start();
    sandbox.order(json!({ "path": "/customerlogin/*", "times": 1, "kind": "hold" }));
    let mut leaving = TcpStream::connect(&sandbox.address).expect("a connection");
    leaving
        .write_all(format!("GET {LOGIN} HTTP/1.1\r\nHost: sandbox\r\n\r\n").as_bytes())
        .expect("sent");
    while sandbox.requests().as_array().is_none_or(Vec::is_empty) {
        thread::yield_now();
    }
    drop(leaving);
    // The server hears of it in its own time; a later connection is served after that.
    let released = |sandbox: &Sandbox| {
        json_of(sandbox.post("/_sandbox/release", &json!(null)))["released"].clone()
    };
    sandbox.get("/_sandbox/state").expect("an answer");
    assert_eq!(released(&sandbox), 0);
    assert_eq!(sandbox.requests()[0]["delivered"], false);
}

#[test]
fn the_clock_runs_with_real_time() {
    let sandbox = Sandbox::start();
    let now = || {
        json_of(sandbox.get("/_sandbox/state").expect("an answer"))["now"]
            .as_u64()
            .expect("a time")
    };
    let before = now();
    sandbox.post("/_sandbox/clock", &json!({ "advanceSeconds": 3600 }));
    assert!(now() >= before + 3_600_000);
}

fn text<'b>(body: &'b Value, name: &str) -> &'b str {
    body[name].as_str().expect("a text")
}

#[test]
fn a_shopper_signs_up_buys_and_finds_the_order() {
    let sandbox = Sandbox::start();
    let guest = json_of(sandbox.get(LOGIN).expect("an answer"));
    let guest = text(&guest, "access_token");
    let credentials = json!({ "email": "nora@example.com", "password": "secret-1" });
    let signup = sandbox.call(
        "POST",
        "/customer/acme/signup",
        guest,
        Some(credentials.clone()),
    );
    assert_eq!(signup.status(), 201);
    let number = json_of(signup)["id"].clone();
    assert_eq!(sandbox.state()["mails"][0]["kind"], "opt-in");

    let nora = json_of(sandbox.call("POST", "/customer/acme/login", guest, Some(credentials)));
    let bearer = text(&nora, "access_token");
    let me = json!({ "title": "MRS", "metadata": { "version": 1 } });
    let patched = sandbox.call("PATCH", "/customer/acme/me", bearer, Some(me));
    assert_eq!(patched.status(), 200);

    let cart = json!({ "siteCode": "main", "currency": "EUR" });
    let cart = json_of(sandbox.call("POST", "/cart/acme/carts", bearer, Some(cart)));
    let cart = text(&cart, "cartId");
    let context = sandbox.call("GET", "/session-context/acme/me/context", bearer, None);
    assert_eq!(json_of(context)["cartId"], cart);
    let item = json!({
        "itemYrn": "urn:yaas:saasag:caasproduct:product:acme;wool-throw",
        "price": { "priceId": "price-wool-throw", "originalAmount": 119, "effectiveAmount": 119, "currency": "EUR" },
        "quantity": 1,
    });
    let items = format!("/cart/acme/carts/{cart}/items?siteCode=main");
    assert_eq!(
        sandbox.call("POST", &items, bearer, Some(item)).status(),
        201
    );

    let address = |kind: &str| json!({ "contactName": "Nora", "street": "Quay 1", "zipCode": "20457", "city": "Hamburg", "country": "DE", "type": kind });
    let order = json!({
        "cartId": cart,
        "customer": { "id": number, "email": "nora@example.com", "firstName": "Nora" },
        "shipping": { "methodId": "parcel", "zoneId": "de", "methodName": "Parcel", "amount": 0 },
        "addresses": [address("SHIPPING"), address("BILLING")],
        "paymentMethods": [{ "provider": "none" }],
    });
    let checkout = "/checkout/acme/checkouts/order";
    let without = sandbox.call("POST", checkout, bearer, Some(order.clone()));
    assert_eq!(without.status(), 400);
    let ordered = sandbox
        .agent
        .post(sandbox.url(checkout))
        .header("Authorization", format!("Bearer {bearer}"))
        .header("saas-token", text(&nora, "saas_token"))
        .send(order.to_string())
        .expect("an answer");
    assert_eq!(ordered.status(), 200);
    let orders = json_of(sandbox.call("GET", "/order-v2/acme/orders", bearer, None));
    assert_eq!(
        (&orders[0]["cartId"], &orders[0]["totalPrice"]),
        (&json!(cart), &json!(119.0))
    );
    assert_eq!(sandbox.state()["orders"][0]["id"], orders[0]["id"]);
}

#[test]
fn a_browser_comes_back_from_the_provider_with_a_code() {
    let sandbox = Sandbox::start();
    let found = sandbox
        .get("/_oidc/.well-known/openid-configuration")
        .expect("an answer");
    let found = json_of(found);
    assert_eq!(text(&found, "issuer"), sandbox.url("/_oidc"));
    let authorize = format!(
        "{}?response_type=code&client_id=shop&redirect_uri=http%3A%2F%2Fshop.test%2Fcb&state=s",
        text(&found, "authorization_endpoint")
    );
    let form = sandbox.agent.get(&authorize).call().expect("an answer");
    assert_eq!(
        header(&form, "content-type"),
        Some("text/html; charset=utf-8")
    );
    let known = format!("{authorize}&login_hint=solo@example.com");
    let sent_back = sandbox.agent.get(&known).call().expect("an answer");
    assert_eq!(sent_back.status(), 302);
    let location = header(&sent_back, "location").expect("a location");
    let code = location
        .strip_prefix("http://shop.test/cb?code=")
        .and_then(|rest| rest.strip_suffix("&state=s"))
        .expect("a code");

    let guest = json_of(sandbox.get(LOGIN).expect("an answer"));
    let target =
        format!("/customer/acme/socialLogin?code={code}&redirect_uri=http%3A%2F%2Fshop.test%2Fcb");
    let login = sandbox.call("POST", &target, text(&guest, "access_token"), None);
    let login = json_of(login);
    assert_eq!(login["expires_in"], "2592000");
    let customers = &sandbox.state()["sessions"][0]["customers"];
    assert_eq!(customers[0]["email"], "solo@example.com");
}

#[test]
fn a_busy_port_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let run = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args(arguments)
            .output()
            .expect("a process")
    };
    let busy = run(&["--port", &port]);
    let said = String::from_utf8_lossy(&busy.stderr).into_owned();
    assert_eq!(busy.status.code(), Some(1));
    assert!(said.contains(&format!("port {port}")), "{said}");
    for arguments in [
        &["--port"][..],
        &["--port", "70000"],
        &["--prot=1"],
        &["--port", "0", "1"],
    ] {
        let refused = run(arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--port PORT"));
    }
}
