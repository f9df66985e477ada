import { busy, h } from "./dom.js";
import { sentence } from "./errors.js";
import { entry } from "./storefront-session.js";

/** Single sign-on through the sandbox's identity provider. */
export class Provider {
  #session;
  #status;
  #endpoint;

  constructor({ session, status, apiUrl }) {
    this.#session = session;
    this.#status = status;
    this.#endpoint = `${apiUrl}/_oidc/authorize`;
  }

  button(label = "Sign in with Acme ID") {
    const button = h("button", { type: "button", "data-testid": "sso", onclick: () => busy(button, () => this.#leave()) }, label);
    return button;
  }

  /** On the page that the provider leads back to: signs in, and takes the code out of the address bar. */
  async comeBack() {
    const url = location.href;
    const { searchParams } = new URL(url);
    if (!searchParams.has("state")) return;
    history.replaceState(null, "", location.pathname + location.hash);
    try {
      const { completeLogin } = await entry("sso");
      await completeLogin(this.#session, url);
    } catch (error) {
      this.#status.say(sentence(error), "bad");
    }
  }

  async #leave() {
    try {
      const { beginLogin } = await entry("sso");
      const redirectUri = location.origin + location.pathname;
      location.assign(await beginLogin(this.#session, { authorizationEndpoint: this.#endpoint, clientId: "shop", redirectUri, scope: "openid email" }));
    } catch (error) {
      this.#status.say(sentence(error), "bad");
    }
  }
}
