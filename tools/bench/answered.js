/**
 * What an API call is answered with, in the page and without a network, so that what a call costs is what the library
 * adds to it. Each answer is an object of its own, as fetch's are: a library may hang on it what it likes.
 */
export const answered = async () => ({ ...response });

const response = { ok: true, status: 200, headers: new Headers(), text: async () => "{}", json: async () => ({}) };
