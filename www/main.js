import { Account } from "./account.js";
import { Cart } from "./cart.js";
import { Checkout } from "./checkout.js";
import { Clock } from "./clock.js";
import { byId, write } from "./dom.js";
import { code, sentence, superseded } from "./errors.js";
import { RequestLog } from "./log.js";
import { Market } from "./market.js";
import { Orders } from "./orders.js";
import { Provider } from "./provider.js";
import { Sandbox } from "./sandbox.js";
import { Shop } from "./shop.js";
import { SignUp } from "./signup.js";
import { Status } from "./status.js";
import { entry, load } from "./storefront-session.js";
import { Tabs } from "./tabs.js";
import { Try } from "./try.js";

const status = new Status(byId("toasts"), byId("banner"));
const reopen = { label: "Load the page again", run: () => location.reload() };

start().catch((error) => {
  status.end("The page could not start.", sentence(error), reopen);
  console.error(error);
});

async function start() {
  const clock = new Clock();
  const apiUrl = await configured();
  const session = await opened({
    tenant: "acme",
    clientId: "storefront",
    apiUrl,
    context: { currency: "EUR", siteCode: "main", language: "en" },
    mergeCart: true,
    now: clock.now,
  });
  if (!session) return;

  const sandbox = new Sandbox(apiUrl);
  const { Who } = await entry("inspector");
  const who = new Who();
  const tabs = new Tabs();
  const log = new RequestLog(sandbox);
  const inspectors = [...document.querySelectorAll("session-inspector")];
  for (const inspector of inspectors) Object.assign(inspector, { who, now: clock.now, requests: log, session });
  let checkout;
  const market = new Market({ session, status, onChange: moved });
  const cart = new Cart({ session, who, status, tabs, site: () => market.site, onShown: () => checkout?.show() });
  const shop = new Shop({ session, who, cart, market });
  const provider = new Provider({ session, status, apiUrl });
  const orders = new Orders({ session, who });
  checkout = new Checkout({ session, cart, provider, onDone: () => Promise.all([cart.load(), orders.show({ isNews: true })]) });
  const signUp = new SignUp({ session, sandbox, status });
  const account = new Account({ session, who, status, provider, signUp, onKnown: shown });
  watchSandbox(log, sandbox, () => loadLifetimes().then(recover));

  // Without the sandbox the page goes on; its banner says what is missing.
  await Promise.allSettled([log.begin(watch(byId("session"))), loadLifetimes()]);
  shown();

  session.subscribe((event) => {
    showWho(event.snapshot);
    log.soon();
    // Whoever waits has said so at the button, and a refusal told there stays.
    if (event.type !== "busy") account.show();
    announce(event, who);
    if (event.snapshot.identity !== event.previous.identity) loadAll();
  });
  tabs.listen({ switch: ({ id }) => account.switchTo(id) });
  new Try({ session, sandbox, clock, tabs, account, status, log, reload: () => loadAll(), recover, reset });

  await provider.comeBack();
  await loadAll();

  function shown() {
    showWho(session.getSnapshot());
    for (const inspector of inspectors) inspector.draw();
    account.show();
    shop.describe();
    cart.describe();
    orders.show();
  }

  /** In the colours of the whole page. */
  function showWho(snapshot) {
    const { label, hue, chroma } = who.of(snapshot);
    const root = document.documentElement;
    root.dataset.kind = snapshot.kind;
    root.style.setProperty("--hue", hue);
    root.style.setProperty("--chroma", chroma);
    write(byId("who-chip"), label);
  }

  async function loadLifetimes() {
    const lifetimes = await sandbox.profile();
    for (const inspector of inspectors) inspector.lifetimes = lifetimes;
  }

  /** Another currency or site. */
  async function moved({ currency, pricesChanged, cartChanged }) {
    if (cartChanged && currency) await cart.changeCurrency(currency);
    else if (cartChanged) cart.changeSite();
    if (pricesChanged) await loadAll();
  }

  /** Everything that depends on who asks. One trouble is told once, in the part it befell. */
  async function loadAll({ quiet = false } = {}) {
    const results = await Promise.allSettled([shop.load(), cart.load(), account.load()]);
    log.soon();
    const failed = results.find((result) => result.status === "rejected" && !superseded(result.reason));
    if (failed && !quiet) trouble(failed.reason);
    return failed?.reason;
  }

  /** After a failed renewal the session rests for a moment and fails fast; it says for how long. */
  async function recover() {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const error = await loadAll({ quiet: true });
      if (!error?.retryable) return;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 1000));
    }
  }

  function trouble(error) {
    if (code(error) === "internal") {
      status.stop(
        "The WebAssembly module failed.",
        "It starts again from what is stored at the next call: you are still who you were.",
        {
          label: "Go on",
          run: () => {
            status.clear();
            loadAll();
          },
        },
      );
    } else {
      status.say(sentence(error), "bad");
    }
  }

  async function reset() {
    await sandbox.reset();
    await loadLifetimes();
    clock.reset();
    await loadAll();
    return "The sandbox is as at the start.";
  }
}

/** Where the platform is; whoever serves the page knows. */
async function configured() {
  const answer = await fetch("config.json", { cache: "no-store" });
  if (!answer.ok) throw new Error(`config.json is missing (${answer.status}). Start the page with "npm start".`);
  const { apiUrl } = await answer.json();
  return apiUrl;
}

async function opened(options) {
  let SessionManager;
  try {
    ({ SessionManager } = await load());
  } catch (error) {
    status.end(
      "The package is not there.",
      'The page could not load storefront-session. Run "npm run build", or start with "npm start".',
      reopen,
    );
    console.error(error);
    return undefined;
  }
  try {
    return await SessionManager.open(options);
  } catch (error) {
    status.end("The session could not be opened.", `${error.message}${code(error) ? ` (${code(error)})` : ""}`, reopen);
    console.error(error);
    return undefined;
  }
}

function watchSandbox(log, sandbox, recovered) {
  let away = false;
  log.addEventListener("unreachable", () => {
    if (away) return;
    away = true;
    status.stop(
      "The sandbox does not answer.",
      `Nothing answers at ${sandbox.url}. Start it with "npm start"; this page looks again by itself.`,
      {
        label: "Look now",
        run: () => log.read(),
      },
    );
  });
  log.addEventListener("read", () => {
    if (!away) return;
    away = false;
    status.clear();
    recovered();
  });
}

function announce({ type, origin, snapshot, previous }, who) {
  const elsewhere = origin === "remote" ? " in another tab" : "";
  const kept = snapshot.sessionId !== undefined && snapshot.sessionId === previous.sessionId;
  const same = kept ? " The sessionId stayed the same." : "";
  const words = {
    login: `Signed in${elsewhere}.${same}`,
    switched: `Now buying ${snapshot.legalEntityId ? `for ${who.company(snapshot.legalEntityId)}` : "privately"}${elsewhere}.${same}`,
    renewed: snapshot.renewable
      ? `Renewed${elsewhere}.${kept ? same : " The platform gave another sessionId."}`
      : "The platform refuses to renew: the session lasts as long as its access token.",
    logout: `Signed out${elsewhere}. Nothing of the session is left here.`,
    expired: "The session has ended. You are a guest again.",
    storage: snapshot.durable
      ? "The session is stored again."
      : "The browser's storage fails: the session lives in this page only.",
  }[type];
  const bad = { expired: true, renewed: !snapshot.renewable, storage: !snapshot.durable }[type];
  if (words) status.say(words, bad ? "bad" : "good");
}

/** Whether somebody may be looking at it. */
function watch(element) {
  let isVisible = true;
  if (typeof IntersectionObserver === "function") {
    new IntersectionObserver((found) => (isVisible = found.at(-1).isIntersecting)).observe(element);
  }
  return () => isVisible;
}
