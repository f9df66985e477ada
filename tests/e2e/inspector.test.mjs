// <session-inspector> by itself: in a page that is no demo, with what the browser knows alone.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { output } from "../../tools/lib/run.mjs";
import { useStorefront } from "./lib/storefront.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const storefront = useStorefront();

/** A tab with a session, and an inspector that shows it. */
async function inspected(attributes = {}) {
  const tab = await storefront.session();
  await tab.run(async (attributes) => {
    await import("/storefront-session/inspector.js");
    globalThis.inspector = document.createElement("session-inspector");
    for (const [name, value] of Object.entries(attributes)) inspector.setAttribute(name, value);
    inspector.session = session;
    document.body.replaceChildren(inspector);
  }, attributes);
  return tab;
}

const sees = (tab, testId, text) => tab.page.getByTestId(testId).filter({ hasText: text }).first().waitFor();

test("it shows who the visitor is, what was asked and what happened, and no token, and asks nothing itself", async () => {
  const { sandbox } = storefront;
  const tab = await inspected();
  await sees(tab, "who", "Guest");
  await sees(tab, "session-id", "none yet");
  assert.deepEqual(await sandbox.requests(), []);

  await tab.token();
  const { sessionId } = await tab.snapshot();
  await sees(tab, "session-id", sessionId);
  await sees(tab, "request", "Guest token");
  await tab.login();
  await tab.run(() => session.switchLegalEntity("le-north"));
  await sees(tab, "who", "le-north");
  await sees(tab, "event", "switched");
  assert.deepEqual(await tab.page.getByTestId("event").evaluateAll((events) => events.map((it) => it.dataset.type)), ["switched", "login", "started"]);
  await sees(tab, "session-same", "through 2 changes of identity");
  await sees(tab, "request", "Sign-in");
  await sees(tab, "lanes", "This tab: switched, requested");
  // Until here; what follows is asked since.
  await sandbox.requests();
  const shown = await tab.run(() => inspector.shadowRoot.innerHTML);
  for (const secret of tab.secrets) assert.ok(!shown.includes(secret), "a secret is shown");
  await tab.run(() => inspector.draw());
  assert.deepEqual(await sandbox.requests(), []);
  assert.deepEqual(tab.troubles, []);
});

test("what is set before the element is defined counts, names can be given, and who leaves the document hears nothing", async () => {
  const tab = await storefront.session();
  await tab.token();
  await tab.login();
  await tab.run(() => session.switchLegalEntity("le-north"));
  await tab.run(async () => {
    globalThis.inspector = document.createElement("session-inspector");
    inspector.session = session;
    document.body.append(inspector);
    const { Who } = await import("/storefront-session/inspector.js");
    const who = new Who();
    who.learn([{ id: "le-north", name: "Northern Goods" }]);
    inspector.who = who;
  });
  await sees(tab, "who", "Northern Goods");
  const kinds = await tab.run(async () => {
    inspector.remove();
    const parts = inspector.shadowRoot.querySelectorAll("section").length;
    await session.logout();
    document.body.append(inspector);
    return [parts, inspector.shadowRoot.querySelectorAll("section").length];
  });
  assert.deepEqual(kinds, [0, 2]);
  await sees(tab, "who", "Guest");
  assert.deepEqual(tab.troubles, []);
});

test("each view, in both themes, on a desk and on a phone: axe finds nothing, nothing is too wide, and the keyboard reaches the lists", async () => {
  const tab = await inspected();
  await tab.login();
  await tab.run(() => session.switchLegalEntity("le-north"));
  await sees(tab, "request", "Renewal");
  await tab.page.evaluate(AXE);
  await tab.page.emulateMedia({ reducedMotion: "reduce" });
  const found = [];
  for (const view of ["panel", "timeline", undefined]) {
    for (const theme of ["light", "dark"]) {
      for (const [width, height] of [[1280, 900], [360, 740]]) {
        await tab.page.setViewportSize({ width, height });
        found.push(
          ...(await tab.run(
            async ({ view, theme }) => {
              document.documentElement.lang = "en";
              document.title = "inspector";
              if (view) inspector.setAttribute("view", view);
              else inspector.removeAttribute("view");
              inspector.setAttribute("theme", theme);
              await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
              const { violations } = await axe.run(inspector, { resultTypes: ["violations"], preload: false });
              const overflow = document.documentElement.scrollWidth - innerWidth;
              return [...violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${view} ${theme} ${innerWidth}: ${id} ${html} ${failureSummary}`)), ...(overflow > 0 ? [`${view} ${innerWidth}: ${overflow} too wide`] : [])];
            },
            { view, theme },
          )),
        );
      }
    }
  }
  assert.deepEqual(found, []);

  const reached = [];
  for (let pressed = 0; pressed < 3; pressed += 1) {
    await tab.page.keyboard.press("Tab");
    reached.push(await tab.run(() => inspector.shadowRoot.activeElement?.className));
  }
  assert.deepEqual(reached, ["list requests", "list events", "lanes-scroll"]);
});

test("importing it on a server does nothing", async () => {
  const printed = await output(process.execPath, ["--input-type=module", "--eval", `import "storefront-session/inspector"; console.log("ok")`]);
  assert.equal(printed, "ok\n");
});
