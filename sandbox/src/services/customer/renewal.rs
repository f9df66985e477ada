//! From a refresh token to the next pair. Guests and customers follow the same rules.

use super::grants::{Grant, Lifetimes};
use crate::profile::{RefreshLifetime, Reuse, Rotation, Survival};
use crate::seed::companies::CompanyId;
use crate::seed::ids::TokenId;
use crate::seed::tenant::Tenant;
use crate::wire::problem::{GatewayFault, Problem};
use crate::world::World;
use crate::world::tokens::{BearerKind, Purpose, Status};

/// Finds a refresh token of that kind of identity that may still be used. Consumes nothing.
pub(crate) fn check(
    world: &mut World,
    secret: &str,
    tenant: Tenant,
    kind: BearerKind,
) -> Result<TokenId, Problem> {
    let now = world.now();
    let found = world.tokens.find(secret, Purpose::Refresh);
    let Some(id) = found.filter(|id| {
        let family = world.tokens.family_of(*id);
        family.tenant == tenant && family.identity.bearer() == kind
    }) else {
        return Err(GatewayFault::RefreshTokenInvalid.into());
    };
    match world.tokens.token(id).status(now) {
        Status::Live => Ok(id),
        Status::Expired => Err(GatewayFault::RefreshTokenExpired.into()),
        Status::Revoked => Err(GatewayFault::RefreshTokenInvalid.into()),
        Status::Spent => {
            if world.profile().reuse == Reuse::RevokeSession {
                let family = world.tokens.token(id).family;
                world.tokens.revoke_family(family, None, now);
            }
            Err(GatewayFault::RefreshTokenInvalid.into())
        }
    }
}

/// Counts a refresh token as used. Only strict rotation knows used ones.
pub(crate) fn consume(world: &mut World, refresh: TokenId) {
    if world.profile().rotation == Rotation::Strict {
        world.tokens.spend(refresh);
    }
}

/// Issues the next pair of a refresh token's family.
pub(crate) fn renew(
    world: &mut World,
    refresh: TokenId,
    company: Option<CompanyId>,
    lifetimes: &Lifetimes,
) -> Grant {
    let now = world.now();
    let (family, former_end) = {
        let token = world.tokens.token(refresh);
        (token.family, token.expires_at)
    };
    let refresh_end = match world.profile().refresh_lifetime {
        RefreshLifetime::Reset => lifetimes.refresh_end(now),
        RefreshLifetime::Countdown => former_end,
    };
    if world.profile().old_access_after_refresh == Survival::Dies {
        world
            .tokens
            .revoke_family(family, Some(Purpose::Access), now);
    }
    let access = world.mint(Purpose::Access, family, company, lifetimes.access_end(now));
    let next = match world.profile().rotation {
        Rotation::Same => {
            world.tokens.carry_on(refresh, company, refresh_end);
            refresh
        }
        Rotation::Strict | Rotation::Lenient => {
            consume(world, refresh);
            world.mint(Purpose::Refresh, family, company, refresh_end)
        }
    };
    lifetimes.grant(access, next, refresh_end, now)
}
