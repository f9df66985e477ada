// A page for the shipped light part alone: storage, channel, events, clocks and timers are the test's, and the core never comes.

import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { root } from "../../../tools/lib/run.mjs";

export const API = "http://sandbox";
export const KEY = `storefront-session:acme:storefront:${API}`;

const core = `export class Core {
  static async open() {
    globalThis.coreAsked += 1;
    throw { code: "network", message: "there is no core" };
  }
}`;

/** The class `SessionManager` of dist/index.js; or of npm/ with something replaced in a file: `[file, from, to]`. */
export async function lightPart(planted) {
  const folder = mkdtempSync(join(tmpdir(), "light-"));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`);
  writeFileSync(join(folder, "core.js"), core);
  const file = join(folder, "index.js");
  if (planted) await buildWith(planted, file);
  else cpSync(join(root, "dist/index.js"), file);
  const { SessionManager } = await import(pathToFileURL(file));
  return SessionManager;
}

async function buildWith([name, from, to], outfile) {
  const { build } = await import("esbuild");
  const { readFileSync } = await import("node:fs");
  const path = join(root, "npm", name);
  const text = readFileSync(path, "utf8");
  if (text.split(from).length !== 2) throw new Error(`npm/${name} has not one \`${from}\``);
  const contents = text.replace(from, () => to);
  const setup = ({ onLoad }) => onLoad({ filter: new RegExp(`[/\\\\]npm[/\\\\]${name}$`) }, () => ({ contents, resolveDir: join(root, "npm") }));
  await build({
    absWorkingDir: root,
    entryPoints: ["npm/index.js"],
    outfile,
    bundle: true,
    format: "esm",
    external: ["./core.js"],
    logLevel: "error",
    plugins: [{ name: "planted", setup }],
  });
}

/** The one page that the globals show. */
export class Page {
  wall = 0;
  mono = 0;
  stored = null;
  #timers = [];
  #channels = new Set();

  constructor() {
    const page = this;
    const put = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    const target = () => new EventTarget();
    put("window", target());
    put("document", Object.assign(target(), { visibilityState: "visible", readyState: "complete" }));
    put("localStorage", { getItem: (key) => (key === KEY ? page.stored : null) });
    put("performance", { now: () => page.mono });
    put("requestIdleCallback", () => 1);
    put("setTimeout", (ring, time) => {
      const timer = { at: page.mono + time, ring, unref() {} };
      page.#timers.push(timer);
      return timer;
    });
    put("clearTimeout", (timer) => {
      page.#timers = page.#timers.filter((it) => it !== timer);
    });
    put(
      "BroadcastChannel",
      class {
        constructor(name) {
          this.name = name;
          page.#channels.add(this);
        }
        close() {
          page.#channels.delete(this);
        }
      },
    );
    globalThis.coreAsked = 0;
  }

  /** Opens a session; nothing where the light part leaves it to the core. */
  async open(SessionManager) {
    globalThis.coreAsked = 0;
    this.#timers = [];
    // Its bytes are never looked at.
    const options = { tenant: "acme", clientId: "storefront", apiUrl: API, wasm: new Uint8Array(1), now: () => this.wall };
    return SessionManager.open(options).catch(() => {});
  }

  /** The token, where it is handed out without the core. */
  token(session) {
    return session.accessToken().catch(() => {});
  }

  advance(time) {
    this.wall += time;
    this.mono += time;
    const due = this.#timers.filter(({ at }) => at <= this.mono);
    this.#timers = this.#timers.filter(({ at }) => at > this.mono);
    due.forEach(({ ring }) => ring());
  }

  message(text) {
    for (const channel of this.#channels) if (channel.name === KEY) channel.onmessage?.({ data: text });
  }

  storageEvent() {
    window.dispatchEvent(Object.assign(new Event("storage"), { key: KEY, newValue: this.stored }));
  }
}
