import { loadCore } from "../chunk.js";
import { SessionError, internalError, overtakenError, timeoutError } from "../session-error.js";
import { Services } from "./services.js";
import { Turn } from "./turn.js";

/** How often what was overtaken is begun anew. */
const attempts = 3;

/** What a failing store is the reason of. */
const consequences = ["network", "timeout", "storage", "aborted"];

/**
 * Lets the WebAssembly do one of its methods on a record: with an instance of its own, which ends with it. Gives what it said or
 * has failed with, and the turn, which knows where the record is now and what it says. `host` has what the requests of one
 * process have in common, `hear` is called with each event, `track` is given what goes on behind the answer, `isHeard()` says
 * whether the caller still waits. With the option `debug` `watched` has both tell what they do.
 */
export async function operate(host, { place, seen, mayBegin }, { track, isHeard, watched, ...asked }) {
  for (let attempt = 1; ; attempt += 1) {
    const turn = new Turn(host, place, seen, { mayBegin, isHeard });
    watched?.turn(turn);
    // Nobody waits for what goes on behind the answer.
    const outcome = await ask(host, turn, watched, asked).finally(() => void track(turn.over()));
    const { error } = outcome;
    if (!error) return { turn, ...outcome };
    if (turn.isGone) return { turn, error: overtakenError() };
    const isDefinite = !consequences.includes(error.code);
    const { trouble } = turn;
    if (trouble && !isDefinite) return { turn, error: trouble };
    const isSent = turn.hasAsked && asked.method === "login";
    if (!turn.isOvertaken || isDefinite || isSent || attempt === attempts) return { turn, error };
    // Another host has been quicker, or this one has stood still: what is stored by now is to be seen first.
    try {
      const found = await host.records.read(place.key);
      turn.isGone = found?.replaced === true || (found === undefined && !mayBegin);
      if (turn.isGone) return { turn, error: overtakenError() };
      seen = found;
    } catch (error) {
      return { turn, error };
    }
  }
}

/** What the core says, or what it has failed with. */
async function ask(host, turn, watched, { method, values, kind, hear }) {
  const { options, locate } = host;
  let core;
  try {
    const { Core, wasm } = await loadCore(locate);
    let fail;
    const failure = new Promise((_, reject) => (fail = reject));
    failure.catch(() => {});
    const services = (life, run) => {
      const services = new Services(turn, options, life, run);
      return watched?.services(services, turn, method) ?? services;
    };
    const given = { ...options, place: "server", storage: "store", services };
    const opened = Core.open(given, wasm, { news: () => ({ known: turn.seen?.text }), hear, fail: (error) => fail(internalError(error)) });
    core = await Promise.race([opened, failure]);
    if (method === "logout") await turn.reserve(options.timeoutMs);
    const value = await Promise.race([core.ask(method, values, kind), failure]);
    if (method === "logout" && !turn.hasEnded) return { error: turn.trouble ?? timeoutError() };
    return { value };
  } catch (error) {
    return { error: asSessionError(error ?? timeoutError()) };
  } finally {
    turn.unreserve();
    core?.free();
  }
}

function asSessionError(error) {
  if (error instanceof SessionError) return error;
  return typeof error?.code === "string" && !(error instanceof Error) ? new SessionError(error) : internalError(error);
}
