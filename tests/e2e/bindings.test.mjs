// The bindings for React, Vue and Svelte: on a server, while a page hydrates, and in the page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";

import { build } from "esbuild";
import { compileModule } from "svelte/compiler";

import { root } from "../../tools/lib/run.mjs";
import { useStorefront } from "./lib/storefront.mjs";

const COMPANIES = "GET /customer-management/legal-entities customer 200";

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

/** The module that the page has by its address, of which the tests have the class. */
const ours = {
  name: "ours",
  setup: ({ onResolve }) => onResolve({ filter: /^storefront-session$/ }, () => ({ path: "/storefront-session/index.js", external: true })),
};

before(async () => {
  for (const name of ["react-page", "vue-page", "svelte-page.svelte"]) {
    const { outputFiles } = await build({
      entryPoints: [join(root, `tests/bindings/${name}.js`)],
      bundle: true,
      write: false,
      format: "esm",
      plugins: [runes, ours],
      conditions: ["browser", "development"],
      define: { "process.env.NODE_ENV": '"development"', __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true" },
    });
    scripts[name] = outputFiles[0].text;
  }
});

/** A page that shows `html` in its root and runs the script. */
async function page(name, html = "") {
  const tab = await storefront.tab();
  const told = [];
  tab.page.on("console", (message) => ["error", "warning"].includes(message.type()) && told.push(message.text()));
  await tab.run(({ html }) => {
    document.documentElement.innerHTML = "<body><div id=root></div></body>";
    document.querySelector("#root").innerHTML = html;
  }, { html });
  await tab.page.addScriptTag({ content: `${scripts[name]}\nglobalThis.isReady = true;`, type: "module" });
  // It imports the package first.
  await tab.page.waitForFunction(() => globalThis.isReady);
  const shows = (text) => tab.page.waitForFunction((text) => document.querySelector("#root").innerText.includes(text), text);
  return { tab, told, shows, text: () => tab.page.innerText("#root") };
}

const serverSnapshot = { kind: "anonymous", identity: "7", renewable: true, durable: true };

test("React: a server opens nothing and shows what it was given", async () => {
  const { renderToString } = await import("react-dom/server");
  const { app } = await import("../bindings/react-app.js");
  const options = { tenant: "acme", clientId: "storefront" };
  assert.match(renderToString(app({ options })), /closed undefined/);
  assert.match(renderToString(app({ options, serverSnapshot })), /closed anonymous/);
  assert.deepEqual(shown.key, ["storefront-session", "7", "cart"]);
});

test("React: in StrictMode a page hydrates without a mismatch, then shows the session, and closes it at the end", async () => {
  const { renderToString } = await import("react-dom/server");
  const { app } = await import("../bindings/react-app.js");
  const html = renderToString(app({ options: { tenant: "acme", clientId: "storefront" }, serverSnapshot }));
  // The page knows more than the server: it has a customer in its storage.
  await (await storefront.session()).login();
  const { tab, told, shows } = await page("react-page", html);
  await storefront.sandbox.requests();
  await tab.run((serverSnapshot) => void (globalThis.tree = hydrate({ options, serverSnapshot })), serverSnapshot);
  await shows("open customer undefined le-north,le-south");
  assert.deepEqual(await storefront.sandbox.requests(), [COMPANIES], "asked for once by two components in StrictMode");
  assert.deepEqual([told, await tab.run(() => complaints)], [[], []]);
  const code = await tab.run(async () => {
    const { session } = shown;
    tree.unmount();
    return (await failure(session.refresh())).code;
  });
  assert.equal(code, "closed");
});

test("React: login, company and logout are shown, companies are asked for once, and the query key changes with the identity", async () => {
  const { tab, told, shows } = await page("react-page");
  await tab.run(() => void (globalThis.tree = render({ options })));
  await shows("open anonymous undefined undefined");
  const keys = [await tab.run(() => shown.key)];
  await tab.run(() => shown.session.login(buyer));
  await shows("open customer undefined le-north,le-south");
  keys.push(await tab.run(() => shown.key));
  await tab.run(() => shown.session.switchLegalEntity("le-north"));
  await shows("open customer le-north le-north,le-south");
  keys.push(await tab.run(() => shown.key));
  await tab.run(() => shown.session.refresh());
  assert.deepEqual(await tab.run(() => shown.key), keys[2], "a renewal is nobody else");
  await tab.run(() => shown.session.logout());
  await shows("open anonymous undefined undefined");
  keys.push(await tab.run(() => shown.key));
  assert.equal(new Set(keys.map((key) => key[1])).size, 4);
  assert.ok(keys.every((key) => key.length === 3 && key[0] === "storefront-session" && key[2] === "cart"));
  const asked = (await storefront.sandbox.requests()).filter((it) => it === COMPANIES);
  assert.equal(asked.length, 1);
  assert.deepEqual(told, []);
});

test("React: a session of one's own is shown and stays open; an error is shown; hooks want a provider", async () => {
  const { tab, shows } = await page("react-page");
  await tab.run(async () => {
    globalThis.own = await SessionManager.open({ ...options, storage: "memory" });
    globalThis.tree = render({ session: own });
  });
  await shows("open anonymous");
  assert.ok(await tab.run(() => (tree.unmount(), shown.session === own)));
  assert.ok(await tab.run(() => own.accessToken()));
  const other = await page("react-page");
  await other.tab.run(() => void render({ options: { tenant: "?" } }));
  await other.shows("invalid_argument");
  const { renderToString } = await import("react-dom/server");
  const { createElement } = await import("react");
  const { useSession } = await import("storefront-session/react");
  assert.throws(() => renderToString(createElement(() => useSession())), /no <SessionProvider> around/);
});

test("React: what somebody waits for is shown, and the query key does not change with it", async () => {
  const { tab, shows } = await page("react-page");
  await tab.run(() => void (globalThis.tree = render({ options })));
  await shows("open anonymous undefined undefined idle");
  await storefront.sandbox.fault({ path: "/customer/acme/login", kind: "hold", times: 1 });
  const key = await tab.run(() => shown.key);
  await tab.run(() => void (globalThis.login = shown.session.login(buyer)));
  await shows("open anonymous undefined undefined login");
  await storefront.sandbox.asked(/POST .customer.login/);
  assert.deepEqual(await tab.run(() => shown.key), key);
  await storefront.sandbox.release();
  await tab.run(() => login);
  await shows("open customer undefined le-north,le-south idle");
  assert.notDeepEqual(await tab.run(() => shown.key), key);
  await tab.run(() => shown.session.logout());
  await shows("open anonymous undefined undefined idle");
});

test("React: a page that is left while a login runs is nobody's page when it comes back", async () => {
  const { tab, told, shows } = await page("react-page");
  await tab.run(() => void (globalThis.tree = render({ options })));
  await shows("open anonymous");
  await storefront.sandbox.fault({ path: "/customer/acme/login", kind: "hold", times: 1 });
  const code = await tab.run(async () => {
    const login = failure(shown.session.login(buyer));
    tree.unmount();
    return (await login).code;
  });
  assert.equal(code, "closed");
  await tab.run(() => void (globalThis.tree = render({ options })));
  await shows("open anonymous undefined undefined idle");
  await storefront.sandbox.release();
  assert.deepEqual(told, []);
});

test("React: another session is shown in the place of the former, one that comes later too, and companies are asked for anew", async () => {
  const { tab, told, shows } = await page("react-page");
  await tab.run(() => void (globalThis.tree = render({})));
  await shows("closed undefined undefined undefined idle");
  await tab.run(async () => {
    globalThis.one = await SessionManager.open({ ...options, storage: "memory" });
    globalThis.two = await SessionManager.open({ ...options, storage: "memory", timeoutMs: 14_000 });
    await one.login(buyer);
    await two.login({ ...buyer, email: "single@example.com" });
    rerender(tree, { session: one });
  });
  await shows("open customer undefined le-north,le-south");
  await tab.run(() => rerender(tree, { session: two }));
  await shows("open customer undefined le-north idle");
  await tab.run(() => rerender(tree, {}));
  await shows("closed undefined undefined undefined idle");
  await tab.run(() => rerender(tree, { session: one, options: { tenant: "?" } }));
  await shows("open customer undefined le-north,le-south");
  assert.ok(await tab.run(async () => (tree.unmount(), await one.accessToken(), await two.accessToken())));
  assert.deepEqual(told, []);
});

test("React: options made anew at each rendering open one session", async () => {
  const { tab, shows } = await page("react-page");
  await tab.run(() => void (globalThis.tree = render({ options: { ...options } })));
  await shows("open anonymous");
  const isSame = await tab.run(async () => {
    const { session } = shown;
    for (let time = 0; time < 3; time += 1) rerender(tree, { options: { ...options } });
    await turn();
    return shown.session === session;
  });
  assert.ok(isSame);
});

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
