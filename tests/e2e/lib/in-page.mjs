/**
 * What the tests have at hand inside a page. Handed to the browser as text, so it uses nothing from outside.
 *
 * `load()` imports the package, `open()` opens a session and listens, `events` is what was heard, `failure()` describes
 * the error of a promise, `told` is everything that was ever shown to the page, to be searched for secrets.
 */
export function inPage({ options, buyer }) {
  const told = [];
  const events = [];
  const waiting = new Set();

  const describe = (error) => {
    const fields = { ...error };
    const text = error instanceof Error ? [error.name, error.message, error.stack, String(error.cause)] : [String(error)];
    told.push({ fields, text, json: JSON.stringify(error) });
    return {
      ...fields,
      name: error?.name,
      message: error instanceof Error ? error.message : String(error),
      isError: error instanceof Error,
      isSessionError: typeof SessionError === "function" && error instanceof SessionError,
    };
  };

  const hear = (event) => {
    told.push(event);
    events.push(event);
    for (const look of [...waiting]) look();
  };

  Object.assign(globalThis, {
    told,
    events,
    options,
    buyer,
    hear,

    async load() {
      Object.assign(globalThis, await import("/storefront-session/index.js"));
    },

    async open(more = {}) {
      globalThis.session = await SessionManager.open({ ...options, ...more });
      session.subscribe(hear);
      return session.getSnapshot();
    },

    heard(type, reason) {
      return new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`nothing was heard of ${type}`)), 60_000);
        const look = () => {
          if (!events.some((event) => event.type === type && (reason ?? event.reason) === event.reason)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },

    /** The error that the promise or the function ends with, as plain data. */
    async failure(work) {
      let value;
      try {
        value = await (typeof work === "function" ? work() : work);
      } catch (error) {
        return describe(error);
      }
      throw new Error(`it did not fail: ${String(value)}`);
    },

    /** The page is "hidden" or "visible", as it is told of it. */
    setVisibility(state) {
      const values = { hidden: state === "hidden", visibilityState: state };
      for (const [name, value] of Object.entries(values)) Object.defineProperty(document, name, { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    },

    /** After everything that is under way in this page: promises, and what the browser reports of them. */
    turn() {
      return new Promise((resolve) => setTimeout(resolve));
    },

    /**
     * A fetch that answers API calls of these paths itself and lets everything else through. The answers are given the
     * request as one, and what it was asked with.
     */
    fetchWith(answers) {
      return (input, init) => {
        const request = new Request(input, init);
        const answer = answers[new URL(request.url).pathname];
        return answer ? answer(request, init, input) : fetch(request);
      };
    },
  });
}
