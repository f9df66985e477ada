// An official OpenAPI file as a judge of answers. What its own examples contradict is not held against anybody. The judging is a
// library's work (ajv), which Rust has none of for these schemas: therefore the calls that are judged are made from here. Without
// the official files, which are no part of this repository, sandbox/tests/rules asks every endpoint the same and more.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { files } from "./files.mjs";

const methods = ["get", "post", "put", "patch", "delete"];

export async function readSpecs(folder) {
  // Only now: who has no folder needs no packages either.
  const [{ parse }, { default: Ajv }, { default: addFormats }] = await Promise.all([
    import("yaml"),
    import("ajv"),
    import("ajv-formats"),
  ]);
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, logger: false });
  addFormats(ajv);
  return Object.fromEntries(
    files.map((file) => [file, new Spec(file, parse(readFileSync(join(folder, file), "utf8")), ajv)]),
  );
}

/** One official file. */
class Spec {
  #ajv;
  #validators = new Map();
  #contradicted = new Map();
  /** Where an example contradicts its schema, in words. */
  contradictions = new Set();

  constructor(file, document, ajv) {
    this.file = file;
    this.document = document;
    this.#ajv = ajv;
    this.#findContradictions(document, []);
  }

  /** All `method path` pairs. */
  operations() {
    const { paths } = this.document;
    return Object.keys(paths).flatMap((path) =>
      methods.filter((method) => paths[path][method]).map((method) => ({ method: method.toUpperCase(), path })),
    );
  }

  /** What an operation may answer with a status; nothing when the file does not say. */
  response(method, path, status) {
    const operation = this.document.paths[path]?.[method.toLowerCase()];
    if (!operation) throw new Error(`${this.file} has no ${method} ${path}`);
    return this.#resolve(operation.responses[status]);
  }

  /** What is wrong with a value, the places apart that the file itself contradicts. */
  errors(schema, value) {
    return this.#validate(schema, value).filter((error) => !this.#contradicted.get(error.parentSchema)?.has(rule(error)));
  }

  #resolve(node) {
    if (!node?.$ref) return node;
    return node.$ref
      .slice(2)
      .split("/")
      .reduce((parent, key) => parent[key], this.document);
  }

  #validate(schema, value) {
    if (!this.#validators.has(schema)) {
      const { components } = this.document;
      this.#validators.set(schema, this.#ajv.compile({ ...schema, components }));
    }
    const validate = this.#validators.get(schema);
    return validate(value) ? [] : validate.errors;
  }

  /** Every schema of an answer is held against the examples that stand beside or in it. */
  #findContradictions(node, path) {
    if (!node || typeof node !== "object") return;
    const { schema, example, examples = {} } = node;
    const compare = (judge, value) => value !== undefined && this.#compare(judge, value, path);
    if (schema) for (const { value } of [...Object.values(examples), { value: example }]) compare(schema, value);
    else if (node.type || node.properties || node.allOf) compare(node, example);
    for (const [key, child] of Object.entries(node)) {
      if (!["example", "examples", "requestBody", "requestBodies"].includes(key)) this.#findContradictions(child, [...path, key]);
    }
  }

  #compare(schema, example, path) {
    for (const error of this.#validate(schema, example)) {
      const { parentSchema, instancePath, message } = error;
      this.#contradicted.set(parentSchema, (this.#contradicted.get(parentSchema) ?? new Set()).add(rule(error)));
      this.contradictions.add(`${path.slice(0, 5).join(" > ")}: ${instancePath || "the example"} ${message}`);
    }
  }
}

/** Which rule of a schema an error is about. */
function rule({ keyword, params }) {
  return `${keyword} ${params.missingProperty ?? ""}`;
}
