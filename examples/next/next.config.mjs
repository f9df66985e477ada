/** @type {import("next").NextConfig} */
export default {
  // Not storefront-session: outside of the bundle its hooks would find another React than that of Next.js.
  serverExternalPackages: ["redis"],
  // This folder is a shop of its own.
  outputFileTracingRoot: import.meta.dirname,
};
