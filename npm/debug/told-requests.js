import { target } from "./lines.js";

/**
 * Tells of a request of the session's own why it is made and what comes of it. `state` says which methods are under way
 * (`isCalled`) and whether an API call was answered with 401 (`refused`); `granted(what)` hears of an answer with tokens.
 */
export function tellRequest(lines, told, { request, answer, apiUrl, state, granted }) {
  const what = target(request, undefined, apiUrl);
  const why = told.reason(what, request, state);
  lines.add("request", `${what}${why && `, because ${why}`}`);
  const begin = lines.clock();
  answer.settled.then(() => {
    const status = answer.value?.status;
    const isTokens = /login$|refresh(authtoken)?$/.test(what);
    if (isTokens) state.refused = false;
    if (isTokens && status === 200) granted(what);
    const meaning = status === undefined ? "no answer: nothing is decided by that" : status < 400 ? "" : isTokens && (status === 400 || status === 401) ? "refused" : "a fault, which ends nothing";
    lines.end("request", "answer", `${status ?? "none"} to ${what}${meaning && `: ${meaning}`}`, begin);
  });
}

/** `fetch` for what the application asks of the platform, each attempt, which tells of a token that is refused. */
export const tellingRefusals = (lines, { fetch, apiUrl }, refused) => async (input, init) => {
  const answer = await (fetch ?? globalThis.fetch)(input, init);
  if (answer.status === 401) {
    refused();
    lines.add("answer", `401 to ${target(input, init, apiUrl)}: the token was refused`);
  }
  return answer;
};
