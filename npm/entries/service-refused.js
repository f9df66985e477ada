/** What a bundle for browsers gets instead of service.js, whose secret no page may have. */
export let ServiceToken;

throw new Error("storefront-session/service is for Node.js only: its secret must not reach a page");
