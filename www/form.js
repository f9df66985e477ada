import { busy, h, write } from "./dom.js";
import { sentence } from "./errors.js";

/**
 * A form whose mistakes are told at the field they are in. `fields` are `{ name, label, type?, autocomplete?, value? }`; `send` is called
 * with their values, and what it is rejected with is said below.
 */
export class Form {
  #inputs = new Map();
  #problem;
  #button;
  #send;

  constructor({ id, fields, action, send, more = [] }) {
    this.#send = send;
    this.#problem = h("p", { class: "problem", id: `${id}-problem`, role: "alert", "data-testid": `${id}-error` });
    this.#button = h("button", { type: "submit", class: "primary", "data-testid": `${id}-send` }, action);
    this.element = h(
      "form",
      { class: "fields", novalidate: true, "data-testid": id, onsubmit: (event) => this.#submit(event) },
      fields.map((field) => this.#field(id, field)),
      h("div", { class: "field-foot" }, this.#button, more),
      this.#problem,
    );
  }

  /** Writes into fields that nobody has written into. */
  fill(values) {
    for (const [name, value] of Object.entries(values)) {
      const input = this.#inputs.get(name);
      if (input && input.value === "" && value) input.value = value;
    }
  }

  focus() {
    this.#inputs.values().next().value?.focus();
  }

  /** Sends it as its button does. */
  send() {
    return busy(this.#button, () => this.#try());
  }

  #submit(event) {
    event.preventDefault();
    this.send();
  }

  #field(id, { name, label, type = "text", autocomplete = "off", value = "" }) {
    const input = h("input", { id: `${id}-${name}`, name, type, autocomplete, value, spellcheck: "false", "data-testid": `${id}-${name}` });
    input.value = value;
    this.#inputs.set(name, input);
    return h("div", { class: "field" }, h("label", { for: `${id}-${name}` }, label), input);
  }

  async #try() {
    write(this.#problem, "");
    for (const input of this.#inputs.values()) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
    try {
      await this.#send(Object.fromEntries([...this.#inputs].map(([name, input]) => [name, input.value.trim()])));
    } catch (error) {
      write(this.#problem, sentence(error));
      const wrong = this.#inputs.get(error.field?.split(".").at(-1));
      wrong?.setAttribute("aria-invalid", "true");
      wrong?.setAttribute("aria-describedby", this.#problem.id);
      wrong?.focus();
    }
  }
}
