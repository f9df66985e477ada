/** A choice between true and false among the options of a call, where one is given. What is wrong is an object of fields, as in `core.js`. */
export function flag(options, field) {
  try {
    const it = options?.[field];
    if (it === undefined || typeof it === "boolean") return it;
  } catch {
    // A getter may throw.
  }
  throw { code: "invalid_argument", message: `${field} must be true or false`, field };
}
