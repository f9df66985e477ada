import { busy, byId, h, put, write } from "./dom.js";
import { code, sentence, superseded } from "./errors.js";

const PASSWORD = "sandbox-pass";
const HINTS = [
  ["buyer@example.com", "two companies"],
  ["single@example.com", "one company"],
  ["solo@example.com", "no company"],
];

/** Sign in, sign out, and the company one buys for. */
export class Account {
  #session;
  #who;
  #status;
  #onKnown;
  #provider;
  #signUp;
  #body = byId("account-body");
  #title = byId("account-title");
  #companies;
  #shownKind;

  /** `onKnown` is called when names of people or companies became known. */
  constructor({ session, who, status, provider, signUp, onKnown }) {
    this.#session = session;
    this.#who = who;
    this.#status = status;
    this.#onKnown = onKnown;
    this.#provider = provider;
    this.#signUp = signUp;
  }

  show() {
    const snapshot = this.#session.getSnapshot();
    const inside = this.#body.contains(document.activeElement);
    if (snapshot.kind === "anonymous") {
      if (this.#shownKind !== "anonymous") this.#showGuest();
    } else {
      this.#showCustomer(snapshot);
    }
    this.#shownKind = snapshot.kind;
    // What had the focus is gone: the keyboard goes on from the title, not from the top of the page.
    if (inside && !this.#body.contains(document.activeElement)) this.#title.focus();
  }

  /** Who this is and what companies there are; neither is part of the session. */
  async load() {
    if (this.#session.getSnapshot().kind === "anonymous") {
      this.#companies = undefined;
      this.#who.person = undefined;
      return;
    }
    const { signal } = this.#session;
    const [companies, profile] = await Promise.allSettled([this.#session.legalEntities(), this.#profile()]);
    if (signal.aborted) return;
    if (companies.status === "fulfilled") {
      this.#companies = companies.value;
      this.#who.learn(companies.value);
    } else if (!superseded(companies.reason)) {
      this.#status.say(sentence(companies.reason), "bad");
    }
    if (profile.status === "fulfilled") this.#who.person = profile.value;
    this.show();
    this.#onKnown();
  }

  async #profile() {
    const answer = await this.#session.fetch("/customer/acme/me");
    if (!answer.ok) return undefined;
    const { firstName, lastName, contactEmail } = await answer.json();
    return [firstName, lastName].filter(Boolean).join(" ") || contactEmail;
  }

  #showGuest() {
    this.#signUp.close();
    write(this.#title, "Welcome, guest");
    const email = h("input", {
      id: "email",
      name: "email",
      type: "email",
      autocomplete: "username",
      spellcheck: "false",
      autocapitalize: "none",
      "data-testid": "email",
    });
    const password = h("input", {
      id: "password",
      name: "password",
      type: "password",
      autocomplete: "current-password",
      "data-testid": "password",
    });
    const problem = h("p", { class: "problem", id: "login-problem", role: "alert", "data-testid": "login-error" });
    const submit = h("button", { type: "submit", class: "primary", "data-testid": "login" }, "Sign in");
    const form = h(
      "form",
      {
        class: "login",
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          busy(submit, () => this.#login({ email, password, problem }));
        },
      },
      h("div", { class: "field" }, h("label", { for: "email" }, "E-mail"), email),
      h("div", { class: "field" }, h("label", { for: "password" }, "Password"), password),
      submit,
    );
    const hints = HINTS.map(([address, what]) =>
      h(
        "button",
        {
          type: "button",
          class: "chip",
          "data-testid": `hint-${address.split("@")[0]}`,
          onclick: () => {
            email.value = address;
            password.value = PASSWORD;
            submit.focus();
          },
        },
        h("span", {}, address),
        h("span", { class: "muted" }, what),
      ),
    );
    put(
      this.#body,
      h(
        "p",
        { class: "muted" },
        "You shop under a session of your own already. Sign in, and it goes on as yours, cart included.",
      ),
      form,
      problem,
      h(
        "div",
        { class: "chips", role: "group", "aria-label": "Fill in a test customer" },
        h("span", { class: "muted small" }, "Test customers"),
        hints,
      ),
      h(
        "div",
        { class: "ways" },
        this.#provider.button(),
        h("button", { type: "button", "data-testid": "sign-up-open", onclick: () => this.#signUp.open() }, "Create an account"),
      ),
      this.#signUp.element,
    );
  }

  async #login({ email, password, problem }) {
    write(problem, "");
    for (const field of [email, password]) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    try {
      await this.#session.login({ email: email.value, password: password.value });
      password.value = "";
    } catch (error) {
      const wrong =
        error.field === "email"
          ? email
          : error.field === "password" || code(error) === "invalid_credentials"
            ? password
            : undefined;
      write(problem, sentence(error));
      wrong?.setAttribute("aria-invalid", "true");
      wrong?.setAttribute("aria-describedby", "login-problem");
      wrong?.focus();
    }
  }

  #showCustomer(snapshot) {
    const { person } = this.#who;
    write(this.#title, person ? `Welcome, ${person}` : "Welcome");
    const held = this.#body.contains(document.activeElement) ? document.activeElement.dataset.testid : undefined;
    const problem = h("p", { class: "problem", role: "alert", "data-testid": "company-error" });
    const out = h(
      "button",
      {
        type: "button",
        class: "sign-out",
        "data-testid": "logout",
        onclick: () => busy(out, () => this.#logout(problem)),
      },
      "Sign out",
    );
    const choices = [{ id: null, name: "Private" }, ...(this.#companies ?? [])];
    const picker = h(
      "div",
      { class: "companies", role: "group", "aria-labelledby": "company-label" },
      choices.map(({ id, name }) => this.#choice(id, name ?? id, snapshot, problem)),
    );
    put(
      this.#body,
      h("div", {}, h("p", { class: "muted", id: "company-label" }, "Buying for"), picker),
      this.#companies === undefined && h("p", { class: "muted small" }, "Looking up the companies…"),
      this.#companies?.length === 0 && h("p", { class: "muted small" }, "No company belongs to this customer."),
      problem,
      out,
    );
    if (held) this.#body.querySelector(`[data-testid="${CSS.escape(held)}"]`)?.focus();
  }

  #choice(id, name, snapshot, problem) {
    const chosen = (snapshot.legalEntityId ?? null) === id;
    const button = h(
      "button",
      {
        type: "button",
        class: "choice",
        "aria-pressed": String(chosen),
        "data-testid": `company-${id ?? "none"}`,
        onclick: () => {
          if (button.getAttribute("aria-pressed") !== "true") busy(button, () => this.switchTo(id, problem));
        },
      },
      name,
    );
    return button;
  }

  async switchTo(id, problem) {
    if (problem) write(problem, "");
    try {
      await this.#session.switchLegalEntity(id);
    } catch (error) {
      if (problem?.isConnected) write(problem, sentence(error));
      else this.#status.say(sentence(error), "bad");
    }
  }

  async #logout(problem) {
    try {
      await this.#session.logout();
    } catch (error) {
      write(problem, sentence(error));
    }
  }
}
