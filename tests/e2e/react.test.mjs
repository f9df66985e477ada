// The binding for React, in both versions that it is for: on a server, while a page hydrates, and in the page.

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { root } from "../../tools/lib/run.mjs";
import { installFolder } from "../../tools/lib/toolchain.mjs";
import { boundPage, bundled, serverSnapshot } from "./lib/bound-page.mjs";
import { useStorefront } from "./lib/storefront.mjs";

const COMPANIES = "GET /customer-management/legal-entities customer 200";

const storefront = useStorefront();
const own = { tenant: "acme", clientId: "storefront" };

/** Each version's packages, where they are not those of the root. */
const folders = { "React 18": "tests/bindings/react-18", "React 19": "." };

for (const [react, folder] of Object.entries(folders)) {
  let script;
  let server;
  const page = (html) => boundPage(storefront, script, html);

  before(async () => {
    if (folder !== ".") await installFolder(folder);
    const packages = join(root, folder, "node_modules");
    const alias = { react: join(packages, "react"), "react-dom": join(packages, "react-dom") };
    script = await bundled("react-page", { alias });
    const more = { alias, conditions: ["node", "development"], platform: "node", session: pathToFileURL(join(root, "dist/node.js")).href };
    const needs = { js: `import { createRequire } from "node:module"; const require = createRequire("${import.meta.url}");` };
    const text = await bundled("react-server", { ...more, banner: needs });
    server = await import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
    assert.equal(`React ${parseInt(server.version)}`, react);
  });

  test(`${react}: a server opens nothing and shows what it was given`, async () => {
    const options = { tenant: "acme", clientId: "storefront" };
    assert.match(server.render({ options }), /closed undefined/);
    assert.match(server.render({ options, serverSnapshot }), /closed anonymous/);
    assert.deepEqual(shown.key, ["storefront-session", "7", "cart"]);
  });

  test(`${react}: in StrictMode a page hydrates without a mismatch, then shows the session, and closes it at the end`, async () => {
    const html = server.render({ options: { tenant: "acme", clientId: "storefront" }, serverSnapshot });
    // The page knows more than the server: it has a customer in its storage.
    await (await storefront.session()).login();
    const { tab, told, shows } = await page(html);
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

  test(`${react}: login, company and logout are shown, companies are asked for once, and the query key changes with the identity`, async () => {
    const { tab, told, shows } = await page();
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

  test(`${react}: a session of one's own is shown and stays open; an error is shown; hooks want a provider`, async () => {
    const { tab, shows } = await page();
    await tab.run(async () => {
      globalThis.own = await SessionManager.open({ ...options, storage: "memory" });
      globalThis.tree = render({ session: own });
    });
    await shows("open anonymous");
    assert.ok(await tab.run(() => (tree.unmount(), shown.session === own)));
    assert.ok(await tab.run(() => own.accessToken()));
    const other = await page();
    await other.tab.run(() => void render({ options: { tenant: "?" } }));
    await other.shows("invalid_argument");
    assert.throws(() => server.renderWithoutProvider(), /no <SessionProvider> around/);
  });

  test(`${react}: what somebody waits for is shown, and the query key does not change with it`, async () => {
    const { tab, shows } = await page();
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

  test(`${react}: a page that is left while a login runs is nobody's page when it comes back`, async () => {
    const { tab, told, shows } = await page();
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

  test(`${react}: another session is shown in the place of the former, one that comes later too, and companies are asked for anew`, async () => {
    const { tab, told, shows } = await page();
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

  test(`${react}: options made anew at each rendering open one session`, async () => {
    const { tab, shows } = await page();
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

  test(`${react}: a part that hydrates late, when the session shows more than the server has, hydrates without a mismatch`, async () => {
    const html = await server.renderHalves({ options: own, serverSnapshot });
    assert.equal(html.match(/closed anonymous/g)?.length, 2, html);
    await (await storefront.session()).login();
    const { tab, told, shows } = await page(html);
    await tab.run((serverSnapshot) => {
      globalThis.tree = hydrateHalves({ options, serverSnapshot }, new Promise((come) => (globalThis.come = come)));
    }, serverSnapshot);
    await shows("open customer");
    await shows("closed anonymous");
    await tab.run(() => come());
    await tab.page.waitForFunction(() => document.querySelector("#root").innerText.match(/open customer/g)?.length === 2);
    assert.deepEqual([told, await tab.run(() => complaints)], [[], []]);
  });

  test(`${react}: a provider in a part that waits opens one session when that is shown, and closes it`, async () => {
    const { tab, told, shows } = await page();
    await tab.run(() => {
      globalThis.opened = 0;
      globalThis.storage = { getItem: () => ((opened += 1), null), setItem() {}, removeItem() {} };
      globalThis.tree = renderInside({ options: { ...options, storage } }, new Promise((come) => (globalThis.come = come)));
    });
    await shows("waits");
    assert.equal(await tab.run(() => opened), 0, "what is not shown opens nothing");
    await tab.run(() => come());
    await shows("open anonymous");
    const code = await tab.run(async () => {
      const session = await SessionManager.open({ ...options, storage });
      session.close();
      tree.unmount();
      return (await failure(session.refresh())).code;
    });
    assert.equal(code, "closed");
    assert.deepEqual(told, []);
  });

  test(`${react}: what waits for data of one identity is never shown beside another, in a transition too`, async () => {
    const { tab, told, shows } = await page();
    await tab.run(() => void (globalThis.tree = renderShop({ options })));
    await shows("open anonymous");
    await storefront.sandbox.fault({ path: "/product/*", kind: "hold", times: 1 });
    await tab.run(() => turnTo("cart"));
    await storefront.sandbox.asked(/GET .product/);
    assert.match(await tab.page.innerText("#root"), /^home/, "the former page stays until the next is there");
    await storefront.sandbox.release();
    await shows("cart of anonymous");
    await tab.run(async () => {
      const session = await SessionManager.open(options);
      await session.login(buyer);
      session.close();
    });
    await shows("cart of customer");
    assert.deepEqual(await tab.run(() => [...new Set(seen)]), ["anonymous anonymous", "customer customer"]);
    assert.deepEqual(told, []);
  });
}

test("React 19: a part that is hidden lets its session go, and opens it anew when it is shown", async () => {
  const { tab, told, shows } = await boundPage(storefront, await bundled("react-page"));
  await tab.run(() => void (globalThis.tree = renderHidden({ options }, "visible")));
  await shows("open anonymous");
  await tab.run(async () => {
    globalThis.session = await SessionManager.open(options);
    session.close();
    renderHidden({ options }, "hidden", tree);
  });
  await tab.page.waitForFunction(() => session.accessToken().then(() => false, ({ code }) => code === "closed"));
  await tab.run(() => void renderHidden({ options }, "visible", tree));
  await shows("open anonymous");
  assert.deepEqual(told, []);
});
