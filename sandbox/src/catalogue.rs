//! Products and their prices. A company's members pay less, so that a switch can be seen.

use crate::call::Call;
use crate::companies::CompanyId;
use crate::money::Cents;
use crate::platform::Platform;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::tenant::TENANT;
use serde_json::{Value, json};

/// The one currency there are prices in.
pub(crate) const CURRENCY: &str = "EUR";

/// Something to buy.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    description: &'static str,
    /// Tax included.
    list_price: Cents,
}

static PRODUCTS: [Product; 8] = [
    Product {
        id: "harbour-mug",
        name: "Harbour Mug",
        description: "Stoneware, 350 ml, glazed by hand in tide-pool blue.",
        list_price: Cents(1490),
    },
    Product {
        id: "copper-kettle",
        name: "Copper Kettle",
        description: "One litre, tin-lined, with a handle that stays cool.",
        list_price: Cents(7900),
    },
    Product {
        id: "field-notebook",
        name: "Field Notebook",
        description: "Dotted paper that takes rain, thread-bound, 160 pages.",
        list_price: Cents(980),
    },
    Product {
        id: "linen-apron",
        name: "Linen Apron",
        description: "Washed linen with crossed straps and two deep pockets.",
        list_price: Cents(3250),
    },
    Product {
        id: "walnut-board",
        name: "Walnut Board",
        description: "An end-grain cutting board, oiled, 40 by 28 cm.",
        list_price: Cents(5400),
    },
    Product {
        id: "beeswax-candle",
        name: "Beeswax Candle",
        description: "Pure wax, cotton wick, forty quiet hours.",
        list_price: Cents(1240),
    },
    Product {
        id: "wool-throw",
        name: "Wool Throw",
        description: "Lambswool from the dikes, woven in a herringbone.",
        list_price: Cents(11900),
    },
    Product {
        id: "brass-lantern",
        name: "Brass Lantern",
        description: "For a tea light indoors or a storm on the balcony.",
        list_price: Cents(4600),
    },
];

impl Product {
    /// What a member of that company pays.
    pub(crate) fn price_for(&self, company: Option<CompanyId>) -> Cents {
        let discount = company.map_or(0, |id| id.company().discount_percent);
        self.list_price.less_percent(discount)
    }

    /// The product's resource name, by which a cart is told what to add.
    pub(crate) fn yrn(&self) -> String {
        format!("{}{TENANT};{}", YRN_FORMS[0], self.id)
    }

    pub(crate) fn price_id(&self) -> String {
        format!("price-{}", self.id)
    }

    /// The price as a cart item takes it.
    pub(crate) fn price_row(&self, company: Option<CompanyId>) -> Value {
        json!({
            "priceId": self.price_id(),
            "originalAmount": self.list_price.amount(),
            "effectiveAmount": self.price_for(company).amount(),
            "currency": CURRENCY,
        })
    }

    fn document(&self, company: Option<CompanyId>) -> Value {
        json!({
            "id": self.id,
            "code": self.id,
            "yrn": self.yrn(),
            "name": self.name,
            "description": self.description,
            "productType": "BASIC",
            "published": true,
            "price": self.price_row(company),
        })
    }
}

/// How a product's resource name begins: as the official files have it, and as an older client still writes it.
const YRN_FORMS: [&str; 2] = [
    "urn:yaas:saasag:caasproduct:product:",
    "urn:yaas:hybris:product:product:",
];

/// Whether a text has the form of a resource name: `urn:yaas:{owner}:{service}:{type}:{tenant};{id}`.
fn is_yrn(text: &str) -> bool {
    let parts = || text.strip_prefix("urn:yaas:")?.split_once(';');
    parts().is_some_and(|(scheme, id)| {
        let mut segments = scheme.split(':');
        segments.clone().count() == 4
            && segments.all(|segment| !segment.is_empty())
            && !id.is_empty()
    })
}

/// Finds a product by its id.
pub(crate) fn find(id: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.id == id)
}

/// Finds a product by either form of its resource name.
pub(crate) fn find_by_yrn(yrn: &str) -> Result<&'static Product, Problem> {
    if !is_yrn(yrn) {
        return Err(Problem::new(
            400,
            "Given yrn does not match yaas urn scheme",
        ));
    }
    YRN_FORMS
        .iter()
        .find_map(|form| {
            yrn.strip_prefix(form)?
                .strip_prefix(TENANT)?
                .strip_prefix(';')
        })
        .and_then(find)
        .ok_or_else(|| Problem::invalid("itemYrn", format!("There is no product {yrn}")))
}

/// `GET /product/{tenant}/products`
pub(crate) fn list(_: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let company = call.caller()?.company;
    call.page(
        PRODUCTS
            .iter()
            .map(|product| product.document(company))
            .collect(),
    )
}

/// `GET /product/{tenant}/products/{productId}`
pub(crate) fn one(_: &mut Platform, call: &Call) -> Result<Reply, Problem> {
    let id = call.param("productId");
    let product =
        find(id).ok_or_else(|| Problem::new(404, format!("Product with id {id} not found.")))?;
    Ok(Reply::json(200, &product.document(call.caller()?.company)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_pay_less() {
        let mug = find("harbour-mug").expect("a product");
        assert_eq!(mug.price_for(None), Cents(1490));
        assert_eq!(mug.price_for(Some(CompanyId::NORTH)), Cents(1341));
        assert_eq!(mug.price_for(Some(CompanyId::SOUTH)), Cents(1267));
    }

    #[test]
    fn yrns_name_the_tenant() {
        assert!(
            PRODUCTS
                .iter()
                .all(|product| find_by_yrn(&product.yrn()).is_ok())
        );
    }
}
