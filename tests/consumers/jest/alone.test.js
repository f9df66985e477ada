const { SessionError, SessionManager } = require("storefront-session");

test("the error names what to do", async () => {
  const error = await SessionManager.open({ tenant: "acme", clientId: "storefront" }).catch((error) => error);
  expect(error).toBeInstanceOf(SessionError);
  expect(error.message).toMatch(/jest-fixed-jsdom/);
});
