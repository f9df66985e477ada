// Where an engine is known to fail a test, by its own doing. The runner tells of each that passes ("mended"), so that it can be
// taken from here; one that is a race may pass unnoticed.

export const known = [
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
];
