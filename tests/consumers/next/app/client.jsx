"use client";

import { useEffect, useState } from "react";

import { visit } from "../visit.js";

// In development an effect runs twice, and nobody signs in twice.
let visiting;

export default function Client() {
  const [text, show] = useState("");
  useEffect(() => {
    visiting ??= visit(new URLSearchParams(location.search).get("api"));
    visiting.then(show, (error) => show(`failed: ${error}`));
  }, []);
  return <p id="client">{text}</p>;
}
