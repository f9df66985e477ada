#!/usr/bin/env bash
# elf-sync-state 1.2.2 with @ngneat/elf 2.5.1 and rxjs 7.8.2, syncState(store) as its README shows it, two pages with a
# channel of Node.js.
# Expected: "Syncs elf store state across tabs": what is changed in one tab is changed in the others.
# Seen: what comes from another tab must not be sent back, so one flag says that the next change is not this tab's own. If
# what has come changes nothing, because this tab has done the same a moment before, the flag stays, and the next change
# that is made here is not sent, whatever it is: two tabs that sign out at the same time (a 401 in both), and the sign-in
# that follows in one is never told to the other. The change after that brings all along; but if the next one is the other
# tab's, it takes the whole state with it, and the sign-in is undone in both.
# Why it matters: a customer who has just signed in is a guest again as soon as he does something in his second tab. What
# may be said twice, as an end of a session is, should be sent only by who found it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error elf-sync-state@1.2.2 @ngneat/elf@2.5.1 rxjs@7.8.2 >/dev/null

cat >probe.mjs <<'JS'
import { createStore, setProp, withProps } from "@ngneat/elf";
import { syncState } from "elf-sync-state";

globalThis.window = globalThis;
/** A page with a store of its own; the channel is Node.js's BroadcastChannel, which pages of one browser have too. */
const tab = () => {
  const store = createStore({ name: "auth" }, withProps({ user: "ada", cart: [] }));
  const channel = syncState(store);
  return {
    channel,
    store,
    set: (name, value) => store.update(setProp(name, value)),
    get user() {
      return store.getValue().user;
    },
    get cart() {
      return store.getValue().cart.length;
    },
  };
};
const heard = () => new Promise((done) => setTimeout(done, 100));
const scenario = async (name, work) => {
  const [one, two] = [tab(), tab()];
  await work(one, two);
  await heard();
  console.log(`${name}: first tab ${one.user} with ${one.cart} articles, second tab ${two.user} with ${two.cart}`);
  one.channel.close();
  two.channel.close();
};
await scenario("signed out in one, then signed in there", async (one) => {
  one.set("user", null);
  await heard();
  one.set("user", "bob");
});
await scenario("signed out in both at once, then signed in in one", async (one, two) => {
  one.set("user", null);
  two.set("user", null);
  await heard();
  one.set("user", "bob");
});
await scenario("the same, and then an article", async (one, two) => {
  one.set("user", null);
  two.set("user", null);
  await heard();
  one.set("user", "bob");
  await heard();
  one.set("cart", ["lamp"]);
});
await scenario("the same, and then an article in the other", async (one, two) => {
  one.set("user", null);
  two.set("user", null);
  await heard();
  one.set("user", "bob");
  await heard();
  two.set("cart", ["rug"]);
  await heard();
  two.set("cart", ["rug", "chair"]);
});
process.exit();
JS

cat >expected <<'TEXT'
signed out in one, then signed in there: first tab bob with 0 articles, second tab bob with 0
signed out in both at once, then signed in in one: first tab bob with 0 articles, second tab null with 0
the same, and then an article: first tab bob with 1 articles, second tab bob with 1
the same, and then an article in the other: first tab null with 2 articles, second tab null with 2
TEXT

timeout 60 node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: elf-sync-state-login-is-not-sent no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
