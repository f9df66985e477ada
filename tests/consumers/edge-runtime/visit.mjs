// As Vercel's builder does it: a script with the condition edge-light, and the compiled WebAssembly beside it.

import { readFile } from "node:fs/promises";

import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";

const contents = `
  import { SessionManager } from "storefront-session";
  globalThis.visit = async (apiUrl) => {
    const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl });
    const products = await (await session.fetch("/product/acme/products")).json();
    await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
    const { kind } = session.getSnapshot();
    session.close();
    return kind + ", " + products.length + " products";
  };`;
const plugin = {
  name: "wasm",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "wasm" }));
    onLoad({ filter: /./, namespace: "wasm" }, () => ({ contents: "export default globalThis.compiled" }));
  },
};
const stdin = { contents, resolveDir: import.meta.dirname };
const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "iife", conditions: ["edge-light"], plugins: [plugin] });
const compiled = await WebAssembly.compile(await readFile("node_modules/storefront-session/dist/storefront_session_bg.wasm"));
const runtime = new EdgeRuntime({ extend: (context) => Object.assign(context, { compiled }), initialCode: outputFiles[0].text });
console.log(await runtime.evaluate(`visit(${JSON.stringify(process.env.API_URL)})`));
