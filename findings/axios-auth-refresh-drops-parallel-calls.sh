#!/usr/bin/env bash
# axios-auth-refresh 5.0.2 (axios 1.21.1), calls under way together when the token ends.
# Expected: by its README the plugin lets one refresh run and stalls the other requests until
# the new token is there, so five calls answered with 401 end as five 200s after one refresh.
# Seen: the first call is repeated and succeeds; the other four, already under way, reject
# with their 401. Only calls that begin during the refresh are held back. With
# deduplicateRefresh: false, which its README describes as a refresh for each failed request,
# all five succeed after ONE refresh.
# Why it matters: a page's parallel calls at expiry are the common case; a shop that signs the
# visitor out on a 401 that comes through does so with a valid session in hand.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error axios@1.21.1 axios-auth-refresh@5.0.2 >/dev/null

cat >probe.mjs <<'JS'
import axios, { AxiosError } from "axios";
import { createAuthRefresh } from "axios-auth-refresh";

const scenario = async (name, options) => {
  let token = "old", refreshes = 0;
  const client = axios.create({
    adapter: async (config) => {
      await new Promise((done) => setImmediate(done));
      const ok = config.headers.Authorization === "Bearer new";
      const response = { data: "", status: ok ? 200 : 401, statusText: "", headers: {}, config };
      if (!ok) throw new AxiosError("401", AxiosError.ERR_BAD_REQUEST, config, null, response);
      return response;
    },
  });
  client.interceptors.request.use((config) => {
    config.headers.Authorization = `Bearer ${token}`;
    return config;
  });
  createAuthRefresh(client, async () => {
    refreshes += 1;
    for (let turn = 0; turn < 50; turn += 1) await new Promise((done) => setImmediate(done));
    token = "new";
  }, options);
  const call = () => client.get("/").then((answer) => answer.status, (error) => error.response.status);
  const first = call();
  const rest = Array.from({ length: 4 }, call);
  console.log(`${name}: ${(await Promise.all([first, ...rest])).join(", ")}; refreshes ${refreshes}`);
};
await scenario("as it comes", {});
await scenario("deduplicateRefresh: false", { deduplicateRefresh: false });
JS

cat >expected <<'TEXT'
as it comes: 200, 401, 401, 401, 401; refreshes 1
deduplicateRefresh: false: 200, 200, 200, 200, 200; refreshes 1
TEXT

node probe.mjs >seen
cat seen
if ! diff expected seen >difference; then
  echo "CHANGED: axios-auth-refresh-drops-parallel-calls no longer behaves as described (< described, > seen)"
  cat difference
  exit 1
fi
echo "as described"
