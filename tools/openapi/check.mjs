// Calls, and what the official files say of their answers.

export const nobody = "nonsense";

/** The calls, and what came of them. */
export class Check {
  #specs;
  #url;
  #driven = new Map();
  #failures = [];
  #tolerated = new Map();
  #absent = [];

  constructor(specs, url) {
    this.#specs = specs;
    this.#url = url;
  }

  /** Makes a call that belongs to no check. */
  async send(method, target, { bearer, body, form, headers } = {}) {
    const response = await fetch(`${this.#url}${target}`, {
      method,
      redirect: "manual",
      headers: {
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      body: form ? new URLSearchParams(form) : body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  /** Makes a call and holds the answer against the spec. `otherwise` says why the body may differ. */
  async call(file, method, path, status, { params, query, otherwise, ...options } = {}) {
    const target = fill(path, { tenant: "acme", ...params });
    const search = query ? `?${new URLSearchParams(query)}` : "";
    const answer = await this.send(method, target + search, options);
    const operation = `${method} ${path}`;
    const where = `${file}: ${operation} ${status}`;
    const response = this.#specs[file].response(method, path, status);
    if (answer.status !== status) this.#fail(where, `answered ${answer.status} ${answer.text}`);
    else if (!response) this.#fail(where, "is not in the spec");
    else if (otherwise) this.#tolerate(where, otherwise);
    else this.#checkBody(where, file, response, answer);
    const key = `${file} ${operation}`;
    this.#driven.set(key, (this.#driven.get(key) ?? new Set()).add(status));
    return answer;
  }

  /** The refusals that most operations document: another tenant, no valid bearer, a bearer of the wrong kind. */
  async refusals(file, method, path, { right, wrong, params, ...options }) {
    for (const [status, bearer, more] of [
      [400, right, { tenant: "other" }],
      [401, nobody, {}],
      [403, wrong, {}],
    ]) {
      if (bearer && this.#specs[file].response(method, path, status)) {
        await this.call(file, method, path, status, { ...options, bearer, params: { ...params, ...more } });
      }
    }
  }

  /** What was not driven must not be there: nothing may stay unchecked. */
  async otherOperations() {
    for (const spec of Object.values(this.#specs)) {
      for (const { method, path } of spec.operations()) {
        if (this.#driven.has(`${spec.file} ${method} ${path}`)) continue;
        const answer = await this.send(method, fill(path, { tenant: "acme" }));
        const absent = answer.status === 501;
        if (absent) this.#absent.push(`${spec.file}: ${method} ${path}`);
        else this.#fail(`${spec.file}: ${method} ${path}`, "is there but was not checked");
      }
    }
  }

  report() {
    let answers = 0;
    console.log("Checked against the official OpenAPI files:");
    for (const [operation, statuses] of this.#driven) {
      answers += statuses.size;
      console.log(`  ${operation}  ${[...statuses].sort().join(" ")}`);
    }
    print("Tolerated:", [...this.#tolerated].map(([where, why]) => `${where}: ${why}`));
    for (const { file, contradictions } of Object.values(this.#specs)) {
      print(`Examples in ${file} contradict its schemas, which are not obeyed there:`, [...contradictions]);
    }
    print("Not in the sandbox:", this.#absent);
    if (this.#failures.length) throw new Error(["The sandbox differs from the specs:", ...this.#failures].join("\n  "));
    console.log(`\nOpenAPI check passed: ${this.#driven.size} operations, ${answers} kinds of answer.`);
  }

  #checkBody(where, file, response, { status, text, json }) {
    const schema = response.content?.["application/json"]?.schema;
    if (!schema) {
      // A refusal may say more than the spec does; a success that promises no body has none.
      if (status < 400 && text) this.#fail(where, `has a body: ${text}`);
      return;
    }
    if (json === undefined) {
      this.#fail(where, `is no JSON: ${text}`);
      return;
    }
    for (const error of this.#specs[file].errors(schema, json)) {
      this.#fail(where, `${error.instancePath || "the body"} ${error.message}: ${text}`);
    }
  }

  #fail(where, why) {
    this.#failures.push(`${where} ${why}`);
  }

  #tolerate(where, why) {
    this.#tolerated.set(where, why);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fill(path, params) {
  return path.replace(/\{([\w-]+)\}/g, (_, name) => encodeURIComponent(params[name] ?? "none"));
}

function print(title, lines) {
  if (lines.length) console.log(["", title, ...lines].join("\n  ").trimEnd());
}
