// The control calls, made without a connection: what each answers and refuses is the platform's to say.

import { setImmediate } from "node:timers";

/** The functions of a platform's control calls. */
export function controlsOf(platform) {
  async function control(method, name, value) {
    // As in sandbox.fetch: a loop that asks until something has happened must let it happen.
    await new Promise(setImmediate);
    if (platform.isStopped) throw new Error(`${name}: the sandbox is stopped`);
    const { status, body } = platform.handle(method, `/_sandbox/${name}`, [], textOf(name, value));
    const answer = JSON.parse(body);
    if (status !== 200) throw new TypeError(`${name}: ${answer.message}`);
    return answer;
  }

  return {
    reset: async () => void (await control("POST", "reset")),
    profile: (patch) => (patch === undefined ? control("GET", "profile") : control("PATCH", "profile", patch)),
    clock: (seconds) => control("POST", "clock", { advanceSeconds: seconds }),
    faults: (orders) => {
      if (orders === undefined) return control("GET", "faults");
      const isEmpty = Array.isArray(orders) && orders.length === 0;
      return isEmpty ? control("DELETE", "faults") : control("POST", "faults", orders);
    },
    release: () => control("POST", "release"),
    revoke: (order) => control("POST", "revoke", order ?? {}),
    requests: () => control("GET", "requests"),
    forgetRequests: async () => void (await control("DELETE", "requests")),
    state: () => control("GET", "state"),
  };
}

function textOf(name, value) {
  try {
    return JSON.stringify(value) ?? "";
  } catch (error) {
    throw new TypeError(`${name}: ${error.message}`, { cause: error });
  }
}
