import { busy, byId, h, put } from "./dom.js";
import { sentence } from "./errors.js";

const HOUR = 3600;
const NIGHT = 20 * HOUR;
const OFFLINE_MS = 8000;

/** Buttons for what is worth seeing. Each says what to watch for. */
export class Try {
  #page;

  constructor(page) {
    this.#page = page;
    put(byId("try-body"), ...this.#groups().map(([title, experiments]) => this.#group(title, experiments)));
  }

  #group(title, experiments) {
    return h(
      "div",
      { class: "try-group" },
      h("h3", { class: "overline" }, title),
      h(
        "ul",
        { class: "try-list" },
        experiments.map(([id, label, watch, run]) => this.#experiment(id, label, watch, run)),
      ),
    );
  }

  #experiment(id, label, watch, run) {
    const { status, log } = this.#page;
    const button = h(
      "button",
      {
        type: "button",
        class: "quiet",
        "data-testid": `try-${id}`,
        "aria-describedby": `try-${id}-watch`,
        onclick: () =>
          busy(button, async () => {
            try {
              const said = await run();
              if (said) status.say(said);
            } catch (error) {
              status.say(sentence(error), "bad");
            } finally {
              log.soon();
            }
          }),
      },
      label,
    );
    return h("li", {}, button, h("p", { class: "muted small", id: `try-${id}-watch` }, watch));
  }

  #groups() {
    const { session, sandbox, clock, tabs, account, reload, recover, reset } = this.#page;
    const snapshot = () => session.getSnapshot();
    const identity = () => (snapshot().kind === "customer" ? "customer" : "guest");
    const revoke = (kind) => {
      if (snapshot().sessionId === undefined) throw new Error("There is no token yet.");
      return sandbox.revoke(kind, identity(), snapshot().sessionId);
    };
    return [
      [
        "Tokens",
        [
          [
            "renew",
            "Renew now",
            "One token request; the ring begins anew, the sessionId stays.",
            async () => void (await session.refresh()),
          ],
          [
            "expire",
            "Let the access token expire",
            "Both clocks jump to its end. A guest's is renewed; a customer's, 30 days on, has outlived its refresh token, and the session ends.",
            async () => {
              const { expiresAt } = snapshot();
              if (expiresAt === undefined) throw new Error("There is no token yet.");
              const seconds = Math.ceil((expiresAt - clock.now()) / 1000) + 1;
              await sandbox.advance(Math.max(0, seconds));
              clock.sleep(Math.max(0, seconds));
              await reload();
            },
          ],
          [
            "revoke-access",
            "Revoke the access token",
            "Every call is refused with 401, the token is renewed once for all of them, and each is repeated.",
            async () => {
              await revoke("access");
              await reload();
            },
          ],
          [
            "revoke-refresh",
            "Revoke the refresh token",
            "Nothing at first. Renew now, and the session lives on its access token: renewable turns to no.",
            async () => {
              await revoke("refresh");
              return "The platform has forgotten the refresh token.";
            },
          ],
          [
            "revoke-session",
            "Revoke the whole session",
            "Only now, with both tokens refused, does the identity end. You are a guest again.",
            async () => {
              await revoke("session");
              await reload();
            },
          ],
          [
            "validate",
            "Ask the platform who I am",
            "One request. For customers only; a guest is told so without any.",
            async () => {
              const info = await session.validate();
              const company = info.legalEntityId ?? "no company";
              return `The platform says: ${company}, ${info.scopes.length} scopes, ${info.sessionId === snapshot().sessionId ? "the same sessionId" : "another sessionId"}.`;
            },
          ],
        ],
      ],
      [
        "A bad network",
        [
          [
            "fail",
            "Fail the next renewal",
            "The platform answers 503. That is an error to try again after; nobody is signed out.",
            async () => {
              await sandbox.faults(tokenPaths().map((path) => ({ path, times: 1, kind: "status", status: 503 })));
              await session.refresh();
            },
          ],
          [
            "slow",
            "Slow the platform down",
            "Ten callers ask at once, the answer takes two seconds: one renewal goes out, and it serves them all.",
            async () => {
              await sandbox.faults(tokenPaths().map((path) => ({ path, times: 1, kind: "delay", delayMs: 2000 })));
              await Promise.all(Array.from({ length: 10 }, () => session.refresh()));
              return "Ten callers waited for one renewal.";
            },
          ],
          [
            "lose",
            "Lose an answer",
            "The platform renews, its answer never arrives. The old access token goes on serving.",
            async () => {
              await sandbox.faults(tokenPaths().map((path) => ({ path, times: 1, kind: "lost-answer" })));
              await session.refresh();
            },
          ],
          [
            "offline",
            "Go offline for eight seconds",
            "Nothing gets through; click around. Afterwards everything is there again, and the session never noticed.",
            async () => {
              await sandbox.faults([{ path: "/*", times: 100000, kind: "drop" }]);
              await reload();
              await new Promise((resolve) => setTimeout(resolve, OFFLINE_MS));
              await sandbox.clearFaults();
              await recover();
              return "Back online, under the same session.";
            },
          ],
        ],
      ],
      [
        "People and tabs",
        [
          [
            "wrong-password",
            "Sign in with a wrong password",
            "Exactly one sign-in request, no renewal, the session untouched.",
            async () => void (await session.login({ email: "buyer@example.com", password: "not-this-one" })),
          ],
          [
            "foreign-company",
            "Ask for a foreign company",
            "The platform refuses. One plain renewal settles that the company was meant; the one you had is still in force.",
            async () => void (await session.switchLegalEntity("le-foreign")),
          ],
          [
            "second-tab",
            "Open a second tab",
            "The same session, no token request. What you do there shows in the other lanes here.",
            () => void open(location.href, "_blank"),
          ],
          [
            "two-tabs",
            "Switch company in two tabs at once",
            "With a second tab open: both ask at the same moment, one after the other is served, both end up agreeing.",
            async () => {
              const [mine, theirs] = await session.legalEntities();
              if (!theirs) throw new Error("This needs a customer with two companies, such as buyer@example.com.");
              const swapped = snapshot().legalEntityId === mine.id;
              tabs.tell("switch", { id: swapped ? mine.id : theirs.id });
              await account.switchTo(swapped ? theirs.id : mine.id);
            },
          ],
        ],
      ],
      [
        "Time",
        [
          [
            "sleep",
            "Sleep for twenty hours",
            "The clocks of page and platform jump, as when a laptop's lid opens. What is due is renewed once.",
            async () => {
              await sandbox.advance(NIGHT);
              clock.sleep(NIGHT);
              await reload();
            },
          ],
          [
            "platform-clock",
            "Let the platform's clock run ahead",
            "An hour passes there, not here. A guest's token looks good and is refused: one renewal mends it.",
            async () => {
              await sandbox.advance(HOUR);
              await reload();
              return identity() === "customer"
                ? "A customer's token lives for 30 days: an hour is nothing to it."
                : undefined;
            },
          ],
          [
            "reset",
            "Reset the sandbox",
            "The platform forgets every token and cart. This page finds out by itself and starts a new guest.",
            reset,
          ],
        ],
      ],
    ];

    function tokenPaths() {
      return snapshot().kind === "customer"
        ? ["/customer/acme/refreshauthtoken"]
        : ["/customerlogin/auth/anonymous/refresh"];
    }
  }
}
