import { brief, outcomeOf, target } from "./lines.js";

const calls = "fetch accessToken login refresh switchLegalEntity legalEntities validate checkoutHeaders adopt adoptFromUrl logout".split(" ");

/**
 * Lets each method of a session tell how its call has ended. `calling` counts those that are under way, by their names; `look` is
 * called with each.
 */
export function tellCalls(session, lines, apiUrl, { calling = new Map(), look = () => {} } = {}) {
  const observed = (name, real) => (...given) => {
    look();
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
    const real = session[name];
    // `fetch` comes when the session has started; whoever replaces one later has his own.
    const set = (value) => Object.defineProperty(session, name, { value, writable: true, enumerable: true, configurable: true });
    if (real) set(observed(name, real));
    else Object.defineProperty(session, name, { get() {}, set: (value) => set(observed(name, value)), enumerable: true, configurable: true });
  }
}

/** Whether it is a token that was at hand: nothing was decided. */
async function isAtHand(answer, name) {
  if (name !== "accessToken") return false;
  let isSettled = false;
  const settle = () => (isSettled = true);
  answer.then(settle, () => {});
  for (let turn = 0; turn < 8; turn += 1) await undefined;
  return isSettled;
}
