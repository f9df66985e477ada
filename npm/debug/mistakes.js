import { attempt } from "../answer.js";

/** As many unclosed openings of one session no page has by intent. */
const many = 8;

const forgotten = /* @__PURE__ */ attempt(() => new FinalizationRegistry((warn) => warn()));
/** How many of a key are open that are not counted by `instances`. */
const apart = new Map();

/** Looks for what is commonly done wrong, and warns of each once. `look` is for what may come later. */
export function lookForMistakes(manager, { key, place, apiUrl }, instances, lines) {
  const told = new Set();
  const warn = (text) => {
    if (!told.has(text)) lines.add("warning", text);
    told.add(text);
  };
  warnOfAddress(apiUrl, warn);
  if (globalThis.isSecureContext === false) {
    warn("this page is no secure context (https, or localhost): browsers give it no Web Locks, and tabs may renew at the same time");
  }
  if (place !== "page") watchApart(manager, key, warn);
  return {
    look() {
      const own = [...instances].filter(([options]) => JSON.parse(options).includes(`string ${key}`));
      if (own.length > 1) {
        warn(`${own.length} sessions with different options are open on one record: open it with the same options everywhere, or close one first`);
      }
      for (const [, { count }] of own) {
        if (count >= many) warn(`one session was opened ${count} times and not closed: each open() needs a close()`);
      }
    },
  };
}

export function warnOfAddress(apiUrl, warn) {
  const { hostname, protocol } = new URL(apiUrl);
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$|\.localhost$/.test(hostname);
  if (protocol === "http:" && !isHere) warn("apiUrl is http: tokens and passwords go over the line as they are");
}

/** On a server and in a worker each `open` gives an instance of its own. */
function watchApart(manager, key, warn) {
  const count = (apart.get(key) ?? 0) + 1;
  apart.set(key, count);
  if (count === many) warn(`${count} sessions are open at once: close() each when its visitor has been answered, or use storefront-session/server`);
  const end = () => apart.set(key, apart.get(key) - 1);
  const token = {};
  forgotten?.register(manager, () => (end(), warn("a session was never closed: call close() when it is needed no more")), token);
  const { close } = manager;
  let isOpen = true;
  manager.close = () => {
    if (isOpen) end();
    isOpen = false;
    forgotten?.unregister(token);
    close();
  };
}
