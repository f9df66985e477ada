const pages = [["/?api={api}", "body"]];

export default { caches: ["dist"], modes: { production: { run: [["rollup", "--config"]], serve: ".", pages } } };
