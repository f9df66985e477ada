//! The companies there are.

/// A legal entity and what its members pay.
#[derive(Debug)]
pub(crate) struct Company {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// What its members save on every price.
    pub(crate) discount_percent: i64,
    pub(crate) registration_id: &'static str,
}

static COMPANIES: [Company; 2] = [
    Company {
        id: "le-north",
        name: "North Harbour Trading GmbH",
        discount_percent: 10,
        registration_id: "HRB 100100",
    },
    Company {
        id: "le-south",
        name: "South Valley Supplies GmbH",
        discount_percent: 15,
        registration_id: "HRB 200200",
    },
];

/// Names one of the fixed companies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CompanyId(usize);

impl CompanyId {
    pub(crate) const NORTH: Self = Self(0);
    pub(crate) const SOUTH: Self = Self(1);

    pub(crate) fn find(id: &str) -> Option<Self> {
        COMPANIES
            .iter()
            .position(|company| company.id == id)
            .map(Self)
    }

    pub(crate) fn company(self) -> &'static Company {
        &COMPANIES[self.0]
    }
}
