//! Calls of a session's methods, as pages and hosts make them.

use crate::oracle::Call;
use crate::shop::Shop;
use crate::world::World;
use double::{API, Owner, Tab};
use std::rc::Rc;
use storefront_session::host::Host;
use storefront_session::http::Request;
use storefront_session::lifecycle::{Endpoint, Lifecycle};
use storefront_session::session::{AccessToken, Result};

pub fn call<W>(world: &Rc<World>, tab: Option<Owner>, what: Call, work: W)
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
pub fn visit<W>(world: &Rc<World>, tab: Option<Owner>, work: impl FnOnce(Shop) -> W)
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
pub async fn call_api(
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

impl World {
    /// Somebody sends his next request to this host.
    pub fn ask_for_token(self: &Rc<Self>, tab: Owner) {
        let Some(lifecycle) = self.lifecycle(tab) else {
            return;
        };
        let number = self.begin(tab, Call::Token);
        let of = Rc::clone(self);
        self.spawn(tab, async move {
            let outcome = lifecycle.access_token().await;
            if let Ok(token) = &outcome {
                of.handed_out(number, token);
            }
            let error = outcome.err();
            of.ended(number, error.map(|it| (it.code, format!("{it:?}"))));
        });
    }
}
