/** The sandbox's control calls. They carry no token and stand in no request list. */
export class Sandbox {
  #url;

  constructor(apiUrl) {
    this.#url = apiUrl;
  }

  get url() {
    return this.#url;
  }

  requests() {
    return this.#call("GET", "requests");
  }

  reset() {
    return this.#call("POST", "reset");
  }

  profile() {
    return this.#call("GET", "profile");
  }

  advance(seconds) {
    return this.#call("POST", "clock", { advanceSeconds: seconds });
  }

  faults(faults) {
    return this.#call("POST", "faults", faults);
  }

  clearFaults() {
    return this.#call("DELETE", "faults");
  }

  /** kind: "access" | "refresh" | "session"; identity: "guest" | "customer" */
  revoke(kind, identity, sessionId) {
    return this.#call("POST", "revoke", { kind, identity, sessionId });
  }

  /** The token of the last mail to that address that nobody has used. */
  async mailTo(email) {
    const { mails } = await this.#call("GET", "state");
    return mails.findLast(({ to, spent }) => to === email && !spent)?.token;
  }

  async #call(method, name, body) {
    const answer = await fetch(`${this.#url}/_sandbox/${name}`, {
      method,
      cache: "no-store",
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${name}.`);
    return answer.headers.get("content-type")?.includes("json") ? answer.json() : undefined;
  }
}
