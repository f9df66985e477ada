// The sandbox, as a test drives it.

import assert from "node:assert/strict";

/** The stand-in for the platform, and what it was asked. */
export class Sandbox {
  #seen = 0;

  constructor({ url }) {
    this.url = url;
  }

  async control(name, body = {}, method = "POST") {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${this.url}/_sandbox/${name}`, { method, headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${name}: ${answer.status} ${await answer.clone().text()}`);
    if (name === "reset") this.#seen = 0;
    return answer.json();
  }

  profile = (readings) => this.control("profile", readings, "PATCH");
  advance = (advanceSeconds) => this.control("clock", { advanceSeconds });
  fault = (...faults) => this.control("faults", faults);
  release = () => this.control("release");

  /** Kills the tokens of the session that the tab shows. */
  async revoke(tab, kind = "access", identity) {
    const { sessionId } = await tab.snapshot();
    await this.control("revoke", { kind, sessionId, ...(identity && { identity }) });
  }

  /** The API calls since the start of the test, without preflights. */
  async rows() {
    const rows = await (await fetch(`${this.url}/_sandbox/requests`)).json();
    return rows.filter(({ method }) => method !== "OPTIONS");
  }

  /** The API calls since the last time this was asked: method, path without tenant, bearer, status. */
  async requests() {
    const rows = (await this.rows()).filter(({ seq }) => seq > this.#seen);
    this.#seen = rows.at(-1)?.seq ?? this.#seen;
    return rows.map(line);
  }

  /** Waits until the sandbox has been asked this, since the last `requests()`. */
  async asked(pattern, times = 1) {
    const end = performance.now() + 60_000;
    for (;;) {
      const rows = (await this.rows()).filter((row) => row.seq > this.#seen && pattern.test(line(row)));
      if (rows.length >= times) return;
      if (performance.now() > end) throw new Error(`the sandbox was asked ${rows.length} times for ${pattern}, not ${times}`);
    }
  }
}

const line = ({ method, path, bearer, status }) => `${method} ${path.replace("/acme", "")} ${bearer} ${status}`;
