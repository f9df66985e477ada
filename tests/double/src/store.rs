//! What hosts write into their store: each write is compared with the revision and the lease.

use crate::browser::Browser;
use crate::executor::Owner;
use crate::leases::LEASE;
use serde_json::Value;
use std::rc::Rc;
use storefront_session::host::StorageFault;

fn revision_of(text: &str) -> Option<f64> {
    let record: Value = serde_json::from_str(text).ok()?;
    record.get("revision")?.as_f64()
}

impl Browser {
    pub(crate) async fn write_to_store(
        self: &Rc<Self>,
        tab: Owner,
        text: &str,
    ) -> Result<(), StorageFault> {
        self.leases.with(tab, |hold| hold.is_writing = true);
        let outcome = self.write_under_lease(tab, text).await;
        self.leases.with(tab, |hold| hold.is_writing = false);
        outcome
    }

    /// Writes as a host: what holds the next token is not given up at once, what comes before a question is.
    async fn write_under_lease(
        self: &Rc<Self>,
        tab: Owner,
        text: &str,
    ) -> Result<(), StorageFault> {
        self.leases.with(tab, |hold| hold.may_ask = false);
        self.tell(|it| it.announced(tab, text));
        let has_asked = || self.leases.with(tab, |hold| hold.has_asked) == Some(true);
        let mut pause = 50;
        let mut until = None;
        loop {
            self.reach_store().await;
            let drops = self.leases.drops.get();
            let fate = match drops {
                0 => u64::MAX,
                _ => self.executor.chance.below(1_000),
            };
            let written = match fate < drops {
                true => Err(StorageFault::Unavailable),
                false => self.compare_and_set(tab, text),
            };
            self.reach_store().await;
            let is_answered = !(drops..2 * drops).contains(&fate);
            match written.ok().filter(|_| is_answered) {
                Some(false) if has_asked() && self.regain_lease(tab).await => continue,
                Some(false) => break,
                Some(true) => {
                    let stored = Some(Rc::from(text));
                    self.leases.with(tab, |hold| {
                        hold.text = stored;
                        hold.may_ask = true;
                    });
                    return Ok(());
                }
                None => self.met("store dropped a connection"),
            }
            let now = self.moment(tab).mono;
            if !has_asked() || now > *until.get_or_insert(now + 2 * LEASE as i64) {
                break;
            }
            self.executor.sleep(pause).await;
            pause = (2 * pause).min(1_000);
        }
        Err(StorageFault::Unavailable)
    }

    /// Whether it is stored.
    fn compare_and_set(&self, tab: Owner, text: &str) -> Result<bool, StorageFault> {
        let stored = self.stored_for(tab)?;
        if stored.as_deref() == Some(text) {
            return Ok(true);
        }
        let revision = |text: Option<&str>| text.and_then(revision_of);
        let expected = self
            .leases
            .with(tab, |hold| (hold.ticket, revision(hold.text.as_deref())));
        let is_expected = expected.is_some_and(|(ticket, expected)| {
            let lease = self.leases.given_to(ticket, self.now());
            lease.is_some() && expected == revision(stored.as_deref())
        });
        if !is_expected {
            self.met("write refused by the store");
            return Ok(false);
        }
        self.store(tab, text).map(|()| true)
    }
}
