/** The companies a customer may act for, as a page of them or all; what was read is kept for as long as the identity is the same. */

import { attempt } from "./answer.js";

/** How many are read at once where all are wanted. A platform may give fewer, but not fewer than where nobody says how many. */
const many = 100;
const few = 16;

/** What the module's errors are made of. */
const refusedArgument = (field, expected) => ({
  code: "invalid_argument",
  message: `${field} must be ${expected}`,
  field,
  retryable: false,
});
const nonsense = () => ({ code: "protocol", message: "the platform's answer makes no sense", retryable: true });

const isCount = (it) => Number.isSafeInteger(it) && it >= 1;
const isText = (it) => typeof it === "string" && /\S/.test(it);
const listOf = (it) => (Array.isArray(it) ? it : []);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw nonsense();
  }
}

/** The fields that a page is told. A customer's role is that of the group in which the platform keeps him for the company. */
function companyOf({ id, name, type, customerGroups }) {
  const roles = new Set(listOf(customerGroups).map((group) => group?.role).filter(isText));
  return { id, ...(isText(name) && { name }), ...(isText(type) && { type }), roles: [...roles] };
}

const companiesOf = (list) => list.filter((it) => isText(it?.id)).map(companyOf);

export class Companies {
  #inside;
  #tenant;
  #identity;
  #known = new Map();

  /** `inside` asks the platform: `inquire(path)`, and tells who the visitor is: `snapshot()`. */
  constructor({ tenant }, inside) {
    this.#tenant = tenant;
    this.#inside = inside;
  }

  /** One page, where `page` or `pageSize` is given; otherwise all. */
  async list(paging = {}) {
    const given = Object(paging) === paging ? paging : { page: paging };
    const [page, pageSize] = ["page", "pageSize"].map((name) => {
      // A getter may throw.
      const [value] = attempt(() => [given[name]]) ?? [null];
      if (value !== undefined && !isCount(value)) throw refusedArgument(name, "a whole number, 1 or more");
      return value;
    });
    const list = await this.#kept(`${page} ${pageSize}`, () =>
      page ?? pageSize ? this.#read(page ?? 1, pageSize).then(companiesOf) : this.#readAll(),
    );
    return list.map((it) => ({ ...it, roles: [...it.roles] }));
  }

  /** What is read once is not read again, nor twice at one time. */
  #kept(name, read) {
    const { identity } = this.#inside.snapshot();
    if (identity !== this.#identity) this.#known.clear();
    this.#identity = identity;
    const known = this.#known.get(name);
    if (known) return known;
    const reading = read();
    this.#known.set(name, reading);
    const forget = () => this.#known.get(name) === reading && this.#known.delete(name);
    // Another tab may have changed the identity before it was asked for.
    reading.then(() => this.#inside.snapshot().identity === identity || forget(), forget);
    return reading;
  }

  async #readAll() {
    const all = new Map();
    let least = few;
    for (let page = 1; ; page += 1) {
      const list = await this.#read(page, many);
      const before = all.size;
      for (const company of companiesOf(list)) all.set(company.id, company);
      // A platform that gives the same page again has no other.
      if (list.length < least || all.size === before) return [...all.values()];
      least = list.length;
    }
  }

  /** `GET /customer-management/{tenant}/legal-entities`. Where a token lacks the scope for that, its profile names the companies. */
  async #read(pageNumber, pageSize) {
    const query = new URLSearchParams({ pageNumber, ...(pageSize && { pageSize }) });
    let text;
    try {
      text = await this.#inside.inquire(`/customer-management/${this.#tenant}/legal-entities?${query}`);
    } catch (error) {
      if (error?.status !== 403) throw error;
      return this.#readProfile(pageNumber, pageSize ?? few);
    }
    const list = parsed(text);
    if (!Array.isArray(list)) throw nonsense();
    return list;
  }

  async #readProfile(pageNumber, pageSize) {
    const profile = parsed(await this.#inside.inquire(`/customer/${this.#tenant}/me`));
    if (Object(profile) !== profile) throw nonsense();
    const begin = (pageNumber - 1) * pageSize;
    return listOf(profile.b2b?.legalEntities).slice(begin, begin + pageSize);
  }
}
