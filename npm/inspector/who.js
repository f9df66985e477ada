const GUEST = { label: "Guest", hue: 250, chroma: 0.025 };
const CUSTOMER_HUE = 262;
const COMPANY_HUES = [185, 328, 60, 140];

/** Who a snapshot speaks of, in words and as a colour. Company names are learned as they become known. */
export class Who {
  #names = new Map();

  learn(companies) {
    for (const { id, name } of companies) this.#names.set(id, name ?? id);
  }

  company(id) {
    return this.#names.get(id) ?? id;
  }

  /** The person, such as "Bea Buyer"; the session does not know it. */
  person;

  of(snapshot) {
    if (snapshot.kind !== "customer") return { ...GUEST, detail: "Nobody is signed in" };
    const person = this.person ?? "Signed in";
    if (snapshot.legalEntityId === undefined) {
      return {
        label: "Customer",
        hue: CUSTOMER_HUE,
        chroma: 0.16,
        detail: `${person}, buying privately`,
      };
    }
    const company = this.company(snapshot.legalEntityId);
    return {
      label: company,
      hue: this.#hue(snapshot.legalEntityId),
      chroma: 0.12,
      detail: `${person}, buying for the company`,
    };
  }

  #hue(id) {
    const known = [...this.#names.keys()].sort().indexOf(id);
    const sum = [...id].reduce((total, letter) => total + letter.codePointAt(0), 0);
    return COMPANY_HUES[(known < 0 ? sum : known) % COMPANY_HUES.length];
  }
}

/** Puts the colour on an element; the stylesheet makes light and dark of it. */
export function paint(element, { hue, chroma }) {
  element.style.setProperty("--hue", hue);
  element.style.setProperty("--chroma", chroma);
}
