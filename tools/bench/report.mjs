// docs/bench.md: what was measured, as tables.

import { ref } from "./before.mjs";
import { scenarios } from "./measures/requests.mjs";
import { panelsOf } from "./plot.mjs";
import { peers, version } from "./peers.mjs";
import { kilobytes, targets, thousands } from "./targets.mjs";

const none = "—";

/** What is written by hand, because no measure tells it: whoever tries more for a target that is missed adds it here. */
const tried = `## What was tried

For the targets that are missed, as of 2026-11-29. A figure that became another is the target's own, in runs of this bench.

* **A good token, bytes before the call.** \`npm test -- size\` holds the package's own file to 6,144 bytes. Here it is
  bundled by esbuild, which renames what terser has packed: some 320 bytes more. Moved out of it: the words for a wrong option, the explanations
  of errors, what becomes of a 401, scopes, records of former versions. What is private is kept in one scope.
* **A good token, CPU and wall time.** The entry goes without the WebAssembly, what the page itself loads goes before the core, the record is
  read once, and no storage is touched that is not asked for. In 16 rounds in turn (2026-11-29) a page that only imports the file and asks
  for nothing took 40.9 ms of CPU, one that makes the call 47.4, an empty one 27.4, and one that only imports oidc-client-ts 42.6: what is left
  to us above any import is 6.5 ms, and 0.65 of before is less than any import takes. Tried without gain: no BroadcastChannel, no idle
  callback (noise).
* **An expired token.** Core and \`.wasm\` are asked for at the same time; a lock opens IndexedDB once and not three times (1.79 of supabase
  auth-js became 1.63). Not done: opening IndexedDB while the module compiles, because no database is to be opened before the lock is taken.
* **20 tabs.** A hidden tab keeps the text of a renewal until it is asked or shown, and no tab reads the same twice (0.91 became 0.49);
  nothing is read from storage that was heard (0.46). Tried without gain: renewals told by storage alone, without a message (noise).
* **A cached token.** Every later session of a page is an object as quick as the first (1.24 became 1.06).
* **All that a page loads**, by itself and beside auth0-spa-js.
  * Done: the standard library compiled along, with panics that trap at once; an executor of our own; an exchange that answers
    granted, refused or superseded; operations begun in one place; a host that itself reads back what it writes; no loader of wasm-bindgen's;
    scopes as the platform writes them, and plain loops; the login in one loop; wasm-opt's inlining, \`local-cse\`, \`low-memory-unused\` and
    its passes tuned anew; no unused entries in the table; no dead glue; terser; \`customer.js\`, \`adopt.js\`, \`validate.js\`, \`former.js\` and
    \`explain.js\` on demand.
  * Tried without gain: boxed futures (190 bytes more); MIR inlining off; LLVM's inline thresholds 20 and 25; \`mir-opt-level\` 1; fewer awaits by
    joining stores; wasm-opt's \`gufa\`, \`dae\`, passes for tuples and multivalue, \`converge\`, \`merge-similar-functions\`, \`flatten\` with
    \`rereloop\`, \`const-hoisting\`; LLVM's IR outliner (wasm-bindgen cannot read its own descriptors then); \`traps-never-happen\` (takes checks
    along that are needed).
  * What has made it grow since 41,307 bytes: signing in again and tokens from somewhere else (4.0 kB), carts, companies and verified
    switches (2 kB), late answers (0.4 kB), and the mends of faults that the search has found.
  * Of 104 kB of code (uncompressed) the function that runs an operation under the lock has 10, the future of a call 5, the exchange 4; of the other
    functions, some 610, each has less than 1.7 kB. What would help is less that is done, or one state machine in place of futures.
`;

/** The report as Markdown. */
export function report(results) {
  const { machine, isQuick } = results;
  return `<!-- Written by npm run bench. Changes are lost with the next run. -->

# What a session costs

${date(machine)}${isQuick ? " **Few rounds: a rough look (\`--quick\`).**" : ""}

Everything below was measured in one run of \`npm run bench\`: this package, the same package before it could do without its
WebAssembly (\`${ref}\`, the column "before"), and the libraries that a storefront might take instead, each bundled alike
(esbuild, minified, ES modules, code splitting), in the same browser, asked in turn, against a platform that speaks
its protocol and answers alike. Times are medians of rounds in which all take turns; in brackets is how many times ours that is.
Absolute times are this machine's; the ratios are what travels.

<img src="bench.svg" width="980" alt="Bar charts: ${panelsOf(results).map(({ title }) => title).join("; ")}">

## Targets

| | | |
|---|---|---|
${targets(results)
  .map(({ says, isMet, because }) => `| ${isMet ? "✅" : "❌"} | ${says} | ${because} |`)
  .join("\n")}

${tried}
## Who is compared

| | version | what is asked for a token | what it keeps, and where |
|---|---|---|---|
${peers.map((peer) => `| \`${peer.package}\` | ${version(peer)} | ${peer.asked} | ${peer.keeps} |`).join("\n")}

Ours is measured as a guest, the visitor that a storefront has most. The commercetools client is a guest too; the others
know signed-in users only, or guests as an extra (auth0's anonymous sessions are in early access, supabase's are one more
sign-in). Where a token has expired they all start from a refresh token and make one request where ours does, so that the work
is the same. A signed-in customer of ours may cost one request more: the platform wants a living guest's token with a customer's
renewal (\`docs/readings.md\`).

${Object.keys(sections)
  .map((name, index) => `## ${"abcdefg"[index]}. ${section(name, results)}`)
  .join("\n\n")}

## How

\`npm run bench\`, with \`-- --quick\` for fewer rounds, with \`-- --only good,start\` for these measures alone (any of
${Object.keys(sections).map((name) => `\`${name}\``).join(", ")}), which writes no file.
"Before" is built from its git ref, once, into the target folder. The others are pinned in \`tools/bench/package-lock.json\` and
installed there. An adapter for each is in \`tools/bench/peers/\`, its platform in \`tools/bench/platforms.mjs\`.
`;
}

/** What one measure has found, with its title in the first line. */
export const section = (name, results) => sections[name](results);

const sections = {
  weight: ({ weight }) => `What a page loads

${table([
  ["raw", (id) => weight[id].raw, kilobytes],
  ["gzip -9", (id) => weight[id].gzip, kilobytes],
  ["**Brotli 11**", (id) => weight[id].brotli, kilobytes],
])}

JavaScript and WebAssembly. Only what the adapter needs is imported, so that a bundler may leave out the rest: of
commercetools' client two middlewares without the builder, of auth0's the class without its factory. saleor's SDK uses Node's
\`Buffer\`, which Next.js supplies; here the package \`buffer\` does, and ${kilobytes(weight.saleor.brotli - weight.saleorBare.brotli)} of
its Brotli bytes are that. What the libraries do differs as well: those of commercetools and saleor keep a token in the memory of
one page, and nothing is shared between tabs.`,
  good: ({ good }) => `A visitor who comes back with a good token

From the navigation to the first API call, for a visitor who comes back with a token that is good: load, compile, read storage.
The bytes are those of the library's files, Brotli 11, that the page had asked for by then.

${table([
  ["**bytes before the call**", (id) => good[id].brotli, kilobytes],
  ["CPU", (id) => good[id].full.cpu, milliseconds],
  ["wall", (id) => good[id].full.wall, milliseconds],
  ["CPU, 4× slower", (id) => good[id].slow.cpu, milliseconds],
  ["wall, 4× slower", (id) => good[id].slow.wall, milliseconds],
])}

The call is answered inside the page. oidc-client-ts and supabase auth-js make none: theirs is the time until the page has the token.
The clients of commercetools and saleor keep their token in the page's memory: they ask for one first, commercetools' a new guest's.
The page stands still as soon as it has made its call, so that no work is counted that comes later.
${floorOf(good)}`,
  start: ({ start }) => `A visitor who comes back with an expired token

From the navigation to a token that works, for a visitor who comes back with an expired one: load, compile, read storage, one
request, store. Nothing is cached, the files come uncompressed from the same machine, so that the download's time is not in it.

${table([
  ["CPU", (id) => start[id].full.cpu, milliseconds],
  ["wall", (id) => start[id].full.wall, milliseconds],
  ["CPU, 4× slower", (id) => start[id].slow.cpu, milliseconds],
  ["wall, 4× slower", (id) => start[id].slow.wall, milliseconds],
])}

CPU is that of the page's process, WebAssembly's compiler threads included.
${floorOf(start)} oidc-client-ts
also reads the discovery document, as it does wherever nobody wrote its contents into the shop. The clients of commercetools and
saleor hand out no token: theirs is the time until an API call with it would leave.`,
  cached: ({ cached }) => `A token that is at hand

${table([
  ["floor", (id) => cached[id].floor, microseconds, "plain"],
  ["**the token**", (id) => cached[id].token, microseconds],
  ["an API call with it", (id) => cached[id].call, microseconds],
  ["\`getSnapshot()\`", (id) => cached[id].snapshot, microseconds],
])}

One call after the other, each awaited. The floor is \`await\` of an async function that returns a constant, in the same page.
Who hands out no token, or makes no calls, has ${none}. An API call is answered inside the page: that is what the library adds to a
\`fetch\`, without the \`fetch\`. Ours binds reads to the identity there, and repeats a call after a 401; auth0-spa-js hands on
a \`Request\`, commercetools' client and saleor's SDK hand on plain objects.
Ours looks at storage once a second, the others that share a session between tabs at each call: that is most of the difference,
and it costs a second, at the most, until a tab sees what another did while its messages were lost.`,
  requests: ({ requests }) => `Requests for tokens

${requestTable(requests)}

${scenarios.map(({ title, least, why }) => `* *${title}*: ${least} at the least, because ${why}.`).join("\n")}

Preflights are not counted. "Refused" are refresh tokens that were spent already: auth0's and the plain OpenID platform take
each once, as OAuth's best practice for browsers asks, supabase's a second time within ten seconds, those of commercetools and saleor for
ever. "Left" are callers who got no token: because they were refused, or after 20 s; only in the scenario of the 503 do they ask again,
every half second for five.
oidc-client-ts is asked as its users do it: \`getUser()\`, and \`signinSilent()\` if that has expired; a shop that leaves all to
its automatic renewal instead has one request for each tab, and callers who get nothing meanwhile.
commercetools' client keeps its token in the page, unless the shop brings a cache of its own; 10 tabs are 10 guests.`,
  memory: ({ memory }) => `Memory

${table([
  ...memory.ours.seen.map(({ renewals }, mark) => [
    renewals === 0 ? "JS heap after the start" : `… after ${thousands(renewals)} renewals`,
    (id) => memory[id].seen[mark].heap,
    megabytes,
  ]),
  ...memory.ours.seen.map(({ renewals }, mark) => [
    renewals === 0 ? "WebAssembly after the start" : `… after ${thousands(renewals)} renewals`,
    (id) => memory[id].seen[mark].linear || undefined,
    megabytes,
    "plain",
  ]),
])}

The heap after a pause of two seconds and a collection; of it ${megabytes(memory.ours.floor)} are an empty page's. WebAssembly's memory is what the module
has reserved, the initial stack included; pages of it that were never touched cost nothing.`,
  tabs: ({ tabs }) => `A renewal, while other tabs are open

${table([
  ...tabs.ours.map(({ number }, index) => [`${tabsOf(number)}, wall`, (id) => tabs[id][index].wall, milliseconds]),
  ...tabs.ours.map(({ number }, index) => [`${tabsOf(number)}, CPU`, (id) => tabs[id][index].cpu, milliseconds]),
  [
    `wall, ${tabs.ours.at(-1).number} tabs to 1`,
    (id) => tabs[id].at(-1).wall / tabs[id][0].wall,
    (ratio) => `${ratio.toFixed(1)}×`,
    "plain",
  ],
])}

One tab renews, again and again, the one that is shown; the others are hidden, and hear of it where the library tells them:
ours and supabase's do; auth0's and oidc-client-ts leave the news in storage, and those of commercetools and saleor have a token
for each tab. Ours takes a Web Lock, marks each step in storage, and waits until it has read back what it wrote. CPU is that of all
pages together. Ours and before take turns; each of the others has its rounds after theirs.`,
};

function date({ date, cpu, cores, browser, node, load }) {
  return `${date}, ${cpu}, ${cores} cores, ${browser}, Node.js ${node}, load average at the start ${load}.`;
}

const heads = peers.map(({ id, name, adapter }) => (adapter === "ours" ? id : name));

/** Rows of [title, value of a peer, how it is written, "plain" where a ratio makes no sense]. */
function table(rows) {
  const lines = rows.map(([title, valueOf, write, isPlain]) => {
    const ours = valueOf("ours");
    const cells = peers.map(({ id }) => {
      const value = valueOf(id);
      if (value === undefined) return none;
      const hasRatio = id !== "ours" && ours !== undefined && !isPlain;
      return hasRatio ? `${write(value)} (${ratio(value / ours)})` : write(value);
    });
    return `| ${[title, ...cells].join(" | ")} |`;
  });
  return [`| | ${heads.join(" | ")} |`, `|---|${"--:|".repeat(heads.length)}`, ...lines].join("\n");
}

function requestTable(requests) {
  const lines = scenarios.map(({ id: scenario, title, least }) => {
    const ours = requests.ours[scenario].requests;
    const cells = peers.map(({ id }) => {
      const { requests: count, refusals, unserved } = requests[id][scenario];
      const notes = [
        id !== "ours" && ratio(count / ours),
        refusals > 0 && `${refusals} refused`,
        unserved > 0 && `${unserved} left`,
      ].filter(Boolean);
      return notes.length > 0 ? `${count} (${notes.join(", ")})` : String(count);
    });
    return `| ${[title, least, ...cells].join(" | ")} |`;
  });
  return [`| | at least | ${heads.join(" | ")} |`, `|---|--:|${"--:|".repeat(heads.length)}`, ...lines].join("\n");
}

const floorOf = ({ floor: { full, slow } }) =>
  `An empty page takes ${milliseconds(full.cpu)} of CPU and ${milliseconds(full.wall)}, 4× slower ${milliseconds(slow.cpu)} and ${milliseconds(slow.wall)}.`;
const tabsOf = (number) => `${number} ${number === 1 ? "tab" : "tabs"}`;
const ratio = (value) => `${value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)}×`;
const milliseconds = (value) => `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ms`;
const microseconds = (value) => `${value >= 10 ? value.toFixed(0) : value.toFixed(value >= 1 ? 1 : 3)} µs`;
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
