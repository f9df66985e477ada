//! The shop's coupons.

/// Takes a share off a cart's price.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Coupon {
    pub(crate) id: &'static str,
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) percent: i64,
}

static COUPONS: [Coupon; 1] = [Coupon {
    id: "coupon-welcome",
    code: "WELCOME10",
    name: "Ten per cent for new customers",
    percent: 10,
}];

pub(crate) fn find(code: &str) -> Option<&'static Coupon> {
    COUPONS.iter().find(|coupon| coupon.code == code)
}
