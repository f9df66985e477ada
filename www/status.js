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
  stop(title, text, action, heading = "strong") {
    put(
      this.#banner,
      h("div", {}, h(heading, {}, title), h("p", {}, text)),
      ...(action
        ? [h("button", { type: "button", onclick: action.run, "data-testid": "banner-action" }, action.label)]
        : []),
    );
    this.#banner.hidden = false;
  }

  /** Nothing on the page would work: the banner is all there is. */
  end(title, text, action) {
    document.body.dataset.state = "stopped";
    this.stop(title, text, action, "h1");
  }

  clear() {
    this.#banner.hidden = true;
    put(this.#banner);
  }
}
