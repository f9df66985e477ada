import { attempt } from "./answer.js";
import { Lines, brief, target } from "./debug/lines.js";
import { lookForMistakes } from "./debug/mistakes.js";
import { watchedPage } from "./debug/watched-page.js";

const calls = "fetch accessToken login refresh switchLegalEntity legalEntities validate checkoutHeaders adopt adoptFromUrl logout".split(" ");

/**
 * What the option `debug` brings: a line for each decision, measures for each operation, a warning for each mistake. It
 * changes nothing of the session: it looks at the calls, at the events, and at what the core asks of the page. Loaded with
 * that option only. `instances` are those of this page that are open, by their options.
 */
export function watch(manager, options, instances) {
  const lines = new Lines(options.debug);
  const calling = new Map();
  const { key, apiUrl } = options;
  const state = { isCalled: (name) => calling.has(name), refused: false };

  options.services = (life, run, Page) => new (watchedPage(Page, lines, state))(key, options.storage, { ...options, services: undefined }, life, run);
  options.hear = ({ type, reason, origin, snapshot, previous }) => {
    const who = `${snapshot.kind}, sessionId ${brief(snapshot.sessionId)}, company ${brief(snapshot.legalEntityId)}`;
    const change = snapshot.identity === previous?.identity ? "the same identity" : "another identity";
    lines.add("event", `${type}, ${reason}, ${origin}: ${change}; ${who}, durable ${snapshot.durable}, renewable ${snapshot.renewable}`);
  };
  // What the application asks of the platform, each attempt. The core's own requests are seen by the page it is given.
  options.send = async (input, init) => {
    const answer = await (options.fetch ?? globalThis.fetch)(input, init);
    if (answer.status === 401) {
      state.refused = true;
      lines.add("answer", `401 to ${target(input, init, apiUrl)}: the token was refused`);
    }
    return answer;
  };

  const observed = (name, real) => (...given) => {
    mistakes.look();
    const about = name === "fetch" ? target(given[0], given[1], apiUrl) : name === "switchLegalEntity" ? brief(given[0]) : "";
    calling.set(name, (calling.get(name) ?? 0) + 1);
    const begin = lines.clock();
    const forget = () => (calling.get(name) === 1 ? calling.delete(name) : calling.set(name, calling.get(name) - 1));
    const end = (outcome) => {
      forget();
      lines.end(name, "call", `${name}(${about}): ${outcome}`, begin);
    };
    const answer = real(...given);
    isAtHand(answer, name).then((isQuick) => {
      if (isQuick) forget();
      else answer.then((value) => end(value?.status ?? "done"), (error) => end(outcomeOf(error)));
    });
    return answer;
  };
  for (const name of calls) {
    let real = manager[name];
    if (real) real = observed(name, real);
    // `fetch` comes when the session has started; whoever replaces one later has his own.
    const set = (value) => Object.defineProperty(manager, name, { value, writable: true, enumerable: true, configurable: true });
    if (real) set(real);
    else Object.defineProperty(manager, name, { get() {}, set: (value) => set(observed(name, value)), enumerable: true, configurable: true });
  }

  const mistakes = lookForMistakes(manager, options, instances, lines);
  const begin = lines.clock();
  const { start } = manager;
  manager.start = async () => {
    delete manager.start;
    const session = await start.call(manager).catch((error) => {
      lines.end("open", "call", `open: ${outcomeOf(error)}`, begin);
      throw error;
    });
    const { kind, sessionId, legalEntityId, durable } = session.getSnapshot();
    lines.end("open", "call", `open: ${kind}, sessionId ${brief(sessionId)}, company ${brief(legalEntityId)}, durable ${durable}`, begin);
    mistakes.look();
    return session;
  };
}

const outcomeOf = (error) => `failed with ${attempt(() => error.code) ?? attempt(() => error.name) ?? "something that is no error"}`;

/** Whether it is a token that was at hand: nothing was decided. */
async function isAtHand(answer, name) {
  if (name !== "accessToken") return false;
  let isSettled = false;
  const settle = () => (isSettled = true);
  answer.then(settle, () => {});
  for (let turn = 0; turn < 8; turn += 1) await undefined;
  return isSettled;
}
