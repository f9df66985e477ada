// What the calls begin with: guests, customers, the backend, and what they were mailed.

/** Where the OpenID provider sends back to. */
export const back = "http://shop.test/callback";

/** What the cases begin with. */
export class Shop {
  #check;

  constructor(check) {
    this.#check = check;
  }

  async guest() {
    const query = "tenant=acme&client_id=storefront";
    return (await this.#check.send("GET", `/customerlogin/auth/anonymous/login?${query}`)).json;
  }

  async customer(guest, email = "buyer@example.com", password = "sandbox-pass") {
    const options = { bearer: guest.access_token, body: { email, password } };
    return (await this.#check.send("POST", "/customer/acme/login", options)).json;
  }

  async backend() {
    const form = { grant_type: "client_credentials", client_id: "backend", client_secret: "backend-secret" };
    return (await this.#check.send("POST", "/oauth/token", { form })).json.access_token;
  }

  async mailed(to) {
    const { mails } = (await this.#check.send("GET", "/_sandbox/state")).json;
    return mails.findLast((mail) => mail.to === to).token;
  }

  /** A code of the OpenID provider. */
  async code(email, more = {}) {
    const query = { response_type: "code", client_id: "shop", redirect_uri: back, login_hint: email, ...more };
    const { headers } = await this.#check.send("GET", `/_oidc/authorize?${new URLSearchParams(query)}`);
    return new URL(headers.get("location")).searchParams.get("code");
  }

  set(readings) {
    return this.#check.send("PATCH", "/_sandbox/profile", { body: readings });
  }
}
