const { visit } = require("./visit.js");

test("a visit", async () => {
  expect(await visit()).toMatch(/^customer, [1-9]/);
});
