// The graph editor: its state, and what is sent to Python. Pointers and keys are in
// graph_pointer.js and graph_keyboard.js, the picture in graph_view.js, the changes
// themselves in graph_model.js, what the buttons do in graph_actions.js.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [
  model, { View, set }, { Chrome, html }, { followPointers }, { followKeys }, { Zoom }, { Pairs }, { Tip },
  { Inspector }, { Legend }, { Menu }, { DOES, moreItems }, { choose, focused, prune }, hints, { nameBox, textBox },
] = await Promise.all(
  [
    "graph_model", "graph_view", "graph_chrome", "graph_pointer", "graph_keyboard", "graph_zoom", "graph_pairs",
    "graph_tip", "graph_inspector", "graph_legend", "graph_menu", "graph_actions", "graph_choice", "graph_hint",
    "graph_boxes",
  ].map(load),
);
const css = await (await fetch(new URL(`graph_editor.css${version}`, import.meta.url))).text();

const HISTORY = 200;
const EMPTY = { nodes: [], edges: [] };
const editors = new WeakMap(); // one for each place on the page: Streamlit calls on every rerun

export default function (component) {
  const place = component.parentElement;
  if (!editors.has(place)) editors.set(place, new Editor(place));
  editors.get(place).take(component);
}

class Editor {
  constructor(place) {
    this.graph = EMPTY;
    this.undone = [];
    this.done = [];
    this.look = { nodes: new Set(), edge: null, from: null, over: null, columns: new Set() };
    this.pending = null; // the kind of line being drawn, once its start is or will be chosen
    this.selecting = false; // whether clicks choose several
    this.columns = [];
    this.marks = [];
    this.refused = ""; // why the last step was not taken
    this.told = ""; // what it did that the picture does not show
    this.view = new View();
    this.zoom = new Zoom(this.view);
    this.pairs = new Pairs(this.view);
    this.tip = new Tip(this.view, this.pairs);
    this.chrome = new Chrome((action) => this.act(action), (...given) => this.addNodes(...given));
    this.more = new Menu(this.chrome.buttons.get("more"), () => moreItems(this), (action) => this.act(action));
    this.inspector = new Inspector(this);
    this.legend = new Legend(this.pairs, () => this.draw());
    this.build(place);
    followKeys(this, this.root);
    followPointers(this);
  }

  build(place) {
    const { chrome, view } = this;
    this.stage = html("div", { class: "stage" }, view.root, chrome.menu, this.tip.root);
    const below = html("div", { class: "below" }, chrome.hint, this.zoom.panel);
    this.root = html("div", { class: "editor" }, chrome.toolbar, this.more.root, this.stage, below,
      this.inspector.root, chrome.chips, this.legend.root, chrome.live);
    place.replaceChildren(html("style", {}, css), this.root);
    this.root.addEventListener("focusout", ({ relatedTarget: to }) => {
      if (this.pending && to && !this.root.contains(to)) this.escape(false);
    });
    view.root.addEventListener("focusin", (event) => focused(this, event));
    new ResizeObserver(() => {
      if (this.stage.clientWidth !== this.fitted) this.fit();
    }).observe(this.stage);
  }

  // New data from Python. Our own graph stands unless Python's revision is new.
  take(component) {
    this.component = component;
    const { revision, graph, columns, marks, tiers } = component.data;
    Object.assign(this, { columns, marks, tiers });
    this.look.columns = new Set(columns);
    if (revision !== this.revision) {
      if (this.revision) this.done.push(this.graph);
      this.undone = [];
      this.revision = revision;
      this.graph = graph;
      this.clear();
      this.fit();
    }
    this.draw();
  }

  // ── changes ──────────────────────────────────────────────────────────────────────

  // Change the graph by `make`, which may refuse; says what was done.
  apply(make, message, settle = 0) {
    let graph;
    try {
      graph = make(this.graph);
    } catch (error) {
      if (!(error instanceof model.Refusal)) throw error;
      this.refuse(error.message);
      return false;
    }
    this.done = [...this.done.slice(-HISTORY), this.graph];
    this.undone = [];
    this.put(graph, message, settle);
    return true;
  }

  put(graph, message, settle = 0) {
    const focused = this.root.getRootNode().activeElement;
    this.graph = graph;
    this.quiet();
    prune(this.look, graph);
    if (!this.zoom.moved && graph.nodes.some((n) => this.outside(n))) this.fit();
    this.draw();
    if (focused && !focused.isConnected) this.view.root.focus({ preventScroll: true });
    this.chrome.announce(message);
    clearTimeout(this.settling);
    if (settle) this.settling = setTimeout(() => this.send(), settle);
    else this.send();
  }

  send() {
    this.component.setStateValue("commit", { revision: this.revision, graph: this.graph });
  }

  refuse(message) {
    this.refused = message;
    this.draw();
    this.chrome.announce(message);
  }

  outside(n) {
    const { x, y } = this.view.toScreen(n);
    return x < 12 || y < 12 || x > this.view.width - 12 || y > this.view.height - 12;
  }

  // Add columns, or something latent, at a point of the canvas or where there is room.
  addNodes(names, point, latent) {
    const make = (graph) =>
      names.reduce((grown, name) => {
        const place = this.view.toGraph(point ?? this.view.room(grown));
        return model.addNode(grown, name, place, latent);
      }, graph);
    if (!this.apply(make, `Added ${names.join(", ")}${latent ? " as latent" : ""}.`)) return;
    choose(this, { nodes: [names.at(-1)] });
  }

  connect(source, target, kind) {
    const edge = `${source} ${model.ARROWS[kind]} ${target}`;
    this.pending = null;
    Object.assign(this.look, { from: null, over: null });
    this.apply((graph) => model.addEdge(graph, source, target, kind), `Drew ${edge}.`);
    choose(this, { nodes: [source] }); // ready for its next arrow
  }

  rename(name) {
    const { latent } = model.node(this.graph, name);
    if (!latent && this.look.columns.has(name)) {
      return this.refuse(`${name} is a column of the table and keeps its name: rename the column in your file.`);
    }
    this.zoom.reveal(this.view.boxes.get(name));
    const input = nameBox(this.view, name, (next) => {
      const renamed = next && next !== name &&
        this.apply((graph) => model.rename(graph, name, next), `${name} is called ${next} now.`);
      choose(this, { nodes: [renamed ? next : name] });
    });
    this.stage.append(input);
    input.select();
  }

  act(action) {
    this.closeMenu();
    this.quiet();
    DOES[action](this);
    this.draw();
  }

  start(kind, from) {
    if (this.graph.nodes.length < 2) return this.refuse("Add a second node first.");
    Object.assign(this, { pending: kind, selecting: false });
    Object.assign(this.look, { from, over: null, edge: null });
    this.draw();
    this.chrome.announce(this.hint());
  }

  // Begin or end choosing several.
  select(on) {
    this.selecting = on;
    this.pending = null;
    this.draw();
    this.chrome.announce(this.hint());
  }

  travel(from, to, message) {
    if (!from.length) return;
    to.push(this.graph);
    this.put(from.pop(), message);
  }

  // ── leaving what was begun ───────────────────────────────────────────────────────

  clear() {
    this.pending = null;
    Object.assign(this.look, { nodes: new Set(), edge: null, from: null, over: null });
    this.cancelDrag?.();
    this.quiet();
  }

  // The focus goes back to where it began unless it is elsewhere.
  escape(focus = true) {
    const back = this.look.from ?? this.look.edge?.source;
    this.selecting = false;
    this.clear();
    if (!focus) return this.draw();
    if (back) choose(this, { nodes: [back] });
    else this.backToCanvas();
    this.draw();
  }

  // To the edge or the node that is chosen, else to the canvas itself.
  backToCanvas() {
    const { nodes, edge } = this.look;
    const element = edge ? this.view.edges.get(model.said(edge)) : this.view.nodes.get([...nodes].at(-1));
    (element ?? this.view.root).focus({ preventScroll: true });
  }

  openMenu(point) {
    const names = model.unused(this.graph, this.columns);
    this.chrome.openMenu(names, this.view.onto(point), this.view, (name, latent) => {
      this.closeMenu();
      this.view.root.focus({ preventScroll: true });
      if (name) this.addNodes([name], point, latent);
    });
    this.draw();
  }

  closeMenu() {
    this.chrome.closeMenu();
  }

  showText(text) {
    const area = textBox(text, () => this.backToCanvas());
    this.stage.append(area);
    area.select();
  }

  // Say something that is seen and heard, until the next step.
  tell(message) {
    this.told = message;
    this.draw();
    this.chrome.announce(message);
  }

  quiet() {
    Object.assign(this, { refused: "", told: "" });
  }

  hint() {
    return hints.hint(this);
  }

  // ── drawing ──────────────────────────────────────────────────────────────────────

  fit() {
    const width = this.stage.clientWidth;
    if (!width) return;
    this.fitted = width;
    this.view.fit(this.graph, width, this.look.columns);
    this.zoom.reset();
    this.draw();
  }

  draw() {
    if (!this.view.width) return;
    const { look, pending, selecting, drag } = this;
    this.view.draw(this.graph, look);
    this.pairs.draw(this.graph, this.marks, look);
    const classes = ["canvas", (look.nodes.size || look.edge) && "chosen", look.nodes.size > 1 && "many",
      pending && "busy", selecting && "selecting", drag?.moved && drag.kind === "move" && "moving"];
    set(this.view.root, {
      class: classes.filter(Boolean).join(" "),
      "aria-label": this.graph.nodes.length
        ? "Causal graph. Tab or arrow keys move between nodes."
        : "Empty causal graph. Press Enter to add a node.",
    });
    if (drag?.moved) return; // what stands around the picture waits for the end of the drag
    this.inspector.show();
    this.legend.show(this.graph, this.pairs.found(this.graph, this.marks), look.columns);
    this.chrome.show({
      hint: this.refused || this.told || this.hint(),
      refused: Boolean(this.refused),
      unused: model.unused(this.graph, this.columns),
      able: hints.able(this),
      pressed: new Set([pending && (pending === "->" ? "arrow" : "confounder"), selecting && "select"]),
    });
  }
}
