/**
 * The one spelling of an e-mail address by which addresses are compared: without blanks around it, in small letters, and with
 * its domain as `URL` spells it, in ASCII.
 */
export function normalEmail(email) {
  const text = email.trim().normalize().toLowerCase();
  const domain = text.lastIndexOf("@") + 1;
  try {
    return text.slice(0, domain) + new URL(`http://${text.slice(domain)}`).hostname;
  } catch {
    return text;
  }
}
