const formats = new Map();

export function money(amount, currency) {
  if (!Number.isFinite(amount)) return "–";
  if (!formats.has(currency)) formats.set(currency, new Intl.NumberFormat("en-IE", { style: "currency", currency }));
  return formats.get(currency).format(amount);
}
