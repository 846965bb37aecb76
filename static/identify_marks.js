// What is said of the graph on the graph itself: lines that are cut, nodes left out, paths by
// kind, and where a path is blocked. No mark is told by its colour alone.

const version = new URL(import.meta.url).search;
const { set, svg } = await import(`./graph_view.js${version}`);

const STRONGEST = ["biasing", "causal", "blocked"]; // of the paths that share a line
const SCISSORS = "M-6 -4.5L6 4.5M-6 4.5L6 -4.5M-9.5 -5.5a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0 -4.6 0M-9.5 5.5a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0 -4.6 0";
const GLYPHS = {
  cut: SCISSORS,
  blocks: "M0 -5.5V5.5M-4.5 -5.5V5.5", // two bars: nothing passes here
  opens: "M-5 0H4M1 -3.5L5 0L1 3.5", // an arrow: it passes because something is held
};

export class Marks {
  constructor(view) {
    this.view = view;
    this.over = svg("g", { class: "marks" });
    view.pills.after(this.over);
  }

  // absent, cut: keys of edges; gone, left, held: names; paths: as Python tells them, one of
  // them `lit`; weak, strong: keys of the larger and the smaller forest of a hedge.
  draw({ absent = [], cut = [], gone = [], left = [], held = [], paths = [], lit = null, classes = {} }) {
    const [shown, off] = [lit ? [lit] : paths, new Set(absent)];
    const kinds = kindsOf(shown);
    this.view.root.classList.toggle("tracing", Boolean(lit));
    for (const [key, g] of this.view.edges) {
      const kind = kinds.get(key);
      const names = [off.has(key) && "away", cut.includes(key) && "cut", kind, classes[key]].filter(Boolean);
      g.classList.add(...names);
      set(g, { role: "img", tabindex: null, "aria-label": [key, ...names.map((name) => SAID[name])].filter(Boolean).join(", ") });
    }
    for (const [name, pill] of this.view.nodes) {
      pill.classList.toggle("away", gone.includes(name));
      pill.classList.toggle("left", left.includes(name));
      pill.classList.toggle("held", held.includes(name));
      pill.classList.toggle("traced", Boolean(lit) && lit.nodes.includes(name));
    }
    this.over.replaceChildren(
      ...cut.filter((key) => this.view.edges.has(key)).map((key) => mark("cut", middle(this.view.edges.get(key)))),
      ...this.stops(shown),
    );
  }

  // Where the paths that are shown are blocked or opened, each node once.
  stops(paths) {
    const blocks = new Set(paths.flatMap((path) => path.blockers));
    const opens = new Set(paths.flatMap((path) => path.opened));
    const at = (name, side) => {
      const box = this.view.boxes.get(name);
      return { x: box.x + side * (box.w / 2 - 6), y: box.y + box.h / 2 };
    };
    return [
      ...[...blocks].map((name) => mark("blocks", at(name, 1), `blocks-${name}`)),
      ...[...opens].map((name) => mark("opens", at(name, -1), `opens-${name}`)),
    ];
  }
}

const SAID = {
  away: "not in this step’s graph", cut: "cut in this step", biasing: "on an open path that biases",
  causal: "on a causal path", blocked: "on blocked paths only", larger: "in the larger forest",
  smaller: "in both forests",
};

function kindsOf(paths) {
  const found = new Map();
  for (const { kind, edges } of [...paths].sort((a, b) => STRONGEST.indexOf(b.kind) - STRONGEST.indexOf(a.kind)))
    for (const key of edges) found.set(key, kind);
  return found;
}

function middle(g) {
  const line = g.querySelector(".line");
  return line.getPointAtLength(line.getTotalLength() / 2);
}

function mark(kind, { x, y }, id = kind) {
  return svg("g", { class: `mark ${kind}`, "data-testid": `identify-mark-${id}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` },
    svg("circle", { r: kind === "cut" ? 12 : 9 }), svg("path", { d: GLYPHS[kind] }));
}
