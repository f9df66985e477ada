//! Law 9: the company stays chosen.

use super::wire::Kinds;
use super::{Call, Excuse, Oracle, Step, company_of};
use double::Owner;
use sandbox::{OmittedLegalEntity, Profile, Rotation, TokenFacts};
use storefront_session::session::{Kind, Snapshot};

impl Oracle {
    fn has_asked_for(&self, company: Option<&str>) -> bool {
        self.calls.iter().any(|it| match &it.call {
            Call::Switch(asked) => asked.as_deref() == company,
            _ => false,
        })
    }

    /// A customer's refresh names the chosen company, or one that somebody asks for.
    pub(super) fn check_company_sent(&mut self, tab: Owner, kind: &Kinds) {
        let Kinds::Customer { company, .. } = kind else {
            return;
        };
        let company = company.as_deref();
        let chosen = self.stored.as_ref().and_then(company_of);
        let holds = company == chosen || self.has_asked_for(company);
        let chosen = chosen.map(str::to_owned);
        self.require_unless(holds, &[self.distrusts()], 9, || {
            format!("tab {tab} renews for {company:?} while {chosen:?} is chosen, and nobody asked")
        });
    }

    /// The company changes at a switch that somebody asked for, and at the customer's end.
    pub(super) fn check_company(&mut self, step: &Step) {
        let (from, to) = (company_of(step.from), company_of(step.to));
        let holds = match step.to.began {
            _ if step.is_same_epoch() => from == to,
            Kind::Switched => self.has_asked_for(to),
            Kind::Login => to == step.company.as_deref(),
            _ => to.is_none(),
        };
        self.require_unless(holds, &[self.distrusts()], 9, || {
            format!(
                "tab {}: the company changes from {from:?} to {to:?} at {:?}",
                step.tab, step.to.began
            )
        });
    }

    /// A token that is handed out is for the company that the page is shown.
    pub(super) fn check_company_of(
        &mut self,
        tab: Owner,
        snapshot: &Snapshot,
        facts: &TokenFacts,
        profile: &Profile,
    ) {
        let chosen = snapshot.legal_entity_id.as_ref().map(|id| id.as_str());
        let holds = facts.legal_entity_id.as_deref() == chosen;
        let may_move = profile.rotation == Rotation::Same
            && profile.omitted_legal_entity == OmittedLegalEntity::Keeps;
        self.require_unless(holds, &[(may_move, Excuse::SilentSwitch)], 9, || {
            format!(
                "tab {tab} hands out a token for {:?} while {chosen:?} is chosen",
                facts.legal_entity_id
            )
        });
    }
}
