//! Carries a plan out, and asks at its end whether the session can still be used.

use crate::browser::{API, Tab, World};
use crate::coverage::Coverage;
use crate::executor::Owner;
use crate::oracle::{Call, Violation, access_token_of};
use crate::plan::{Act, Brought, Network, Pick, Plan, Source, Storage, Trouble};
use crate::shop::Shop;
use sandbox::{Revocation, RevokedIdentity, RevokedKind, Status};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use storefront_session::host::Host;
use storefront_session::http::Request;
use storefront_session::lifecycle::{Adoption, Change, Endpoint, Inquiry, Lifecycle};
use storefront_session::session::{AccessToken, Record, Result};

const MINUTE: u64 = 60_000;

/// A plan that comes to little is followed by what an idle shop does.
const LEAST_STEPS: u64 = 200;

pub struct Outcome {
    pub violation: Option<Violation>,
    pub steps: u64,
    pub coverage: Coverage,
    pub trace: Vec<String>,
}

/// Runs a plan to its end, or to the first broken law.
pub fn run(plan: &Plan, traced: bool) -> Outcome {
    let world = World::new(plan.seed, plan.setup.clone(), traced);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        world.open();
        for &(gap, act) in &plan.acts {
            world.pass(gap);
            world.check_waiting();
            if world.oracle.borrow().has_failed() {
                return;
            }
            perform(&world, act);
        }
        world.pass(1_000);
        let asked = plan.acts.iter().map(|(_, act)| act.asks_for_rest()).max();
        // No cool-down is longer than ten minutes, whatever the platform asks for.
        come_to_rest(&world, asked.unwrap_or(0).min(10 * MINUTE) + 2 * MINUTE);
        while world.executor.steps.get() < LEAST_STEPS && !world.oracle.borrow().has_failed() {
            perform(&world, Act::Call(0));
            world.pass(MINUTE);
        }
    }))
    .err();
    let mut oracle = world.oracle.borrow_mut();
    let mut violation = oracle.failure.take();
    if let Some(panic) = panicked {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| Some((*panic.downcast_ref::<&str>()?).to_owned()));
        let what = format!("panic: {}", text.unwrap_or_default());
        violation = violation.or(Some(Violation { law: 7, what }));
    }
    let outcome = Outcome {
        violation,
        steps: world.executor.steps.get(),
        coverage: oracle.coverage.clone(),
        trace: oracle.trace(),
    };
    drop(oracle);
    world.tear_down();
    outcome
}

pub fn perform(world: &Rc<World>, act: Act) {
    world.executor.steps.set(world.executor.steps.get() + 1);
    let now = world.now();
    world.oracle.borrow_mut().note(now, || format!("{act:?}"));
    let tabs = world.open_tabs();
    let pick = |pick: Pick| tabs.get(pick % tabs.len().max(1)).copied();
    match act {
        Act::Open if tabs.len() < 6 => {
            world.open();
        }
        Act::OpenBeside(tab) if tabs.len() < 6 => {
            pick(tab).into_iter().for_each(|tab| world.open_beside(tab));
        }
        Act::Prerender(tab) if tabs.len() < 6 => {
            pick(tab).into_iter().for_each(|tab| world.prerender(tab));
        }
        Act::Open | Act::OpenBeside(_) | Act::Prerender(_) => {}
        Act::Show => {
            let prerendered = tabs.iter().find(|tab| world.is_prerendering(**tab));
            prerendered.into_iter().for_each(|tab| world.show(*tab));
        }
        Act::Kill(tab) => pick(tab).into_iter().for_each(|tab| {
            world.oracle.borrow_mut().coverage.note("killed");
            world.kill(tab);
        }),
        Act::Freeze(tab, is_told) => {
            // Whoever stands still in the middle of something has the most to tell.
            let at_work = world.locks.at_work().filter(|_| tab % 2 == 0);
            if let Some(tab) = at_work.or(pick(tab)) {
                world.freeze(tab, is_told);
            }
        }
        Act::Thaw(tab) => pick(tab).into_iter().for_each(|tab| world.thaw(tab)),
        Act::Close(tab) => pick(tab).into_iter().for_each(|tab| world.close(tab)),
        Act::Wake(tab) => pick(tab).into_iter().for_each(|tab| world.wake(tab)),
        Act::Sleep(time) => {
            world.sleep(time);
        }
        Act::Clock(by) => world.set_clock_wrong(by),
        Act::Network(network) => {
            let was = world.weather.network.replace(network);
            if was == Network::Offline && network != Network::Offline {
                world
                    .open_tabs()
                    .into_iter()
                    .for_each(|tab| world.wake(tab));
            }
        }
        // A gate that opens just for a guest, and shuts again, is told from the platform by nobody.
        Act::Trouble(Trouble::Gate(..), ..) if world.weather.is_gated(now) => {}
        Act::Trouble(trouble, times, after) => {
            let times = match trouble {
                Trouble::Gate(..) => 1,
                _ => times,
            };
            let well = std::iter::repeat_n(None, usize::from(after));
            let orders = well.chain(std::iter::repeat_n(Some(trouble), usize::from(times)));
            world.weather.ordered.borrow_mut().extend(orders);
        }
        Act::Gate(gate, time) if !world.weather.is_gated(now) => {
            world.weather.gate.set(Some((gate, now + time)));
        }
        Act::Gate(..) => {}
        Act::Storage(storage) => world.set_storage(storage),
        Act::Damage(damage) => world.damage(damage),
        Act::Revoke {
            access,
            refresh,
            guest,
        } => revoke(world, access, refresh, guest),
        Act::Token(tab, callers) => {
            for _ in 0..callers {
                call(
                    world,
                    pick(tab),
                    Call::Token,
                    async |it: Rc<Lifecycle<Tab>>, world: &World, number| {
                        let token = it.access_token().await?;
                        world.handed_out(number, &token);
                        Ok(())
                    },
                );
            }
        }
        Act::Adopt(tab, brought) => {
            let (answer, company) = elsewhere(world, brought);
            call(
                world,
                pick(tab),
                Call::Adopt,
                async move |it: Rc<Lifecycle<Tab>>, _: &World, _| {
                    let now = it.host().now();
                    let checked = brought.is_checked;
                    let adoption = Adoption::read::<Value>(&answer, company, checked, now)?;
                    it.change(Change::Adopt(Box::new(adoption))).await
                },
            );
        }
        Act::Login(tab, who, right) => call(
            world,
            pick(tab),
            Call::Login,
            async move |it: Rc<Lifecycle<Tab>>, _: &World, _| {
                let password = if right { "sandbox-pass" } else { "wrong-pass" };
                it.login(who.email().into(), password.into()).await
            },
        ),
        Act::Switch(tab, company) => {
            let company = company.map(|company| company.id().to_owned());
            let asked = Call::Switch(company.clone());
            call(
                world,
                pick(tab),
                asked,
                async move |it: Rc<Lifecycle<Tab>>, _: &World, _| {
                    it.switch_legal_entity(company).await
                },
            );
        }
        Act::SignIn(tab, company) => visit(world, pick(tab), |shop| shop.sign_in(company)),
        Act::SwitchVerified(tab, company) => {
            visit(world, pick(tab), |shop| shop.switch_verified(company));
        }
        Act::ChangeSite(tab) => visit(world, pick(tab), Shop::change_site),
        Act::Refresh(tab) => call(
            world,
            pick(tab),
            Call::Refresh,
            async |it: Rc<Lifecycle<Tab>>, _: &World, _| it.refresh().await,
        ),
        Act::Logout(tab) => call(
            world,
            pick(tab),
            Call::Logout,
            async |it: Rc<Lifecycle<Tab>>, _: &World, _| it.host().log_out(&it).await,
        ),
        Act::Validate(tab) => call(
            world,
            pick(tab),
            Call::Other,
            async |it: Rc<Lifecycle<Tab>>, _: &World, _| {
                let path = "/customer/acme/validateauthtoken".to_owned();
                it.inquire(Inquiry::of_customer(path)).await.map(|_| ())
            },
        ),
        Act::LegalEntities(tab) => call(
            world,
            pick(tab),
            Call::Other,
            async |it: Rc<Lifecycle<Tab>>, _: &World, _| {
                let path = "/customer-management/acme/legal-entities".to_owned();
                it.inquire(Inquiry::of_customer(path)).await.map(|_| ())
            },
        ),
        Act::Call(tab) => call(
            world,
            pick(tab),
            Call::Other,
            async |it: Rc<Lifecycle<Tab>>, world: &World, number| {
                call_api(&it, world, number).await.map(|_| ())
            },
        ),
    }
}

/// Tokens that the platform has given to a page which is none of these, or to one of them: its answer, and the company they
/// are for.
fn elsewhere(world: &World, brought: Brought) -> (String, Option<String>) {
    let stored = world.oracle.borrow().stored();
    let in_force = stored.as_ref().and_then(in_force);
    let is_in_force = brought.source == Source::InForce && world.is_quiet();
    if let Some(found) = in_force.filter(|_| is_in_force) {
        return found;
    }
    let of_session = stored.as_ref().and_then(|record| record.guest.as_ref());
    let of_session = of_session.filter(|_| brought.source == Source::Session);
    let mut server = world.server.borrow_mut();
    server.set_host_time(world.now());
    let guest = "/customerlogin/auth/anonymous/login?tenant=acme&client_id=storefront";
    let guest = server.handle(&sandbox::Request::get(guest));
    let mut guest = access_token_of(&guest.body).unwrap_or_default();
    if let Some(pair) = of_session {
        let token = pair.access.token.expose();
        let facts = server.token(token);
        if facts.is_some_and(|facts| facts.status == Status::Live) {
            token.clone_into(&mut guest);
        }
    }
    let credentials = json!({ "email": brought.whose.email(), "password": "sandbox-pass" });
    let mut login = sandbox::Request::new("POST", "/customer/acme/login")
        .header("content-type", "application/json")
        .bearer(&guest);
    login.body = credentials.to_string();
    let mut answer: Value = serde_json::from_str(&server.handle(&login).body).unwrap();
    let text = |answer: &Value, names: [&str; 2]| {
        let found = names.iter().find_map(|name| answer[*name].as_str());
        found.unwrap_or_default().to_owned()
    };
    let mut company = None;
    if let Some(wanted) = brought.company {
        let own = text(&answer, ["access_token", "accessToken"]);
        let refresh = text(&answer, ["refresh_token", "refreshToken"]);
        let target = format!(
            "/customer/acme/refreshauthtoken?refreshToken={refresh}&legalEntityId={}",
            wanted.id()
        );
        for bearer in [&guest, &own] {
            let renewed = server.handle(&sandbox::Request::get(&*target).bearer(bearer));
            if renewed.status == 200 {
                company = Some(wanted.id().to_owned());
                let renewed: Value = serde_json::from_str(&renewed.body).unwrap();
                let renewed = renewed.as_object().unwrap().clone();
                answer.as_object_mut().unwrap().extend(renewed);
                break;
            }
        }
    }
    let fields = answer.as_object_mut().unwrap();
    if !brought.tells_session {
        for name in ["session_id", "sessionId"] {
            fields.remove(name);
        }
    }
    if !brought.is_good {
        for name in ["access_token", "accessToken"] {
            fields.insert(name.into(), json!("nobody"));
        }
    }
    (answer.to_string(), company)
}

/// The customer's tokens that are stored, as the platform would have them told.
fn in_force(record: &Record) -> Option<(String, Option<String>)> {
    let pair = &record.customer.as_ref()?.pair;
    let answer = json!({
        "access_token": pair.access.token.expose(),
        "refresh_token": pair.refresh.as_ref()?.token.expose(),
        "session_id": record.session_id.as_ref().map(|id| id.as_str()),
    });
    let company = record.legal_entity().map(|id| id.as_str().to_owned());
    Some((answer.to_string(), company))
}

fn call<W>(world: &Rc<World>, tab: Option<Owner>, what: Call, work: W)
where
    W: AsyncFnOnce(Rc<Lifecycle<Tab>>, &World, usize) -> Result<()> + 'static,
{
    let Some(tab) = tab else { return };
    let Some(lifecycle) = world
        .lifecycle(tab)
        .filter(|_| !world.executor.is_frozen(tab))
        // Nobody presses a button there.
        .filter(|_| !world.is_prerendering(tab) || !what.is_visitors())
    else {
        return;
    };
    let number = world.begin(tab, what);
    let of = Rc::clone(world);
    world.spawn(tab, async move {
        let outcome = work(lifecycle, &of, number).await;
        let error = outcome.err();
        of.ended(
            number,
            error.map(|error| (error.code, format!("{error:?}"))),
        );
    });
}

/// Somebody is in the shop, in this tab.
fn visit<W>(world: &Rc<World>, tab: Option<Owner>, work: impl FnOnce(Shop) -> W)
where
    W: Future<Output = Option<()>> + 'static,
{
    if let Some(tab) = tab
        .filter(|tab| !world.executor.is_frozen(*tab))
        .filter(|tab| !world.is_prerendering(*tab))
    {
        let work = work(Shop::new(world, tab));
        world.spawn(tab, async move {
            work.await;
        });
    }
}

/// An API call as `session.fetch` makes it: once more after a 401, with another token.
async fn call_api(
    lifecycle: &Lifecycle<Tab>,
    world: &World,
    number: usize,
) -> Result<Option<AccessToken>> {
    let path = "/site/acme/sites";
    let endpoint = Endpoint::new("GET", path);
    let ask = async |token: &AccessToken| {
        let url = [API, path].concat();
        lifecycle
            .host()
            .send(Request::get(url).with_bearer(token))
            .await
    };
    let token = lifecycle.access_token().await?;
    world.handed_out(number, &token);
    let began = lifecycle.snapshot().identity;
    let Ok(answer) = ask(&token).await else {
        return Ok(None);
    };
    if answer.status != 401 {
        return Ok(answer.is_ok().then_some(token));
    }
    let other = lifecycle
        .token_instead(token.expose(), began.as_str(), endpoint)
        .await?;
    let Some(other) = other else { return Ok(None) };
    world.handed_out(number, &other);
    match ask(&other).await {
        Ok(answer) if answer.status == 401 => {
            lifecycle.note_refused_again(endpoint);
            Ok(None)
        }
        Ok(answer) => Ok(answer.is_ok().then_some(other)),
        Err(_) => Ok(None),
    }
}

fn revoke(world: &World, access: bool, refresh: bool, guest: bool) {
    let kind = match (access, refresh) {
        (true, true) => RevokedKind::Session,
        (_, false) => RevokedKind::Access,
        (false, true) => RevokedKind::Refresh,
    };
    let identity = match guest {
        true => RevokedIdentity::Guest,
        false => RevokedIdentity::Customer,
    };
    if let Some(session_id) = world.session_stored() {
        world.server.borrow_mut().revoke(&Revocation {
            kind,
            identity: Some(identity),
            session_id,
        });
    }
}

/// All faults end. Whatever has happened, somebody who comes now must get a token that the platform accepts, and all
/// tabs must agree on whose.
fn come_to_rest(world: &Rc<World>, rest: u64) {
    world.weather.network.set(Network::Good);
    world.leases.calm.set(true);
    world.weather.ordered.borrow_mut().clear();
    world.weather.gate.set(None);
    world.set_storage(Storage::Works);
    world.thaw_all();
    for tab in world.open_tabs() {
        world.wake(tab);
    }
    world.pass(rest);
    world.check_waiting();
    if world.open_tabs().is_empty() {
        world.open();
        world.pass(MINUTE);
    }
    for tab in world.open_tabs() {
        if !world.oracle.borrow().has_failed() {
            probe(world, tab);
        }
    }
    // With the shortest lives there is always somebody who has just renewed, or ended, what the others know.
    for round in 0..10 {
        for tab in world.open_tabs() {
            world.wake(tab);
        }
        world.pass(12_000 + 1_000 * round);
        if round > 0 && world.agrees() {
            break;
        }
    }
    world.check_waiting();
    world.check_agreement();
    world.oracle.borrow_mut().check_late_grants();
}

fn probe(world: &Rc<World>, tab: Owner) {
    let done: Rc<RefCell<Option<std::result::Result<(), String>>>> = Rc::default();
    let result = Rc::clone(&done);
    let asked: Rc<Cell<usize>> = Rc::default();
    let count = Rc::clone(&asked);
    call(
        world,
        Some(tab),
        Call::Other,
        async move |it: Rc<Lifecycle<Tab>>, world: &World, number| {
            let mut last = Ok(());
            // One token may end on its way, the next call tire of waiting, another end a session that is over; then comes the
            // next session, whose first token may be as unlucky.
            for _ in 0..5 {
                count.set(count.get() + 1);
                match call_api(&it, world, number).await {
                    Ok(Some(token)) if world.accepts(&token) => {
                        result.replace(Some(Ok(())));
                        return Ok(());
                    }
                    Ok(_) => {}
                    Err(error) => last = Err(error),
                }
            }
            result.replace(Some(last.clone().map_err(|error| format!("{error:?}"))));
            last
        },
    );
    for patience in [100, 1_000, 10_000, MINUTE, 5 * MINUTE] {
        if done.borrow().is_none() {
            world.pass(patience);
        }
    }
    world.check_probe(tab, done.take(), asked.get());
}

impl World {
    pub fn accepts(&self, token: &AccessToken) -> bool {
        let mut server = self.server.borrow_mut();
        server.set_host_time(self.now());
        let facts = server.token(token.expose());
        facts.is_some_and(|facts| facts.status == Status::Live)
    }
}
