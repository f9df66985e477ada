// Where an engine is known to fail a test today: which, and what will mend it. npm run test:engines tells of each that
// passes, so that it can be taken from here.

export const known = [];
