//! What there is to buy, and its prices. A company's members pay less, so that a switch can be seen.

use crate::seed::companies::CompanyId;
use crate::seed::language::Localized;
use crate::seed::money::{Cents, Currency};
use crate::seed::tenant::Tenant;
use serde_json::{Value, json};

/// Something to buy.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) id: &'static str,
    pub(crate) name: Localized,
    pub(crate) description: Localized,
    /// Tax included.
    eur: Cents,
    /// Tax included.
    usd: Cents,
}

const fn product(
    id: &'static str,
    (en, de): (&'static str, &'static str),
    (description_en, description_de): (&'static str, &'static str),
    eur: i64,
    usd: i64,
) -> Product {
    Product {
        id,
        name: Localized { en, de },
        description: Localized {
            en: description_en,
            de: description_de,
        },
        eur: Cents(eur),
        usd: Cents(usd),
    }
}

#[rustfmt::skip]
pub(crate) static PRODUCTS: [Product; 14] = [
    product("harbour-mug", ("Harbour Mug", "Hafenbecher"), (
        "Stoneware, 350 ml, glazed by hand in tide-pool blue.",
        "Steinzeug, 350 ml, von Hand im Blau der Gezeitentümpel glasiert.",
    ), 1490, 1650),
    product("copper-kettle", ("Copper Kettle", "Kupferkessel"), (
        "One litre, tin-lined, with a handle that stays cool.",
        "Ein Liter, innen verzinnt, mit einem Griff, der kühl bleibt.",
    ), 7900, 8700),
    product("field-notebook", ("Field Notebook", "Feldbuch"), (
        "Dotted paper that takes rain, thread-bound, 160 pages.",
        "Gepunktetes Papier, das Regen verträgt, fadengeheftet, 160 Seiten.",
    ), 980, 1090),
    product("linen-apron", ("Linen Apron", "Leinenschürze"), (
        "Washed linen with crossed straps and two deep pockets.",
        "Gewaschenes Leinen mit gekreuzten Trägern und zwei tiefen Taschen.",
    ), 3250, 3600),
    product("walnut-board", ("Walnut Board", "Nussbaumbrett"), (
        "An end-grain cutting board, oiled, 40 by 28 cm.",
        "Ein Schneidebrett aus Hirnholz, geölt, 40 mal 28 cm.",
    ), 5400, 5950),
    product("beeswax-candle", ("Beeswax Candle", "Bienenwachskerze"), (
        "Pure wax, cotton wick, forty quiet hours.",
        "Reines Wachs, Docht aus Baumwolle, vierzig stille Stunden.",
    ), 1240, 1390),
    product("wool-throw", ("Wool Throw", "Wolldecke"), (
        "Lambswool from the dikes, woven in a herringbone.",
        "Lammwolle von den Deichen, im Fischgrat gewebt.",
    ), 11900, 13200),
    product("brass-lantern", ("Brass Lantern", "Messinglaterne"), (
        "For a tea light indoors or a storm on the balcony.",
        "Für ein Teelicht drinnen oder einen Sturm auf dem Balkon.",
    ), 4600, 5100),
    product("oak-stool", ("Oak Stool", "Eichenhocker"), (
        "Three legs that stand on any floor, 45 cm high.",
        "Drei Beine, die auf jedem Boden stehen, 45 cm hoch.",
    ), 8900, 9800),
    product("rope-basket", ("Rope Basket", "Seilkorb"), (
        "Cotton rope, sewn in a spiral, for bread or wool.",
        "Baumwollseil, spiralig vernäht, für Brot oder Wolle.",
    ), 2750, 3050),
    product("slate-coasters", ("Slate Coasters", "Schieferuntersetzer"), (
        "Four pieces with felt beneath, each split by hand.",
        "Vier Stück mit Filz darunter, jedes von Hand gespalten.",
    ), 1890, 2090),
    product("tea-tin", ("Tea Tin", "Teedose"), (
        "Holds 100 g and closes tight, with a lid inside the lid.",
        "Fasst 100 g und schließt dicht, mit einem Deckel im Deckel.",
    ), 1590, 1750),
    product("enamel-jug", ("Enamel Jug", "Emaillekrug"), (
        "Two litres, white with a blue rim, for milk or flowers.",
        "Zwei Liter, weiß mit blauem Rand, für Milch oder Blumen.",
    ), 2990, 3300),
    product("canvas-bag", ("Canvas Bag", "Segeltuchtasche"), (
        "Sailcloth with leather handles, carries 15 kg.",
        "Segeltuch mit Ledergriffen, trägt 15 kg.",
    ), 4200, 4650),
];

impl Product {
    /// What it costs without a company.
    pub(crate) fn list_price(&self, currency: Currency) -> Cents {
        match currency {
            Currency::Eur => self.eur,
            Currency::Usd => self.usd,
        }
    }

    /// What a member of that company pays.
    pub(crate) fn price_for(&self, company: Option<CompanyId>, currency: Currency) -> Cents {
        let discount = company.map_or(0, |id| id.company().discount_percent);
        self.list_price(currency).less_percent(discount)
    }

    /// The product's resource name, by which a cart is told what to add.
    pub(crate) fn yrn(&self, tenant: Tenant) -> String {
        format!("{}{};{}", YRN_FORMS[0], tenant.name(), self.id)
    }

    pub(crate) fn price_id(&self, currency: Currency) -> String {
        match currency {
            Currency::Eur => format!("price-{}", self.id),
            Currency::Usd => format!("price-{}-usd", self.id),
        }
    }

    /// The price as a cart item takes it.
    pub(crate) fn price_row(&self, company: Option<CompanyId>, currency: Currency) -> Value {
        json!({
            "priceId": self.price_id(currency),
            "originalAmount": self.list_price(currency).amount(),
            "effectiveAmount": self.price_for(company, currency).amount(),
            "currency": currency.code(),
        })
    }
}

/// How a product's resource name begins: as the official files have it, and as an older client still writes it.
const YRN_FORMS: [&str; 2] = [
    "urn:yaas:saasag:caasproduct:product:",
    "urn:yaas:hybris:product:product:",
];

/// Finds a product by its id.
pub(crate) fn find(id: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.id == id)
}

/// Finds a tenant's product by either form of its resource name.
pub(crate) fn find_by_yrn(yrn: &str, tenant: Tenant) -> Option<&'static Product> {
    let id = |form: &&str| {
        let rest = yrn.strip_prefix(form)?.strip_prefix(tenant.name())?;
        rest.strip_prefix(';')
    };
    YRN_FORMS.iter().find_map(id).and_then(find)
}

/// Whether a text has the form of a resource name: `urn:yaas:{owner}:{service}:{type}:{tenant};{id}`.
pub(crate) fn is_yrn(text: &str) -> bool {
    let parts = || text.strip_prefix("urn:yaas:")?.split_once(';');
    parts().is_some_and(|(scheme, id)| {
        let mut segments = scheme.split(':');
        segments.clone().count() == 4
            && segments.all(|segment| !segment.is_empty())
            && !id.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_pay_less() {
        let mug = find("harbour-mug").expect("a product");
        let price = |company| mug.price_for(company, Currency::Eur);
        assert_eq!(price(None), Cents(1490));
        assert_eq!(price(Some(CompanyId::NORTH)), Cents(1341));
        assert_eq!(price(Some(CompanyId::SOUTH)), Cents(1267));
        assert_eq!(
            mug.price_for(Some(CompanyId::NORTH), Currency::Usd),
            Cents(1485)
        );
    }

    #[test]
    fn resource_names_name_the_tenant() {
        for product in &PRODUCTS {
            let yrn = product.yrn(Tenant::Acme);
            assert!(is_yrn(&yrn) && find_by_yrn(&yrn, Tenant::Acme).is_some());
            assert!(find_by_yrn(&yrn, Tenant::Other).is_none());
            assert_ne!(product.eur, product.usd);
        }
    }
}
