// What is believed or doubted of pairs of nodes: a mark on an edge that has a note, a dotted
// line where there is no edge but a reason for that, and the critic's marks: “!” where an
// edge seems to be missing, “?” on an arrow that the table hardly shows.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ joined, pairKey, said }, { line }, { set, svg }] = await Promise.all(
  ["graph_model", "graph_lines", "graph_view"].map(load),
);

export const GLYPHS = {
  note: "M-3.6 -2.6H3.6M-3.6 0H3.6M-3.6 2.6H1",
  missing: "M0 -4.4V1.2M0 3.8V4.2",
  weak: "M-2.4 -2a2.4 2.4 0 1 1 3.3 2.2Q0 1 0 2M0 4.2V4.4",
};

export class Pairs {
  constructor(view) {
    this.view = view;
    this.under = svg("g");
    this.over = svg("g", { class: "marks" });
    view.lines.before(this.under);
    view.pills.before(this.over);
    this.notes = true; // whether notes on missing edges are drawn
    this.said = new Map(); // for each pair, what its marks say
  }

  // `marks` are the critic's: {source, target, kind: "missing" | "weak", words}.
  draw(graph, marks, look) {
    const found = this.found(graph, marks);
    this.said = new Map([...found].map(([key, { texts }]) => [key, texts.join("\n")]));
    const open = [...found].filter(([, one]) => !one.edge && (one.missing || this.notes));
    const lines = new Map(open);
    for (const element of [...this.under.children]) if (!lines.has(element.dataset.key)) element.remove();
    for (const [key, one] of lines) this.drawOpen(key, one, look);
    this.drawMarks([...found].filter(([key, one]) => one.edge || lines.has(key)));
    for (const edge of graph.edges) {
      const weak = found.get(pairKey(edge.source, edge.target))?.weak;
      this.view.edges.get(said(edge)).classList.toggle("weak", Boolean(weak));
    }
  }

  // For each pair with anything to say: whether it has an edge, its marks, and the words.
  found(graph, marks) {
    const found = new Map();
    const at = (one, other) => {
      const key = pairKey(one, other);
      const edge = joined(graph, one, other);
      return found.get(key) ?? found.set(key, { edge, texts: [] }).get(key);
    };
    for (const { pair, text } of graph.notes ?? []) add(at(...pair), "note", text);
    for (const { source, target, kind, words } of marks) {
      const both = [source, target].every((name) => this.view.boxes.has(name));
      if (both && joined(graph, source, target) === (kind === "weak")) add(at(source, target), kind, words);
    }
    return found;
  }

  drawOpen(key, one, look) {
    const names = JSON.parse(key);
    const old = [...this.under.children].find((element) => element.dataset.key === key);
    const g = old ?? this.under.appendChild(newPair(key, names));
    const chosen = names.every((name) => look.nodes.has(name)) && look.nodes.size === 2;
    const classes = ["pair", one.missing && "missing", chosen && "chosen"];
    set(g, {
      class: classes.filter(Boolean).join(" "),
      "aria-label": `No edge between ${names.join(" and ")}: ${one.texts.join(" ")}`,
    });
    const { boxes } = this.view;
    const edge = { source: names[0], target: names[1] };
    const { d } = line(boxes.get(names[0]), boxes.get(names[1]), "--", (bend) =>
      this.view.blocked(edge, boxes, bend));
    for (const path of g.children) set(path, { d });
  }

  drawMarks(pairs) {
    const marks = pairs.flatMap(([key, one]) => {
      const kinds = Object.keys(GLYPHS).filter((kind) => one[kind]);
      const at = middle(this.path(key));
      return kinds.map((kind, i) => newMark(kind, at.x + 18 * (i - (kinds.length - 1) / 2), at.y));
    });
    this.over.replaceChildren(...marks);
  }

  // The line between a pair, whichever it is.
  path(key) {
    const names = JSON.parse(key);
    const lines = [...this.view.lines.children, ...this.under.children];
    const g = lines.find(({ dataset }) =>
      dataset.key === key || (names.includes(dataset.source) && names.includes(dataset.target)));
    return g.querySelector(".line").getAttribute("d");
  }
}

function add(one, kind, text) {
  one[kind] = true;
  one.texts.push(text);
}

// The middle of "M x y Q x y x y".
function middle(path) {
  const [ax, ay, cx, cy, bx, by] = path.match(/-?[\d.]+/g).map(Number);
  return { x: (ax + 2 * cx + bx) / 4, y: (ay + 2 * cy + by) / 4 };
}

function newPair(key, names) {
  const g = svg("g", { tabindex: -1, role: "button", "data-testid": "graph-pair" },
    svg("path", { class: "hit" }), svg("path", { class: "line" }));
  Object.assign(g.dataset, { key, one: names[0], other: names[1] });
  return g;
}

function newMark(kind, x, y) {
  return svg("g", { class: `mark ${kind}`, "data-testid": `graph-mark-${kind}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` },
    svg("circle", { r: 8 }), svg("path", { d: GLYPHS[kind] }));
}
