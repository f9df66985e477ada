//! The record as text: what lies in storage and goes to the other tabs.

use super::account::Account;
use super::address::is_spelling_of;
use super::cart::Cart;
use super::customer::Customer;
use super::event::Kind;
use super::id::{Identity, LegalEntityId, SessionId};
use super::pending::{Operation, Pending};
use super::readings::{Bearer, Omission, Readings};
use super::record::{Record, RecordData};
use super::secret::{AccessToken, RefreshToken, SaasToken};
use super::token::{Held, Life, Moment, Pair};
use crate::json::{Fields, Json};
use std::cell::Cell;

/// The version of this form. A later one says in `readableBy` from which version on it can be read and written; what it
/// has beside these fields is kept.
const SCHEMA: u64 = 1;

/// The fields of this version that a record may be without.
const OPTIONAL: [&str; 8] = [
    "sessionId",
    "guest",
    "customer",
    "cart",
    "refreshBearer",
    "omittedLegalEntity",
    "omissionLearnedAt",
    "pending",
];

/// Why a stored record cannot be taken. Of the text itself only its length is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no record, or one that makes no sense; so many bytes long.
    Corrupt(usize),
    /// A later version of this module wrote it.
    NewerSchema,
    /// It belongs to another platform address, whose tokens are none of ours.
    ForeignApi,
}

/// The names under which values of a closed set are stored.
macro_rules! words {
    ($write:ident, $read:ident, $of:ty, $($value:path => $word:literal),+) => {
        fn $write(value: $of) -> &'static str {
            match value { $($value => $word),+ }
        }
        fn $read(word: &str) -> Option<$of> {
            match word { $($word => Some($value),)+ _ => None }
        }
    };
}

words!(bearer_word, bearer_of, Bearer, Bearer::Anonymous => "anonymous", Bearer::Customer => "customer");
words!(omission_word, omission_of, Omission, Omission::Clears => "clears", Omission::Keeps => "keeps");
words!(operation_word, operation_of, Operation,
    Operation::Renewal => "renewal", Operation::Login => "login", Operation::Switch => "switch");

fn began_of(word: &str) -> Option<Kind> {
    match word {
        "started" => Some(Kind::Started),
        "login" => Some(Kind::Login),
        "switched" => Some(Kind::Switched),
        "logout" => Some(Kind::Logout),
        "expired" => Some(Kind::Expired),
        _ => None,
    }
}

fn token<'a>(text: &'a str, life: &Life) -> Fields<'a> {
    let mut fields = Fields::default();
    fields.text("token", text);
    fields.number("received", life.received.wall);
    fields.number_some("lives", life.lives);
    fields
}

fn pair(pair: &Pair) -> Fields<'_> {
    let mut fields = Fields::default();
    fields.object(
        "access",
        token(pair.access.token.expose(), &pair.access.life),
    );
    if let Some(refresh) = &pair.refresh {
        fields.object("refresh", token(refresh.token.expose(), &refresh.life));
    }
    fields.flag("extends", pair.extends);
    fields
}

fn customer(customer: &Customer) -> Fields<'_> {
    let mut fields = Fields::default();
    fields.object("pair", pair(&customer.pair));
    if let Some(saas) = &customer.saas {
        fields.object("saas", token(saas.token.expose(), &saas.life));
    }
    let company = customer.legal_entity.as_ref();
    fields.text_some("legalEntityId", company.map(LegalEntityId::as_str));
    fields.flag("needsLegalEntity", customer.needs_legal_entity);
    fields.flag("needsPasswordChange", customer.needs_password_change);
    fields.flag("isLent", customer.is_lent);
    if let Some(account) = &customer.account {
        fields.number("accountSalt", account.salt().into());
        fields.number("accountMark", account.mark());
    }
    fields
}

fn pending(pending: &Pending) -> Fields<'_> {
    let mut fields = Fields::default();
    fields.number("id", pending.id.into());
    fields.text("op", operation_word(pending.operation));
    fields.number("epoch", pending.epoch);
    fields.number_some("fingerprint", pending.consumes.map(u64::from));
    fields.number("startedAt", pending.started);
    fields.flag("late", pending.late);
    fields
}

impl Record {
    /// The record as text, for storage and for the other tabs. It holds the tokens. `former` is the text in whose place it
    /// comes, where a later version's fields in there are to be kept.
    pub fn encode<J: Json>(&self, api_url: &str, former: Option<&str>) -> Option<String> {
        let mut fields = Fields::default();
        let later = former.and_then(J::parse).filter(|former| {
            let readable_by = former.count_at("readableBy").unwrap_or(u64::MAX);
            readable_by <= SCHEMA && former.count_at("schema") > Some(SCHEMA)
        });
        if later.is_some() {
            // Those of ours that the record does not have any more.
            for name in OPTIONAL {
                fields.nothing(name);
            }
        } else {
            fields.number("schema", SCHEMA);
            fields.number("readableBy", SCHEMA);
        }
        fields.number("revision", self.revision);
        fields.number("epoch", self.epoch);
        fields.text("identity", self.identity.as_str());
        fields.text("began", self.began.as_str());
        fields.text("apiUrl", api_url);
        fields.text_some("sessionId", self.session_id.as_ref().map(SessionId::as_str));
        if let Some(guest) = &self.guest {
            fields.object("guest", pair(guest));
        }
        if let Some(signed_in) = &self.customer {
            fields.object("customer", customer(signed_in));
        }
        fields.text_some("cart", self.cart.as_ref().map(Cart::as_str));
        let Readings {
            refresh_bearer,
            omission,
        } = self.readings;
        fields.text_some("refreshBearer", refresh_bearer.map(bearer_word));
        if let Some((omission, learned)) = omission {
            fields.text("omittedLegalEntity", omission_word(omission));
            fields.number("omissionLearnedAt", learned);
        }
        if let Some(under_way) = &self.pending {
            fields.object("pending", pending(under_way));
        }
        J::render(later, &fields)
    }

    /// Reads a record. Whatever the text, the answer is a record that makes sense or the reason why it is none.
    pub fn decode<J: Json>(text: &str, api_url: &str, now: Moment) -> Result<Self, Unreadable> {
        let corrupt = || Unreadable::Corrupt(text.len());
        let json = J::parse(text).ok_or_else(corrupt)?;
        let schema = json.count_at("schema").unwrap_or(0);
        let readable_by = json.count_at("readableBy").unwrap_or(schema);
        if schema == 0 || schema <= SCHEMA && readable_by > SCHEMA {
            return Err(corrupt());
        }
        if readable_by > SCHEMA {
            return Err(Unreadable::NewerSchema);
        }
        match json.text_at(&["apiUrl"]) {
            Some(url) if is_spelling_of(&url, api_url) => {}
            Some(_) => return Err(Unreadable::ForeignApi),
            None => return Err(corrupt()),
        }
        let reader = Reader {
            json,
            now,
            makes_sense: Cell::new(true),
        };
        Ok(reader.data().ok_or_else(corrupt)?.into())
    }
}

/// Reads the parts. One that is there and makes no sense is as good as missing while the others are read; then the whole makes none.
struct Reader<J> {
    json: J,
    now: Moment,
    makes_sense: Cell<bool>,
}

impl<J: Json> Reader<J> {
    fn data(&self) -> Option<RecordData> {
        let json = &self.json;
        let revision = json.count_at("revision")?;
        let epoch = json.count_at("epoch")?;
        let began = began_of(&json.text_at(&["began"])?)?;
        let identity = Identity::new(json.field("identity")?.text()?)?;
        let omission = self.part(json, "omittedLegalEntity", |_, it| omission_of(&it.text()?));
        let learned = json.count_at("omissionLearnedAt").unwrap_or(0);
        let data = RecordData {
            revision,
            epoch,
            identity,
            began,
            session_id: self.part(json, "sessionId", |_, it| SessionId::new(it.text()?)),
            guest: self.part(json, "guest", Self::pair),
            customer: self.part(json, "customer", Self::customer),
            cart: self.part(json, "cart", |_, it| Cart::new(it.text()?)),
            readings: Readings {
                refresh_bearer: self.part(json, "refreshBearer", |_, it| bearer_of(&it.text()?)),
                omission: omission.map(|omission| (omission, learned)),
            },
            pending: self.part(json, "pending", Self::pending),
        };
        self.makes_sense.get().then_some(data)
    }

    /// A part that may be missing.
    fn part<T>(&self, of: &J, name: &str, read: fn(&Self, &J) -> Option<T>) -> Option<T> {
        let part = read(self, &of.field(name)?);
        if part.is_none() {
            self.makes_sense.set(false);
        }
        part
    }

    fn customer(&self, json: &J) -> Option<Customer> {
        // Earlier versions do not write them.
        let is_set = |name| json.field(name).and_then(|it| it.flag()) == Some(true);
        let pair = self.pair(&json.field("pair")?)?;
        Some(Customer {
            pair,
            saas: self.part(json, "saas", |this, it| this.held(it, SaasToken::new)),
            legal_entity: self.part(json, "legalEntityId", |_, it| {
                LegalEntityId::new(it.text()?)
            }),
            needs_legal_entity: is_set("needsLegalEntity"),
            needs_password_change: is_set("needsPasswordChange"),
            is_lent: is_set("isLent"),
            // Earlier versions do not write it.
            account: json
                .field("accountSalt")
                .and_then(|salt| small(&salt))
                .zip(json.count_at("accountMark"))
                .map(|(salt, mark)| Account::known(salt, mark)),
        })
    }

    fn pair(&self, json: &J) -> Option<Pair> {
        let extends = json.field("extends")?.flag()?;
        let access = self.held(&json.field("access")?, AccessToken::new)?;
        Some(Pair {
            access,
            refresh: self.part(json, "refresh", |this, it| this.held(it, RefreshToken::new)),
            extends,
        })
    }

    fn held<T>(&self, json: &J, make: fn(String) -> Option<T>) -> Option<Held<T>> {
        let received = json.count_at("received")?;
        Some(Held {
            token: make(json.field("token")?.text()?)?,
            life: Life::from_record(
                received,
                self.part(json, "lives", |_, it| it.count()),
                self.now,
            ),
        })
    }

    fn pending(&self, json: &J) -> Option<Pending> {
        Some(Pending {
            id: small(&json.field("id")?)?,
            operation: operation_of(&json.text_at(&["op"])?)?,
            epoch: json.count_at("epoch")?,
            consumes: self.part(json, "fingerprint", |_, it| small(it)),
            started: json.count_at("startedAt")?,
            // Earlier versions do not write it.
            late: json.field("late").and_then(|it| it.flag()) == Some(true),
        })
    }
}

fn small<J: Json>(value: &J) -> Option<u32> {
    u32::try_from(value.count()?).ok()
}
