// How an arrow of what is known looks: solid where it must be, crossed out where it cannot be.

const { along, control, line } = await import(
  `./graph_lines.js${new URL(import.meta.url).search}`
);

const NS = "http://www.w3.org/2000/svg";
const [SHORT, WIDE] = [30, 120]; // pixels; an arrow between pills this close bows out that far
const EDGE = 4; // pixels that an arrow keeps from the sides

export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// The element of an arrow between two of `boxes` (name → box) on a stage `width` pixels wide.
export function newArrow({ kind, cause, effect }, words, boxes, width) {
  const shape = shapeOf(cause, effect, boxes, width);
  const title = svg("title");
  title.textContent = words;
  const path = svg("path", { class: "line", d: shape.d });
  const g = svg("g", {
    class: `arrow ${kind}`, tabindex: 0, role: "button", "data-testid": "knowledge-arrow",
    "aria-label": words,
  }, title, svg("path", { class: "hit", d: shape.d }), path, svg("path", { class: "heads", d: shape.heads }));
  Object.assign(g.dataset, { cause, effect });
  if (kind === "forbidden") g.append(cross(path));
  return g;
}

// The line from a box to a point, while it is being drawn.
export function reaching(box, point) {
  const shape = line(box, { ...point, w: 0, h: 0 }, "->", () => false);
  return shape.d + shape.heads;
}

function shapeOf(cause, effect, boxes, width) {
  const [a, b] = [boxes.get(cause), boxes.get(effect)];
  const others = [...boxes].filter(([name]) => name !== cause && name !== effect);
  const close = gap(a, b) < SHORT;
  return line(a, b, "->", (bend) => {
    if (close && Math.abs(bend) < WIDE) return true;
    const { x } = along(a, control(a, b, bend), b, 0.5);
    if (x < EDGE || x > width - EDGE) return true;
    return others.some(([, box]) => crosses(a, b, bend, box));
  });
}

// How far two pills are apart, edge to edge.
function gap(a, b) {
  return Math.max(Math.abs(a.x - b.x) - (a.w + b.w) / 2, Math.abs(a.y - b.y) - (a.h + b.h) / 2);
}

function crosses(a, b, bend, box) {
  const c = control(a, b, bend);
  for (let t = 0.04; t < 1; t += 0.04) {
    const p = along(a, c, b, t);
    if (Math.abs(p.x - box.x) < box.w / 2 + 3 && Math.abs(p.y - box.y) < box.h / 2 + 3) return true;
  }
  return false;
}

function cross(path) {
  const at = path.getPointAtLength(path.getTotalLength() / 2);
  const text = svg("text", { class: "cross", x: at.x.toFixed(1), y: (at.y + 5).toFixed(1) });
  text.textContent = "✕";
  return text;
}
