//! Customers whom an identity provider vouches for. One that the platform does not know yet is registered.

use super::tokens::sign_in;
use crate::oidc;
use crate::services::call::Call;
use crate::wire::problem::Problem;
use crate::wire::reply::Reply;
use crate::world::World;

/// The one configuration of an identity provider.
const CONFIG: &str = "default";

/// `POST /customer/{tenant}/socialLogin`: the platform redeems the code that the provider has given the shopper.
pub(crate) fn social_login(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let guest = call.caller()?;
    let code = call.required("code")?;
    let redirect_uri = call.required("redirect_uri")?;
    let verifier = call.query("code_verifier");
    let session = call.request.header_value("session-id");
    if session.is_some() && session != guest.session_id.as_deref() {
        return Err(Problem::invalid(
            "session-id",
            "session-id is not the session of the token",
        ));
    }
    let issuer = oidc::issuer(call.request);
    let proof = oidc::redeem(world, &issuer, &code, &redirect_uri, verifier.as_deref())
        .ok_or_else(|| Problem::new(401, "The identity provider has refused the code."))?;
    let id = world.customers.provision(guest.tenant, &proof.email);
    let (grant, saas_token) = sign_in(world, guest, id);
    Ok(grant.social_reply(world, &proof, saas_token))
}

/// `POST /customer/{tenant}/exchangeauthtoken`: an access token of the provider for a customer's.
pub(crate) fn exchange(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let guest = call.caller()?;
    let subject = call.required("subjectAccessToken")?;
    if call.query("config").is_some_and(|config| config != CONFIG) {
        return Err(Problem::invalid("config", "There is no such configuration"));
    }
    let email = oidc::subject(world, &subject)
        .ok_or_else(|| Problem::new(401, "The subject access token is not valid."))?;
    let id = world.customers.provision(guest.tenant, &email);
    let (grant, saas_token) = sign_in(world, guest, id);
    Ok(grant.exchange_reply(world, &subject, saas_token))
}
