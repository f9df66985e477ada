import { connection } from "next/server";

import { visit } from "../visit.js";
import Client from "./client.jsx";

export default async function Page() {
  await connection();
  return (
    <>
      <p id="server">{await visit(process.env.API_URL)}</p>
      <Client />
    </>
  );
}
