//! What happens in a run, one act at a time.

use crate::act::{Act, Network, Pick, Trouble};
use crate::call::{call, call_api, visit};
use crate::elsewhere::elsewhere;
use crate::oracle::Call;
use crate::shop::Shop;
use crate::world::World;
use double::{Owner, Tab};
use sandbox::{Revocation, RevokedIdentity, RevokedKind};
use serde_json::Value;
use std::rc::Rc;
use storefront_session::host::Host;
use storefront_session::lifecycle::{Adoption, Change, Inquiry, Lifecycle};

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
        Act::Clock(by) => world.set_clock(by),
        Act::Network(network) => {
            let was = world.weather.network.get();
            world.set_network(network);
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
            world.weather.gate.replace(Some((gate, now..now + time)));
        }
        Act::Gate(..) => {}
        Act::Mistake(status) => world.weather.mistake.set(Some(status)),
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
            let began = begin_sign_in(world, pick(tab));
            call(
                world,
                pick(tab),
                Call::Adopt,
                async move |it: Rc<Lifecycle<Tab>>, _: &World, _| {
                    let now = it.host().now();
                    let checked = brought.is_checked;
                    let adoption = Adoption::read::<Value>(&answer, company, checked, now)?;
                    let Some((began, _signing_in)) = began else {
                        return Ok(());
                    };
                    it.change(began, Change::Adopt(Box::new(adoption))).await
                },
            );
        }
        Act::Login(tab, who, right) => {
            let began = begin_sign_in(world, pick(tab));
            call(
                world,
                pick(tab),
                Call::Login,
                async move |it: Rc<Lifecycle<Tab>>, _: &World, _| {
                    let password = if right { "sandbox-pass" } else { "wrong-pass" };
                    let change = Change::login(who.email().into(), password.into())?;
                    let Some((began, _signing_in)) = began else {
                        return Ok(());
                    };
                    it.change(began, change).await
                },
            );
        }
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
            async |it: Rc<Lifecycle<Tab>>, world: &World, number| {
                world.logs_out(number);
                it.host().log_out(&it).await
            },
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

/// Somebody is asked to sign in, which begins a moment later.
fn begin_sign_in(world: &World, tab: Option<Owner>) -> Option<(u64, Rc<()>)> {
    let lifecycle = world.lifecycle(tab?)?;
    Some((lifecycle.epoch(), lifecycle.begin_sign_in()))
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
        world.wire.server.borrow_mut().revoke(&Revocation {
            kind,
            identity: Some(identity),
            session_id,
        });
    }
}
