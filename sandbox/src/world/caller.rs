//! Who makes a request.

use crate::seed::companies::CompanyId;
use crate::seed::ids::TokenId;
use crate::seed::tenant::Tenant;
use crate::world::tokens::{FamilyId, Identity};

/// Who is calling, as the bearer proves.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) tenant: Tenant,
    pub(crate) token: TokenId,
    pub(crate) family: FamilyId,
    pub(crate) identity: Identity,
    pub(crate) session_id: Option<String>,
    pub(crate) company: Option<CompanyId>,
}
