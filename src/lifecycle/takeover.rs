//! The record of a former version, which had one key for whatever address.

use super::{Lifecycle, Locked};
use crate::host::Host;
use crate::json::Json;
use crate::session::Record;
use std::rc::Rc;

impl<H: Host> Lifecycle<H> {
    /// Goes on with the session that a former version has stored for this address, under the locks of both. Its tabs are
    /// told that the session is over, or they would renew it as well.
    pub(super) async fn take_over(&self) {
        let key = self.platform.key_without_address();
        let is_wanted = self.replica.borrow().seen.is_none();
        if !is_wanted || key == self.platform.record_key() {
            return;
        }
        let former = self.host.with_key(&key);
        if !matches!(former.read().await, Ok(Some(_))) {
            return;
        }
        let flight = self.run_locked(async move |this: Rc<Locked<H>>| {
            this.take_over_from(&former).await;
            Ok(())
        });
        let _late = self.wait_for(flight).await;
    }
}

impl<H: Host> Locked<H> {
    async fn take_over_from(&self, former: &H) -> Option<()> {
        let _lock = former.lock(self.patience).await?;
        let text = former.read().await.ok()??;
        let record = Record::decode::<H::Json>(&text, self.platform.api_url(), self.host.now());
        let record = record.ok().filter(|record| !record.is_blank())?;
        let mut tombstone = record.clone().ended(self.host.random());
        // Another tab may have been quicker.
        if self.replica.borrow().seen.is_some() {
            return None;
        }
        self.put_in_force(record);
        self.write_present().await;
        if !self.replica.borrow().is_stored() {
            return None;
        }
        tombstone.revision = tombstone.revision.saturating_add(1);
        // In the spelling that its tabs compare with.
        let spelling = H::Json::parse(&text)?.text_at(&["apiUrl"])?;
        let text = tombstone.encode::<H::Json>(&spelling, None)?;
        former.publish(tombstone.revision).await;
        former.write(&text).await.ok()?;
        former.announce(&text);
        Some(())
    }
}
