import { busy, h, put } from "./dom.js";
import { sentence } from "./errors.js";
import { Form } from "./form.js";
import { entry } from "./storefront-session.js";

const FIELDS = [
  { name: "firstName", label: "First name", autocomplete: "given-name" },
  { name: "lastName", label: "Last name", autocomplete: "family-name" },
  { name: "email", label: "E-mail of the new account", type: "email", autocomplete: "email" },
  { name: "password", label: "Password of the new account", type: "password", autocomplete: "new-password" },
];

/** A new account: the form, and then the mail with which its address is confirmed. */
export class SignUp {
  #session;
  #sandbox;
  #status;
  element = h("div", { class: "sign-up" });

  constructor({ session, sandbox, status }) {
    this.#session = session;
    this.#sandbox = sandbox;
    this.#status = status;
  }

  open() {
    const form = new Form({ id: "sign-up", fields: FIELDS, action: "Create the account", send: (values) => this.#send(values) });
    put(this.element, h("h2", { class: "sub" }, "A new account"), form.element);
    form.focus();
  }

  close() {
    put(this.element);
  }

  async #send({ email, password, firstName, lastName }) {
    const { signUp } = await entry("account");
    const account = { email, password, customerDetails: { firstName, lastName, contactEmail: email } };
    await signUp(this.#session, account).catch((error) => {
      if (error.code === "conflict") throw Object.assign(new Error("There is an account with this address."), { field: "email" });
      throw error;
    });
    const open = h(
      "button",
      { type: "button", class: "primary", "data-testid": "confirm", onclick: () => busy(open, () => this.#confirm(email)) },
      "Open the mail and confirm",
    );
    put(this.element, h("p", { class: "muted", role: "status" }, "The account is there. A mail is on its way, to confirm the address; the sandbox keeps it."), open);
    open.focus();
  }

  async #confirm(email) {
    try {
      const { confirmOptIn } = await entry("account");
      await confirmOptIn(this.#session, (await this.#sandbox.mailTo(email)) ?? "");
    } catch (error) {
      this.#status.say(sentence(error), "bad");
    }
  }
}
