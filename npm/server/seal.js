import { check } from "../session-error.js";

const name = "AES-GCM";
const mark = "sealed";
const expected = "32 bytes, or their Base64 text, or a list of these, the one to encrypt with first";

/**
 * What makes texts unreadable for whoever can read the store, and unusable in another place than their own. The first key
 * encrypts, all of them decrypt. Without a key texts stay as they are.
 */
export class Seal {
  #keys;

  constructor(given) {
    // A list from which all keys are missing must not store in the clear.
    check("encryptionKey", !Array.isArray(given) || given.length, expected);
    // A key that is missing in the middle of a list is one as well.
    const list = given === undefined ? [] : Array.isArray(given) ? [...given] : [given];
    this.#keys = list.map((key) => {
      const bytes = typeof key === "string" ? Buffer.from(key, "base64") : key instanceof Uint8Array ? key : [];
      check("encryptionKey", bytes.length === 32, expected);
      return crypto.subtle.importKey("raw", bytes, name, false, ["encrypt", "decrypt"]);
    });
  }

  /** `place` is where the text is kept; it can be opened nowhere else. */
  async close(text, place) {
    if (!this.#keys.length) return text;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(about(iv, place), await this.#keys[0], Buffer.from(text));
    return `${mark}.${Buffer.from(iv).toString("base64url")}.${Buffer.from(sealed).toString("base64url")}`;
  }

  /** The text; `undefined` where none of the keys opens it. */
  async open(text, place) {
    const [found, iv, sealed] = text.split(".");
    if (!this.#keys.length) return found === mark ? undefined : text;
    if (found !== mark || !sealed) return undefined;
    for (const key of this.#keys) {
      try {
        const opened = await crypto.subtle.decrypt(about(Buffer.from(iv, "base64url"), place), await key, Buffer.from(sealed, "base64url"));
        return Buffer.from(opened).toString();
      } catch {
        // The next key may be the one.
      }
    }
    return undefined;
  }
}

const about = (iv, place) => ({ name, iv, additionalData: Buffer.from(place) });
