// What memfs uses of node:url; the package `url` has no URL.
export const URL = globalThis.URL;
export const fileURLToPath = (url) => decodeURIComponent(new URL(url).pathname);
