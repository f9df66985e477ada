import { svg } from "./dom.js";

const WIDTH = 240;
const HEIGHT = 160;

const path = (tone, d) => svg("path", { class: `art-${tone}`, d });
const circle = (tone, cx, cy, r) => svg("circle", { class: `art-${tone}`, cx, cy, r });
const ellipse = (tone, cx, cy, rx, ry) => svg("ellipse", { class: `art-${tone}`, cx, cy, rx, ry });
const rect = (tone, x, y, width, height, rx = 3) => svg("rect", { class: `art-${tone}`, x, y, width, height, rx });
const shadow = (x, width) => ellipse("shadow", x, 127, width / 2, 6);

/** What a thing is called decides how it is drawn: [wall hue, thing hue, drawing]. */
const THINGS = {
  mug: [
    235,
    235,
    () => [
      shadow(118, 92),
      path("stroke", "M146 78c26-2 28 34-1 34"),
      rect("a", 86, 62, 62, 65, 8),
      path("b", "M86 70a8 8 0 0 1 8-8h46a8 8 0 0 1 8 8v22c-8 8-14-2-21 4s-14 8-20 0-13 4-21-2z"),
      ellipse("c", 117, 65, 27, 4),
      path("wisp", "M106 48c-6-8 6-12 0-20M124 48c-6-8 6-12 0-20"),
    ],
  ],
  kettle: [
    200,
    45,
    () => [
      shadow(120, 120),
      path("c-stroke", "M88 70c2-44 62-44 64 0"),
      path("b", "M158 92c14-2 16-16 26-20l6 7c-10 6-10 26-30 32z"),
      path("a", "M72 127c-8-30 10-57 48-57s56 27 48 57z"),
      path("b", "M120 70c38 0 56 27 48 57h-34c8-26 2-48-14-57z"),
      rect("c", 98, 64, 44, 8, 4),
      circle("d", 120, 59, 6),
    ],
  ],
  notebook: [
    150,
    158,
    () => [
      shadow(122, 104),
      path("paper", "M96 44h62l8 8v75h-62z"),
      rect("a", 86, 40, 70, 87, 5),
      rect("b", 86, 40, 13, 87, 5),
      rect("d", 140, 40, 5, 87, 0),
      rect("paper", 108, 58, 24, 16, 2),
      path("c", "M118 127h7v14l-3.5-4-3.5 4z"),
    ],
  ],
  apron: [
    300,
    285,
    () => [
      rect("c", 117, 14, 6, 12, 3),
      path("c-stroke", "M98 58c0-44 44-44 44 0"),
      path("a", "M96 52h48l4 28c12 4 18 10 20 18v42H72V98c2-8 8-14 20-18z"),
      path("b", "M148 80c12 4 18 10 20 18v42h-28V98z"),
      rect("d", 84, 106, 30, 22, 3),
      rect("d", 126, 106, 30, 22, 3),
      path("line", "M72 96c-12 2-18 10-20 20M168 96c12 2 18 10 20 20"),
    ],
  ],
  board: [
    95,
    60,
    () => [
      shadow(120, 112),
      rect("b", 76, 34, 96, 93, 12),
      ...Array.from({ length: 20 }, (_, index) => {
        const [column, row] = [index % 5, Math.floor(index / 5)];
        return rect((column + row) % 2 ? "a" : "c", 84 + column * 16, 58 + row * 16, 16, 16, 0);
      }),
      rect("wall", 108, 41, 32, 9, 4.5),
    ],
  ],
  candle: [
    80,
    85,
    () => [
      circle("glow", 120, 44, 40),
      shadow(120, 100),
      path("c", "M76 118h88c-2 6-8 9-16 9H92c-8 0-14-3-16-9z"),
      rect("a", 98, 64, 44, 55, 4),
      rect("b", 126, 64, 16, 55, 4),
      path("paper", "M98 68a4 4 0 0 1 4-4h36a4 4 0 0 1 4 4v10c-6 6-8-2-14 0s-6 12-12 6-8-4-18-2z"),
      path("line-thin", "M120 64v-9"),
      path("flame", "M120 28c10 12 10 18 8 22a8.6 8.6 0 0 1-16 0c-2-5 2-12 8-22z"),
    ],
  ],
  throw: [
    20,
    15,
    () => [
      shadow(120, 140),
      rect("b", 58, 104, 124, 23, 10),
      rect("a", 60, 82, 120, 24, 10),
      rect("c", 62, 60, 116, 24, 10),
      path("weave", "M72 88l7 6 7-6 7 6 7-6 7 6 7-6 7 6 7-6 7 6 7-6 7 6 7-6 7 6"),
      path("weave", "M72 96l7 6 7-6 7 6 7-6 7 6 7-6 7 6 7-6 7 6 7-6 7 6 7-6 7 6"),
      path("d", "M132 60h22v46h-22z"),
      path("line-thin", "M135 106v10M139 106v10M143 106v10M147 106v10M151 106v10"),
    ],
  ],
  lantern: [
    265,
    75,
    () => [
      circle("glow", 120, 92, 46),
      shadow(120, 86),
      path("c-stroke", "M106 36c0-22 28-22 28 0"),
      path("b", "M92 58l16-22h24l16 22z"),
      rect("paper", 96, 58, 48, 60, 2),
      path("flame", "M120 78c8 10 8 15 6.5 18a7 7 0 0 1-13 0c-2-4 1-10 6.5-18z"),
      rect("c", 111, 103, 18, 15, 2),
      path("frame", "M96 58v60M120 58v12M144 58v60"),
      rect("a", 88, 116, 64, 11, 4),
    ],
  ],
};

/** A product nobody drew. */
const PARCEL = [
  250,
  70,
  () => [
    shadow(120, 120),
    rect("a", 72, 58, 96, 69, 6),
    path("b", "M72 64a6 6 0 0 1 6-6h84a6 6 0 0 1 6 6v14H72z"),
    rect("c", 112, 58, 16, 69, 0),
    circle("d", 120, 94, 5),
  ],
];

/** Drawn here, so that no picture is loaded. The name beside it says what it is; the picture is decoration. */
export function picture(id) {
  const [wall, thing, draw] = THINGS[id.split("-").at(-1)] ?? PARCEL;
  return svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      class: "art",
      "aria-hidden": "true",
      preserveAspectRatio: "xMidYMid slice",
      "--wall": wall,
      "--art": thing,
    },
    svg("rect", { class: "art-wall", width: WIDTH, height: HEIGHT }),
    svg("rect", { class: "art-floor", y: 118, width: WIDTH, height: HEIGHT - 118 }),
    ...draw(),
  );
}
