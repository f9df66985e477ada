/** Hosts at the edge of a network compile no bytes: they are given the module when the script is deployed. */

export const advice = 'Leave the option wasm out, or give it what is imported from "storefront-session/storefront_session_bg.wasm?module"';

export const spare = undefined;
