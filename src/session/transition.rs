//! The ways in which a record may change: each is a function from one record to the next. `revision` is not theirs: it grows
//! when a record is written.

use super::account::Account;
use super::cart::Cart;
use super::customer::Customer;
use super::event::Kind;
use super::grant::Grant;
use super::id::{Identity, LegalEntityId, SessionId};
use super::record::{Record, RecordData};
use super::token::{Life, Pair};

/// By how much more than one a logout counts on, epochs and revisions: other tabs begin fewer before they see it, and whoever
/// logs out may not have seen all of theirs.
pub const LEAP: u64 = 1_000;

impl Record {
    /// A guest's tokens, first or renewed. They speak for a session of their own until they are renewed with it.
    pub fn with_guest(mut self, grant: Grant) -> Self {
        let data = &mut *self;
        match &mut data.guest {
            Some(pair) => pair.renew(grant.access, grant.refresh),
            None => data.guest = Some(Pair::first(grant.access, grant.refresh)),
        }
        // Behind a customer the guest pair lends its bearer and no more; the session is the customer's.
        if data.customer.is_none() {
            data.adopt_session(grant.session_id);
        }
        self
    }

    /// The guest's refresh token has been refused. While the access token is accepted, the guest goes on.
    pub fn with_guest_spent(mut self) -> Self {
        if let Some(guest) = &mut self.guest {
            guest.refresh = None;
        }
        self
    }

    /// The guest has come to an end; a new one may start.
    pub fn without_guest(mut self, random: u32) -> Self {
        let data = &mut *self;
        data.guest = None;
        if data.customer.is_none() {
            data.session_id = None;
            data.cart = None;
            data.begin_epoch(Kind::Expired, random);
        }
        self
    }

    /// A customer has signed in, and the guest's session is now the customer's.
    pub fn with_login(mut self, grant: Grant, random: u32) -> Self {
        let data = &mut *self;
        data.customer = Some(Customer {
            pair: Pair::first(grant.access, grant.refresh),
            saas: grant.saas,
            legal_entity: None,
            needs_legal_entity: false,
            needs_password_change: grant.initial_password,
            account: None,
            is_lent: false,
        });
        data.cart = data.cart.as_ref().map(Cart::owed);
        data.adopt_session(grant.session_id);
        data.readings.omission = None;
        data.begin_epoch(Kind::Login, random);
        self
    }

    /// The customer has signed in again: new tokens for the same company, and the session goes on, which is ours where none is
    /// named.
    pub fn with_login_again(mut self, mut grant: Grant, account: Option<Account>) -> Self {
        let session_id = grant.session_id.take();
        let data = &mut *self;
        if let Some(customer) = &mut data.customer {
            customer.pair = Pair::first(grant.access, grant.refresh);
            customer.saas = grant.saas.or(customer.saas.take());
            customer.account = account;
            customer.is_lent = session_id.is_none();
        }
        data.enter(session_id);
        self
    }

    /// Whose the tokens are that a customer has signed in with, and for which company.
    pub fn with_owner(
        mut self,
        account: Option<Account>,
        legal_entity: Option<LegalEntityId>,
    ) -> Self {
        if let Some(customer) = &mut self.customer {
            customer.account = account;
            customer.legal_entity = legal_entity;
        }
        self
    }

    /// A customer has signed in with tokens that are of this session.
    pub fn with_session(mut self, named: Option<SessionId>) -> Self {
        self.enter(named);
        self
    }

    /// The customer's tokens were renewed; the saas token and the company are carried.
    pub fn with_customer_renewed(mut self, grant: Grant) -> Self {
        let data = &mut *self;
        if let Some(customer) = &mut data.customer {
            customer.pair.renew(grant.access, grant.refresh);
            if grant.saas.is_some() {
                customer.saas = grant.saas;
            }
            let is_lent = customer.is_lent;
            // A guest of another session would go on under its name.
            data.enter(grant.session_id.filter(|_| !is_lent));
        }
        self
    }

    /// Another company, or none: with tokens that are its own.
    pub fn with_legal_entity(mut self, chosen: Option<LegalEntityId>, random: u32) -> Self {
        let data = &mut *self;
        if let Some(customer) = &mut data.customer {
            customer.legal_entity = chosen;
            customer.needs_legal_entity = false;
        }
        data.keep_owed_cart();
        data.begin_epoch(Kind::Switched, random);
        self
    }

    /// Another cart, or one that is not known any more. A guest's that is owed a customer stays until there is another.
    pub fn with_cart(mut self, cart: Option<Cart>) -> Self {
        let data = &mut *self;
        data.keep_owed_cart();
        data.cart = cart.or(data.cart.take());
        self
    }

    /// The customer has companies to choose from, and has not chosen.
    pub fn with_company_needed(mut self) -> Self {
        if let Some(customer) = &mut self.customer {
            customer.needs_legal_entity = customer.legal_entity.is_none();
        }
        self
    }

    /// The customer has chosen between the companies and none of them.
    pub fn with_choice_made(mut self) -> Self {
        if let Some(customer) = &mut self.customer {
            customer.needs_legal_entity = false;
        }
        self
    }

    /// The customer's refresh token has been refused. While the access token is accepted, the customer stays.
    pub fn with_customer_spent(mut self) -> Self {
        if let Some(customer) = &mut self.customer {
            customer.pair.refresh = None;
        }
        self
    }

    /// The platform has told for how long it still accepts the customer's access token.
    pub fn with_customer_access_life(mut self, life: Life) -> Self {
        if let Some(customer) = &mut self.customer {
            customer.pair.access.life = life;
        }
        self
    }

    /// Nobody has the customer's access token until it is known which company it speaks for, while the refresh token goes on.
    pub fn with_customer_unchecked_if(mut self, is_unchecked: bool) -> Self {
        if let Some(customer) = self.customer.as_mut().filter(|_| is_unchecked) {
            customer.pair.access.life.make_unchecked();
        }
        self
    }

    /// The customer's session has come to its end. The guest's goes on with the same session id, if there is one.
    pub fn without_customer(mut self, random: u32) -> Self {
        let data = &mut *self;
        data.customer = None;
        data.keep_owed_cart();
        if data.guest.is_none() {
            data.session_id = None;
            data.cart = None;
        }
        data.begin_epoch(Kind::Expired, random);
        self
    }

    /// The tombstone: no secrets, and an epoch that no late writer can win against.
    pub fn ended(self, random: u32) -> Self {
        let mut data = RecordData {
            revision: self.revision,
            epoch: self.epoch.saturating_add(LEAP),
            readings: self.readings,
            ..RecordData::default()
        };
        data.begin_epoch(Kind::Logout, random);
        data.into()
    }
}

impl RecordData {
    fn begin_epoch(&mut self, began: Kind, random: u32) {
        self.epoch = self.epoch.saturating_add(1);
        self.identity = Identity::of(self.epoch, random);
        self.began = began;
    }

    /// The customer's tokens are of this session, where one is named; a guest of another has no part in it.
    fn enter(&mut self, named: Option<SessionId>) {
        if named.is_some() && named != self.session_id {
            self.guest = None;
            self.session_id = named;
        }
    }

    /// A customer's cart is of one company and one site; that a guest's is to be merged counts for all.
    fn keep_owed_cart(&mut self) {
        self.cart = self.cart.take().filter(Cart::is_owed);
    }

    /// The platform's word counts, where it says one.
    fn adopt_session(&mut self, named: Option<SessionId>) {
        if named.is_some() {
            self.session_id = named;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::secret::{AccessToken, RefreshToken, SaasToken};
    use super::super::token::{Held, Moment};
    use super::*;

    fn held<T>(make: fn(String) -> Option<T>, text: &str) -> Held<T> {
        Held {
            token: make(text.into()).unwrap(),
            life: Life::from_answer(Moment::default(), Some(3600)),
        }
    }

    fn grant(name: &str, session: Option<&str>) -> Grant {
        Grant {
            initial_password: false,
            access: held(AccessToken::new, name),
            refresh: Some(held(RefreshToken::new, &format!("{name}-refresh"))),
            saas: None,
            session_id: session.and_then(|id| SessionId::new(id.into())),
        }
    }

    fn login(name: &str) -> Grant {
        Grant {
            saas: Some(held(SaasToken::new, "saas")),
            ..grant(name, None)
        }
    }

    fn entity(id: &str) -> Option<LegalEntityId> {
        LegalEntityId::new(id.into())
    }

    #[test]
    fn one_session_id_from_the_first_token_to_the_last_company() {
        let guest = Record::default().with_guest(grant("guest", Some("s1")));
        let customer = guest.clone().with_login(login("one"), 1);
        let north = customer
            .clone()
            .with_customer_renewed(grant("two", Some("s1")))
            .with_legal_entity(entity("north"), 2);
        let renewed = north.clone().with_customer_renewed(grant("three", None));
        for record in [&guest, &customer, &north, &renewed] {
            assert_eq!(record.session_id.as_ref().unwrap().as_str(), "s1");
        }
        assert_eq!(renewed.legal_entity(), entity("north").as_ref());
        assert!(renewed.saas_token(Moment::default()).is_some());
        assert_eq!(
            [guest.epoch, customer.epoch, north.epoch, renewed.epoch],
            [0, 1, 2, 2]
        );
    }

    #[test]
    fn changes_are_named_for_listeners_who_were_not_there() {
        let blank = Record::default();
        let guest = blank.clone().with_guest(grant("guest", Some("s1")));
        let customer = guest.clone().with_login(login("one"), 1);
        let renewed = customer.clone().with_customer_renewed(grant("two", None));
        let gone = renewed.clone().without_customer(2);
        let ended = renewed.clone().ended(3);
        assert_eq!(guest.change_since(&blank), Some(Kind::Started));
        assert_eq!(customer.change_since(&guest), Some(Kind::Login));
        assert_eq!(renewed.change_since(&customer), Some(Kind::Renewed));
        assert_eq!(gone.change_since(&renewed), Some(Kind::Expired));
        assert_eq!(ended.change_since(&renewed), Some(Kind::Logout));
        assert_eq!(ended.change_since(&ended), None);
    }

    #[test]
    fn a_tombstone_holds_no_secret_and_wins() {
        let customer = Record::default()
            .with_guest(grant("guest", Some("s1")))
            .with_login(login("one"), 1);
        let ended = customer.clone().ended(2);
        assert!(ended.is_blank());
        let mut late = customer;
        late.revision = 99;
        // The number goes on, or the next holder of the lock would wait for one that never comes.
        assert_eq!(late.clone().ended(3).revision, 99);
        assert!(ended.is_newer_than(&late));
    }

    #[test]
    fn tokens_without_a_session_are_something_to_end() {
        let guest = Record::default().with_guest(grant("guest", None));
        let customer = guest.clone().with_login(login("one"), 1);
        for record in [guest, customer] {
            assert!(!record.is_blank());
            assert!(record.ended(2).is_blank());
        }
    }

    #[test]
    fn a_session_is_later_than_the_blank_record_it_began_in() {
        let blank = Record::from(RecordData {
            revision: 8,
            ..RecordData::default()
        });
        let guest = Record::default().with_guest(grant("guest", Some("s1")));
        assert!(guest.is_newer_than(&blank));
        assert!(!blank.is_newer_than(&guest));
        assert!(blank.is_newer_than(&Record::default()));
    }

    #[test]
    fn a_guest_behind_a_customer_never_names_the_session() {
        let customer = Record::default()
            .with_guest(grant("guest", Some("s1")))
            .with_login(login("one"), 1)
            .with_guest(grant("throw-away", Some("s2")));
        assert_eq!(customer.session_id.clone().unwrap().as_str(), "s1");
    }

    #[test]
    fn a_session_id_that_the_platform_changes_is_adopted() {
        let record = Record::default()
            .with_guest(grant("guest", Some("s1")))
            .with_guest(grant("guest", Some("s2")));
        assert_eq!(record.session_id.clone().unwrap().as_str(), "s2");
        assert_eq!(record.epoch, 0);
    }

    #[test]
    fn a_renewal_without_a_refresh_token_keeps_the_one_that_served() {
        let answer = Grant {
            refresh: None,
            ..grant("two", None)
        };
        let record = Record::default()
            .with_guest(grant("one", Some("s1")))
            .with_guest(answer);
        let refresh = record.guest.clone().unwrap().refresh.unwrap();
        assert_eq!(refresh.token.expose(), "one-refresh");
    }
}
