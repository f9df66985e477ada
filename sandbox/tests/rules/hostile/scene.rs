//! A shop in which something is going on.

use super::check;
use super::corpus::{Template, Who, item};
use crate::shop::{Pair, Shop};
use sandbox::{Answer, Request};
use serde_json::{Value, json};

/// A shop in which something is going on.
pub(super) struct Scene {
    pub(super) shop: Shop,
    guest: Pair,
    buyer: Pair,
    backend: String,
    saas: String,
    guests_cart: String,
    cart: String,
    address: String,
}

impl Scene {
    pub(super) fn set() -> Self {
        let mut shop = Shop::open();
        let guest = shop.guest();
        let login = shop.try_login(&guest.access, "buyer@example.com", "sandbox-pass");
        let buyer = crate::shop::pair(&login);
        let saas = login.json()["saas_token"]
            .as_str()
            .expect("a token")
            .to_owned();
        let backend = shop.backend();
        let mut cart = |bearer: &str| {
            let cart = shop
                .get("/cart/acme/carts?siteCode=main&create=true", bearer)
                .json()["id"]
                .clone();
            let cart = cart.as_str().expect("an id").to_owned();
            let added = shop.post(&format!("/cart/acme/carts/{cart}/items"), bearer, item());
            assert_eq!(added.status, 201, "{}", added.body);
            cart
        };
        let (guests_cart, cart) = (cart(&guest.access), cart(&buyer.access));
        let address = json!({ "contactName": "Bea", "country": "DE", "tags": ["SHIPPING"] });
        let address = shop.post("/customer/acme/me/addresses", &buyer.access, address);
        let address = address.json()["id"].as_str().expect("an id").to_owned();
        Self {
            shop,
            guest,
            buyer,
            backend,
            saas,
            guests_cart,
            cart,
            address,
        }
    }

    pub(super) fn bearer(&self, who: Who) -> Option<&str> {
        match who {
            Who::Nobody => None,
            Who::Guest => Some(&self.guest.access),
            Who::Buyer => Some(&self.buyer.access),
            Who::Backend => Some(&self.backend),
        }
    }

    /// The template with what only this scene knows.
    pub(super) fn fill(&self, text: &str) -> String {
        text.replace("{cart}", &self.cart)
            .replace("{guestsCart}", &self.guests_cart)
            .replace("{address}", &self.address)
            .replace("{session}", &self.guest.session)
            .replace("{access}", &self.buyer.access)
            .replace("{refresh}", &self.buyer.refresh)
            .replace("{guestRefresh}", &self.guest.refresh)
    }

    pub(super) fn send(
        &mut self,
        template: &Template,
        target: &str,
        body: Option<&Value>,
        more: Option<(&str, &str)>,
    ) -> Answer {
        let mut request = Request::new(template.method, self.fill(target));
        if let Some(bearer) = self.bearer(template.who) {
            request = request.bearer(bearer);
        }
        if target.starts_with("/checkout") || template.method == "PUT" {
            request = request.header("saas-token", &self.saas);
        }
        if let Some((name, value)) = more {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            let text = self.fill(&body.to_string());
            request = Request {
                body: text,
                ..request
            }
            .header("Content-Type", "application/json");
        }
        self.shop.platform.handle(&request)
    }

    /// Everything that can be read still can.
    pub(super) fn read_back(&mut self, what: &str) {
        for (target, bearer) in [
            (
                format!("/cart/acme/carts/{}", self.cart),
                self.buyer.access.clone(),
            ),
            (
                format!("/cart/acme/carts/{}", self.guests_cart),
                self.guest.access.clone(),
            ),
            (
                "/customer/acme/me?expand=addresses".to_owned(),
                self.buyer.access.clone(),
            ),
            (
                "/session-context/acme/me/context".to_owned(),
                self.guest.access.clone(),
            ),
            (
                "/order-v2/acme/orders".to_owned(),
                self.buyer.access.clone(),
            ),
            (
                "/product/acme/products".to_owned(),
                self.guest.access.clone(),
            ),
        ] {
            check(
                &self.shop.get(&target, &bearer),
                &format!("{what}, then {target}"),
            );
        }
        let all = self
            .shop
            .post("/cart/acme/carts/search", &self.backend.clone(), json!({}));
        check(&all, &format!("{what}, then the search"));
        let state = serde_json::to_value(self.shop.platform.state()).expect("serializes");
        assert!(state.is_object(), "{what}");
    }
}
