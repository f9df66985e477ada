import { Links, Meta, Outlet, Scripts, ScrollRestoration } from "react-router";
import { SessionProvider } from "storefront-session/react";

const apiUrl = typeof location === "object" ? new URLSearchParams(location.search).get("api") : undefined;

export function Layout({ children }) {
  return (
    <html lang="en">
      <head>
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function App() {
  return (
    <SessionProvider options={{ tenant: "acme", clientId: "storefront", apiUrl }}>
      <Outlet />
    </SessionProvider>
  );
}
