// What the marks mean: every kind of edge, and of the other marks those in use.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ html }, { ROLES }, { GLYPHS }, { svg }, { ring }] = await Promise.all(
  ["graph_chrome", "graph_roles", "graph_pairs", "graph_view", "graph_lines"].map(load),
);
const [LEFT, RIGHT] = [{ x: 6, y: 10 }, { x: 32, y: 10 }];

const EDGES = [
  { kind: "->", words: "causes", always: true, d: "M2 10H28", heads: "M36 10L26 6V14Z" },
  { kind: "<->", words: "share an unmeasured cause", always: true, d: "M10 10H28", heads: "M36 10L26 6V14ZM2 10L12 6V14Z" },
  { kind: "--", words: "direction open", d: "M2 10H36", heads: "" },
  { kind: "o->", words: "causes, or shares an unmeasured cause", d: "M11 10H28", heads: `M36 10L26 6V14Z${ring(LEFT)}` },
  { kind: "o-o", words: "both ends open", d: "M11 10H27", heads: ring(LEFT) + ring(RIGHT) },
];

const KEYS = [
  ["N", "add"], ["A", "arrow"], ["B", "confounder"], ["E", "its edges"], ["R", "reverse"], ["Del", "delete"],
  ...ROLES.map(({ key, label }) => [key.toUpperCase(), label.toLowerCase()]),
  ["F2", "rename"], ["W", "why"], ["Space", "choose several"], ["Ctrl+A", "choose all"],
  ["Alt+arrows", "move"], ["Shift+arrows", "move the view"], ["+ − 0", "zoom"], ["T", "tidy"], ["Ctrl+Z", "undo"],
];

export class Legend {
  constructor(pairs, redraw) {
    this.items = html("div", { class: "items" });
    this.toggle = html("input", { type: "checkbox", "data-testid": "graph-show-open" });
    this.toggle.checked = pairs.notes;
    this.toggle.addEventListener("change", () => {
      pairs.notes = this.toggle.checked;
      redraw();
    });
    this.choice = html("label", {}, this.toggle, "Show notes on missing edges");
    this.root = html("details", { class: "legend", "data-testid": "graph-legend" },
      html("summary", {}, "Legend and keys"), this.items, this.choice,
      html("p", { class: "keys" }, ...KEYS.map(([key, does]) => html("span", {}, html("kbd", {}, key), does))));
  }

  // `found` are the pairs with marks, as graph_pairs.js found them.
  show(graph, found, columns) {
    const kinds = new Set(graph.edges.map((e) => e.kind));
    const edges = EDGES.filter(({ kind, always }) => always || kinds.has(kind));
    const roles = ROLES.filter(({ role }) => graph.nodes.some((n) => n[role]));
    const unknown = graph.nodes.some((n) => !n.latent && !columns.has(n.name));
    const has = (test) => [...found.values()].some(test);
    const open = has((one) => one.note && !one.edge);
    this.choice.hidden = !open;
    this.put([
      ...edges.map(({ kind, words, d, heads }) => [words, () => edgeSample(kind, d, heads)]),
      ...roles.map(({ role, badge, does }) => [does, () => roleSample(role, badge)]),
      unknown && ["the table has no such column", () => roleSample("unknown", "")],
      has((one) => one.note && one.edge) && ["an edge with a note", () => markSample("note")],
      open && ["no edge, and a note why", () => openSample("note")],
      has((one) => one.missing) && ["the table speaks for an edge here", () => openSample("missing")],
      has((one) => one.weak) && ["the table hardly shows this arrow", () => markSample("weak")],
    ].filter(Boolean));
  }

  // Each entry is its words and a function that draws its sample.
  put(entries) {
    const key = entries.map(([words]) => words).join("\n");
    if (key === this.shown) return;
    this.shown = key;
    this.items.replaceChildren(...entries.map(([words, draw]) => item(words, draw())));
  }
}

function item(words, drawing) {
  const picture = svg("svg", { viewBox: "0 0 38 20", width: 38, height: 20, "aria-hidden": "true" }, drawing);
  return html("span", { class: "item" }, picture, words);
}

function edgeSample(kind, d, heads) {
  return svg("g", { class: kind === "<->" ? "edge confounder" : "edge" },
    svg("path", { class: "line", d }), svg("path", { class: "heads", d: heads }));
}

function roleSample(role, badge) {
  const box = (name, out) => svg("rect", {
    class: name, x: 5 - out, y: 4 - out, width: 28 + 2 * out, height: 13 + 2 * out, rx: role === "adjusted" ? 1 : 5,
  });
  const mark = svg("g", { class: `badge ${role}`, transform: "translate(8 5) scale(.62)" },
    svg("circle", { r: 8.5 }), svg("path", { d: badge }));
  return svg("g", { class: `node ${role}` }, box("pill", 0), box("inner", -3),
    ...(badge && role !== "latent" ? [mark] : []));
}

function markSample(kind) {
  const g = svg("g", { class: kind === "weak" ? "edge weak" : "edge" }, svg("path", { class: "line", d: "M2 10H36" }));
  return svg("g", {}, g, glyph(kind));
}

function openSample(kind) {
  const g = svg("g", { class: kind === "missing" ? "pair missing" : "pair" }, svg("path", { class: "line", d: "M2 10H36" }));
  return svg("g", {}, g, glyph(kind));
}

function glyph(kind) {
  return svg("g", { class: `mark ${kind}`, transform: "translate(19 10)" },
    svg("circle", { r: 8 }), svg("path", { d: GLYPHS[kind] }));
}
