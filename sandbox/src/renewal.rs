//! From a refresh token to the next pair. Guests and customers follow the same rules.

use crate::companies::CompanyId;
use crate::grants::{Grant, Lifetimes};
use crate::platform::Platform;
use crate::problem::{GatewayFault, Problem};
use crate::profile::{RefreshLifetime, Reuse, Rotation, Survival};
use crate::tenant::Tenant;
use crate::tokens::{BearerKind, Purpose, Status, TokenId};

/// Finds a refresh token of that kind of identity that may still be used. Consumes nothing.
pub(crate) fn check(
    platform: &mut Platform,
    secret: &str,
    tenant: Tenant,
    kind: BearerKind,
) -> Result<TokenId, Problem> {
    let now = platform.now();
    let found = platform.tokens.find(secret, Purpose::Refresh);
    let Some(id) = found.filter(|id| {
        let family = platform.tokens.family_of(*id);
        family.tenant == tenant && family.identity.bearer() == kind
    }) else {
        return Err(GatewayFault::RefreshTokenInvalid.into());
    };
    match platform.tokens.token(id).status(now) {
        Status::Live => Ok(id),
        Status::Expired => Err(GatewayFault::RefreshTokenExpired.into()),
        Status::Revoked => Err(GatewayFault::RefreshTokenInvalid.into()),
        Status::Spent => {
            if platform.profile().reuse == Reuse::RevokeSession {
                let family = platform.tokens.token(id).family;
                platform.tokens.revoke_family(family, None, now);
            }
            Err(GatewayFault::RefreshTokenInvalid.into())
        }
    }
}

/// Counts a refresh token as used. Only strict rotation knows used ones.
pub(crate) fn consume(platform: &mut Platform, refresh: TokenId) {
    if platform.profile().rotation == Rotation::Strict {
        platform.tokens.spend(refresh);
    }
}

/// Issues the next pair of a refresh token's family.
pub(crate) fn renew(
    platform: &mut Platform,
    refresh: TokenId,
    company: Option<CompanyId>,
    lifetimes: &Lifetimes,
) -> Grant {
    let now = platform.now();
    let (family, former_end) = {
        let token = platform.tokens.token(refresh);
        (token.family, token.expires_at)
    };
    let refresh_end = match platform.profile().refresh_lifetime {
        RefreshLifetime::Reset => lifetimes.refresh_end(now),
        RefreshLifetime::Countdown => former_end,
    };
    if platform.profile().old_access_after_refresh == Survival::Dies {
        platform
            .tokens
            .revoke_family(family, Some(Purpose::Access), now);
    }
    let access = platform.mint(Purpose::Access, family, company, lifetimes.access_end(now));
    let next = match platform.profile().rotation {
        Rotation::Same => {
            platform.tokens.carry_on(refresh, company, refresh_end);
            refresh
        }
        Rotation::Strict | Rotation::Lenient => {
            consume(platform, refresh);
            platform.mint(Purpose::Refresh, family, company, refresh_end)
        }
    };
    lifetimes.grant(access, next, refresh_end, now)
}
