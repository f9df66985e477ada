/** What the demo's own tabs tell each other; the session module has a channel of its own. */
export class Tabs {
  #channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("demo-tabs") : undefined;

  /** handlers: { [type]: (message) => void } */
  listen(handlers) {
    this.#channel?.addEventListener("message", (event) => handlers[event.data?.type]?.(event.data));
  }

  tell(type, content = {}) {
    this.#channel?.postMessage({ type, ...content });
  }
}
