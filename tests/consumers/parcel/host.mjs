const pages = [["/?api={api}", "body"]];

export default {
  caches: ["dist", ".parcel-cache"],
  modes: {
    development: { serve: ["parcel", "index.html", "--host", "127.0.0.1", "--port", "{port}", "--dist-dir", "dist"], pages },
    production: { run: [["parcel", "build", "index.html", "--dist-dir", "dist"]], serve: "dist", pages },
  },
};
