// What is seen less what is done, as a waterfall: one bar for each way that leads round the
// arrows. A bar under the pointer or in focus marks its way on the graph beside it; a press
// keeps it marked. The graph itself is graph_view.js's.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ said }, { View, set, svg }, { html }, { stylesOf, mounted }] =
  await Promise.all(["graph_model", "graph_view", "graph_chrome", "graph_mount"].map(load));
const css = await stylesOf("graph_editor", "gap");

const WIDE = 640; // two columns from this width on
const HIGH = 16;

export default mounted((place) => new Picture(place));

class Picture {
  constructor(place) {
    this.view = new View();
    this.bars = html("div", { class: "bars", role: "group", "data-testid": "gap-bars" });
    this.stage = html("div", { class: "stage", "data-testid": "gap-graph" });
    this.stage.append(this.view.root);
    this.told = html("p", { class: "told", "aria-live": "polite", "data-testid": "gap-told" });
    this.box = html("div", { class: "editor gap" }, this.bars, this.stage, this.told);
    place.replaceChildren(html("style", {}, css), this.box);
    new ResizeObserver(() => {
      if (this.box.clientWidth !== this.fitted) this.draw();
    }).observe(this.box);
  }

  take({ data }) {
    if (this.data && this.data.digest === data.digest) return;
    this.data = data;
    this.pinned = null;
    this.draw();
  }

  draw() {
    const { graph, bars, said: summary } = this.data;
    if (!this.box.clientWidth) return;
    this.fitted = this.box.clientWidth;
    this.box.classList.toggle("narrow", this.fitted < WIDE);
    this.rows = bars.map((bar, i) => this.row(bar, bars[i + 1]));
    this.bars.setAttribute("aria-label", summary);
    this.bars.replaceChildren(...this.rows);
    const columns = new Set(graph.nodes.filter((n) => !n.latent).map((n) => n.name));
    this.view.fit(graph, this.stage.clientWidth, columns);
    this.view.draw(graph, { columns });
    set(this.view.root, { class: "canvas still", role: "img", tabindex: null, "aria-label": "The graph" });
    for (const pill of this.view.nodes.values()) set(pill, { tabindex: null, role: null });
    for (const line of this.view.edges.values()) set(line, { tabindex: null, role: null });
    this.mark(this.pinned);
  }

  row(bar, next) {
    const made = html("button", { type: "button", class: `bar ${bar.kind}`, "aria-pressed": "false", "aria-label": bar.words });
    made.dataset.testid = "gap-bar";
    made.append(html("span", {}, bar.label), html("b", {}, bar.figure), this.drawing(bar, next));
    made.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") this.mark(bar); });
    made.addEventListener("pointerleave", () => this.mark(this.pinned));
    made.addEventListener("focus", () => this.mark(bar));
    made.addEventListener("blur", () => this.mark(this.pinned));
    made.addEventListener("click", () => this.pin(bar));
    return made;
  }

  // One bar from its start to its end on the common axis, with the rule that joins it to the next.
  drawing(bar, next) {
    const [low, high] = this.data.range;
    const at = (value) => (100 * (value - low)) / (high - low);
    const [left, right] = [Math.min(at(bar.from), at(bar.to)), Math.max(at(bar.from), at(bar.to))];
    const shape = svg("svg", { "aria-hidden": "true" });
    shape.append(svg("line", { x1: `${at(0)}%`, x2: `${at(0)}%`, y1: 0, y2: HIGH }));
    shape.append(svg("rect", { x: `${left}%`, width: `${Math.max(0.4, right - left)}%`, y: 3, height: HIGH - 6, rx: 2 }));
    if (next) shape.append(svg("line", { class: "join", x1: `${at(bar.to)}%`, x2: `${at(bar.to)}%`, y1: HIGH - 3, y2: HIGH }));
    return shape;
  }

  pin(bar) {
    this.pinned = this.pinned === bar ? null : bar;
    this.mark(this.pinned ?? bar);
  }

  mark(bar) {
    const marked = new Set(bar?.edges ?? []);
    this.rows.forEach((row, i) => {
      row.classList.toggle("shown", this.data.bars[i] === bar);
      set(row, { "aria-pressed": String(this.data.bars[i] === this.pinned) });
    });
    this.view.root.classList.toggle("chosen", marked.size > 0);
    for (const edge of this.data.graph.edges) this.view.edges.get(said(edge)).classList.toggle("chosen", marked.has(said(edge)));
    this.told.textContent = bar ? bar.words : this.data.hint;
  }
}
