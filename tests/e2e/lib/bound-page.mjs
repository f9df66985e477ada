// A page that shows the session with a framework, by its binding.

import { join } from "node:path";

import { build } from "esbuild";

import { root } from "../../../tools/lib/run.mjs";

/** The module that the page has by its address, of which the tests have the class; a server has it by its file. */
const ours = (path) => ({
  name: "ours",
  setup: ({ onResolve }) => onResolve({ filter: /^storefront-session$/ }, () => ({ path, external: true })),
});

/** A script of tests/bindings as one text, in development; `options` are esbuild's. */
export async function bundled(name, { plugins = [], session = "/storefront-session/index.js", ...options } = {}) {
  const { outputFiles } = await build({
    entryPoints: [join(root, `tests/bindings/${name}.js`)],
    bundle: true,
    write: false,
    format: "esm",
    plugins: [...plugins, ours(session)],
    conditions: ["browser", "development"],
    define: { "process.env.NODE_ENV": '"development"', __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "true" },
    ...options,
  });
  return outputFiles[0].text;
}

/** A page that shows `html` in its root and runs the script; `told` is what it complains of. */
export async function boundPage(storefront, script, html = "") {
  const tab = await storefront.tab();
  const told = [];
  tab.page.on("console", (message) => ["error", "warning"].includes(message.type()) && told.push(message.text()));
  await tab.run(({ html }) => {
    document.documentElement.innerHTML = "<body><div id=root></div></body>";
    document.querySelector("#root").innerHTML = html;
  }, { html });
  await tab.page.addScriptTag({ content: `${script}\nglobalThis.isReady = true;`, type: "module" });
  // It imports the package first.
  await tab.page.waitForFunction(() => globalThis.isReady);
  const shows = (text) => tab.page.waitForFunction((text) => document.querySelector("#root").innerText.includes(text), text);
  return { tab, told, shows };
}

/** What a server knows of the visitor. */
export const serverSnapshot = { kind: "anonymous", identity: "7", renewable: true, durable: true };
