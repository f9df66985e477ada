// What a test answers in a server's place, and what it hears of requests, where a proxy stands for the driver.

/** Of one visitor: what his pages ask of the site that is behind the proxies. What they ask of others nobody sees. */
export class Routes {
  #answers = new Map();
  #listeners = new Set();

  set(pattern, answer) {
    this.#answers.set(String(pattern), { isMatch: matcher(pattern), answer });
  }

  delete(pattern) {
    this.#answers.delete(String(pattern));
  }

  clear() {
    this.#answers.clear();
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when this is asked for. */
  request(pattern) {
    const isMatch = matcher(pattern);
    return new Promise((resolve) => {
      const end = this.listen((request) => isMatch(request.url()) && resolve(request, end()));
    });
  }

  /** Answers as the test says, or passes the request on. */
  async answer(url, request, response, pass) {
    const told = { url: () => url, method: () => request.method };
    for (const listener of this.#listeners) listener(told);
    const known = [...this.#answers.values()].reverse().find(({ isMatch }) => isMatch(url));
    if (!known) return pass();
    return known.answer({
      request: () => told,
      abort: () => response.destroy(),
      continue: async () => pass(),
      fulfill: ({ status = 200, contentType, headers = {}, body = "" }) => {
        response.writeHead(status, { ...(contentType && { "Content-Type": contentType }), "Cache-Control": "no-store", ...headers }).end(body);
      },
    });
  }
}

/** As Playwright reads it: a pattern, or an address with `**`, `*` and `{a,b}`. */
function matcher(pattern) {
  if (pattern instanceof RegExp) return (url) => pattern.test(url);
  const parts = { "**": ".*", "*": "[^/]*", "{": "(", "}": ")", ",": "|" };
  const source = pattern.replace(/\*\*|[*{},]|[.?+^$()[\]\\|]/g, (it) => parts[it] ?? `\\${it}`);
  const whole = new RegExp(`^${source}$`);
  return (url) => whole.test(url);
}
