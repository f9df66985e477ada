// Four hosts, each a process of its own, behind one address that asks them by turns.

import { createServer, request as send } from "node:http";
import { createInterface } from "node:readline";

import { listen } from "../../../tools/lib/ports.mjs";
import { start } from "../../../tools/lib/run.mjs";

export class Fleet {
  hosts = [];
  #args;
  #skipped = 0;
  #proxy;
  #turn = 0;

  static async start(platform, redis, count = 4) {
    const fleet = new Fleet();
    fleet.#args = [platform, redis];
    fleet.hosts = await Promise.all(Array.from({ length: count }, () => Host.start(platform, redis)));
    await fleet.#serve();
    return fleet;
  }

  /** Others take the place of hosts that were killed. */
  async replace(...killed) {
    const hosts = await Promise.all(killed.map(() => Host.start(...this.#args)));
    this.hosts = [...this.hosts.filter((host) => !killed.includes(host)), ...hosts];
    await Promise.all(hosts.map((host) => host.skip(this.#skipped)));
  }

  stop() {
    for (const host of this.hosts) host.kill("SIGKILL");
    this.#proxy.closeAllConnections();
    this.#proxy.close();
  }

  /** Whoever runs takes the next request. */
  async #serve() {
    this.#proxy = createServer((request, response) => {
      const able = this.hosts.filter(({ isAble }) => isAble);
      const { url } = able[(this.#turn += 1) % able.length];
      const { method, headers } = request;
      const passed = send(url + request.url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      });
      passed.on("error", () => response.destroy());
      request.pipe(passed);
    });
    const { port } = await listen(this.#proxy, 0);
    this.url = `http://127.0.0.1:${port}`;
  }

  /** One request with this cookie: what came of it, and the cookie from then on. */
  ask = (path, cookie) => ask(this.url, path, cookie);

  /** The clocks of all hosts go on. */
  async skip(seconds) {
    this.#skipped += seconds;
    await Promise.all(this.hosts.map((host) => host.skip(seconds)));
  }
}

class Host {
  isAble = true;

  static async start(...args) {
    const host = new Host();
    const { child } = start(process.execPath, ["tests/server/lib/host.mjs", ...args], { stdio: ["ignore", "pipe", "inherit"] });
    host.child = child;
    host.url = await new Promise((resolve) => createInterface(child.stdout).once("line", resolve));
    return host;
  }

  ask = (path, cookie) => ask(this.url, path, cookie);

  skip = (seconds) => fetch(`${this.url}/skip?seconds=${seconds}`);

  /** Sends it a signal; only while it runs it is asked by turns. */
  kill(signal) {
    this.isAble = signal === "SIGCONT";
    this.child.kill(signal);
  }
}

async function ask(url, path, cookie) {
  const response = await fetch(url + path, { headers: cookie ? { cookie } : {} });
  const given = response.headers.get("set-cookie")?.split(";")[0];
  return { cookie: given ?? cookie, ...(await response.json()) };
}
