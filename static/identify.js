// The graph that a question is asked of. Three ways to look at it: which paths what is held
// leaves open (a click on a node holds it or lets it go), the derivation step by step, and the
// hedge where there is no answer. Python judges; stepping and looking stay in the browser.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ View, set }, { html }, { stylesOf, mounted }, { Marks }, { Paths }, { Steps }, { Hedge }] = await Promise.all(
  ["graph_view", "graph_chrome", "graph_mount", "identify_marks", "identify_paths", "identify_steps", "identify_hedge"].map(load),
);
const css = await stylesOf("graph_editor", "identify");

const MODES = [["paths", "What is held"], ["steps", "The derivation"], ["hedge", "What stands in the way"]];
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export default mounted((place) => new Picture(place));

class Picture {
  constructor(place) {
    this.view = new View();
    this.marks = new Marks(this.view);
    const draw = () => this.draw();
    this.panels = { paths: new Paths(draw), steps: new Steps(draw), hedge: new Hedge(draw) };
    this.stage = html("div", { class: "stage" }, this.view.root);
    this.panel = html("div", { class: "panel", role: "tabpanel" });
    this.hint = html("p", { class: "hint", "data-testid": "identify-hint" });
    this.live = html("div", { class: "live", "aria-live": "polite", "data-testid": "identify-live" });
    this.root = html("div", { class: "editor identify" }, this.tabs(),
      html("div", { class: "sides" }, html("div", { class: "left" }, this.stage, this.hint), this.panel), this.live);
    place.replaceChildren(html("style", {}, css), this.root);
    new ResizeObserver(() => {
      if (this.stage.clientWidth !== this.fitted) this.draw();
    }).observe(this.stage);
    this.view.root.addEventListener("click", (event) => this.toggle(event.target.closest(".node")));
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  tabs() {
    this.buttons = MODES.map(([mode, label]) => {
      const made = html("button", { type: "button", role: "tab", "data-testid": `identify-${mode}` }, label);
      made.addEventListener("click", () => this.look(mode));
      return made;
    });
    return html("div", { class: "modes", role: "tablist", "aria-label": "How to look at the graph" }, ...this.buttons);
  }

  // New data from Python. What is held here stands unless Python's revision is new.
  take(component) {
    this.component = component;
    const { data } = component;
    if (data.revision !== this.revision) {
      this.revision = data.revision;
      this.refused = "";
    }
    if (data.question !== this.question) {
      this.question = data.question;
      this.panels.steps.at = 0;
      this.mode = data.mode;
    }
    this.held = new Set(data.adjusted);
    if (data.refused) this.refused = data.refused;
    for (const [mode, panel] of Object.entries(this.panels)) panel.take(data[mode]);
    if (!data[this.mode]) this.mode = "paths";
    this.look(this.mode);
  }

  look(mode) {
    this.mode = mode;
    MODES.forEach(([name], i) => {
      const [button, on] = [this.buttons[i], name === mode];
      button.hidden = !this.component.data[name];
      set(button, { "aria-selected": String(on), tabindex: on ? 0 : -1 });
    });
    for (const panel of Object.values(this.panels)) panel.stop?.();
    this.panel.replaceChildren(this.panels[mode].root);
    this.panel.setAttribute("aria-label", MODES.find(([name]) => name === mode)[1]);
    this.draw();
  }

  draw() {
    const { data } = this.component;
    const width = this.stage.clientWidth;
    if (!width) return;
    this.fitted = width;
    const columns = new Set(data.columns);
    const graph = this.mode === "paths" ? this.shown(data.graph) : data.projected;
    this.view.fit(data.graph, width, columns); // every picture keeps the places of this one
    this.view.draw(graph, { columns });
    const panel = this.panels[this.mode];
    const words = panel.said();
    set(this.view.root, { class: "canvas still", role: "group", tabindex: null, "aria-label": words });
    this.roles(data);
    this.marks.draw(panel.picture());
    this.hint.textContent = this.refused || panel.hint;
    this.hint.classList.toggle("refused", Boolean(this.refused));
    if (this.live.textContent !== words) this.live.textContent = words;
  }

  shown(graph) {
    const given = new Set(this.component.data.given);
    const nodes = graph.nodes.map((n) => ({ ...n, adjusted: this.held.has(n.name) || given.has(n.name) }));
    return { ...graph, nodes };
  }

  // In the picture of paths a node is a button that is pressed where the node is held.
  roles({ fixed }) {
    for (const [name, pill] of this.view.nodes) {
      const able = this.mode === "paths";
      pill.classList.toggle("able", able && !fixed[name]);
      set(pill, able ? { role: "button", tabindex: 0, "aria-pressed": String(this.held.has(name)) }
        : { role: "img", tabindex: null, "aria-pressed": null });
    }
  }

  toggle(pill) {
    if (!pill || this.mode !== "paths") return;
    const { name } = pill.dataset;
    this.refused = this.component.data.fixed[name] ?? "";
    if (!this.refused) {
      const held = new Set(this.held);
      if (!held.delete(name)) held.add(name);
      this.held = held;
      this.component.setStateValue("commit", { revision: this.revision, value: [...held].sort() });
    }
    this.draw();
  }

  key(event) {
    // R and C mean something else to Streamlit, which listens further out.
    if (["r", "c"].includes(event.key.toLowerCase())) event.stopPropagation();
    const pill = event.target.closest?.(".node");
    const way = WAYS[event.key];
    let taken = true;
    if (event.target.closest?.(".modes") && way) this.turn(way[0] + way[1]);
    else if (pill && ["Enter", " "].includes(event.key)) this.toggle(pill);
    else if (pill && way) this.step(pill, way);
    else taken = this.panels[this.mode].key?.(event) ?? false;
    if (!taken) return;
    event.preventDefault();
    event.stopPropagation();
  }

  turn(by) {
    const there = this.buttons.filter((button) => !button.hidden);
    const now = there.findIndex((button) => button.getAttribute("aria-selected") === "true");
    const next = there[(now + by + there.length) % there.length];
    next.click();
    next.focus({ preventScroll: true });
  }

  step(pill, [dx, dy]) {
    const next = this.view.nearest(this.component.data.graph, pill.dataset.name, dx, dy);
    this.view.nodes.get(next)?.focus({ preventScroll: true });
  }
}
