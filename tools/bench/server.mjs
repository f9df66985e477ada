// npm run bench -- server: what sessions on servers cost; written to docs/bench-server.md.

import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

import { Sandbox } from "../../tests/e2e/lib/sandbox.mjs";
import { Fleet } from "../../tests/server/lib/fleet.mjs";
import { installPeers } from "./bundle.mjs";
import { buildPackage } from "../lib/package.mjs";
import { startRedis } from "../lib/redis.mjs";
import { output, root } from "../lib/run.mjs";
import { startSandbox } from "../lib/sandbox.mjs";

const hosts = 4;
const concurrent = 250;
const visitors = [1_000, 10_000];

export async function benchServer() {
  await buildPackage();
  await installPeers();
  const [redis, platform] = await Promise.all([startRedis(), startSandbox()]);
  try {
    const results = {
      renewals: await countRenewals(platform, redis),
      cpu: JSON.parse(await output("node", ["tools/bench/server/cpu.mjs", platform.url, redis.url])),
      memory: await Promise.all(visitors.map(async (count) => JSON.parse(await output("node", ["--expose-gc", "tools/bench/server/memory.mjs", `${count}`])))),
    };
    const text = report(results);
    writeFileSync(join(root, "docs/bench-server.md"), text);
    console.log(text);
  } finally {
    await redis.stop();
    await platform.stop();
  }
}

/** How many requests for tokens are made when one visitor's has ended, and all hosts are asked at once. */
async function countRenewals(platform, redis) {
  const sandbox = new Sandbox(platform);
  const fleet = await Fleet.start(platform.url, redis.url, hosts);
  const { cookie } = await fleet.ask("/token");
  await sandbox.advance(3_700);
  await fleet.skip(3_700);
  await sandbox.requests();
  const answers = await Promise.all(Array.from({ length: hosts * concurrent }, (_, index) => fleet.hosts[index % hosts].ask("/token", cookie)));
  const ours = (await sandbox.requests()).length;
  const served = answers.filter(({ value }) => value).length;
  fleet.stop();
  return { ours, served, plain: await countPlainRenewals(platform.url, sandbox) };
}

/** The same with the tokens in the cookie, as a plain cookie session has them: each request has its own copy, and renews it. */
async function countPlainRenewals(apiUrl, sandbox) {
  const anonymous = `${apiUrl}/customerlogin/auth/anonymous`;
  const first = await (await fetch(`${anonymous}/login?tenant=acme&client_id=storefront`)).json();
  await sandbox.advance(3_700);
  await sandbox.requests();
  const renew = () => fetch(`${anonymous}/refresh?tenant=acme&client_id=storefront&refresh_token=${encodeURIComponent(first.refresh_token)}`);
  const answers = await Promise.all(Array.from({ length: hosts * concurrent }, renew));
  return { asked: (await sandbox.requests()).length, served: answers.filter(({ ok }) => ok).length };
}

function report({ renewals, cpu, memory }) {
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const [ours, iron] = [median(cpu.ours), median(cpu.iron)];
  const [[few], [many, later]] = memory;
  const each = (many - few) / (visitors[1] - visitors[0]);
  const growth = later / many - 1;
  const mark = (isMet) => (isMet ? "✓" : "✗");
  const of = (number, digits = 0) => number.toLocaleString("en", { maximumFractionDigits: digits });
  return `# What sessions on servers cost

Written by \`npm run bench -- server\`: Node.js ${process.version}, ${cpus().length} × ${cpus()[0].model}. Redis, the hosts and the sandbox share
the machine, so times are worth something only beside each other.

| | this package | beside it | aim | |
|---|---|---|---|---|
| ${hosts} hosts × ${concurrent} requests of one visitor at once, when his token has ended: requests for tokens | ${of(renewals.ours)}, and ${of(renewals.served)} of ${of(hosts * concurrent)} requests served | tokens in the cookie: ${of(renewals.plain.asked)}, and ${of(renewals.plain.served)} served | 1 | ${mark(renewals.ours === 1 && renewals.served === hosts * concurrent)} |
| a request with a good token: commands to Redis | ${of(cpu.gets, 2)} GET${cpu.others.length ? ` and ${cpu.others}` : ""} | | 1 GET | ${mark(cpu.gets === 1 && !cpu.others.length)} |
| the same: CPU, the client of Redis included; a session of ${of(cpu.size)} characters | ${of(ours)} µs | \`iron-session\`, unseal and seal: ${of(iron)} µs | half | ${mark(ours <= iron / 2)} ${of(ours / iron, 2)} |
| memory for each idle visitor, of ${of(visitors[1])} beside ${of(visitors[0])}, with \`memoryStore\` | ${of(each / 1000, 2)} kB | | 8 kB | ${mark(each <= 8_000)} |
| the second hour adds | ${of(100 * growth, 1)} % | | 5 % | ${mark(growth < 0.05)} |

CPU is \`process.cpuUsage\` over 10,000 requests one after another, the median of ${cpu.ours.length} rounds by turns. Memory is \`heapUsed\` and \`external\` after \`gc()\`;
the process ends by itself.
`;
}
