// Hosts that a shop may be built with and that are not tried, and why.

export const leftOut = {
  "Vite 5": "out of support",
  "Angular 20 and older": "out of support; 21 and 22 are tried",
  "Vercel and Netlify": "want an account; edge-runtime and Next.js, which they run, are tried",
  "wrangler, Nuxt's Cloudflare preset": "bundle for workerd, which is tried itself with the condition of that name",
  Electron: "downloads its browser while it is installed, from no package registry",
  "React Native": "Hermes has no WebAssembly",
  "Safari on macOS and iOS": "run on Apple's systems only; WebKitGTK is in npm run test:engines",
};
