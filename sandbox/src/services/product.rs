//! The product service.

use crate::seed::language::Language;
use crate::seed::money::Currency;
use crate::seed::products::{self, PRODUCTS, Product};
use crate::services::call::Call;
use crate::services::route::{ANY_SCOPE, Route, route};
use crate::wire::problem::{Problem, Service};
use crate::wire::query::Query;
use crate::wire::reply::Reply;
use crate::world::World;
use serde_json::{Value, json};

/// The endpoints, with who may call them.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("GET", "/product/{tenant}/products", Service::Catalogue, ANY_SCOPE, list),
    route("POST", "/product/{tenant}/products/search", Service::Catalogue, ANY_SCOPE, search),
    route("GET", "/product/{tenant}/products/{productId}", Service::Catalogue, ANY_SCOPE, one),
];

/// What can be searched for and sorted by.
const FIELDS: [&str; 7] = [
    "id",
    "code",
    "yrn",
    "name",
    "description",
    "productType",
    "published",
];

/// `GET /product/{tenant}/products`
pub(crate) fn list(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let query = call.query("q");
    page(world, call, query.as_deref())
}

/// `POST /product/{tenant}/products/search`
pub(crate) fn search(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let body = call.body()?;
    match &body["q"] {
        Value::Null => Err(Problem::missing("q")),
        Value::String(query) => page(world, call, Some(query)),
        _ => Err(Problem::invalid("q", "q must be a text")),
    }
}

/// `GET /product/{tenant}/products/{productId}`
pub(crate) fn one(world: &mut World, call: &Call) -> Result<Reply, Problem> {
    let reader = Reader::new(world, call)?;
    let id = call.param("productId");
    let product = products::find(id)
        .ok_or_else(|| Problem::new(404, format!("Product with id {id} not found.")))?;
    Ok(Reply::json(200, &reader.present(product)))
}

fn page(world: &World, call: &Call, query: Option<&str>) -> Result<Reply, Problem> {
    let reader = Reader::new(world, call)?;
    let query = Query::parse(query.unwrap_or_default(), &FIELDS)
        .map_err(|message| Problem::invalid("q", message))?;
    let mut found: Vec<(&Product, Value)> = PRODUCTS
        .iter()
        .map(|product| (product, reader.document(product)))
        .filter(|(_, document)| query.matches(document))
        .collect();
    if let Some(sort) = call.query("sort") {
        self::sort(&mut found, &sort, reader.language.unwrap_or(Language::En))?;
    }
    call.page(
        found
            .into_iter()
            .map(|(product, _)| reader.present(product))
            .collect(),
    )
}

/// By a list of `field:asc` and `field:desc`, the first one first.
fn sort(found: &mut [(&Product, Value)], by: &str, language: Language) -> Result<(), Problem> {
    let wrong = || {
        let fields = FIELDS.join(", ");
        Problem::invalid("sort", format!("sort takes {fields} with :asc or :desc"))
    };
    // Sorting is stable: the last criterion comes first.
    for criterion in by.rsplit(',') {
        let (field, order) = criterion.split_once(':').unwrap_or((criterion, "asc"));
        let field = FIELDS
            .into_iter()
            .find(|known| *known == field)
            .ok_or_else(wrong)?;
        let key = |(product, document): &(&Product, Value)| match field {
            "name" => product.name.in_language(language).to_owned(),
            "description" => product.description.in_language(language).to_owned(),
            field => document[field].to_string(),
        };
        match order.to_ascii_lowercase().as_str() {
            "asc" => found.sort_by_cached_key(key),
            "desc" => found.sort_by_cached_key(|it| std::cmp::Reverse(key(it))),
            _ => return Err(wrong()),
        }
    }
    Ok(())
}

/// How one caller reads the catalogue: in which language, at whose prices, and which fields.
struct Reader<'c> {
    call: &'c Call<'c>,
    language: Option<Language>,
    currency: Currency,
    fields: Option<Vec<String>>,
}

impl<'c> Reader<'c> {
    fn new(world: &World, call: &'c Call<'c>) -> Result<Self, Problem> {
        let session_id = call.caller()?.session_id.as_deref();
        let context = session_id.and_then(|session_id| world.contexts.document(session_id));
        let fields = call.query("fields").filter(|fields| !fields.is_empty());
        Ok(Self {
            call,
            language: call.language()?,
            currency: context
                .and_then(|context| context.chosen_currency())
                .unwrap_or(Currency::Eur),
            fields: fields.map(|fields| fields.split(',').map(str::to_owned).collect()),
        })
    }

    /// The document with all languages.
    fn document(&self, product: &Product) -> Value {
        let caller = self.call.caller.as_ref();
        let company = caller.and_then(|caller| caller.company);
        let yrn = caller.map(|caller| product.yrn(caller.tenant));
        json!({
            "id": product.id,
            "code": product.id,
            "yrn": yrn,
            "name": product.name.map(),
            "description": product.description.map(),
            "productType": "BASIC",
            "published": true,
            "taxClasses": { "DE": "STANDARD" },
            "media": [{
                "id": format!("media-{}", product.id),
                "url": format!("https://media.example.com/{}.jpg", product.id),
                "contentType": "image/jpeg",
            }],
            "metadata": {
                "createdAt": "2025-01-01T00:00:00.000Z",
                "modifiedAt": "2025-01-01T00:00:00.000Z",
                "version": 1,
            },
            // No field of the platform's: it saves a simple shop the question for prices.
            "price": product.price_row(company, self.currency),
        })
    }

    /// The document as the caller has asked for it.
    fn present(&self, product: &Product) -> Value {
        let mut document = self.document(product);
        document["name"] = product.name.read(self.language);
        document["description"] = product.description.read(self.language);
        if let (Some(fields), Some(document)) = (&self.fields, document.as_object_mut()) {
            document.retain(|name, _| {
                ["id", "yrn"].contains(&name.as_str()) || fields.iter().any(|it| it == name)
            });
        }
        document
    }
}
