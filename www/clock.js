const KEY = "demo-clock-offset";

/** The page's wall clock, which "sleep" can put forward for all tabs at once, as a laptop's lid does. */
export class Clock {
  #offset = read();

  constructor() {
    addEventListener("storage", (event) => {
      if (event.key === KEY || event.key === null) this.#offset = read();
    });
  }

  now = () => Date.now() + this.#offset;

  /** The clock jumps, and then the page is looked at again. */
  sleep(seconds) {
    this.#set(this.#offset + seconds * 1000);
    document.dispatchEvent(new Event("visibilitychange"));
  }

  reset() {
    this.#set(0);
  }

  #set(offset) {
    this.#offset = offset;
    try {
      localStorage.setItem(KEY, String(offset));
    } catch {
      // Blocked storage: only this tab's clock moves.
    }
  }
}

function read() {
  try {
    return Number(localStorage.getItem(KEY)) || 0;
  } catch {
    return 0;
  }
}
