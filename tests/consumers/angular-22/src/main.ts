import { Component, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { SessionManager } from "storefront-session";

@Component({ selector: "shop-visit", template: `<p id="client">{{ text() }}</p>` })
class Visit {
  readonly text = signal("");

  constructor() {
    this.visit().then((text) => this.text.set(text), (error: unknown) => this.text.set(`failed: ${error}`));
  }

  async visit(): Promise<string> {
    const apiUrl = new URLSearchParams(location.search).get("api") ?? "";
    const session = await SessionManager.open({ tenant: "acme", clientId: "storefront", apiUrl });
    const products: unknown[] = await (await session.fetch("/product/acme/products")).json();
    await session.login({ email: "buyer@example.com", password: "sandbox-pass" });
    return `${session.getSnapshot().kind}, ${products.length} products`;
  }
}

bootstrapApplication(Visit, { providers: [provideZonelessChangeDetection()] });
