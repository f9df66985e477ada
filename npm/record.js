/**
 * Reads of the stored record what needs nobody to decide: which token is good, and whose it is. It writes nothing, and
 * declines whatever it is not sure of: the WebAssembly decides then (`src/session/stored.rs`, which this is held to by test).
 */

import { attempt } from "./answer.js";
import { isFlag, isText, oneOf } from "./options.js";

const isCount = (it) => Number.isInteger(it) && it >= 0 && it <= 9e15;
const isSmall = (it) => isCount(it) && it < 2 ** 32;
// In UTF-8 it has 8,192 bytes at the most.
const isWord = (it) => isText(it) && /^(?=[^]*\S)[^\uFFFD]{1,2730}$/.test(it);
const orNone = (is) => (it) => it === undefined || is(it);
const isAll = (checks) => (it) => Object.keys(checks).every((name) => checks[name](Object(it)[name]));
const isToken = (it) => isText(it) && /^(?!(undefined|null)$)[!-~]{1,8192}$/.test(it);

const isHeld = isAll({ token: isToken, received: isCount, lives: orNone(isCount) });
const isPair = isAll({ access: isHeld, refresh: orNone(isHeld), extends: isFlag });
export const isRecord = isAll({
  schema: (it) => it === 1,
  readableBy: orNone((it) => it === 1),
  revision: isCount,
  epoch: isCount,
  identity: isWord,
  began: oneOf("started login switched logout expired"),
  sessionId: orNone(isWord),
  guest: orNone(isPair),
  customer: orNone(isAll({ pair: isPair, saas: orNone(isHeld), legalEntityId: orNone(isWord) })),
  cart: orNone((it) => isWord(it) && /^[fmo][^]*\S/.test(it)),
  refreshBearer: orNone(oneOf("anonymous customer")),
  omittedLegalEntity: orNone(oneOf("clears keeps")),
  pending: orNone(
    isAll({ id: isSmall, op: oneOf("renewal login switch"), epoch: isCount, fingerprint: orNone(isSmall), startedAt: isCount }),
  ),
});

/** A clock that is set back by less than this is taken for one that stood still. */
const wobble = 2_000;

/** How long a token is handed out before the record is looked at again. */
const lookInterval = 1_000;

const ageOf = ({ received }, now) => (now + wobble < received ? NaN : Math.max(0, now - received));
const endOf = (held) => held?.lives === undefined ? undefined : held.received + held.lives;

/** How long until the token is to be renewed: a tenth of its life before the end, and never more than a minute before. */
const untilDue = ({ lives = Infinity, ...held }, now) => lives - Math.min(lives / 10, 60_000) - ageOf(held, now);

/** The pair that counts. */
const pairOf = ({ guest, customer }) => customer?.pair ?? guest ?? {};

/** What a stored text says at that time, as {@link grantOf} has it. Nothing where somebody must decide. */
export function readRecord(text, apiUrl, now) {
  const record = attempt(() => JSON.parse(text));
  if (isRecord(record) && record.apiUrl === apiUrl) return grantOf(record, now);
}

/**
 * What the record says at that time: the snapshot, the token and for how long it may be handed out, the saas token, and
 * whether the tokens are to be renewed though nobody need wait for that. Nothing where somebody must decide.
 */
export function grantOf(record, now) {
  const { identity, revision, customer } = record;
  const { access, refresh, extends: extendsLife } = pairOf(record);
  // A customer's refresh token is renewed when three quarters of its life are over.
  const isDue = customer && refresh && extendsLife && ageOf(refresh, now) >= refresh.lives - Math.floor(refresh.lives / 4);
  const time = access && Math.min(lookInterval, Math.floor(untilDue(access, now)));
  if (!(time > 0)) return;
  return { snapshot: snapshotOf(record), identity, revision, token: access.token, lease: time, isDue, saas: saasOf(record, now) };
}

/** Who the visitor of this record is, without secrets. What is undefined is to be left out. */
export function snapshotOf(record) {
  const { identity, sessionId, customer, cart } = record;
  const { access, refresh } = pairOf(record);
  return {
    kind: customer ? "customer" : "anonymous",
    identity,
    sessionId,
    legalEntityId: customer?.legalEntityId,
    cartId: cart?.slice(1),
    needsLegalEntity: customer?.needsLegalEntity === true,
    needsPasswordChange: customer?.needsPasswordChange === true,
    expiresAt: endOf(access),
    saasExpiresAt: endOf(customer?.saas),
    renewable: refresh !== undefined,
    durable: true,
  };
}

/** The saas token, as long as it is good. */
export function saasOf({ customer }, now) {
  const saas = customer?.saas;
  if (saas && !(ageOf(saas, now) >= saas.lives)) return saas.token;
}
