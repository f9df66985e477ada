// The bindings for Vue and Svelte: on a server, while a page hydrates, and in the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";

import { compileModule } from "svelte/compiler";

import { boundPage, bundled, serverSnapshot } from "./lib/bound-page.mjs";
import { useStorefront } from "./lib/storefront.mjs";

const storefront = useStorefront();
const scripts = {};

/** Runes are compiled, as a project with Svelte does it. */
const runes = {
  name: "runes",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte\.js$/ }, async ({ path }) => {
      return { contents: compileModule(await readFile(path, "utf8"), { filename: path }).js.code };
    });
  },
};

before(async () => {
  for (const name of ["vue-page", "svelte-page.svelte"]) scripts[name] = await bundled(name, { plugins: [runes] });
});

const page = (name, html) => boundPage(storefront, scripts[name], html);

test("Vue: requests that are rendered at the same time see what they were given, each its own", async () => {
  const { renderToString } = await import("vue/server-renderer");
  const { app } = await import("../bindings/vue-app.js");
  const kinds = ["anonymous", "customer"];
  const pages = kinds.map((kind) => renderToString(app({ tenant: "acme", clientId: "storefront" }, { ...serverSnapshot, kind })));
  (await Promise.all(pages)).forEach((html, index) => assert.match(html, new RegExp(`closed ${kinds[index]}`)));
});

test("Vue: a page that is kept alive keeps its session, and shows on its return what has happened meanwhile", async () => {
  const { tab, told, shows } = await page("vue-page");
  await tab.run(() => void (globalThis.kept = keep(options)));
  await shows("open anonymous undefined undefined idle");
  await storefront.sandbox.fault({ path: "/customer/acme/login", kind: "hold", times: 1 });
  await tab.run(() => {
    globalThis.session = shown.session;
    globalThis.login = session.login(buyer);
  });
  await shows("open anonymous undefined undefined login");
  await tab.run(() => void (kept.isShown.value = false));
  await shows("elsewhere");
  await storefront.sandbox.asked(/POST .customer.login/);
  await storefront.sandbox.release();
  await tab.run(() => login);
  await tab.run(() => void (kept.isShown.value = true));
  await shows("open customer undefined le-north,le-south idle");
  const code = await tab.run(async () => {
    kept.app.unmount();
    return (await failure(session.refresh())).code;
  });
  assert.equal(code, "closed");
  assert.deepEqual(told, []);
});

test("Vue: a server opens nothing, a page hydrates without a mismatch, and the session is closed with its component", async () => {
  const { renderToString } = await import("vue/server-renderer");
  const { app } = await import("../bindings/vue-app.js");
  const html = await renderToString(app({ tenant: "acme", clientId: "storefront" }, serverSnapshot));
  assert.match(html, /closed anonymous/);
  const { tab, told, shows } = await page("vue-page", html);
  await tab.run((serverSnapshot) => void (globalThis.tree = hydrate(options, serverSnapshot)), serverSnapshot);
  await shows("open anonymous");
  await tab.run(() => shown.session.login(buyer));
  await shows("open customer undefined le-north,le-south");
  await tab.run(() => shown.session.switchLegalEntity("le-north"));
  await shows("open customer le-north le-north,le-south");
  const code = await tab.run(async () => {
    const { session } = shown;
    tree.unmount();
    return (await failure(session.refresh())).code;
  });
  assert.equal(code, "closed");
  assert.deepEqual(told, []);
});

test("Svelte: runes and the store contract show the same session, which is closed after the last", async () => {
  const { tab, shows } = await page("svelte-page.svelte");
  await tab.run(() => void (globalThis.end = show(options)));
  await shows("open anonymous");
  const isSame = await tab.run(() => {
    globalThis.states = [];
    globalThis.endStore = store.subscribe((state) => states.push(state));
    return states[0] === store.current && states[0].session === shown.session;
  });
  assert.ok(isSame);
  await tab.run(() => shown.session.login(buyer));
  await shows("open customer");
  assert.ok(await tab.run(() => states.at(-1).snapshot.kind === "customer"));
  const code = await tab.run(async () => {
    const { session } = shown;
    end();
    await session.refresh();
    endStore();
    return (await failure(session.refresh())).code;
  });
  assert.equal(code, "closed");
});

test("Svelte: who comes after the last is told nothing of what was, and companies or a login of then are not shown", async () => {
  const { tab, shows } = await page("svelte-page.svelte");
  await tab.run(() => void (globalThis.end = show(options)));
  await shows("open anonymous");
  await storefront.sandbox.fault({ path: "/customer/acme/login", kind: "hold", times: 1 });
  await tab.run(() => void (globalThis.login = failure(shown.session.login(buyer))));
  await shows("open anonymous undefined login");
  await storefront.sandbox.asked(/POST .customer.login/);
  const [code, states] = await tab.run(async () => {
    end();
    const { code } = await login;
    const states = [];
    store.subscribe(({ session, snapshot }) => states.push([session !== undefined, snapshot?.kind ?? null, snapshot?.busy ?? null]));
    return [code, states];
  });
  assert.deepEqual([code, states], ["closed", [[false, null, null]]]);
  await storefront.sandbox.release();
});

test("Svelte: a server that reads the store opens nothing", async () => {
  const { sessionStore } = await import("storefront-session/svelte");
  let state;
  sessionStore({ tenant: "acme", clientId: "storefront" }, serverSnapshot).subscribe((it) => (state = it))();
  assert.deepEqual(state, { session: undefined, snapshot: serverSnapshot, error: undefined });
});
