// The graph editor: its state, and what is sent to Python. Pointers and keys are in
// graph_pointer.js and graph_keyboard.js, the picture in graph_view.js, the changes
// themselves in graph_model.js.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [model, { View, set }, { Chrome, html }, { followPointers }, { followKeys }] =
  await Promise.all(
    ["graph_model", "graph_view", "graph_chrome", "graph_pointer", "graph_keyboard"].map(load),
  );
const css = await (await fetch(new URL(`graph_editor.css${version}`, import.meta.url))).text();

const HISTORY = 200;
const COARSE = matchMedia("(pointer: coarse)");
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
    this.look = { node: null, edge: null, from: null, over: null, columns: new Set() };
    this.pending = null; // the kind of line being drawn, once its start is or will be chosen
    this.columns = [];
    this.refused = "";
    this.view = new View();
    this.chrome = new Chrome((action) => this.act(action), (...given) => this.addNodes(...given));
    this.stage = html("div", { class: "stage" });
    this.stage.append(this.view.root, this.chrome.menu);
    const root = html("div", { class: "editor" }, this.chrome.toolbar, this.stage, this.chrome.hint,
      this.chrome.chips, this.chrome.live);
    const style = html("style", {}, css);
    place.replaceChildren(style, root);
    root.addEventListener("focusout", ({ relatedTarget: to }) => {
      if (this.pending && to && !root.contains(to)) this.escape(false);
    });
    this.view.root.addEventListener("focusin", (event) => this.focused(event));
    followKeys(this, root);
    followPointers(this);
    new ResizeObserver(() => {
      if (this.stage.clientWidth !== this.fitted) this.fit();
    }).observe(this.stage);
  }

  // New data from Python. Our own graph stands unless Python's revision is new.
  take(component) {
    this.component = component;
    const { revision, graph, columns } = component.data;
    this.columns = columns;
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
    this.graph = graph;
    this.refused = "";
    const { node, edge } = this.look;
    if (node && !model.node(graph, node)) this.look.node = null;
    if (edge && !graph.edges.some((e) => model.sameEdge(e, edge))) this.look.edge = null;
    if (graph.nodes.some((n) => this.outside(n))) this.fit();
    this.draw();
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
    this.choose({ node: names.at(-1) });
  }

  connect(source, target, kind) {
    const edge = `${source} ${model.ARROWS[kind]} ${target}`;
    this.pending = null;
    Object.assign(this.look, { from: null, over: null });
    this.apply((graph) => model.addEdge(graph, source, target, kind), `Drew ${edge}.`);
    this.choose({ node: source }); // ready for its next arrow
  }

  act(action) {
    this.closeMenu();
    this.refused = "";
    const { node, edge } = this.look;
    const does = {
      add: () => this.openMenu(this.view.room(this.graph)),
      arrow: () => this.start("->", node),
      confounder: () => this.start("<->", node),
      reverse: () => this.reverse(edge),
      latent: () => this.toggleLatent(node),
      delete: () => this.remove(node, edge),
      undo: () => this.travel(this.done, this.undone, "Undone."),
      redo: () => this.travel(this.undone, this.done, "Redone."),
      fit: () => this.fit(),
      tidy: () => this.component.setTriggerValue("tidy", this.revision),
    };
    does[action]();
    this.draw();
  }

  start(kind, from) {
    if (this.graph.nodes.length < 2) return this.refuse("Add a second node first.");
    this.pending = kind;
    Object.assign(this.look, { from, over: null, edge: null });
    this.draw();
    this.chrome.announce(this.hint());
  }

  reverse(edge) {
    if (!edge) return this.refuse("Choose an arrow first: click it, or press E on one of its nodes.");
    const turned = { ...edge, source: edge.target, target: edge.source };
    if (this.apply((graph) => model.reverse(graph, edge), `Reversed: ${model.said(turned)}.`)) {
      this.choose({ edge: turned });
    }
  }

  toggleLatent(name) {
    if (!name) return this.refuse("Choose a node first.");
    const latent = !model.node(this.graph, name).latent;
    this.apply((graph) => model.change(graph, name, { latent }),
      latent ? `${name} is latent: unmeasured.` : `${name} is measured.`);
  }

  remove(name, edge) {
    if (edge) this.apply((graph) => model.removeEdge(graph, edge), `Deleted ${model.said(edge)}.`);
    else if (name) this.apply((graph) => model.removeNode(graph, name), `Deleted ${name}.`);
    else return this.refuse("Choose a node or an arrow first.");
    const next = edge ? edge.source : this.graph.nodes[0]?.name;
    if (edge && next) this.choose({ node: next });
    else this.view.root.focus({ preventScroll: true });
  }

  travel(from, to, message) {
    if (!from.length) return;
    to.push(this.graph);
    this.put(from.pop(), message);
  }

  // ── what is chosen ───────────────────────────────────────────────────────────────

  choose({ node = null, edge = null }) {
    Object.assign(this.look, { node, edge });
    this.draw();
    const element = edge ? this.view.edges.get(model.said(edge)) : this.view.nodes.get(node);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  focused(event) {
    const name = event.target.closest?.(".node")?.dataset.name;
    if (!name || this.drag) return;
    if (this.pending) this.look.over = name;
    else Object.assign(this.look, { node: name, edge: null });
    this.draw();
  }

  clear() {
    this.pending = null;
    Object.assign(this.look, { node: null, edge: null, from: null, over: null });
    this.cancelDrag?.();
    this.refused = "";
  }

  // Leave what was begun; the focus goes back to where it began unless it is elsewhere.
  escape(focus = true) {
    const back = this.look.from ?? this.look.edge?.source;
    this.clear();
    if (!focus) return this.draw();
    if (back) this.choose({ node: back });
    else this.view.root.focus({ preventScroll: true });
    this.draw();
  }

  openMenu(point) {
    const names = model.unused(this.graph, this.columns);
    this.chrome.openMenu(names, point, this.view, (name, latent) => {
      this.closeMenu();
      this.view.root.focus({ preventScroll: true });
      if (name) this.addNodes([name], point, latent);
    });
    this.draw();
  }

  closeMenu() {
    this.chrome.closeMenu();
  }

  // ── drawing ──────────────────────────────────────────────────────────────────────

  fit() {
    const width = this.stage.clientWidth;
    if (!width) return;
    this.fitted = width;
    this.view.fit(this.graph, width, this.look.columns);
    this.draw();
  }

  draw() {
    if (!this.view.width) return;
    this.view.draw(this.graph, this.look);
    set(this.view.root, {
      class: ["canvas", (this.look.node || this.look.edge) && "chosen", this.pending && "busy", this.drag?.moves && "moving"].filter(Boolean).join(" "),
      "aria-label": this.graph.nodes.length
        ? "Causal graph. Tab or arrow keys move between nodes."
        : "Empty causal graph. Press Enter to add a node.",
    });
    this.chrome.show({
      hint: this.refused || this.hint(),
      refused: Boolean(this.refused),
      unused: model.unused(this.graph, this.columns),
      able: this.able(),
      pressed: new Set(this.pending ? [this.pending === "->" ? "arrow" : "confounder"] : []),
    });
  }

  able() {
    const { node, edge } = this.look;
    const when = {
      add: true, arrow: this.graph.nodes.length > 1, confounder: this.graph.nodes.length > 1,
      reverse: edge && !["<->", "--", "o-o"].includes(edge.kind), latent: node, delete: node || edge,
      undo: this.done.length, redo: this.undone.length, fit: true, tidy: this.graph.nodes.length,
    };
    return new Set(Object.keys(when).filter((action) => when[action]));
  }

  // What to do next, in one line.
  hint() {
    const { node, edge, from } = this.look;
    const { nodes, edges } = this.graph;
    const keyed = "Click it, or go there with the arrow keys and press Enter. Esc stops.";
    const go = COARSE.matches ? "Tap it." : keyed;
    if (this.pending === "->" && from) return `What does ${from} cause? ${go}`;
    if (this.pending && from) return `What shares an unmeasured cause with ${from}? ${go}`;
    if (this.pending) return "Click the node where it starts, then the one where it ends. Esc stops.";
    if (!nodes.length) return "Click the canvas, or a column below, to add the first node.";
    if (edge) return `${model.said(edge)}: R reverses it, Del deletes it.`;
    if (nodes.length === 1) return "Add the next one: click the canvas, or a column below.";
    const dot = `Drag the dot of ${node} to what it causes`;
    if (node && COARSE.matches) return `${dot}, or use Arrow or Confounder above.`;
    const keys = "L marks it latent, E steps through its arrows";
    if (node) return `${dot}, with Shift for an unmeasured common cause. ${keys}.`;
    if (!edges.length) return "Choose a node and drag its dot to what it causes.";
    return "Click a node or an arrow to change it, or the empty canvas to add a node.";
  }
}
