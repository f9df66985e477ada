// Where an engine is known to fail a test today, by the row of issue 12 that will mend it, or for good by its own doing. The
// runner tells of each that passes ("mended"), so that it can be taken from here; one that is a race may pass unnoticed.

export const known = [
  {
    engines: ["webkit"],
    file: "tabs",
    test: /^a read under way in one tab is aborted by a login in the other$/,
    row: 25,
    why: "WebKit rejects with an AbortError of its own in place of the signal's reason",
  },
  {
    engines: ["webkit"],
    file: "fetch",
    test: /^(a read under way when a|the caller's signal ends the wait)/,
    row: 25,
    why: "WebKit rejects with an AbortError of its own in place of the signal's reason",
  },
  {
    engines: ["webkit"],
    file: "fetch",
    test: /^method, body, credentials, cache and the other options reach fetch$/,
    row: 25,
    why: "in WebKit reading request.body makes a stream of it, which keepalive does not go with",
  },
  {
    engines: ["webkit"],
    file: "fetch",
    test: /^a form is sent the second time as it was the first$/,
    why: "no page reads a form with a file in WebKit, and this test does; the uploads in engines hold it there",
  },
  {
    engines: ["firefox"],
    file: "fetch",
    test: /^a body that is (a|another window's) stream is/,
    why: "Firefox takes no stream for a body: it sends the text [object ReadableStream]",
  },
  {
    engines: ["firefox"],
    file: "fetch",
    test: /^a Request as init is taken for what it is/,
    why: "Firefox's Request has no body to be read: as init, it is a request without one",
  },
  {
    engines: ["firefox"],
    file: "fetch",
    test: /^the call's own failure is fetch's TypeError/,
    why: "the connection breaks once, and Firefox sends a GET again by itself, up to ten times",
  },
  {
    engines: ["webkit"],
    file: "engines",
    test: /^an upload of .* with keepalive|^an upload of a FormData|^a request keeps its keepalive/,
    row: 25,
    why: "in WebKit reading request.body makes a stream of it",
  },
  {
    engines: ["firefox"],
    file: "engines",
    test: /^a request keeps its keepalive/,
    row: 25,
    why: "Firefox drops keepalive when a Request is made of a Request",
  },
  {
    engines: ["webkit"],
    file: "engines",
    test: /^a call that its caller aborts with (a text|an Error)/,
    row: 25,
    why: "WebKit rejects with an AbortError of its own in place of the signal's reason",
  },
];
