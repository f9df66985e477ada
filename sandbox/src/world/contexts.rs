//! Session contexts: what the platform remembers of a session besides its tokens.

use crate::seed::companies::CompanyId;
use crate::seed::money::Currency;
use crate::seed::sites::{self, DEFAULT_SITE, Site};
use crate::seed::tenant::Tenant;
use crate::world::clock::iso;
use crate::world::customers::{Customer, CustomerId, Customers};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What the platform itself writes into the free part of the document.
pub(crate) const COMPANY_ATTRIBUTE: &str = "legalEntityId";

/// The fields that a caller may choose, at the anonymous login or later.
#[derive(Debug, Default)]
pub(crate) struct Choice {
    pub(crate) site_code: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) target_location: Option<String>,
    pub(crate) language: Option<String>,
}

/// The context of one session.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// Whose session it is.
    pub(crate) tenant: Option<Tenant>,
    /// What nobody chose follows from the site.
    pub(crate) chosen: Choice,
    pub(crate) customer: Option<CustomerId>,
    pub(crate) company: Option<CompanyId>,
    pub(crate) cart_id: Option<String>,
    pub(crate) attributes: Map<String, Value>,
    /// Before that, what is known waits for the document.
    pub(crate) created_at: Option<u64>,
    pub(crate) modified_at: u64,
    pub(crate) version: u64,
}

/// The contexts of all sessions.
#[derive(Debug, Default)]
pub(crate) struct Contexts(pub(crate) BTreeMap<String, Context>);

impl Contexts {
    /// A new session's context. Without a time the document comes into being later.
    pub(crate) fn open(
        &mut self,
        session_id: &str,
        tenant: Tenant,
        chosen: Choice,
        created_at: Option<u64>,
    ) {
        let context = Context {
            tenant: Some(tenant),
            chosen,
            created_at,
            modified_at: created_at.unwrap_or_default(),
            version: 1,
            ..Context::default()
        };
        self.0.insert(session_id.to_owned(), context);
    }

    /// The document of a session, once it is there.
    pub(crate) fn document(&self, session_id: &str) -> Option<&Context> {
        self.0
            .get(session_id)
            .filter(|context| context.created_at.is_some())
    }

    /// The documents that are there, by session.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (&str, &Context)> {
        let there = self.0.iter().filter(|(_, it)| it.created_at.is_some());
        there.map(|(session_id, context)| (session_id.as_str(), context))
    }

    /// Whether it is a session of another tenant.
    pub(crate) fn is_foreign(&self, session_id: &str, tenant: Tenant) -> bool {
        let owner = self.0.get(session_id).and_then(|context| context.tenant);
        owner.is_some_and(|owner| owner != tenant)
    }

    pub(crate) fn document_mut(&mut self, session_id: &str) -> Option<&mut Context> {
        self.0
            .get_mut(session_id)
            .filter(|context| context.created_at.is_some())
    }

    /// The document of a session, there from now on.
    pub(crate) fn create(&mut self, session_id: &str, now: u64) -> &mut Context {
        let context = self.0.entry(session_id.to_owned()).or_default();
        if context.created_at.is_none() {
            context.created_at = Some(now);
            context.modified_at = now;
        }
        context
    }

    /// A customer has taken over the session. The preferences fill what the guest has left open.
    pub(crate) fn enter(
        &mut self,
        session_id: &str,
        id: CustomerId,
        customer: &Customer,
        now: u64,
    ) {
        let Some(context) = self.0.get_mut(session_id) else {
            return;
        };
        context.customer = Some(id);
        context.company = None;
        let Choice {
            site_code,
            currency,
            target_location,
            ..
        } = &mut context.chosen;
        let preference = |name| customer.detail(name).map(str::to_owned);
        *site_code = site_code.take().or_else(|| preference("preferredSite"));
        *currency = currency.take().or_else(|| preference("preferredCurrency"));
        *target_location = target_location.take().or_else(|| customer.country());
        context.touch(now);
    }

    /// A customer's token of the session carries that company from now on.
    pub(crate) fn buy_for(
        &mut self,
        session_id: &str,
        customer: CustomerId,
        company: Option<CompanyId>,
        now: u64,
    ) {
        if let Some(context) = self.0.get_mut(session_id)
            && (context.customer, context.company) != (Some(customer), company)
        {
            context.customer = Some(customer);
            context.company = company;
            context.touch(now);
        }
    }

    /// The customer has left the session.
    pub(crate) fn leave(&mut self, session_id: &str, now: u64) {
        if let Some(context) = self.0.get_mut(session_id) {
            context.customer = None;
            context.company = None;
            context.touch(now);
        }
    }

    /// The session has that cart in hand. The latest moment for the document to come into being.
    pub(crate) fn take_cart(&mut self, session_id: &str, cart_id: &str, now: u64) {
        let Some(context) = self.0.get_mut(session_id) else {
            return;
        };
        if context.cart_id.as_deref() != Some(cart_id) {
            context.cart_id = Some(cart_id.to_owned());
            context.touch(now);
        }
        self.create(session_id, now);
    }

    /// That cart is no open one any more.
    pub(crate) fn drop_cart(&mut self, cart_id: &str, now: u64) {
        for context in self.0.values_mut() {
            if context.cart_id.as_deref() == Some(cart_id) {
                context.cart_id = None;
                context.touch(now);
            }
        }
    }
}

impl Context {
    /// Site and currency, if both were chosen. As measured, the sites' defaults are not enough to match prices.
    pub(crate) fn price_terms(&self) -> Option<(&'static Site, Currency)> {
        let site = sites::find(self.chosen.site_code.as_deref()?)?;
        Some((site, self.chosen_currency()?))
    }

    /// The currency that was chosen, if there are prices in it.
    pub(crate) fn chosen_currency(&self) -> Option<Currency> {
        self.chosen.currency.as_deref().and_then(Currency::find)
    }

    /// Changes of a document that is not there yet are no versions.
    pub(crate) fn touch(&mut self, now: u64) {
        if self.created_at.is_some() {
            self.modified_at = now;
            self.version += 1;
        }
    }

    pub(crate) fn site_code(&self) -> &str {
        self.chosen.site_code.as_deref().unwrap_or(DEFAULT_SITE)
    }

    pub(crate) fn site(&self) -> Option<&'static Site> {
        sites::find(self.site_code())
    }

    pub(crate) fn currency(&self) -> Option<&str> {
        let default = self.site().map(|site| site.currency.code());
        self.chosen.currency.as_deref().or(default)
    }

    pub(crate) fn target_location(&self) -> Option<&str> {
        let default = self.site().map(|_| sites::HOME_COUNTRY);
        self.chosen.target_location.as_deref().or(default)
    }

    pub(crate) fn language(&self) -> Option<&str> {
        let default = self.site().map(|_| sites::DEFAULT_LANGUAGE);
        self.chosen.language.as_deref().or(default)
    }

    pub(crate) fn view(&self, session_id: &str, customers: &Customers) -> Value {
        let mut attributes = self.attributes.clone();
        if let Some(company) = self.company {
            attributes.insert(COMPANY_ATTRIBUTE.to_owned(), company.company().id.into());
        }
        let mut view = json!({
            "sessionId": session_id,
            "siteCode": self.site_code(),
            "context": attributes,
            "metadata": {
                "version": self.version,
                "createdAt": iso(self.created_at.unwrap_or_default()),
                "modifiedAt": iso(self.modified_at),
            },
        });
        let customer = self.customer.map(|id| customers.get(id).number.as_str());
        for (name, value) in [
            ("customerId", customer),
            ("currency", self.currency()),
            ("targetLocation", self.target_location()),
            ("language", self.language()),
            ("cartId", self.cart_id.as_deref()),
        ] {
            if let Some(value) = value {
                view[name] = value.into();
            }
        }
        view
    }
}
