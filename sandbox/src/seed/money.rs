//! Money: amounts in hundredths of a currency. However large the numbers in a request are, no sum of them overflows.

use crate::seed::coupons::Coupon;
use serde_json::{Value, json};

/// The one tax there is, in per cent; all prices include it.
pub(crate) const TAX_RATE: i64 = 19;

/// What a price is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Currency {
    Eur,
    Usd,
}

impl Currency {
    pub(crate) fn find(code: &str) -> Option<Self> {
        [Self::Eur, Self::Usd]
            .into_iter()
            .find(|currency| currency.code() == code)
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
            Self::Usd => "USD",
        }
    }
}

/// A number of cents, at most as large as fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cents(pub(crate) i64);

impl Cents {
    /// The price of that many units.
    pub(crate) fn times(self, quantity: f64) -> Self {
        // A float cast saturates.
        Self((self.0 as f64 * quantity).round() as i64)
    }

    /// What is left after a discount, rounded to the nearest cent.
    pub(crate) fn less_percent(self, percent: i64) -> Self {
        self.times(100.0 - percent as f64).divided_by(100)
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Without the tax that is in it.
    pub(crate) fn net(self) -> Self {
        let net = (i128::from(self.0) * 100 + i128::from(100 + TAX_RATE) / 2)
            / i128::from(100 + TAX_RATE);
        Self(i64::try_from(net).unwrap_or(i64::MAX))
    }

    fn divided_by(self, divisor: i64) -> Self {
        Self(self.0.saturating_add(divisor / 2) / divisor)
    }

    /// The amount that stands in a request, which is no negative one.
    pub(crate) fn of_amount(amount: f64) -> Self {
        Self((amount * 100.0).round() as i64)
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The number that stands in an answer.
    pub(crate) fn amount(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// Gross, net and tax, as carts and orders present a price.
    pub(crate) fn calculated(self) -> Value {
        let net = self.net();
        json!({
            "netValue": net.amount(),
            "grossValue": self.amount(),
            "taxValue": self.minus(net).amount(),
            "taxCode": "STANDARD",
            "taxRate": TAX_RATE,
        })
    }
}

impl std::iter::Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.fold(0, |sum, amount| sum.saturating_add(amount.0)))
    }
}

/// A price after its coupons.
#[derive(Debug)]
pub(crate) struct Discounted<'c> {
    before: Cents,
    pub(crate) price: Cents,
    coupons: &'c [&'static Coupon],
}

/// Takes one coupon after the other off a price.
pub(crate) fn discounted<'c>(before: Cents, coupons: &'c [&'static Coupon]) -> Discounted<'c> {
    let off = |price: Cents, coupon: &&'static Coupon| price.less_percent(coupon.percent);
    Discounted {
        before,
        price: coupons.iter().fold(before, off),
        coupons,
    }
}

impl Discounted<'_> {
    /// As carts and orders present it.
    pub(crate) fn calculated(&self) -> Value {
        let mut view = json!({
            "price": self.before.calculated(),
            "finalPrice": self.price.calculated(),
        });
        if !self.coupons.is_empty() {
            let saved = self.before.minus(self.price);
            let applied: Value = self
                .coupons
                .iter()
                .map(|coupon| {
                    json!({
                        "id": coupon.id,
                        "discountType": "PERCENT",
                        "origin": "INTERNAL",
                        "value": coupon.percent,
                    })
                })
                .collect();
            view["totalDiscount"] = json!({
                "calculationType": "ApplyDiscountAfterTax",
                "value": saved.amount(),
                "price": saved.calculated(),
                "appliedDiscounts": applied,
            });
            view["discountedPrice"] = self.price.calculated();
        }
        view
    }
}

/// Adds quantities; the sum stays a number that JSON can hold.
pub(crate) fn add_quantities(one: f64, other: f64) -> f64 {
    (one + other).min(f64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_quantity_overflows() {
        for quantity in [8e12, 1e17, 1e300, f64::MAX] {
            let line = Cents(1490).times(quantity);
            let total: Cents = [line, line, line].into_iter().sum();
            assert!(total.amount().is_finite() && total.0 > 0, "{quantity}");
            assert!(total.net().0 > 0 && total.net().0 < total.0, "{quantity}");
        }
        assert_eq!(add_quantities(f64::MAX, f64::MAX), f64::MAX);
    }

    #[test]
    fn cents_are_rounded() {
        assert_eq!(Cents(1490).less_percent(15), Cents(1267));
        assert_eq!(Cents(1490).net(), Cents(1252));
        assert_eq!(Cents(1490).times(0.5), Cents(745));
    }
}
