/**
 * What an API call is answered with, in the page and without a network, so that what a call costs is what the library
 * adds to it.
 */
export const answered = async () => response;

const response = { ok: true, status: 200, headers: new Headers(), text: async () => "{}", json: async () => ({}) };
