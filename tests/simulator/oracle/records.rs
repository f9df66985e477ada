//! What is written, stored, and told to others.

use super::{Excuse, Known, Oracle, Step};
use crate::world::World;
use double::{API, Locks, Owner};
use serde_json::Value;
use storefront_session::session::{Kind, Moment, Pair, Record};

pub fn decode(text: &str) -> Option<Record> {
    Record::decode::<Value>(text, API, Moment::default()).ok()
}

pub(super) fn refresh_of(pair: Option<&Pair>) -> Option<&str> {
    Some(pair?.refresh.as_ref()?.token.expose())
}

pub(super) fn access_of(pair: Option<&Pair>) -> Option<&str> {
    Some(pair?.access.token.expose())
}

pub(super) fn customer_of(record: &Record) -> Option<&Pair> {
    record.customer.as_ref().map(|customer| &customer.pair)
}

pub(super) fn session_of(record: &Record) -> Option<&str> {
    record.session_id.as_ref().map(|id| id.as_str())
}

pub(super) fn company_of(record: &Record) -> Option<&str> {
    record.legal_entity().map(|id| id.as_str())
}

impl World {
    pub fn wrote(&self, tab: Owner, text: &str, succeeded: bool) {
        if succeeded {
            crate::light::note("stored", self.now(), text);
        }
        let Some(record) = decode(text) else {
            return self.oracle.borrow_mut().wrote_nonsense(tab, text);
        };
        let mut oracle = self.oracle.borrow_mut();
        oracle.note(self.now(), || {
            format!(
                "tab {tab} writes revision {} epoch {} {:?} sid {:?} company {:?} pending {:?} stored {succeeded}",
                record.revision,
                record.epoch,
                record.began,
                session_of(&record).map(|id| &id[..4]),
                record.legal_entity(),
                record.pending.as_ref().map(|it| it.operation),
            )
        });
        oracle.learn(&record, succeeded, !succeeded);
        if oracle.locks != Locks::Granted && self.locks.is_another_at_work(tab) {
            oracle.overlapped = Some(Excuse::Overlap);
        }
        if self.locks.is_robbed(tab) {
            oracle.coverage.note("went on without its lock");
            oracle.robbed_wrote = true;
        }
        if !succeeded {
            return;
        }
        let previous = oracle.stored.replace(record.clone());
        if let Some(previous) = &previous {
            let id = |record: &Record| record.pending.as_ref().map(|it| it.id);
            if record.pending.is_some() && id(previous) != id(&record) {
                oracle.was_unanswered = previous.pending.is_some();
            }
            let facts = access_of(record.pair()).and_then(|token| self.facts(token));
            let number = |record: &Record| {
                let token = access_of(customer_of(record))?;
                self.facts(token)?.customer_number
            };
            let step = Step {
                tab,
                from: previous,
                to: &record,
                named: facts.as_ref().and_then(|it| it.session_id.clone()),
                company: facts.and_then(|it| it.legal_entity_id),
                numbers: [number(previous), number(&record)],
            };
            self.check_step(&mut oracle, &step);
            // A late write that covers a later record is no renewal of it.
            if record.age() > previous.age() {
                oracle.note_replaced(previous, &record);
            }
        }
    }

    /// Storage that takes its time has not stored that text in time, and may do so still.
    pub fn gave_up_writing(&self, text: &str) {
        let Some(record) = decode(text) else { return };
        let mut oracle = self.oracle.borrow_mut();
        oracle.learn(&record, false, true);
        oracle.distrust(Excuse::Distrust);
    }

    /// A page keeps what it has heard in its own copy, whether or not who has told it could store it.
    pub fn kept(&self, text: &str) {
        if let Some(record) = decode(text) {
            self.oracle.borrow_mut().learn(&record, true, false);
        }
    }

    /// A text is told to others, or handed to storage that takes its time.
    pub fn became_known(&self, text: &str) {
        crate::light::note("announced", self.now(), text);
        if let Some(record) = decode(text) {
            let mut oracle = self.oracle.borrow_mut();
            oracle.learn(&record, false, false);
            let now = self.now();
            oracle.handed_over.entry(record.age()).or_insert(now);
        }
    }

    fn check_step(&self, oracle: &mut Oracle, step: &Step) {
        let (from, to) = (step.from, step.to);
        if to.epoch < from.epoch {
            return self.check_step_back(oracle, step);
        }
        if step.is_same_epoch() && to.identity != from.identity {
            return oracle.check_one_identity(step);
        }
        oracle.check_session(step);
        oracle.check_customer(step);
        oracle.check_company(step);
        oracle.check_cart(step);
        // A logout writes its tombstone once more under the lock.
        if !step.is_same_epoch() || to.began != Kind::Logout {
            oracle.covered = None;
        }
        self.check_end(oracle, step);
        let kind = match step.is_same_epoch() {
            true => "stored Renewed".to_owned(),
            false => format!("stored {:?}", to.began),
        };
        oracle.coverage.note(kind);
    }
}

impl Oracle {
    pub(super) fn learn(&mut self, record: &Record, stored: bool, refused: bool) {
        self.epochs
            .insert(record.identity.as_str().to_owned(), record.epoch);
        for token in [
            access_of(record.guest.as_ref()),
            access_of(customer_of(record)),
        ]
        .into_iter()
        .flatten()
        {
            let refused = refused || self.storage.is_some();
            let known = self.tokens.entry(token.to_owned()).or_insert(Known {
                epoch: record.epoch,
                stored: false,
                refused_by_storage: false,
            });
            // A token that goes on in the next epoch: the guest's behind a customer, a return to B2C that was checked.
            known.epoch = known.epoch.max(record.epoch);
            known.stored |= stored;
            known.refused_by_storage |= refused;
        }
    }

    fn note_replaced(&mut self, from: &Record, to: &Record) {
        let excuse = self.distrusted;
        let slots = [
            (from.guest.as_ref(), to.guest.as_ref()),
            (customer_of(from), customer_of(to)),
        ];
        for (from, to) in slots {
            let (old, new) = (refresh_of(from), refresh_of(to));
            let Some(new) = new.filter(|_| new != old) else {
                continue;
            };
            if let Some(old) = old {
                self.replaced.insert(old.to_owned(), excuse);
            }
            // Those that came in their place may have been given up by then.
            if self.brought.contains(new) && self.replaced.contains_key(new) {
                self.coverage.note("tokens brought back");
                let because = Some(Excuse::BroughtBack);
                self.replaced.insert(new.to_owned(), because);
                self.renewed.insert(new.to_owned(), because);
            }
        }
    }
}
