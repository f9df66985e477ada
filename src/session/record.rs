//! The record: everything that is known of one visitor. `transition` has the ways in which it may change.

use super::cart::Cart;
use super::customer::Customer;
use super::event::Kind;
use super::id::{Identity, LegalEntityId, SessionId};
use super::pending::Pending;
use super::readings::Readings;
use super::secret::{AccessToken, RefreshToken, SaasToken};
use super::snapshot::{Snapshot, Visitor};
use super::token::{Held, Moment, Pair};
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

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

    /// What a renewal of the guest replaces.
    pub fn guest_pair(&self) -> Option<&Pair> {
        self.guest.as_ref()
    }

    /// What a renewal of the customer replaces.
    pub fn customer_pair(&self) -> Option<&Pair> {
        Some(&self.customer.as_ref()?.pair)
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
            // Of several changes that come together the one is told that tells who is there.
            Some(match (&previous.customer, &self.customer) {
                (None, Some(_)) => Kind::Login,
                (Some(_), None) if self.began == Kind::Started => Kind::Logout,
                _ => self.began,
            })
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

    fn needs_legal_entity(&self) -> bool {
        let customer = self.customer.as_ref();
        customer.is_some_and(|it| it.needs_legal_entity)
    }

    /// Whether the visitor's access token is not to be handed out yet.
    pub fn is_unchecked(&self) -> bool {
        self.pair()
            .is_some_and(|pair| pair.access.life.is_unchecked())
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
