// What docs/engines.md says of an engine, measured: node tests/engines/measure.mjs firefox [fact …]

import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";

import { listen } from "../../tools/lib/ports.mjs";
import { launchRemote } from "../e2e/lib/remote.mjs";

/** How long is waited for what may never come. */
const OBSERVED = 4_000;
const observed = () => new Promise((resolve) => setTimeout(resolve, OBSERVED));

const [engine, ...wanted] = process.argv.slice(2);

/** A server that remembers what it was asked. */
async function serve(answer) {
  const seen = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    seen.push({ method: request.method, url: request.url, body });
    answer(request, response, body);
  });
  const url = `http://127.0.0.1:${(await listen(server, 0)).port}`;
  return { seen, url, stop: () => (server.closeAllConnections(), server.close()) };
}

const shop = await serve((request, response) => {
  response.setHeader("Content-Type", "text/html");
  if (request.url === "/csp") response.setHeader("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'");
  const scripts = { "/prerendered": prerendered, "/mark": () => new BroadcastChannel("mark").postMessage(sessionStorage.getItem("mark") ?? "empty") };
  const script = scripts[request.url];
  response.end(script ? `<!doctype html><script>(${script})()</script>` : "<!doctype html><title>shop</title>");
});
const api = await serve((request, response, body) => {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type");
  response.setHeader("Access-Control-Allow-Methods", "GET, POST");
  response.setHeader("Access-Control-Max-Age", "600");
  if (request.url === "/hang") return;
  if (request.url === "/begin") return response.write("the beginning");
  response.end(request.url === "/echo" ? body : "{}");
});

const browser = await launchRemote(engine, { isSteady: false });
console.log(`# ${browser.version()}`);

async function tabs(count, path = "/one") {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    globalThis.sleep = (time, value) => new Promise((resolve) => setTimeout(resolve, time, value));
    addEventListener("pageshow", ({ persisted }) => (globalThis.persisted = persisted));
    globalThis.hold = (name, options = {}) =>
      new Promise((resolve, reject) => {
        navigator.locks.request(name, options, (lock) => (resolve(lock !== null), new Promise(() => {}))).catch(reject);
      });
  });
  const pages = [];
  for (let i = 0; i < count; i += 1) {
    const page = await context.newPage();
    await page.goto(shop.url + path);
    pages.push(page);
  }
  return { context, pages };
}

const ask = (page, name = "fact") =>
  page.evaluate((name) => {
    globalThis.asked ??= navigator.locks.request(name, () => "granted");
  }, name);
const granted = (page, time = OBSERVED) => page.evaluate((time) => Promise.race([asked, sleep(time, "waits in vain")]), time);

async function comeBack(page) {
  await page.leave(() => history.back());
  return page.evaluate(() => globalThis.persisted);
}

const pending = (page) =>
  page.evaluate(async () => {
    while ((await navigator.locks.query()).pending.length === 0) await sleep(10);
  });

const facts = {
  async "a page with a lock in its hand goes into the back-forward cache; another waits already"() {
    const { context, pages } = await tabs(2);
    const [a, b] = pages;
    await a.evaluate(() => hold("fact"));
    await ask(b);
    await pending(b);
    await a.leave(() => location.assign("/two"));
    const first = await granted(b);
    const afterQuery = first === "granted" ? undefined : await b.evaluate(async () => (await navigator.locks.query()).held.length).then(() => granted(b));
    const isKept = await comeBack(a);
    await context.close();
    return { waiter: first, "after query()": afterQuery, "page kept": isKept };
  },

  async "a page with a lock in its hand goes into the back-forward cache; of two that wait already one gives up"() {
    const { context, pages } = await tabs(3);
    const [a, b, c] = pages;
    await a.evaluate(() => hold("fact"));
    await ask(b);
    await pending(b);
    await c.evaluate(() => {
      globalThis.controller = new AbortController();
      void hold("fact", { signal: controller.signal }).catch(() => {});
    });
    await a.leave(() => location.assign("/two"));
    const first = await granted(b);
    await c.evaluate(() => controller.abort());
    const then = await granted(b);
    const isKept = await comeBack(a);
    await context.close();
    return { waiter: first, "after another gave up": then, "page kept": isKept };
  },

  async "the same; another asks only then"() {
    const { context, pages } = await tabs(2);
    const [a, b] = pages;
    await a.evaluate(() => hold("fact"));
    await a.leave(() => location.assign("/two"));
    await ask(b);
    const first = await granted(b);
    const isKept = await comeBack(a);
    await context.close();
    return { asker: first, "page kept": isKept };
  },

  async "a page that waits for a lock goes into the back-forward cache; the lock is let go"() {
    const { context, pages } = await tabs(3);
    const [a, b, c] = pages;
    await b.evaluate(async () => {
      await new Promise((resolve) => {
        navigator.locks.request("fact", () => (resolve(), new Promise((release) => (globalThis.release = release))));
      });
    });
    await a.evaluate(() => void hold("fact").then(() => (globalThis.outcome = "granted"), ({ name }) => (globalThis.outcome = name)));
    await pending(b);
    await a.leave(() => location.assign("/two"));
    await b.evaluate(() => release());
    await ask(c);
    const first = await granted(c);
    const isKept = await comeBack(a);
    const outcome = await a.evaluate(async () => (await sleep(500), globalThis.outcome ?? "never settles"));
    await context.close();
    return { "another asker": first, "page kept": isKept, "its request, when it is back": outcome };
  },

  ...Object.fromEntries(
    ["pagehide", "visibilitychange", "freeze"].map((event) => [
      `a lock asked for at ${event} of a page that goes into the back-forward cache`,
      async () => {
        const { context, pages } = await tabs(2);
        const [a, b] = pages;
        await a.evaluate((event) => {
          const target = event === "pagehide" ? globalThis : document;
          target.addEventListener(event, () => void hold("fact").then(() => (globalThis.outcome = "granted"), ({ name }) => (globalThis.outcome = name)), { once: true });
        }, event);
        await a.leave(() => location.assign("/two"));
        await ask(b);
        const first = await granted(b);
        const isKept = await comeBack(a);
        const outcome = await a.evaluate(async () => (await sleep(500), globalThis.outcome ?? "never settles"));
        await context.close();
        return { asker: first, "page kept": isKept, "its request, when it is back": outcome };
      },
    ]),
  ),

  async "a GET that is not answered: how often is it sent"() {
    const counts = {};
    const { context, pages } = await tabs(1);
    for (const method of ["GET", "POST"]) {
      for (const connection of ["new", "kept"]) {
        for (const how of ["end", "reset"]) {
          let count = 0;
          const server = createSocketServer((socket) => {
            socket.on("error", () => {});
            socket.on("data", (data) => {
              const head = String(data);
              if (head.startsWith("GET /warm")) {
                return socket.write("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}");
              }
              if (!/^(GET|POST) \/cut/.test(head)) return;
              count += 1;
              if (how === "end") socket.end();
              else socket.resetAndDestroy();
            });
          });
          const { port } = await listen(server, 0);
          const outcome = await pages[0].evaluate(
            async ({ url, method, connection }) => {
              if (connection === "kept") await (await fetch(`${url}/warm`)).text();
              const init = method === "POST" ? { method, body: "x" } : { method, cache: "no-store" };
              return fetch(`${url}/cut`, init).then(() => "answered", ({ name }) => name);
            },
            { url: `http://127.0.0.1:${port}`, method, connection },
          );
          counts[`${method}, ${connection} connection, ${how}`] = `${count} × (${outcome})`;
          server.close();
        }
      }
    }
    await context.close();
    return counts;
  },

  async "last words: what arrives of what is sent in the turn in which the tab is closed"() {
    const words = {
      "fetch, no preflight": `fetch(url, { method: "POST", body: "x" })`,
      "keepalive, no preflight": `fetch(url, { method: "POST", body: "x", keepalive: true })`,
      "keepalive GET with Authorization (preflight)": `fetch(url, { keepalive: true, headers: { Authorization: "Bearer x" } })`,
      "keepalive GET with Authorization, preflight known": `fetch(url, { keepalive: true, headers: { Authorization: "Bearer x" } })`,
      "keepalive of a Request of a Request, no preflight": `fetch(new Request(new Request(url, { method: "POST", body: "x", keepalive: true })))`,
      "sendBeacon": `navigator.sendBeacon(url, "x")`,
      "keepalive after an IndexedDB turn, no preflight": `(() => { const it = indexedDB.open("fact"); it.onsuccess = it.onupgradeneeded = () => fetch(url, { method: "POST", body: "x", keepalive: true }); })()`,
      "keepalive after a lock is granted, no preflight": `navigator.locks.request("fact", () => fetch(url, { method: "POST", body: "x", keepalive: true }))`,
      "keepalive after a promise turn, no preflight": `Promise.resolve().then(() => fetch(url, { method: "POST", body: "x", keepalive: true }))`,
    };
    const told = {};
    for (const [name, source] of Object.entries(words)) {
      for (const [end, leaves] of [["close", true], ["navigate", false]]) {
        const { context, pages } = await tabs(2);
        const path = `/last/${Object.keys(told).length}`;
        const url = `${api.url}${path}`;
        if (name.endsWith("known")) await pages[0].evaluate(async (url) => (await fetch(url, { headers: { Authorization: "Bearer x" } })).text(), url);
        api.seen.length = 0;
        const work = `() => { const url = ${JSON.stringify(url)}; void ${source}; }`;
        if (leaves) await pages[0].closeAfter(work);
        else await pages[0].leave(`(${work})(); location.assign("/two")`);
        await observed();
        told[`${name}; ${end}`] = api.seen.map(({ method }) => method).join(", ") || "nothing";
        await context.close();
      }
    }
    return told;
  },

  async "requests: body, keepalive, reasons"() {
    const { context, pages } = await tabs(1);
    api.seen.length = 0;
    const told = await pages[0].evaluate(async (api) => {
      const told = {};
      const outcome = (work) =>
        (async () => work())().then(
          (value) => value,
          (error) => (error instanceof Error || error?.name ? `${error.name}: ${error.message}` : `reason ${JSON.stringify(error)}`),
        );
      const init = { method: "POST", body: new Blob(["goods"]), keepalive: true };
      const request = new Request(`${api}/plain`, init);
      told["'body' in Request.prototype"] = "body" in Request.prototype;
      told["keepalive of Request"] = request.keepalive;
      told["keepalive of Request of Request"] = new Request(request).keepalive;
      told["keepalive of clone"] = new Request(`${api}/plain`, init).clone().keepalive;
      told["keepalive of Request of Request with init"] = new Request(new Request(`${api}/plain`, init), { headers: {} }).keepalive;
      const read = new Request(`${api}/read`, init);
      told["body is read: type"] = String(read.body?.constructor?.name);
      told["fetch after body was read"] = await outcome(async () => (await fetch(read)).status);
      const form = new FormData();
      form.append("file", new Blob(["0123456789"]), "digits.txt");
      const upload = new Request(`${api}/form`, { method: "POST", body: form });
      void upload.body;
      told["form, fetch after body was read"] = await outcome(async () => (await fetch(upload)).status);
      told["form, clone after body was read"] = await outcome(async () => {
        const it = new Request(`${api}/form`, { method: "POST", body: form });
        void it.body;
        return (await it.clone().text()).includes("0123456789");
      });
      told["form, clone without"] = await outcome(async () =>
        (await new Request(`${api}/form`, { method: "POST", body: form }).clone().text()).includes("0123456789"),
      );
      told["form, Request of Request"] = await outcome(async () =>
        (await new Request(new Request(`${api}/form`, { method: "POST", body: form })).text()).includes("0123456789"),
      );
      told["form, Request of clone with headers"] = await outcome(async () =>
        (await new Request(new Request(`${api}/form`, { method: "POST", body: form }).clone(), { headers: {} }).text()).includes("0123456789"),
      );
      for (const [name, reason] of Object.entries({ "a text": "enough", "an Error": new RangeError("enough") })) {
        for (const late of [false, true]) {
          const it = new AbortController();
          const call = outcome(async () => {
            const response = await fetch(`${api}${late ? "/begin" : "/hang"}`, { signal: it.signal });
            return late ? response.text() : response.status;
          });
          await sleep(500);
          it.abort(reason);
          told[`abort with ${name}, ${late ? "while the body comes" : "before the answer"}`] = await call;
        }
        const it = new AbortController();
        it.abort(reason);
        told[`abort with ${name}, before fetch`] = await outcome(() => fetch(`${api}/plain`, { signal: it.signal }));
        const own = new AbortController();
        const call = outcome(() => fetch(new Request(`${api}/hang`, { signal: own.signal })));
        await sleep(200);
        own.abort(reason);
        told[`abort with ${name}, signal of a Request`] = await call;
      }
      told["AbortSignal.any"] = typeof AbortSignal.any;
      told["stream as body"] = await outcome(async () => {
        const body = new Blob(["x"]).stream();
        return (await fetch(`${api}/stream`, { method: "POST", body, duplex: "half" })).status;
      });
      return told;
    }, api.url);
    told["what the server got"] = api.seen.map(({ method, url, body }) => `${method} ${url} ${body.length}`).join("; ");
    await context.close();
    return told;
  },

  async "uploads: what the server gets of 10 bytes"() {
    const { context, pages } = await tabs(1);
    const told = await pages[0].evaluate(async (api) => {
      const told = {};
      const bodies = {
        Blob: () => new Blob(["0123456789"]),
        File: () => new File(["0123456789"], "digits.txt"),
        "FormData with a File": () => (it = new FormData(), it.append("file", new File(["0123456789"], "digits.txt")), it),
        "FormData of texts": () => (it = new FormData(), it.append("text", "0123456789"), it),
        URLSearchParams: () => new URLSearchParams({ text: "0123456789" }),
      };
      const ways = {
        "fetch(url, init)": (body) => fetch(`${api}/echo`, { method: "POST", body }),
        "fetch(Request)": (body) => fetch(new Request(`${api}/echo`, { method: "POST", body })),
        "fetch(Request of Request)": (body) => fetch(new Request(new Request(`${api}/echo`, { method: "POST", body }), { headers: {} })),
        "fetch(clone)": (body) => fetch(new Request(`${api}/echo`, { method: "POST", body }).clone()),
        "fetch(Request), having been cloned": (body) => { const it = new Request(`${api}/echo`, { method: "POST", body }); it.clone(); return fetch(it); },
        "fetch(Request of clone)": (body) => fetch(new Request(new Request(`${api}/echo`, { method: "POST", body }).clone(), { headers: {} })),
        "Request.arrayBuffer()": async (body) => new Response(await new Request(`${api}/echo`, { method: "POST", body }).arrayBuffer()),
        "Request.blob()": async (body) => new Response(await new Request(`${api}/echo`, { method: "POST", body }).blob()),
        "Response.blob()": async (body) => new Response(await new Response(body).blob()),
      };
      let it;
      for (const kind in bodies) {
        for (const way in ways) {
          told[`${kind}, ${way}`] = await (async () => (await ways[way](bodies[kind]())).text())().then(
            (text) => (text.includes("0123456789") ? "whole" : `other: ${text.length}`),
            ({ name, message }) => `${name}: ${message}`,
          );
        }
      }
      return told;
    }, api.url);
    await context.close();
    return told;
  },

  async "WebAssembly under a policy without 'wasm-unsafe-eval'"() {
    const { context, pages } = await tabs(1, "/csp");
    const told = await pages[0].evaluate(async () => {
      const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
      const words = (error) => `${error.name} ${error instanceof WebAssembly.CompileError}: ${error.message}`;
      return {
        compile: await WebAssembly.compile(bytes).then(() => "compiled", words),
        compileStreaming: await WebAssembly.compileStreaming(new Response(bytes, { headers: { "Content-Type": "application/wasm" } })).then(() => "compiled", words),
        "new Module": await (async () => new WebAssembly.Module(bytes))().then(() => "compiled", words),
        instantiate: await WebAssembly.instantiate(bytes).then(() => "instantiated", words),
        "new Instance": await (async () => new WebAssembly.Instance(new WebAssembly.Module(bytes)))().then(() => "instantiated", words),
        eval: await (async () => (0, eval)("1"))().then(() => "evaluated", ({ name, message }) => `${name}: ${message}`),
      };
    });
    await context.close();
    return told;
  },

  async "HTML in place of the .wasm"() {
    const { context, pages } = await tabs(1);
    const told = await pages[0].evaluate(async () => {
      const words = (error) => `${error.name} ${error instanceof WebAssembly.CompileError}: ${error.message}`;
      const page = new TextEncoder().encode("<!doctype html><title>x</title>");
      return {
        compile: await WebAssembly.compile(page).catch(words),
        "compileStreaming, text/html": await WebAssembly.compileStreaming(fetch("/one")).catch(words),
      };
    });
    await context.close();
    return told;
  },

  async "a hidden tab: one step of"() {
    const { context, pages } = await tabs(2);
    const told = await pages[0].evaluate(async () => {
      const told = { visibility: document.visibilityState };
      const each = async (name, count, step) => {
        const start = performance.now();
        for (let i = 0; i < count; i += 1) await step();
        told[name] = `${((performance.now() - start) / count).toFixed(1)} ms`;
      };
      await each("setTimeout(10), the first twenty", 20, () => sleep(10));
      await each("setTimeout(10), ten more", 10, () => sleep(10));
      const channel = new MessageChannel();
      await each("MessageChannel", 200, () => new Promise((resolve) => ((channel.port1.onmessage = resolve), channel.port2.postMessage(0))));
      const database = await new Promise((resolve) => {
        const it = indexedDB.open("fact");
        it.onupgradeneeded = () => it.result.createObjectStore("s");
        it.onsuccess = () => resolve(it.result);
      });
      await each("IndexedDB, a read", 50, () => new Promise((resolve) => (database.transaction("s").objectStore("s").get(1).onsuccess = resolve)));
      await each("a lock", 50, () => navigator.locks.request("fact", () => {}));
      await each("fetch", 20, async () => (await fetch("/one")).text());
      told["visibility at the end"] = document.visibilityState;
      return told;
    });
    await context.close();
    return told;
  },

  async "an opaque frame"() {
    const { context, pages } = await tabs(1);
    const told = await pages[0].evaluate(async () => {
      const frame = document.createElement("iframe");
      frame.sandbox = "allow-scripts";
      const answer = new Promise((resolve) => addEventListener("message", ({ data }) => resolve(data)));
      const work = async () => {
        const told = {};
        const words = (error) => `${error.name}`;
        const attempt = async (name, work) => {
          const late = new Promise((resolve) => setTimeout(resolve, 2_000, "never answers"));
          told[name] = await Promise.race([(async () => work())().then((it) => it ?? "works", (error) => `rejects: ${words(error)}`), late]);
        };
        const now = async (name, work) => {
          try {
            told[name] = work() ?? "works";
          } catch (error) {
            told[name] = `throws: ${words(error)}`;
          }
        };
        now("navigator.locks", () => typeof navigator.locks);
        await attempt("locks.request", () => navigator.locks.request("x", () => {}));
        now("localStorage", () => void localStorage);
        now("sessionStorage", () => void sessionStorage);
        now("indexedDB.open", () => void indexedDB.open("x"));
        await attempt("indexedDB", () => new Promise((resolve, reject) => { const it = indexedDB.open("x"); it.onsuccess = () => resolve(); it.onerror = () => reject(it.error); }));
        now("BroadcastChannel", () => void new BroadcastChannel("x").postMessage("x"));
        parent.postMessage(told, "*");
      };
      frame.srcdoc = `<script>(${work})()</script>`;
      document.body.append(frame);
      return answer;
    });
    await context.close();
    return told;
  },

  async "sessionStorage in a window that is opened"() {
    const { context, pages } = await tabs(1);
    const told = await pages[0].evaluate(async () => {
      const told = {};
      sessionStorage.setItem("mark", "copied");
      for (const [name, features] of [["window.open", ""], ["window.open, noopener", "noopener"]]) {
        const channel = new BroadcastChannel("mark");
        const heard = new Promise((resolve) => (channel.onmessage = ({ data }) => resolve(data)));
        window.open("/mark", "_blank", features);
        told[name] = await Promise.race([heard, sleep(4_000, "nothing heard")]);
        channel.close();
      }
      const frame = document.createElement("iframe");
      frame.src = "/one";
      await new Promise((resolve) => ((frame.onload = resolve), document.body.append(frame)));
      told["a frame of the origin"] = frame.contentWindow.sessionStorage.getItem("mark");
      return told;
    });
    await context.close();
    return told;
  },

  async "prerendering"() {
    const { context, pages } = await tabs(1);
    const [page] = pages;
    const isThere = await page.evaluate(() => ({
      speculationrules: HTMLScriptElement.supports?.("speculationrules") ?? false,
      prerendering: "prerendering" in document,
    }));
    if (!isThere.speculationrules) {
      await context.close();
      return isThere;
    }
    shop.seen.length = 0;
    await page.evaluate(() => {
      sessionStorage.setItem("mark", "before");
      localStorage.setItem("mark", "before");
      const script = document.createElement("script");
      script.type = "speculationrules";
      script.textContent = JSON.stringify({ prerender: [{ urls: ["/prerendered"], eagerness: "immediate" }] });
      document.head.append(script);
    });
    await observed();
    await page.evaluate(async () => {
      sessionStorage.setItem("mark", "after");
      localStorage.setItem("mark", "after");
      new BroadcastChannel("fact").postMessage("to the prerendered");
      await hold("fact held by the visitor");
    });
    await observed();
    const before = shop.seen.length;
    page.evaluate(() => location.assign("/prerendered")).catch(() => {});
    await observed();
    const reports = shop.seen.filter(({ url }) => url === "/report").map(({ body }) => body);
    return { ...isThere, reports, before };
  },
};

/** In the page that is prerendered: tells of everything as it happens. */
function prerendered() {
  const begin = performance.now();
  const report = (what) =>
    fetch("/report", { method: "POST", body: JSON.stringify({ at: Math.round(performance.now() - begin), isPrerendering: document.prerendering, ...what }) });
  const marks = () => ({ own: sessionStorage.getItem("own"), session: sessionStorage.getItem("mark"), local: localStorage.getItem("mark"), visibility: document.visibilityState });
  if (location.pathname !== "/prerendered") return;
  report({ what: "begins", ...marks() });
  navigator.locks.request("fact of the prerendered", () => report({ what: "lock granted" }));
  setTimeout(() => report({ what: "timer of 1 s" }), 1_000);
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 100);
  setTimeout(() => (clearInterval(timer), report({ what: "ticks of 100 ms in 3 s", ticks })), 3_000);
  new BroadcastChannel("fact").onmessage = ({ data }) => report({ what: `heard ${data}`, ...marks() });
  addEventListener("storage", ({ key, newValue }) => report({ what: `storage event ${key} ${newValue}`, ...marks() }));
  indexedDB.open("fact").onsuccess = () => report({ what: "IndexedDB opened" });
  document.addEventListener("prerenderingchange", () => {
    report({ what: "prerenderingchange", ...marks() });
    setTimeout(() => report({ what: "a task later", ...marks() }));
  });
  document.addEventListener("visibilitychange", () => report({ what: "visibilitychange", ...marks() }));
  addEventListener("pageshow", ({ persisted }) => report({ what: "pageshow", persisted, ...marks() }));
  sessionStorage.setItem("own", "written while prerendering");
}

for (const [name, measure] of Object.entries(facts)) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
  console.log(`\n${name}`);
  try {
    console.log(JSON.stringify(await measure(), null, 2));
  } catch (error) {
    console.log(`  FAILED ${error.stack}`);
  }
}
await browser.close();
shop.stop();
api.stop();
