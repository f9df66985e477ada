import { ask, checkCustomer } from "./call.js";
import { check, fail, isMaybe, isObject, read, segment } from "./checks.js";

export async function myScopes(session) {
  checkCustomer(session);
  const { userId, scopes } = (await ask(session, "/iam/{}/users/me/scopes")) ?? {};
  return { userId, scopes: `${scopes ?? ""}`.split(/\s+/).filter((scope) => scope && !/^tenant=/.test(scope)) };
}

export async function roles(session) {
  const { userId } = await myScopes(session);
  const groups = await ask(session, `/iam/{}/users/${segment("userId", userId ?? fail("protocol", "no userId"))}/groups?pageSize=200`);
  return listOf(groups ?? []).map(({ id, code, name, b2b }) => ({ id, code, name, legalEntityId: b2b?.legalEntityId }));
}

const nonsense = () => fail("protocol", "no answer");
const listOf = (it) => (Array.isArray(it) && it.every(isObject) ? it : nonsense());

const isCount = (it) => it === undefined || (Number.isSafeInteger(it) && it > 0);

export async function companyOrders(session, given) {
  const { legalEntityId, page = 1, pageSize = 60, sort, q } = readOptions(given, { legalEntityId: isMaybe, page: isCount, pageSize: isCount, sort: isMaybe, q: isMaybe });
  const query = new URLSearchParams({ pageNumber: page, pageSize, ...(sort && { sort }), ...(q && { q }) });
  // The number of all is told to those who ask for it.
  const headers = { "X-Total-Count": "true" };
  const readPage = (text, headers) => {
    const total = headers.get("x-total-count");
    return { orders: listOf(JSON.parse(text)), total: total ? +total : undefined };
  };
  return ask(session, `${ordersOf(session, legalEntityId)}?${query}`, { headers, read: readPage });
}

export async function companyOrder(session, orderId, given) {
  const { legalEntityId } = readOptions(given, { legalEntityId: isMaybe });
  const order = await ask(session, `${ordersOf(session, legalEntityId)}/${segment("orderId", orderId)}`);
  return isObject(order) ? order : nonsense();
}

/** A company's id in their place would be taken for nothing, and another company's orders be read. */
function readOptions(given, tests) {
  check("options", () => isObject(given ?? {}));
  return read(given, tests);
}

function ordersOf(session, given) {
  checkCustomer(session);
  const id = given ?? session.getSnapshot().legalEntityId ?? fail("invalid_state", "no company is chosen");
  return `/order-v2/{}/legal-entity-orders/${segment("legalEntityId", id)}`;
}
