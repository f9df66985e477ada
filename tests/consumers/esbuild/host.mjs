const pages = [["/?api={api}", "body"]];

// No file is copied and `import.meta` stays as it is: the bytes come from their chunk, or are in the one file.
export default {
  caches: ["dist"],
  modes: {
    "development, split": { run: [["esbuild", "main.js", "--bundle", "--splitting", "--format=esm", "--outdir=dist"]], serve: ".", pages },
    "production, one file": { run: [["esbuild", "main.js", "--bundle", "--minify", "--outfile=dist/main.js", "--log-override:empty-import-meta=silent"]], serve: ".", pages },
  },
};
