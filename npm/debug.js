import { Lines, outcomeOf } from "./debug/lines.js";
import { lookForMistakes } from "./debug/mistakes.js";
import { tellCalls } from "./debug/told-calls.js";
import { tellEvent, whoIs } from "./debug/told-events.js";
import { tellingRefusals } from "./debug/told-requests.js";
import { watchedPage } from "./debug/watched-page.js";

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
  options.hear = (event) => tellEvent(lines, event);
  // The core's own requests are seen by the page it is given.
  options.send = tellingRefusals(lines, options, () => (state.refused = true));

  const mistakes = lookForMistakes(manager, options, instances, lines);
  tellCalls(manager, lines, apiUrl, { calling, look: () => mistakes.look() });
  const begin = lines.clock();
  const { start } = options;
  options.start = async () => {
    const session = await start().catch((error) => {
      lines.end("open", "call", `open: ${outcomeOf(error)}`, begin);
      throw error;
    });
    const snapshot = session.getSnapshot();
    lines.end("open", "call", `open: ${whoIs(snapshot)}, durable ${snapshot.durable}`, begin);
    mistakes.look();
    return session;
  };
}
