import { expect, test } from "./fixtures.js";

test("a visitor sees the products, signs in, and keeps the session", async ({ page, sandbox }) => {
  await expect(page.getByRole("listitem")).toContainText(["Harbour Mug"]);
  await expect(page.getByRole("status")).toHaveText("anonymous");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("status")).toHaveText("customer");
  const { sessions } = await sandbox.state();
  expect(sessions).toHaveLength(1);
  expect(sessions[0].customers).toMatchObject([{ email: "buyer@example.com" }]);
});

test("a token that is revoked is renewed before anybody notices", async ({ page, sandbox }) => {
  await expect(page.getByRole("listitem")).not.toHaveCount(0);
  const { sessions } = await sandbox.state();
  await sandbox.revoke({ kind: "access", sessionId: sessions[0].sessionId });
  await sandbox.forgetRequests();
  await page.getByRole("button", { name: "Load again" }).click();
  await expect.poll(async () => (await sandbox.requests()).filter(({ method }) => method !== "OPTIONS").map(({ status }) => status)).toEqual([401, 200, 200]);
  await expect(page.getByRole("alert")).toBeEmpty();
});

test("a platform that is away is told", async ({ page, sandbox }) => {
  await expect(page.getByRole("listitem")).not.toHaveCount(0);
  await sandbox.faults([{ path: "/product/*", kind: "status", status: 503 }]);
  await page.getByRole("button", { name: "Load again" }).click();
  await expect(page.getByRole("alert")).toHaveText("The products are not there: 503");
});
