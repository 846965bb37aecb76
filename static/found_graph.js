// A graph that was found: how often resampled rows agree is each edge's opacity and line, and a
// figure beside it where it is less than strong. A person may choose an edge and say what it
// is; Python applies the rules and sends the graph that follows. Or the difference of two
// graphs, with a mark on what changed. The picture itself is graph_view.js's, the menu
// found_menu.js's.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ said }, { View, set, svg }, { html }, { stylesOf, mounted }, { Menu }] = await Promise.all(
  ["graph_model", "graph_view", "graph_chrome", "graph_mount", "found_menu"].map(load),
);
const css = await stylesOf("graph_editor", "found_graph");

const FAINTEST = 0.25;
const SETTLED = ["mine", "kept", "absent"]; // what a person has said stays, however rare
const MARKS = { mine: "✓", kept: "✓", absent: "✕" };

export default mounted((place) => new Picture(place));

class Picture {
  constructor(place) {
    this.view = new View();
    this.menu = new Menu();
    this.stage = html("div", { class: "stage" });
    this.stage.append(this.view.root, this.menu.root);
    this.hint = html("p", { class: "hint", "data-testid": "found-hint" });
    this.live = html("div", { class: "live", "aria-live": "polite", "data-testid": "found-live" });
    place.replaceChildren(html("style", {}, css),
      html("div", { class: "editor found" }, this.threshold(), this.stage, this.hint, this.live));
    new ResizeObserver(() => {
      if (this.stage.clientWidth !== this.fitted) this.draw();
    }).observe(this.stage);
    this.stage.addEventListener("click", (event) => this.clicked(event));
    this.view.root.addEventListener("keydown", (event) => this.key(event));
  }

  threshold() {
    this.slider = html("input", {
      type: "range", min: 0, max: 100, step: 5, "data-testid": "found-least", "aria-label": "Least share of resamples",
    });
    this.least = html("span", {});
    this.slider.addEventListener("input", () => this.draw());
    this.slider.addEventListener("change", () => this.send());
    this.bar = html("label", { class: "threshold" }, this.least, this.slider);
    return this.bar;
  }

  // New data from Python. What was said of edges here stands unless Python's revision is new.
  take(component) {
    this.component = component;
    const { revision, verdicts, least, refused, said: summary } = component.data;
    if (revision !== this.revision || !verdicts) {
      this.revision = revision;
      this.verdicts = verdicts;
      this.slider.value = least ?? 0;
      this.menu.close(false);
    }
    if (refused || this.waiting) this.announce(refused || summary);
    this.draw();
    if (this.waiting) this.edgeOf(this.waiting)?.focus({ preventScroll: true });
    this.waiting = null;
  }

  draw() {
    const { graph, edges, changes = {}, least, refused, said: summary } = this.component.data;
    const width = this.stage.clientWidth;
    if (!width) return;
    this.fitted = width;
    this.bar.hidden = typeof least !== "number";
    this.least.textContent =
      `Edges in at least ${this.slider.value} % of ${this.component.data.resamples} resampled tables`;
    const shown = { ...graph, edges: graph.edges.filter((edge) => this.kept(edges[said(edge)])) };
    const columns = new Set(graph.nodes.map((n) => n.name));
    this.view.fit(graph, width, columns);
    this.view.draw(shown, { columns });
    set(this.view.root, { class: "canvas still", role: "group", tabindex: null, "aria-label": summary });
    for (const pill of this.view.nodes.values()) set(pill, { tabindex: null, role: null });
    for (const [name, change] of Object.entries(changes)) this.view.nodes.get(name).classList.add(change);
    for (const edge of shown.edges) this.weigh(edge, edges[said(edge)]);
    this.hint.textContent = refused || (this.verdicts ? this.advice(shown, edges) : "");
    this.hint.classList.toggle("refused", Boolean(refused));
  }

  kept({ share, state }) {
    return share === null || SETTLED.includes(state) || 100 * share >= Number(this.slider.value);
  }

  weigh(edge, { share, strong, other, figure, words, change, state, why, menu }) {
    const g = this.view.edges.get(said(edge));
    const classes = { other, tentative: !strong, mine: state === "mine" || state === "kept", absent: state === "absent" };
    for (const [name, on] of Object.entries(classes)) g.classList.toggle(name, on);
    if (change) g.classList.add(change);
    g.style.opacity = share === null || classes.mine ? 1 : FAINTEST + (1 - FAINTEST) * share;
    const label = [words, why].filter(Boolean).join(" ");
    set(g, menu ? { role: "button", tabindex: 0, "aria-haspopup": "dialog", "aria-label": label }
      : { role: "img", tabindex: null, "aria-label": label });
    const [title, text] = [child(g, "title"), child(g, "text")];
    title.textContent = label;
    text.textContent = [MARKS[state], figure].filter(Boolean).join(" ");
    const middle = this.middle(g);
    set(text, { class: "share", x: middle.x.toFixed(1), y: (middle.y - 5).toFixed(1) });
  }

  middle(g) {
    const line = g.querySelector(".line");
    return line.getPointAtLength(line.getTotalLength() / 2);
  }

  // ── saying what an edge is ───────────────────────────────────────────────────────

  clicked(event) {
    const g = event.target.closest(".edge");
    if (g) this.choose(g);
    else if (!event.target.closest(".menu")) this.menu.close(false);
  }

  key(event) {
    const g = event.target.closest(".edge");
    // R and C mean something else to Streamlit, which listens further out.
    if (g && ["r", "c"].includes(event.key.toLowerCase())) event.stopPropagation();
    if (!g || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.choose(g);
  }

  choose(g) {
    const told = this.component.data.edges[said(g.dataset)];
    if (!told?.menu) return;
    this.menu.show(told, this.middle(g), this.view, (verdict) => this.say(told.ends, verdict),
      () => g.focus({ preventScroll: true }));
  }

  say(ends, verdict) {
    const pair = ([one, other]) => ends.includes(one) && ends.includes(other);
    this.verdicts = [...this.verdicts.filter((one) => !pair(one)), ...(verdict ? [verdict] : [])];
    this.waiting = ends;
    this.send();
  }

  edgeOf(ends) {
    return [...this.view.edges.values()].find(({ dataset }) =>
      ends.includes(dataset.source) && ends.includes(dataset.target));
  }

  send() {
    const value = { verdicts: this.verdicts, least: Number(this.slider.value) };
    this.component.setStateValue("commit", { revision: this.revision, value });
  }

  advice(shown, edges) {
    const open = shown.edges.filter((edge) => edges[said(edge)].state === "open").length;
    if (!open) return "Every edge is directed. Click one to accept it, or to say that it is none.";
    const word = open === 1 ? "edge is" : "edges are";
    return `${open} ${word} open. Click one to say which way it points; what follows is drawn by itself.`;
  }

  announce(text) {
    this.live.textContent = "";
    this.live.textContent = text;
  }
}

function child(g, tag) {
  return g.querySelector(tag) ?? g.appendChild(svg(tag));
}
