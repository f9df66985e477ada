const secretName = /token|secret|passw|pwd|e-?mail|auth|jwt|saas|session|signature|api-?key|^(code|key|state|nonce|sid|sig)$/i;
/** A JWT, or what is too long and too mixed for a word or an id. */
const secretValue = /eyJ[\w-]+\.|@|%40|^(?=.*\d)(?=.*[a-z])[\w.~+/=%-]{40,}$/i;
const mark = "REDACTED";

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** An address without what a query, a fragment, a path or a user's part may hold of secrets. */
export function redactUrl(url) {
  const text = `${url?.url ?? url}`;
  const end = text.search(/[?#]/);
  const path = end < 0 ? text : text.slice(0, end);
  const rest = end < 0 ? "" : text.slice(end);
  return (
    path.replace(/\/\/[^/]*@/, "//").replace(/[^/]+/g, (part) => (/^eyJ[\w-]+\.|@|%40/.test(part) ? mark : part)) +
    rest.replace(/([?#&;])([^?#&;=]*)(=?)([^#&;]*)/g, (all, sign, name, equals, value) => {
      const isSecret = equals ? secretName.test(decoded(name)) || secretValue.test(value) : secretValue.test(name);
      if (!isSecret) return all;
      return equals ? `${sign}${name}=${mark}` : sign + mark;
    })
  );
}
