//! Law 4: no token of the wrong epoch; and what is granted to the present one is kept.

use super::turns::UNANSWERED;
use super::wire::Kinds;
use super::{Excuse, Oracle, Step, access_of, customer_of, refresh_of};
use crate::world::World;
use double::{Locks, Owner};
use sandbox::TokenFacts;
use serde_json::Value;
use storefront_session::http::Request;
use storefront_session::session::{
    AccessToken, Event, Identity, Kind, Pair, Record, Snapshot, Visitor,
};

/// A tab that has looked at the record within this time need not look again.
const LOOK: u64 = 1_000;

/// For how long an answer that has not come is reckoned with: after that a refusal of the same token counts.
pub(super) const RECKONED: u64 = 300_000;

/// A grant that must be stored.
pub(super) struct Owed {
    pub(super) access: String,
    epoch: u64,
    identity: Identity,
    /// The refresh token that was sent for it.
    pub(super) consumed: String,
    /// The access token beside that one.
    renews: String,
    distrusted: Option<Excuse>,
    /// How long its answer took.
    took: u64,
}

impl Owed {
    fn distrusts(&self) -> (bool, Excuse) {
        let excuse = self.distrusted.unwrap_or(Excuse::Distrust);
        (self.distrusted.is_some(), excuse)
    }

    /// Whether a later question with the same refresh token, which is never rotated, was answered first.
    fn is_renewed(&self, stored: Option<&Record>) -> bool {
        let pairs = stored.map(|record| [record.guest.as_ref(), customer_of(record)]);
        (pairs.into_iter().flatten()).any(|pair| {
            refresh_of(pair) == Some(&self.consumed) && access_of(pair) != Some(&self.renews)
        })
    }

    /// Whether another visitor is stored than the one it was granted to: two tabs may end one epoch.
    fn is_past(&self, stored: Option<&Record>) -> bool {
        stored.is_none_or(|record| record.identity != self.identity)
    }
}

/// Grants.
impl Oracle {
    /// The pair that a token request is sent with, as it is stored.
    pub(super) fn asked_with(&self, kind: &Kinds) -> Option<&Pair> {
        let record = self.stored.as_ref()?;
        let (token, pair) = match kind {
            Kinds::Guest(Some(token)) => (token, record.guest.as_ref()),
            Kinds::Customer { token, .. } => (token, customer_of(record)),
            _ => return None,
        };
        pair.filter(|_| refresh_of(pair) == Some(token.as_str()))
    }

    /// Tokens were granted that were asked for then, after so long; whether for a pair that the record still holds.
    pub(super) fn note_owed(
        &mut self,
        tab: Owner,
        kind: &Kinds,
        access: String,
        (sent, took): (u64, u64),
    ) -> bool {
        let (Some(record), Some(pair)) = (&self.stored, self.asked_with(kind)) else {
            return false;
        };
        // Where a refresh token is never rotated, newer tokens in the record tell that a later question was answered first.
        let asked_with = self.tabs[tab].asked_with.get(&sent);
        if asked_with.is_some_and(|it| Some(it.as_str()) != access_of(Some(pair))) {
            return false;
        }
        let owed = Owed {
            access,
            epoch: record.epoch,
            identity: record.identity.clone(),
            consumed: refresh_of(Some(pair)).unwrap_or_default().to_owned(),
            renews: pair.access.token.expose().to_owned(),
            distrusted: self.distrusted,
            took,
        };
        if took < UNANSWERED {
            self.tabs[tab].owes = Some(owed);
        } else {
            self.coverage.note("answered late");
            self.tabs[tab].owes_late.push(owed);
        }
        true
    }

    /// Whether others can find what was granted: a page announces it and lives on, of a host only what it has stored is left.
    pub(super) fn is_kept(&self, owed: &Owed) -> bool {
        let known = self.tokens.get(&owed.access);
        known.is_some_and(|known| known.stored || !self.is_served)
    }

    /// After all faults have ended: what was granted late to a page that is still there was kept.
    pub fn check_late_grants(&mut self) {
        let pages = self.tabs.iter_mut();
        let owed: Vec<_> = pages.flat_map(|page| page.owes_late.drain(..)).collect();
        for owed in owed {
            let is_over = owed.is_past(self.stored.as_ref())
                || owed.is_renewed(self.stored.as_ref())
                || self.replaced.contains_key(&owed.consumed);
            let is_kept = is_over || self.is_kept(&owed);
            let excuses = [
                self.distrusts(),
                owed.distrusts(),
                (owed.took >= RECKONED, Excuse::VeryLate),
            ];
            self.require_unless(is_kept, &excuses, 4, || {
                "tokens of the present epoch that were granted late were thrown away".into()
            });
        }
    }
}

impl World {
    /// The tab gives the lock back.
    pub fn released(&self, tab: Owner) {
        let snapshot = self.lifecycle(tab).map(|lifecycle| lifecycle.snapshot());
        let mut oracle = self.oracle.borrow_mut();
        let page = &mut oracle.tabs[tab];
        page.guest_granted = None;
        page.misled = false;
        let Some(owed) = page.owes.take() else { return };
        let known = snapshot.and_then(|it| oracle.epoch_of(&it.identity));
        // A later epoch that the page has heard of need not be stored yet.
        let is_past = owed.is_past(oracle.stored.as_ref());
        let is_overtaken = is_past || known.is_some_and(|it| it > owed.epoch);
        let is_kept = oracle.is_kept(&owed);
        if is_overtaken && !is_kept {
            // Who has not heard of that may still hold what is spent.
            let of = oracle.renewed.entry(owed.consumed.clone()).or_default();
            *of = of.or(Some(Excuse::LogoutUnseen));
        }
        let is_kept = is_overtaken || is_kept;
        let excuses = [
            oracle.distrusts(),
            owed.distrusts(),
            // Who has lost the lock has renewed the same tokens, and stored his first.
            (oracle.robbed_wrote, Excuse::LockTaken),
        ];
        oracle.require_unless(is_kept, &excuses, 4, || {
            format!("tab {tab} was granted tokens of the present epoch, and threw them away")
        });
    }
}

/// Tokens that are handed out.
impl Oracle {
    /// A call of this tab has begun this epoch.
    pub(super) fn raise_floor(&mut self, tab: Owner, snapshot: &Snapshot) {
        let Some(epoch) = self.epoch_of(&snapshot.identity) else {
            return;
        };
        let floor = &mut self.tabs[tab].floor;
        *floor = (*floor).max(epoch);
    }

    pub(super) fn check_bearer(&mut self, tab: Owner, snapshot: &Snapshot, facts: &TokenFacts) {
        let is_customer = facts.customer_number.is_some();
        let holds = is_customer == (snapshot.kind == Visitor::Customer);
        self.require(holds, 4, || {
            format!(
                "tab {tab} hands out another identity's token: {:?}",
                snapshot.kind
            )
        });
    }
}

impl World {
    pub(super) fn check_epoch(
        &self,
        oracle: &mut Oracle,
        tab: Owner,
        begun: u64,
        snapshot: &Snapshot,
        token: &AccessToken,
    ) {
        let Some(known) = oracle.tokens.get(token.expose()) else {
            return;
        };
        let epoch = known.epoch;
        let least = oracle.tabs[tab].floor;
        oracle.require(epoch >= least, 4, || {
            format!(
                "tab {tab} hands out a token of epoch {epoch}, and has begun epoch {least} itself"
            )
        });
        let latest = self.epoch_seen_by(tab, begun).unwrap_or(0);
        if epoch >= latest {
            return;
        }
        // A look may take its time.
        let look = LOOK + 2 * self.access_time().unwrap_or(0);
        // Whoever is woken looks again, and sees at least what was there before.
        let woken = self.woken(tab).saturating_sub(1);
        let before = self.epoch_seen_by(tab, begun.saturating_sub(look).max(woken));
        let excuses = [
            oracle.distrusts(),
            (oracle.storage.is_some(), Excuse::Distrust),
            (!snapshot.durable, Excuse::InMemory),
            (
                before.is_none_or(|seen| epoch >= seen),
                Excuse::LookedBefore,
            ),
        ];
        oracle.require_unless(false, &excuses, 4, || {
            format!("tab {tab} hands out a token of epoch {epoch}, and epoch {latest} was there to be seen")
        });
    }
}

/// Answers that are late.
impl World {
    /// For how long pages reckon at most with the answer that is noted as late, or as another's, by the clock as it is set.
    pub fn reckoned_with(&self) -> u64 {
        let has_rivals = self.setup.locks != Locks::Granted;
        let noted = self.record_found().and_then(|it| it.pending);
        let noted = noted.filter(|it| it.late || has_rivals);
        let noted = noted.zip(self.open_tabs().pop());
        let left = noted.map(|(it, tab)| {
            let end = it.started + RECKONED;
            end.saturating_sub(self.moment(tab).wall)
        });
        // The clock may come to its beginning while somebody waits.
        left.filter(|left| *left < RECKONED + UNANSWERED)
            .unwrap_or(0)
    }
}

/// Agreement.
impl World {
    /// Whether all tabs agree on who the visitor is, and storage with them; `Some` where not all of them must.
    fn agreement(&self) -> (bool, Option<Excuse>) {
        let stored = self.record_found();
        let oracle = self.oracle.borrow();
        let snapshots = self.snapshots();
        // A later version's record is left alone, and nothing else brings tabs together that begin after another.
        let Some(stored) = stored else {
            return (snapshots.is_empty(), Some(Excuse::Unreadable));
        };
        let is_stored =
            |it: &&Snapshot| stored.identity == it.identity && stored.session_id == it.session_id;
        let others: Vec<_> = snapshots.iter().filter(|it| !is_stored(it)).collect();
        let in_memory = others.iter().all(|it| !it.durable);
        // It may have written the former session id beside the latest tokens.
        let is_one = others.iter().all(|it| it.identity == stored.identity);
        let excuse = match oracle.distrusted {
            Some(Excuse::CopyBehind) => Some(Excuse::CopyBehind),
            _ if oracle.robbed_wrote && is_one => Some(Excuse::LockTaken),
            // A host is told nothing, and whoever has looked last has ended what the others know.
            _ if self.is_served() && self.tokens_end_on_their_way() => Some(Excuse::BriefLife),
            _ => in_memory.then_some(Excuse::InMemory),
        };
        (others.is_empty(), excuse)
    }

    pub fn agrees(&self) -> bool {
        let (agrees, excuse) = self.agreement();
        agrees || excuse.is_some()
    }

    /// After all faults have ended, and enough time for all to hear of it.
    pub fn check_agreement(&self) {
        let (agrees, excuse) = self.agreement();
        let snapshots = self.snapshots();
        let stored = self.record_found();
        let mut oracle = self.oracle.borrow_mut();
        let excuse = excuse.map(|excuse| (true, excuse));
        oracle.require_unless(agrees, excuse.as_slice(), 4, || {
            format!("the tabs do not agree: {snapshots:#?}, and stored is {stored:#?}")
        });
    }
}

/// Who signs in while somebody is signed in.
impl Oracle {
    /// Nobody signs in, in a session that is known to be another customer's.
    pub(super) fn check_login_sent(&mut self, tab: Owner, request: &Request, kind: &Kinds) {
        let Kinds::Login = kind else { return };
        let account = self
            .stored
            .as_ref()
            .and_then(|it| it.customer.as_ref()?.account);
        let body: Value =
            serde_json::from_str(request.body.as_deref().unwrap_or_default()).unwrap_or_default();
        let email = body["email"].as_str().unwrap_or_default();
        let holds = account.is_none_or(|account| account.is_of(email));
        self.require_unless(holds, &[self.distrusts()], 4, || {
            format!("tab {tab} sends another customer's login")
        });
    }

    /// An epoch is one customer.
    pub(super) fn check_customer(&mut self, step: &Step) {
        let [Some(from), Some(to)] = &step.numbers else {
            return;
        };
        let holds = from == to || !step.is_same_epoch();
        self.require_unless(holds, &[self.distrusts()], 4, || {
            format!("tab {}: one epoch, and customers {from} and {to}", step.tab)
        });
        let (Some(before), Some(now)) = (&step.from.customer, &step.to.customer) else {
            return;
        };
        if step.is_same_epoch() && before.saas != now.saas {
            self.coverage.note("signed in again");
            if now.legal_entity.is_some() {
                self.coverage.note("signed in again for a company");
            }
            if before.account.is_none() && now.account.is_some() {
                self.coverage.note("became known");
            }
        }
    }
}

/// Events.
impl Oracle {
    /// The identity changes with those events that say so, and with no other.
    pub(super) fn check_event_kind(&mut self, tab: Owner, event: &Event) {
        let changes = matches!(
            event.kind,
            Kind::Login | Kind::Switched | Kind::Logout | Kind::Expired
        );
        let changed = event.previous.identity != event.snapshot.identity;
        self.require(changes == changed, 4, || {
            format!("tab {tab}: {:?}, identity changed: {changed}", event.kind)
        });
    }
}
