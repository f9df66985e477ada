import { createSubscriber } from "svelte/reactivity";

import { Live } from "./live.js";

export function sessionStore(source, serverSnapshot) {
  const live = new Live(source, serverSnapshot);
  let count = 0;
  const listen = (tell) => {
    const end = live.subscribe(tell);
    count += 1;
    // A server reads a store and lets go of it in one turn.
    if (count === 1 && typeof document === "object") live.start();
    return () => {
      end();
      count -= 1;
      if (count === 0) live.stop();
    };
  };
  const subscriber = createSubscriber(listen);
  return {
    subscribe(run) {
      run(live.state);
      return listen(() => run(live.state));
    },
    get current() {
      subscriber();
      return live.state;
    },
  };
}
