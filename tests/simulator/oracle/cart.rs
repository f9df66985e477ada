//! Law 1, for the cart that a storefront wants to be known: a guest's goes on until it is merged, and no other company's is shown.

use super::{Excuse, Oracle, Step};
use storefront_session::session::{Cart, Kind};

impl Oracle {
    pub(super) fn check_cart(&mut self, step: &Step) {
        let (from, to) = (step.from.cart.as_ref(), step.to.cart.as_ref());
        let owed = from.filter(|cart| cart.is_owed());
        let is_next = step.to.epoch == step.from.epoch + 1;
        let holds = match step.to.began {
            _ if step.is_same_epoch() => owed.is_none() || to.is_some(),
            Kind::Login if is_next => to == from.map(Cart::owed).as_ref(),
            Kind::Switched if is_next => to == owed,
            Kind::Logout => to.is_none(),
            Kind::Expired if is_next => to.is_none() || to == owed,
            _ => true,
        };
        // Who stands behind a logout that had not seen him goes on with what is his.
        let covered = self.covered.as_ref().and_then(|it| it.cart.as_ref());
        let is_his = |it: &Cart| Some(it) == to || Some(&it.owed()) == to;
        let is_covered = covered.is_some_and(is_his);
        let excuses = [
            self.distrusts(),
            (self.robbed_wrote, Excuse::LockTaken),
            (is_covered, Excuse::TwoEnds),
        ];
        self.require_unless(holds, &excuses, 1, || {
            let began = step.to.began;
            format!(
                "tab {}: the cart changes from {from:?} to {to:?} at {began:?}",
                step.tab
            )
        });
    }
}
