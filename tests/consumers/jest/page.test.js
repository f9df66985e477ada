const { visit } = require("./visit.js");

test("a visit", async () => {
  expect(typeof document).toBe("object");
  expect(await visit()).toMatch(/^customer, [1-9]/);
});

test("a visit under fake timers", async () => {
  jest.useFakeTimers();
  expect(await visit()).toMatch(/^customer, [1-9]/);
});
