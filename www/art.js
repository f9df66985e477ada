import { svg } from "./dom.js";

/** A still life for a product, drawn from its id: the same product always looks the same, and no picture is loaded. */
export function picture(id, name) {
  const seed = [...id].reduce((total, letter) => (total * 31 + letter.codePointAt(0)) >>> 0, 7);
  const hue = seed % 360;
  const draw = SCENES[(seed >>> 9) % SCENES.length];
  const image = svg(
    "svg",
    { viewBox: "0 0 240 160", class: "art", role: "img", "aria-label": `Drawing for ${name}`, preserveAspectRatio: "xMidYMid slice", "--art": hue },
    svg("rect", { class: "art-wall", width: 240, height: 160 }),
    svg("rect", { class: "art-floor", y: 118, width: 240, height: 42 }),
    ...draw(),
  );
  return image;
}

const shadow = (x, width) => svg("ellipse", { class: "art-shadow", cx: x, cy: 127, rx: width / 2, ry: 6 });
const path = (tone, d) => svg("path", { class: `art-${tone}`, d });
const circle = (tone, cx, cy, r) => svg("circle", { class: `art-${tone}`, cx, cy, r });
const rect = (tone, x, y, width, height, rx = 3) => svg("rect", { class: `art-${tone}`, x, y, width, height, rx });

const SCENES = [
  () => [shadow(120, 120), rect("a", 72, 58, 96, 68, 6), path("b", "M72 64a6 6 0 0 1 6-6h84a6 6 0 0 1 6 6v14H72z"), rect("c", 112, 58, 16, 68, 0), circle("d", 120, 92, 5)],
  () => [shadow(120, 70), path("a", "M92 126V74a28 28 0 0 1 56 0v52z"), path("b", "M120 126V46a28 28 0 0 1 28 28v52z"), rect("c", 108, 34, 24, 16, 4), rect("d", 92, 92, 56, 10, 0)],
  () => [shadow(128, 130), path("c", "M76 126h10l26-72h-8z"), path("c", "M156 126h-10l-26-72h8z"), rect("a", 60, 46, 120, 12, 6), circle("b", 148, 34, 12), rect("d", 82, 28, 26, 18, 3)],
  () => [shadow(118, 128), rect("a", 62, 104, 108, 22, 4), rect("b", 72, 84, 92, 20, 4), rect("c", 66, 64, 96, 20, 4), rect("d", 84, 64, 10, 20, 0), rect("c", 84, 104, 10, 22, 0)],
  () => [shadow(120, 96), circle("a", 104, 90, 36), path("b", "M104 54a36 36 0 0 1 0 72z"), rect("c", 138, 78, 34, 48, 4), circle("d", 155, 68, 10)],
  () => [shadow(116, 60), rect("c", 117, 60, 6, 60, 3), rect("c", 96, 118, 48, 8, 4), path("a", "M84 64 104 30h32l20 34z"), path("b", "M120 30h16l20 34h-36z"), circle("d", 120, 68, 7)],
  () => [shadow(120, 84), path("a", "M86 70h60l-6 56H92z"), path("b", "M116 70h30l-6 56h-24z"), path("line", "M146 80c22 0 22 30-3 30"), path("line", "M104 60c-6-8 6-12 0-20M124 60c-6-8 6-12 0-20")],
  () => [shadow(120, 130), path("a", "M64 126 98 52l34 74z"), path("b", "M98 52l34 74h-34z"), path("c", "M112 126l28-58 36 58z"), path("d", "M140 68l36 58h-30z")],
];
