import { h, put } from "./dom.js";

const SHOWN_FOR_MS = 5000;

/** Short notes that a screen reader reads out, and the banner for what stops the page. */
export class Status {
  #toasts;
  #banner;

  constructor(toasts, banner) {
    this.#toasts = toasts;
    this.#banner = banner;
  }

  say(text, kind = "note") {
    const toast = h("p", { class: `toast ${kind}` }, text);
    this.#toasts.append(toast);
    while (this.#toasts.childElementCount > 2) this.#toasts.firstElementChild.remove();
    setTimeout(() => toast.remove(), SHOWN_FOR_MS);
  }

  /** `action` is { label, run }. */
  stop(title, text, action) {
    put(
      this.#banner,
      h("div", {}, h("strong", {}, title), h("p", {}, text)),
      ...(action
        ? [h("button", { type: "button", onclick: action.run, "data-testid": "banner-action" }, action.label)]
        : []),
    );
    this.#banner.hidden = false;
  }

  clear() {
    this.#banner.hidden = true;
    put(this.#banner);
  }

  get stopped() {
    return !this.#banner.hidden;
  }
}
