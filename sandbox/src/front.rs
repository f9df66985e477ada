//! The way in: control calls, the identity provider next door, and the API.

use crate::platform::Platform;
use crate::wire::http::{Answer, Request};
use crate::{control, oidc};

impl Platform {
    /// Answers one request, API or control call.
    pub fn handle(&mut self, request: &Request) -> Answer {
        if control::is_control(request.path()) {
            return control::answer(self, request);
        }
        if oidc::is_oidc(request.path()) {
            return oidc::answer(&mut self.world, request);
        }
        self.gateway.answer(&mut self.world, request)
    }
}
