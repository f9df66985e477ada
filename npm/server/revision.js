/**
 * What is stored begins with its revision and a colon, so that a store can compare it without reading the rest.
 * `undefined` where nothing is stored.
 */
export const revisionOf = (value) => (value === undefined ? undefined : Number(/^(\d{1,16}):/.exec(value)?.[1]));
