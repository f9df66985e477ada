/**
 * What a page runs so that a test can drive it without a driver: it asks its line for steps and tells what came of them.
 * Handed to the browser as text, so it uses nothing from outside. `pages` says by a window's name where its line is and
 * what runs before the page's own scripts.
 */
export function agent(pages) {
  // What the page is named by survives a reload; the first address of a window says the name.
  const named = /^\/-agent\/open\/([^/]+)\/(.*)$/s.exec(location.pathname);
  if (named) {
    window.name = named[1];
    location.replace(decodeURIComponent(named[2]));
    return;
  }
  const page = pages[window.name];
  if (!page) return;

  // A test may replace any of these.
  const { fetch, JSON, AbortController, Promise, Math, URL } = globalThis;
  const soon = setTimeout;
  const load = Math.random().toString(36).slice(2);
  const troubles = [];
  addEventListener("error", ({ error, message }) => troubles.push(String(error ?? message)));
  addEventListener("unhandledrejection", ({ reason }) => troubles.push(String(reason)));

  /** JSON, and what it does not know. */
  const encode = (value) => {
    if (value === undefined || typeof value === "function" || typeof value === "symbol") return { $: "undefined" };
    if (typeof value === "number" && !Number.isFinite(value)) return { $: "number", text: String(value) };
    if (value instanceof Error) return { $: "error", text: String(value.stack ?? value) };
    if (Array.isArray(value)) return value.map(encode);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, encode(it)]));
  };

  async function perform(n, isLast) {
    let told;
    try {
      const { work, arg } = await import(`/-agent/step/${n}.js`);
      told = { value: encode(await work(arg)) };
    } catch (error) {
      told = { error: String(error?.message ?? error) };
    }
    if (isLast) return;
    const body = JSON.stringify({ n, ...told, troubles: troubles.splice(0) });
    // The step may have been to leave this page.
    await fetch(`${page.line}/done`, { method: "POST", body, keepalive: body.length < 1_000 }).catch(() => {});
  }

  let leaving;
  async function follow() {
    leaving = new AbortController();
    const { signal } = leaving;
    while (!signal.aborted) {
      try {
        const answer = await fetch(`${page.line}/next?${load}`, { signal, cache: "no-store" });
        const { steps, isLast } = await answer.json();
        for (const n of steps) void perform(n, isLast);
        // A page with an open request is not kept in the back-forward cache.
        if (isLast) return;
      } catch {
        if (!signal.aborted) await new Promise((resolve) => soon(resolve, 100));
      }
    }
  }
  addEventListener("pagehide", () => leaving?.abort());
  addEventListener("pageshow", ({ persisted }) => persisted && follow());
  if (document.readyState === "complete") follow();
  else addEventListener("load", () => follow(), { once: true });

  for (const init of page.inits) init();
}
