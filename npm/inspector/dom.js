const SVG = "http://www.w3.org/2000/svg";

/** An element; properties that begin with `--` are custom properties of its style, the others attributes, `false` and `undefined` leave them out. */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** The same for SVG. */
export const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) continue;
    if (name.startsWith("--")) element.style.setProperty(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...present(children));
  return element;
}

/** Replaces what is inside; like in `h`, `false` and `undefined` leave a child out. */
export const put = (element, ...children) => element.replaceChildren(...present(children));

const present = (children) => children.flat().filter((child) => child !== undefined && child !== null && child !== false);

/** Text is only written when it differs: a live region repeats what is written again. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
