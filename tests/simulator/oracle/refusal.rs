//! Law 2: only a definite refusal ends an identity, and only where nothing was left that the platform would have taken.

use super::epochs::RECKONED;
use super::turns::UNANSWERED;
use super::wire::Kinds;
use super::{Call, Excuse, Oracle, Step, access_of, customer_of, refresh_of};
use crate::world::World;
use double::Owner;
use sandbox::{ForeignBearerSession, RefreshBearer, RefusedSwitch, Status};
use storefront_session::http::Request;
use storefront_session::session::{Kind, Pair, Record};

impl Oracle {
    /// A refresh token that lives is refused by mistake. A guest who is renewed for his own sake is asked about twice, where no
    /// answer was lost and no end is known to have passed.
    fn mistaken(&mut self, kind: &Kinds, now: u64) {
        self.coverage.note("refused by mistake");
        let Some(record) = &self.stored else { return };
        let is_own = matches!(kind, Kinds::Guest(_)) && record.customer.is_none();
        let refresh = record.pair().and_then(|pair| pair.refresh.as_ref());
        let end = refresh.and_then(|it| it.life.ends());
        let is_past = self.clock_was_wrong || end.is_some_and(|end| end <= now);
        if !is_own || is_past || self.was_unanswered {
            self.mistaken = kind.consumes().map(str::to_owned);
        }
    }

    fn mistakes(&self, token: Option<&str>) -> (bool, Excuse) {
        let is_mistaken = token.is_some() && self.mistaken.as_deref() == token;
        (is_mistaken, Excuse::Mistaken)
    }
}

impl World {
    /// Whether this request consumes a refresh token that the platform would renew, and can be refused by mistake.
    pub fn refuses_by_mistake(&self, request: &Request) -> bool {
        let kind = Kinds::of(request).filter(|kind| self.is_live(kind.consumes()));
        if let Some(kind) = &kind {
            let now = self.now();
            self.oracle.borrow_mut().mistaken(kind, now);
        }
        kind.is_some()
    }

    /// A gate refuses a request in the platform's own words. Where the answer of a guest's last renewal was lost, that explains
    /// it, and nothing else is asked.
    pub fn refuses_at_a_wall(&self, request: &Request) {
        let mut oracle = self.oracle.borrow_mut();
        if let Some(Kinds::Guest(Some(token))) = Kinds::of(request)
            && oracle.was_unanswered
        {
            oracle.mistaken = Some(token);
        }
    }

    pub(super) fn check_end(&self, oracle: &mut Oracle, step: &Step) {
        let (tab, from, to) = (step.tab, step.from, step.to);
        match to.began {
            _ if step.is_same_epoch() => {
                let gives_up = |from: Option<&Pair>, to: Option<&Pair>| {
                    refresh_of(from).is_some() && refresh_of(to).is_none()
                };
                // Whoever signs in again may bring no refresh token, and another session, in which the guest has no part.
                let is_again = access_of(customer_of(from)) != access_of(customer_of(to));
                if gives_up(customer_of(from), customer_of(to)) && !is_again {
                    self.check_customer_refused(oracle, tab, from);
                }
                let is_moved = is_again && step.moves_session();
                if gives_up(from.guest.as_ref(), to.guest.as_ref()) && !is_moved {
                    self.check_guest_refused(oracle, tab, from);
                }
            }
            Kind::Logout => {
                let is_asked = oracle.calls.iter().any(|it| it.call == Call::Logout);
                oracle.require_unless(is_asked, &[oracle.distrusts()], 2, || {
                    format!("tab {tab}: a logout that nobody asked for")
                });
            }
            Kind::Expired if from.customer.is_some() => {
                self.check_customer_refused(oracle, tab, from);
                let is_accepted = self.is_live(access_of(customer_of(from)));
                oracle.require_unless(!is_accepted, &[oracle.distrusts()], 2, || {
                    format!("tab {tab}: a customer ends whose access token the platform accepts")
                });
            }
            Kind::Expired => {
                self.check_guest_refused(oracle, tab, from);
                let had_refresh = refresh_of(from.guest.as_ref()).is_some();
                let is_accepted = had_refresh && self.is_live(access_of(from.guest.as_ref()));
                let excuses = [oracle.distrusts(), (true, Excuse::GuestUnasked)];
                oracle.require_unless(!is_accepted, &excuses, 2, String::new);
            }
            _ => {}
        }
    }

    /// The customer's refresh token is given up.
    fn check_customer_refused(&self, oracle: &mut Oracle, tab: Owner, record: &Record) {
        let is_misled = oracle.tabs[tab].misled;
        let excuses = [
            oracle.distrusts(),
            (is_misled, Excuse::BearerLost),
            oracle.mistakes(refresh_of(customer_of(record))),
        ];
        let can_renew = self.can_renew_customer(record);
        oracle.require_unless(!can_renew, &excuses, 2, || {
            format!("tab {tab}: a customer's refresh token that works is given up")
        });
        self.check_renewal_came_home(oracle, tab, refresh_of(customer_of(record)));
    }

    /// The guest's refresh token is given up.
    fn check_guest_refused(&self, oracle: &mut Oracle, tab: Owner, record: &Record) {
        let token = refresh_of(record.guest.as_ref());
        let is_live = self.is_live(token);
        let excuses = [oracle.distrusts(), oracle.mistakes(token)];
        oracle.require_unless(!is_live, &excuses, 2, || {
            format!("tab {tab}: a guest's refresh token that works is given up")
        });
        self.check_renewal_came_home(oracle, tab, token);
    }

    /// A token that is given up because the platform has renewed it already: then its answer was lost, or the new one was
    /// thrown away.
    fn check_renewal_came_home(&self, oracle: &mut Oracle, tab: Owner, token: Option<&str>) {
        let Some(token) = token else { return };
        let is_spent = self
            .facts(token)
            .is_some_and(|facts| facts.status == Status::Spent);
        // What the platform has not renewed, and does not take any more, brings nobody anything.
        if is_spent || self.is_live(Some(token)) {
            self.check_is_not_awaited(oracle, tab, token);
        }
        let spends = self.setup.profile.refused_switch == RefusedSwitch::Spends;
        let excuse = match oracle.renewed.get(token) {
            Some(excuse) => *excuse,
            None => spends.then_some(Excuse::SpentByRefusal),
        };
        let excuse = excuse.map(|excuse| (true, excuse));
        oracle.require_unless(!is_spent, excuse.as_slice(), 2, || {
            format!("tab {tab}: an identity is given up whose renewal was answered")
        });
    }

    /// Nobody is given up whose page goes on, and has not waited for the answer for five minutes.
    fn check_is_not_awaited(&self, oracle: &mut Oracle, tab: Owner, token: &str) {
        let now = self.now();
        let awaits = |page: &Owner| {
            let mut calls = oracle.tabs[*page].token_calls.iter();
            !self.executor.is_frozen(*page)
                && calls.any(|it| it.may_renew && it.is_with(token) && now < it.sent + RECKONED)
        };
        let Some(page) = (0..oracle.tabs.len()).find(awaits) else {
            return;
        };
        let mut late = (oracle.tabs.iter())
            .flat_map(|it| &it.token_calls)
            .filter(|it| now >= it.sent + UNANSWERED);
        let is_another_late = late.any(|it| it.consumes.is_some() && !it.is_with(token));
        let excuses = [
            oracle.distrusts(),
            (page != tab && is_another_late, Excuse::TwoLate),
            (oracle.tabs[page].was_robbed, Excuse::LockTaken),
            // How old the request is nobody knows then.
            (oracle.clock_was_wrong, Excuse::Unanswered),
        ];
        oracle.require_unless(false, &excuses, 2, || {
            format!(
                "tab {tab} gives up an identity whose renewal may still be answered to tab {page}"
            )
        });
    }

    /// Whether the platform would renew this customer, asked in the right way.
    fn can_renew_customer(&self, record: &Record) -> bool {
        let pair = customer_of(record);
        if !self.is_live(refresh_of(pair)) {
            return false;
        }
        let profile = &self.setup.profile;
        let takes_others = profile.foreign_bearer_session != ForeignBearerSession::Refused;
        match profile.refresh_bearer {
            RefreshBearer::Customer => self.is_live(access_of(pair)),
            RefreshBearer::Anonymous => {
                // A thrown-away guest's bearer is of another session.
                let guest = record.guest.as_ref();
                let lives = self.is_live(refresh_of(guest)) || self.is_live(access_of(guest));
                // So is that of the guest who was there when tokens were taken over without asking what they are.
                let session = |pair| self.facts(access_of(pair)?)?.session_id;
                takes_others || lives && session(guest) == session(pair)
            }
            RefreshBearer::Either => takes_others || self.is_live(access_of(pair)),
        }
    }

    /// A 401 to a customer's refresh may be the bearer's.
    pub(super) fn note_misled(&self, oracle: &mut Oracle, tab: Owner, request: &Request) {
        let bearer = request.bearer.as_ref().map(|bearer| bearer.expose());
        let is_new = oracle.tabs[tab].guest_granted.as_deref() == bearer;
        let facts = bearer.and_then(|bearer| self.facts(bearer));
        let life = self.setup.profile.anonymous_expires_in.as_given();
        let is_told = life.as_i64().is_some_and(|seconds| seconds > 0);
        let is_lost = facts.is_some_and(|it| match it.status {
            Status::Revoked => true,
            Status::Expired => !is_told,
            _ => false,
        });
        oracle.tabs[tab].misled |= is_new && is_lost;
    }
}
