// The picture: pills and lines in an SVG, kept element by element so that a drag never
// loses the element under the finger. Positions are the graph's own; the view stretches
// them to the space there is, while text keeps its size.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ said }, { along, control, line }, { LINE, described, label, useFont }, { BADGED, ROLES }] =
  await Promise.all(["graph_model", "graph_lines", "graph_label", "graph_roles"].map(load));

const NS = "http://www.w3.org/2000/svg";
const FULL = 1.25; // no larger than this when there is room
const GAP = 8;
const WIDER = [1, 1.2, 1.4, 1.7, 2, 2.5, 3];
const EDGE = 24; // a node's middle stays this far inside the canvas

export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(NS, tag);
  set(made, attributes);
  made.append(...children);
  return made;
}

export function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === false) element.removeAttribute(key);
    else if (element.getAttribute(key) !== String(value)) element.setAttribute(key, value);
  }
}

export class View {
  constructor() {
    this.lines = svg("g");
    this.pills = svg("g");
    this.preview = svg("path", { class: "preview", hidden: "" });
    this.band = svg("rect", { class: "band", hidden: "" });
    this.world = svg("g", {}, this.lines, this.preview, this.pills, this.band);
    this.root = svg("svg", { class: "canvas", tabindex: 0, role: "application" }, this.world);
    this.nodes = new Map();
    this.edges = new Map();
    this.frame = { x: 0, y: 0, sx: 1, sy: 1 };
    this.lens = { k: 1, x: 0, y: 0 }; // how far it is zoomed in, and moved (graph_zoom.js)
  }

  // Stretch the positions over a place `width` pixels wide. What would overlap there makes
  // the canvas higher, then wider than its place, which scrolls.
  fit(graph, width, columns) {
    this.narrow = width < 600;
    this.most = Math.max(86, Math.min(170, width / 4.4));
    const size = this.narrow ? 13 : 14;
    this.root.style.setProperty("--size", `${size}px`);
    useFont(`500 ${size}px ${getComputedStyle(this.root).fontFamily}`);
    const boxes = graph.nodes.map((n) => ({ ...this.label(n, columns), x: n.x, y: n.y }));
    const [left, right] = reach(boxes.map((box) => box.x));
    const [top, bottom] = reach(boxes.map((box) => box.y));
    const [padX, padY] = [this.most / 2 + (this.narrow ? 8 : 34), this.narrow ? 46 : 54];
    const [low, high] = this.narrow ? [430, 680] : [460, 640];
    for (const wider of WIDER) {
      this.width = Math.round(width * wider);
      const sx = Math.min(FULL, (this.width - 2 * padX) / (right - left || 1));
      const sy = Math.min(FULL, Math.max((low - 2 * padY) / (bottom - top || 1), apart(boxes, sx)));
      this.height = Math.round(Math.max(low, Math.min(high, (bottom - top) * sy + 2 * padY)));
      const most = (this.height - 2 * padY) / (bottom - top || 1);
      this.frame = { sx, sy: Math.min(sy, most), x: (left + right) / 2, y: (top + bottom) / 2 };
      if (apart(boxes, sx) <= this.frame.sy + 1e-6) break;
    }
    const shape = { viewBox: `0 0 ${this.width} ${this.height}`, height: this.height };
    set(this.root, { ...shape, width: this.width });
  }

  toScreen(place) {
    const f = this.frame;
    return { x: this.width / 2 + (place.x - f.x) * f.sx, y: this.height / 2 + (place.y - f.y) * f.sy };
  }

  toGraph(point) {
    const f = this.frame;
    const [x, y] = [f.x + (point.x - this.width / 2) / f.sx, f.y + (point.y - this.height / 2) / f.sy];
    return { x: Math.round(x), y: Math.round(y) };
  }

  // A point of the canvas in the drawing, and back.
  into(point) {
    const { k, x, y } = this.lens;
    return { x: (point.x - x) / k, y: (point.y - y) / k };
  }

  onto(point) {
    const { k, x, y } = this.lens;
    return { x: point.x * k + x, y: point.y * k + y };
  }

  // The part of the drawing that is seen.
  visible() {
    const { k } = this.lens;
    return { ...this.into({ x: 0, y: 0 }), width: this.width / k, height: this.height / k };
  }

  // Where a pointer is, in the drawing and kept inside the canvas.
  at({ clientX, clientY }) {
    const box = this.root.getBoundingClientRect();
    const inside = (value, most) => Math.max(EDGE, Math.min(most - EDGE, value));
    return this.into({
      x: inside(clientX - box.left, this.width), y: inside(clientY - box.top, this.height),
    });
  }

  // The node under a point, if any.
  under(point) {
    const near = (box) =>
      Math.abs(point.x - box.x) < box.w / 2 + 12 && Math.abs(point.y - box.y) < box.h / 2 + 12;
    return [...this.boxes].find(([, box]) => near(box))?.[0] ?? null;
  }

  // The nearest node in a direction, by the arrow keys.
  nearest(graph, name, dx, dy) {
    const at = this.toScreen(graph.nodes.find((n) => n.name === name));
    let [best, least] = [null, Infinity];
    for (const n of graph.nodes) {
      const p = this.toScreen(n);
      const ahead = (p.x - at.x) * dx + (p.y - at.y) * dy;
      const aside = Math.abs((p.x - at.x) * dy) + Math.abs((p.y - at.y) * dx);
      const far = ahead + 2 * aside;
      if (n.name !== name && ahead > 1 && far < least) [best, least] = [n.name, far];
    }
    return best;
  }

  // A point with room for one more node: near the middle of what is seen, or the freest.
  room(graph) {
    const taken = graph.nodes.map((n) => this.toScreen(n));
    const [w, h] = [this.most + 20, 84];
    const free = (p) =>
      Math.min(2, ...taken.map((q) => Math.max(Math.abs(p.x - q.x) / w, Math.abs(p.y - q.y) / h)));
    const across = Math.max(1, Math.floor((this.visible().width - 20) / w));
    const points = [Math.min(4, across), across].flatMap((columns) => this.grid(columns, w, h));
    const found = points.find((p) => free(p) >= 0.98);
    return found ?? points.reduce((best, p) => (free(p) > free(best) ? p : best));
  }

  grid(columns, w, h) {
    const seen = this.visible();
    const rows = Math.max(1, Math.floor((seen.height - 60) / h));
    return Array.from({ length: rows * columns }, (_, i) => ({
      x: seen.x + seen.width / 2 + w * ((i % columns) - (columns - 1) / 2),
      y: seen.y + 70 + h * Math.floor(i / columns),
    }));
  }

  draw(graph, look) {
    const boxes = new Map();
    for (const n of graph.nodes) boxes.set(n.name, { ...this.toScreen(n), ...this.label(n, look.columns) });
    this.boxes = boxes;
    keep(this.nodes, graph.nodes, (n) => n.name, (n) => this.pills.appendChild(newNode(n.name)));
    for (const n of graph.nodes) this.drawNode(n, graph, boxes.get(n.name), look);
    keep(this.edges, graph.edges, said, (e) => this.lines.appendChild(newEdge(e)));
    for (const e of graph.edges) this.drawEdge(e, boxes, look);
  }

  label(n, columns) {
    return label(n, !n.latent && !columns.has(n.name), this.most, this.narrow ? 20 : 28);
  }

  drawNode(n, graph, box, look) {
    const g = this.nodes.get(n.name);
    const unknown = !n.latent && !look.columns.has(n.name);
    const state = {
      chosen: look.nodes?.has(n.name), source: look.from === n.name, target: look.over === n.name,
      unknown, ...Object.fromEntries(ROLES.map(({ role }) => [role, n[role]])),
    };
    const classes = Object.keys(state).filter((key) => state[key]);
    set(g, {
      class: ["node", ...classes].join(" "),
      transform: `translate(${box.x.toFixed(1)} ${box.y.toFixed(1)})`,
      "aria-label": described(n, graph, unknown, state.chosen),
    });
    const key = [box.w, box.h, this.narrow, box.tag].join("|");
    if (g.dataset.shape !== key) this.shapeNode(g, n, box);
    g.dataset.shape = key;
  }

  shapeNode(g, n, box) {
    const [rim, focus, pill, inner, tag, text, badges, handle] = g.children;
    const corner = n.adjusted ? 2 : 12;
    for (const [rect, out] of [[rim, 0], [focus, 5], [pill, 0], [inner, -4]]) {
      set(rect, {
        x: -box.w / 2 - out, y: -box.h / 2 - out, width: box.w + 2 * out, height: box.h + 2 * out,
        rx: Math.max(2, corner + out),
      });
    }
    tag.textContent = box.tag;
    set(tag, { y: box.h / 2 - 9 });
    text.replaceChildren(...box.lines.map((words, i) => {
      const span = svg("tspan", { x: 0, y: -box.h / 2 + 21 + i * LINE });
      span.textContent = words;
      return span;
    }));
    badges.replaceChildren(...BADGED.filter(({ role }) => n[role]).map(({ role, badge }, i) =>
      svg("g", { class: `badge ${role}`, transform: `translate(${6 + 20 * i - box.w / 2} ${-box.h / 2})` },
        svg("circle", { r: 8.5 }), svg("path", { d: badge }))));
    const place = this.narrow ? `0 ${box.h / 2 + 12}` : `${box.w / 2 + 12} 0`;
    set(handle, { transform: `translate(${place})` });
  }

  drawEdge(e, boxes, look) {
    const g = this.edges.get(said(e));
    const chosen = look.edge && said(look.edge) === said(e);
    const touches = look.nodes?.has(e.source) || look.nodes?.has(e.target);
    const names = ["edge", e.kind === "<->" && "confounder", chosen && "chosen", touches && "near"];
    set(g, { class: names.filter(Boolean).join(" ") });
    const shape = line(boxes.get(e.source), boxes.get(e.target), e.kind, (bend) =>
      this.blocked(e, boxes, bend));
    const [hit, stroke, heads] = g.children;
    set(hit, { d: shape.d });
    set(stroke, { d: shape.d });
    set(heads, { d: shape.heads });
  }

  // Whether another pill lies on the line from source to target with this bend.
  blocked(edge, boxes, bend) {
    const [a, b] = [boxes.get(edge.source), boxes.get(edge.target)];
    const c = control(a, b, bend);
    const middle = along(a, c, b, 0.5);
    if (bend && (middle.y < 8 || middle.y > this.height - 8)) return true;
    const [left, right] = reach([a.x, b.x, c.x]);
    const [top, bottom] = reach([a.y, b.y, c.y]);
    for (const [name, box] of boxes) {
      const [w, h] = [box.w / 2 + 5, box.h / 2 + 5];
      if (name === edge.source || name === edge.target) continue;
      if (box.x < left - w || box.x > right + w || box.y < top - h || box.y > bottom + h) continue;
      for (let t = 0.04; t < 1; t += 0.03) {
        const p = along(a, c, b, t);
        if (Math.abs(p.x - box.x) < w && Math.abs(p.y - box.y) < h) return true;
      }
    }
    return false;
  }

  drawPreview(name, point, kind) {
    this.preview.toggleAttribute("hidden", !name);
    if (!name) return;
    const shape = line(this.boxes.get(name), { ...point, w: 0, h: 0 }, kind, () => false);
    set(this.preview, {
      d: shape.d + shape.heads, class: kind === "<->" ? "preview confounder" : "preview",
    });
  }
}

function reach(values) {
  return values.length ? [Math.min(...values), Math.max(...values)] : [0, 0];
}

// The vertical scale from which on no two boxes overlap, given the horizontal one.
function apart(boxes, sx) {
  let least = 0;
  boxes.forEach((one, i) => {
    for (const other of boxes.slice(i + 1)) {
      if (Math.abs(one.x - other.x) * sx > (one.w + other.w) / 2 + GAP) continue;
      least = Math.max(least, ((one.h + other.h) / 2 + GAP) / Math.abs(one.y - other.y));
    }
  });
  return least;
}

function keep(map, items, key, make) {
  const wanted = new Set(items.map(key));
  for (const [name, element] of map) {
    if (wanted.has(name)) continue;
    element.remove();
    map.delete(name);
  }
  for (const item of items) if (!map.has(key(item))) map.set(key(item), make(item));
}

function newNode(name) {
  const title = svg("title");
  title.textContent = name;
  const handle = svg("g", { class: "handle", "data-testid": `graph-handle-${name}` },
    svg("circle", { r: 20, class: "reach" }), svg("circle", { r: 7, class: "dot" }));
  const g = svg("g", { tabindex: 0, role: "button", "data-testid": `graph-node-${name}` },
    svg("rect", { class: "rim" }), svg("rect", { class: "focus" }), svg("rect", { class: "pill" }),
    svg("rect", { class: "inner" }), svg("text", { class: "tag" }), svg("text", { class: "name" }),
    svg("g"), handle, title);
  g.dataset.name = name;
  return g;
}

function newEdge(edge) {
  const g = svg("g", { tabindex: -1, role: "button", "data-testid": "graph-edge", "aria-label": said(edge) },
    svg("path", { class: "hit" }), svg("path", { class: "line" }), svg("path", { class: "heads" }));
  Object.assign(g.dataset, edge);
  return g;
}
