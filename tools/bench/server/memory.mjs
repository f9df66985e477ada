// `node --expose-gc memory.mjs VISITORS`: so many visitors come within an hour, and once more within the next. Prints what a process
// holds after each hour, and ends by itself.

import { SessionServer } from "../../../dist/server.js";

const visitors = Number(process.argv[2]);
const hour = 3_600_000;
let passed = 0;
let count = 0;

/** The platform, whose tokens are as long as the real one's. */
const platform = async () => {
  const token = (length) => `${(count += 1)}`.padStart(length, "t");
  const tokens = { access_token: token(300), refresh_token: token(60), expires_in: 3_600, refresh_token_expires_in: 86_400, session_id: token(36), sessionId: token(36), token_type: "Bearer" };
  return new Response(JSON.stringify(tokens), { headers: { "content-type": "application/json" } });
};

const sessions = new SessionServer({ tenant: "acme", clientId: "storefront", apiUrl: "http://platform", fetch: platform, now: () => Date.now() + passed });
const cookies = [];

const held = async () => {
  for (let round = 0; round < 5; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const hours = [];
for (let round = 0; round < 2; round += 1) {
  for (let index = 0; index < visitors; index += 1) {
    const visitor = await sessions.visit(cookies[index]);
    await visitor.session.accessToken();
    cookies[index] ??= visitor.setCookie.split(";")[0];
    passed += hour / visitors;
  }
  hours.push(await held());
}
console.log(JSON.stringify(hours));
