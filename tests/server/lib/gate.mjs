// Stands between the hosts and the platform, and holds one request or its answer.

import { createServer, request as send } from "node:http";

import { listen } from "../../../tools/lib/ports.mjs";

export class Gate {
  #server;
  #held;

  static async start(platform) {
    const gate = new Gate();
    gate.#server = createServer((request, response) => gate.#pass(platform, request, response));
    const { port } = await listen(gate.#server, 0);
    gate.url = `http://127.0.0.1:${port}`;
    return gate;
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /**
   * Holds the next request of that path: `before` the platform has seen it, or `after`, when its answer is there. `reached` resolves when
   * it is held, `open()` lets it go on.
   */
  hold(path, when) {
    const held = { path, when };
    held.reached = new Promise((resolve) => (held.reach = resolve));
    held.opened = new Promise((resolve) => (held.open = resolve));
    this.#held = held;
    return held;
  }

  async #pass(platform, request, response) {
    const held = this.#held?.path === request.url.split("?")[0] ? this.#held : undefined;
    if (held) this.#held = undefined;
    const wait = async (when) => {
      if (held?.when !== when) return;
      held.reach();
      await held.opened;
    };
    await wait("before");
    const { method, headers, url } = request;
    const passed = send(platform + url, { method, headers: { ...headers, host: new URL(platform).host } }, async (answer) => {
      await wait("after");
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    request.pipe(passed);
  }
}
