"use client";

import { useEffect, useState } from "react";

import { visit } from "../visit.js";

export default function Client() {
  const [text, show] = useState("");
  useEffect(() => {
    visit(new URLSearchParams(location.search).get("api")).then(show, (error) => show(`failed: ${error}`));
  }, []);
  return <p id="client">{text}</p>;
}
