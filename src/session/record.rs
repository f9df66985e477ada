//! The record: everything that is known of one visitor, and the ways in which it may change.
//!
//! Each change is a function from one record to the next. `revision` is not theirs: it grows when a record is written.

use super::account::Account;
use super::cart::Cart;
use super::event::Kind;
use super::id::{Identity, LegalEntityId, SessionId};
use super::secret::{AccessToken, Fingerprint, RefreshToken, SaasToken};
use super::snapshot::{Snapshot, Visitor};
use super::token::{Held, Life, Millis, Moment, Pair};
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// Which bearer a customer's refresh is made with. The documentation says both (docs/platform.md §10, row 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// The guest's access token.
    Anonymous,
    /// The customer's own access token.
    Customer,
}

/// What a refresh without a company does to the chosen one. The documentation is silent (docs/platform.md §10, row 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Omission {
    /// It returns to B2C.
    Clears,
    /// The company stays.
    Keeps,
}

/// What has been learned of this platform. Where one of them does not hold any more, the bearer shows by itself; the
/// omission does not, so it is learned anew after a day and after a login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// The bearer that a customer's refresh was accepted with.
    pub refresh_bearer: Option<Bearer>,
    /// What an omitted company was seen to do, and when, by the wall clock.
    pub omission: Option<(Omission, Millis)>,
}

impl Readings {
    /// What an omitted company does, where that was seen within the last day.
    pub fn omission(&self, now: Moment) -> Option<Omission> {
        const DAY: Millis = 86_400_000;
        let (omission, learned) = self.omission?;
        (now.wall.abs_diff(learned) < DAY).then_some(omission)
    }
}

/// An operation that changes tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A guest's first token, or a renewal.
    Renewal,
    /// A customer signs in.
    Login,
    /// Another company.
    Switch,
}

/// An operation under way. Found under the lock, it says that somebody sent a token and its answer never came home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Which operation, by a random name.
    pub id: u32,
    /// Its kind.
    pub operation: Operation,
    /// The epoch in which it began.
    pub epoch: u64,
    /// The refresh token that it consumes.
    pub consumes: Option<Fingerprint>,
    /// When it began, by the wall clock.
    pub started: Millis,
    /// Whether its tab still waits for the answer, though it has given the lock back.
    pub late: bool,
}

/// The tokens of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// For API calls.
    pub access: Held<AccessToken>,
    /// For the next pair.
    pub refresh: Option<Held<RefreshToken>>,
    /// For checkout; a login gives it, a refresh does not.
    pub saas: Option<Held<SaasToken>>,
    /// The session the tokens belong to, where the answer names it.
    pub session_id: Option<SessionId>,
    /// Whether the password is one that somebody else has set; a login tells it.
    pub initial_password: bool,
}

/// A signed-in customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// The customer's tokens.
    pub pair: Pair,
    /// For checkout.
    pub saas: Option<Held<SaasToken>>,
    /// The chosen company.
    pub legal_entity: Option<LegalEntityId>,
    /// Whether a company is still to be chosen.
    pub needs_legal_entity: bool,
    /// Whether the password is to be changed.
    pub needs_password_change: bool,
    /// Whose tokens they are, where that is known.
    pub account: Option<Account>,
    /// Whether another guest has lent the bearer that they were got with: what the platform names for them is his session.
    pub is_lent: bool,
}

/// Everything that is known of one visitor: [`RecordData`], shared between those who hold the same record, and copied only
/// when one of them changes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(Rc<RecordData>);

impl Deref for Record {
    type Target = RecordData;

    fn deref(&self) -> &RecordData {
        &self.0
    }
}

impl DerefMut for Record {
    fn deref_mut(&mut self) -> &mut RecordData {
        Rc::make_mut(&mut self.0)
    }
}

impl From<RecordData> for Record {
    fn from(data: RecordData) -> Self {
        Self(Rc::new(data))
    }
}

/// Everything that is known of one visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordData {
    /// Grows with every write.
    pub revision: u64,
    /// Grows only when the identity or the company changes.
    pub epoch: u64,
    /// The epoch's public name.
    pub identity: Identity,
    /// How the epoch began: what a tab that was not there tells its listeners.
    pub began: Kind,
    /// The platform's session.
    pub session_id: Option<SessionId>,
    /// The guest's tokens. Behind a customer they are a credential for refreshes, not an identity.
    pub guest: Option<Pair>,
    /// The customer, when one is signed in.
    pub customer: Option<Customer>,
    /// The visitor's cart, where a storefront wants it to be known.
    pub cart: Option<Cart>,
    /// What has been learned of this platform.
    pub readings: Readings,
    /// The operation under way.
    pub pending: Option<Pending>,
}

impl Default for RecordData {
    fn default() -> Self {
        Self {
            revision: 0,
            epoch: 0,
            identity: Identity::first(),
            began: Kind::Started,
            session_id: None,
            guest: None,
            customer: None,
            cart: None,
            readings: Readings::default(),
            pending: None,
        }
    }
}

impl Record {
    /// The tokens that speak for the visitor.
    pub fn pair(&self) -> Option<&Pair> {
        match &self.customer {
            Some(customer) => Some(&customer.pair),
            None => self.guest.as_ref(),
        }
    }

    /// The chosen company.
    pub fn legal_entity(&self) -> Option<&LegalEntityId> {
        self.customer.as_ref()?.legal_entity.as_ref()
    }

    /// Whether it holds anything that a logout would have to end.
    pub fn is_blank(&self) -> bool {
        self.session_id.is_none() && self.guest.is_none() && self.customer.is_none()
    }

    /// Epoch and revision.
    pub fn age(&self) -> (u64, u64) {
        (self.epoch, self.revision)
    }

    /// Whether it was written later than the other. Nothing empties an epoch, so the session that began in it is later
    /// than the blank record whatever their numbers: where storage was wiped, counting began anew.
    pub fn is_newer_than(&self, other: &Self) -> bool {
        if self.identity == other.identity && self.is_blank() != other.is_blank() {
            return other.is_blank();
        }
        self.age() > other.age()
    }

    /// Whether it can be the next record after this one: of the same epoch, which nothing empties, or the one that begins
    /// the next.
    pub fn follows(&self, known: &Self) -> bool {
        let goes_on = self.identity == known.identity && (!self.is_blank() || known.is_blank());
        goes_on || self.epoch == known.epoch.saturating_add(1)
    }

    /// This record, which was made of `base`, made of `found` instead, which has come in its place: what it changes is
    /// changed, and what it left alone is as found. `None` where both have changed the same tokens, or are about to.
    pub fn rebased(mut self, base: &Self, found: &Self) -> Option<Self> {
        let data = &mut *self;
        let consumes = |pending: Option<Pending>| pending.and_then(|it| it.consumes);
        let ours = consumes(data.pending);
        if found.pending != base.pending && ours.is_some() && consumes(found.pending) == ours {
            return None;
        }
        let goes_on = rebase(&mut data.guest, &base.guest, &found.guest)
            && rebase(&mut data.customer, &base.customer, &found.customer);
        if !goes_on {
            return None;
        }
        rebase(&mut data.session_id, &base.session_id, &found.session_id);
        rebase(&mut data.cart, &base.cart, &found.cart);
        rebase(&mut data.readings, &base.readings, &found.readings);
        Some(self)
    }

    /// What a page may know.
    pub fn snapshot(&self, durable: bool) -> Snapshot {
        let pair = self.pair();
        let saas = self.saas();
        Snapshot {
            kind: match self.customer {
                Some(_) => Visitor::Customer,
                None => Visitor::Anonymous,
            },
            identity: self.identity.clone(),
            session_id: self.session_id.clone(),
            legal_entity_id: self.legal_entity().cloned(),
            cart: self.cart.clone(),
            needs_legal_entity: self
                .customer
                .as_ref()
                .is_some_and(|it| it.needs_legal_entity),
            needs_password_change: self
                .customer
                .as_ref()
                .is_some_and(|it| it.needs_password_change),
            expires_at: pair.and_then(|pair| pair.access.life.ends()),
            saas_expires_at: saas.and_then(|saas| saas.life.ends()),
            renewable: pair.is_some_and(|pair| pair.refresh.is_some()),
            durable,
        }
    }

    /// What to call the change from `previous` to this record; `None` when a page would see none.
    pub fn change_since(&self, previous: &Self) -> Option<Kind> {
        if self.identity != previous.identity {
            Some(self.began)
        } else if previous.session_id.is_none() && self.session_id.is_some() {
            Some(Kind::Started)
        } else if self.cart != previous.cart {
            Some(Kind::Cart)
        } else if self.needs_legal_entity() != previous.needs_legal_entity() {
            Some(Kind::Company)
        } else if self.tokens() != previous.tokens()
            || self.snapshot(true) != previous.snapshot(true)
        {
            Some(Kind::Renewed)
        } else {
            None
        }
    }

    /// The visitor's tokens without their ages, which two readings of one record tell with different clocks.
    fn tokens(&self) -> Option<(&AccessToken, Option<&RefreshToken>)> {
        let pair = self.pair()?;
        let refresh = pair.refresh.as_ref().map(|refresh| &refresh.token);
        Some((&pair.access.token, refresh))
    }

    /// Carries over what the page's own clock knows of tokens that both records hold.
    pub fn keep_clock_of(&mut self, known: &Self) {
        let data = &mut **self;
        if let (Some(mine), Some(known)) = (&mut data.guest, &known.guest) {
            mine.keep_clock_of(known);
        }
        if let (Some(mine), Some(known)) = (&mut data.customer, &known.customer) {
            mine.pair.keep_clock_of(&known.pair);
            if let (Some(mine), Some(known)) = (&mut mine.saas, &known.saas) {
                mine.keep_clock_of(known);
            }
        }
    }

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

    fn needs_legal_entity(&self) -> bool {
        let customer = self.customer.as_ref();
        customer.is_some_and(|it| it.needs_legal_entity)
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
    pub fn with_customer_unchecked(mut self) -> Self {
        if let Some(customer) = &mut self.customer {
            customer.pair.access.life.make_unchecked();
        }
        self
    }

    /// Whether the visitor's access token is not to be handed out yet.
    pub fn is_unchecked(&self) -> bool {
        self.pair()
            .is_some_and(|pair| pair.access.life.is_unchecked())
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
            epoch: self.epoch,
            readings: self.readings,
            ..RecordData::default()
        };
        data.begin_epoch(Kind::Logout, random);
        data.into()
    }

    /// The saas token, with its life.
    pub fn saas(&self) -> Option<&Held<SaasToken>> {
        self.customer.as_ref()?.saas.as_ref()
    }

    /// The saas token, as long as it is good.
    pub fn saas_token(&self, now: Moment) -> Option<&SaasToken> {
        let saas = self.saas()?;
        (saas.life.until_end(now) != Some(0)).then_some(&saas.token)
    }
}

/// Takes what was found where it is as it was in the base; whether only one of the two has changed it.
fn rebase<T: Clone + PartialEq>(ours: &mut T, base: &T, found: &T) -> bool {
    let is_unchanged = ours == base;
    if is_unchanged {
        ours.clone_from(found);
    }
    is_unchanged || found == base
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
