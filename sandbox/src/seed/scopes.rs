//! What tokens allow.

use crate::seed::tenant::Tenant;

/// The scope that this takes.
pub(crate) const READ_OWN: &str = "iam.scope_read_own";

/// The scopes that every customer token has; they cannot be asked for.
const SCOPES: &str = "approval.approval_read_own customermanagement.legalentity_read_own customer.customer_read_own \
    quote.quote_read_own returns.returns_read_own iam.scope_read_own iam.user_read_own customersegment.segment_read_own \
    iam.group_read_own order.order_readascustomer coupon.coupon_redeem customer.customerprofile_edit \
    quote.quote_manage_own returns.returns_manage_own customer.customer_manage_own approval.approval_manage_own \
    order.order_updateascustomer iam.assignment_delete_own customer.consent_view customer.customerprofile_view \
    order.history_view iam.assignment_create_own customer.consent_manage";

/// The scopes of a customer token, as answers write them.
pub(crate) fn scopes(tenant: Tenant) -> String {
    format!("{SCOPES} tenant={}", tenant.name())
}
