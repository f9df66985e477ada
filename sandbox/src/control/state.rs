//! The platform's truth, for oracles: which tokens live in which session, whose company they carry, which carts and
//! contexts are, what was ordered and what was mailed.

use crate::gateway::log::Fingerprint;
use crate::platform::Platform;
use crate::world::World;
use crate::world::carts::{Cart, Owner};
use crate::world::contexts::Context;
use crate::world::customers::Customers;
use crate::world::mails::{Mail, MailKind};
use crate::world::orders::Order;
use crate::world::tokens::{FamilyId, Identity, Purpose, Status};
use serde::Serialize;
use serde_json::{Map, Value};

/// Everything at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// The platform's time, in milliseconds since 1970.
    pub now: u64,
    /// All sessions, by id.
    pub sessions: Vec<SessionState>,
    /// All carts, by id.
    pub carts: Vec<CartState>,
    /// The context documents that are there, by session.
    pub contexts: Vec<ContextState>,
    /// What was ordered, oldest first.
    pub orders: Vec<OrderState>,
    /// What was mailed, in order.
    pub mails: Vec<MailState>,
}

/// The context document of one session.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextState {
    /// The session.
    pub session_id: String,
    /// The customer who has taken the session over; none for a guest.
    pub customer_number: Option<String>,
    /// The company that the customer's last token was issued for.
    pub legal_entity_id: Option<String>,
    /// The site.
    pub site_code: String,
    /// The currency, unless the site is none that it could follow from.
    pub currency: Option<String>,
    /// The country code.
    pub target_location: Option<String>,
    /// The language.
    pub language: Option<String>,
    /// The cart that the session had in hand last, while it is open.
    pub cart_id: Option<String>,
    /// What was written into the free part.
    pub attributes: Map<String, Value>,
    /// Grows with every change.
    pub version: u64,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderState {
    /// Its id.
    pub id: String,
    /// The cart that it was.
    pub cart_id: String,
    /// Who has ordered; none for a guest.
    pub customer_number: Option<String>,
    /// The session in which it was ordered.
    pub session_id: Option<String>,
    /// The company that it is for.
    pub legal_entity_id: Option<String>,
    /// The site.
    pub site_code: String,
    /// What it costs.
    pub total_price: f64,
}

/// One mail to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MailState {
    /// The address.
    pub to: String,
    /// What the token is for: `opt-in`, `password-reset` or `email-change`.
    pub kind: MailKind,
    /// The token, in plain text: nobody else would read the mail.
    pub token: String,
    /// Whether the token is used up or replaced by that of a later mail.
    pub spent: bool,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionState {
    /// Its id.
    pub session_id: String,
    /// The guest; none in a session that only a customer has moved to.
    pub guest: Option<IdentityState>,
    /// One for each login, the last one last.
    pub customers: Vec<IdentityState>,
}

/// One identity of a session.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IdentityState {
    /// The customer's number; none for a guest.
    pub customer_number: Option<String>,
    /// The customer's e-mail address; none for a guest.
    pub email: Option<String>,
    /// The company of the newest access token.
    pub legal_entity_id: Option<String>,
    /// The live access tokens, oldest first.
    pub access: Vec<TokenState>,
    /// The live refresh tokens, oldest first.
    pub refresh: Vec<TokenState>,
}

/// One live token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenState {
    /// Stands for the token.
    pub token: Fingerprint,
    /// The company in it.
    pub legal_entity_id: Option<String>,
    /// When it expires, in milliseconds since 1970.
    pub expires_at: u64,
}

/// One cart.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CartState {
    /// Its id.
    pub id: String,
    /// Its site.
    pub site_code: String,
    /// Its company.
    pub legal_entity_id: Option<String>,
    /// The customer whose cart it is; none for a guest's.
    pub customer_number: Option<String>,
    /// The session it was created in.
    pub session_id: Option<String>,
    /// `OPEN` or `CLOSED`.
    pub status: &'static str,
    /// The order that it has become.
    pub order_id: Option<String>,
    /// What is in it.
    pub items: Vec<CartItemState>,
}

/// One line of a cart.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CartItemState {
    /// Which product.
    pub product_id: String,
    /// How many of it.
    pub quantity: f64,
}

impl Platform {
    /// The platform's truth.
    pub fn state(&self) -> State {
        of(&self.world)
    }
}

fn of(world: &World) -> State {
    let sessions = world
        .tokens
        .sessions()
        .map(|(session_id, families)| session(world, session_id, families));
    State {
        now: world.now(),
        sessions: sessions.collect(),
        carts: world
            .carts
            .all()
            .map(|it| cart(it, &world.customers))
            .collect(),
        contexts: world
            .contexts
            .documents()
            .map(|(session_id, it)| context(session_id, it, &world.customers))
            .collect(),
        orders: world
            .orders
            .0
            .iter()
            .map(|it| order(it, &world.customers))
            .collect(),
        mails: world.mails.all().iter().map(mail).collect(),
    }
}

fn session(world: &World, session_id: &str, families: &[FamilyId]) -> SessionState {
    let (guests, customers): (Vec<FamilyId>, Vec<FamilyId>) = families
        .iter()
        .partition(|family| world.tokens.family(**family).identity == Identity::Guest);
    let identity = |family: &FamilyId| identity(world, *family);
    SessionState {
        session_id: session_id.to_owned(),
        guest: guests.first().map(identity),
        customers: customers.iter().map(identity).collect(),
    }
}

fn identity(world: &World, family: FamilyId) -> IdentityState {
    let customer = match world.tokens.family(family).identity {
        Identity::Customer(id) => Some(world.customers.get(id)),
        Identity::Guest | Identity::Service => None,
    };
    let live = |purpose| {
        world
            .tokens
            .tokens_of(family)
            .filter(move |token| {
                token.purpose == purpose && token.status(world.now()) == Status::Live
            })
            .map(|token| TokenState {
                token: Fingerprint::of(&token.secret),
                legal_entity_id: token.company.map(|id| id.company().id.to_owned()),
                expires_at: token.expires_at,
            })
            .collect::<Vec<_>>()
    };
    let access = live(Purpose::Access);
    IdentityState {
        customer_number: customer.map(|customer| customer.number.clone()),
        email: customer.map(|customer| customer.email.clone()),
        legal_entity_id: access
            .last()
            .and_then(|token| token.legal_entity_id.clone()),
        access,
        refresh: live(Purpose::Refresh),
    }
}

fn cart(cart: &Cart, customers: &Customers) -> CartState {
    CartState {
        id: cart.id.clone(),
        site_code: cart.criteria.site.to_owned(),
        legal_entity_id: cart.criteria.company.map(|id| id.company().id.to_owned()),
        customer_number: match cart.criteria.owner {
            Owner::Customer(id) => Some(customers.get(id).number.clone()),
            Owner::Session(_) => None,
        },
        session_id: cart.session_id.clone(),
        status: cart.status(),
        order_id: cart.order_id.clone(),
        items: cart
            .items
            .iter()
            .map(|item| CartItemState {
                product_id: item.product.id.to_owned(),
                quantity: item.quantity,
            })
            .collect(),
    }
}
fn context(session_id: &str, context: &Context, customers: &Customers) -> ContextState {
    ContextState {
        session_id: session_id.to_owned(),
        customer_number: context.customer.map(|id| customers.get(id).number.clone()),
        legal_entity_id: context.company.map(|id| id.company().id.to_owned()),
        site_code: context.site_code().to_owned(),
        currency: context.currency().map(str::to_owned),
        target_location: context.target_location().map(str::to_owned),
        language: context.language().map(str::to_owned),
        cart_id: context.cart_id.clone(),
        attributes: context.attributes.clone(),
        version: context.version,
    }
}
fn order(order: &Order, customers: &Customers) -> OrderState {
    OrderState {
        id: order.id.clone(),
        cart_id: order.cart_id.clone(),
        customer_number: order.customer.map(|id| customers.get(id).number.clone()),
        session_id: order.session_id.clone(),
        legal_entity_id: order.company.map(|id| id.company().id.to_owned()),
        site_code: order.site.to_owned(),
        total_price: order.total().amount(),
    }
}

fn mail(mail: &Mail) -> MailState {
    MailState {
        to: mail.to.clone(),
        kind: mail.errand.kind(),
        token: mail.token.clone(),
        spent: mail.spent,
    }
}
