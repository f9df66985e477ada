import { after, attempt } from "./answer.js";

/**
 * Tells a page that has no WebAssembly yet that its record may have changed: `tell` is called with what another tab announces
 * or stores, and with nothing when time may have passed unseen, or the page is left, which the second argument says. Gives the
 * function that ends it.
 */
export function listen(key, tell) {
  const end = new AbortController();
  let channel;
  // It would keep the page out of the back-forward cache.
  const leave = () => (channel = channel?.close());
  const join = () => attempt(() => ((channel ??= new BroadcastChannel(key)).onmessage = ({ data }) => tell(data)));
  // What is told to the document passes the window first.
  const on = (events, act) => events.split(" ").forEach((event) => window.addEventListener(event, act, { signal: end.signal, capture: true }));
  join();
  on("pagehide freeze", () => tell(leave(), true));
  // Whoever leaves is hidden after that.
  on("pageshow online resume visibilitychange", () => document.hidden || (join(), tell()));
  on("storage", (event) => (event.key ?? key) === key && tell(event.newValue));
  return () => (end.abort(), leave());
}

/** When the page has loaded what it wants: that goes first. Where nobody tells when it is idle, or what does so throws, it is after two seconds. */
export function atRest(act) {
  const rest = () => attempt(() => requestIdleCallback(act)) ?? after(2_000, act);
  if (document.readyState === "complete") rest();
  else window.addEventListener("load", rest);
}
