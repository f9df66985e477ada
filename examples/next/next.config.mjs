/** @type {import("next").NextConfig} */
export default {
  // The WebAssembly lies beside the package's files, and is read from there.
  serverExternalPackages: ["storefront-session", "redis"],
  // This folder is a shop of its own.
  outputFileTracingRoot: import.meta.dirname,
};
