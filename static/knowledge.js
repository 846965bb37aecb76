// The canvas of what is known: columns stand as pills in lanes of time, arrows between them
// must be there or cannot be. Its state, its drawing, and what is sent to Python; the changes
// themselves are in knowledge_model.js, pointers and keys in knowledge_moves.js.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [model, { newArrow, reaching, svg }, { followKeys, followPointers }] = await Promise.all(
  ["knowledge_model", "knowledge_arrows", "knowledge_moves"].map(load),
);
const css = await (await fetch(new URL(`knowledge.css${version}`, import.meta.url))).text();

const HISTORY = 100;
const EMPTY = { tiers: [], required: [], forbidden: [] };
const canvases = new WeakMap(); // one for each place on the page: Streamlit calls on every rerun

export default function (component) {
  const place = component.parentElement;
  if (!canvases.has(place)) canvases.set(place, new Canvas(place));
  canvases.get(place).take(component);
}

class Canvas {
  constructor(place) {
    this.known = EMPTY;
    this.columns = [];
    this.done = [];
    this.chosen = null; // the column that the buttons act on
    this.pending = null; // {kind, from} of an arrow whose end is still to be chosen
    this.refused = "";
    this.pills = new Map();
    this.build(place);
    followPointers(this);
    followKeys(this, this.root);
    new ResizeObserver(() => this.drawArrows()).observe(this.stage);
  }

  build(place) {
    this.lanes = html("div", { class: "lanes" });
    this.free = html("div", { class: "lane free", "data-lane": -1, "data-testid": "lane-any" });
    this.lines = svg("svg", { class: "lines" });
    this.stage = html("div", { class: "stage" }, this.lanes, this.free, this.lines);
    this.buttons = new Map([
      ["earlier", "← Earlier", () => this.shift(this.chosen, -1)],
      ["later", "Later →", () => this.shift(this.chosen, 1)],
      ["required", "Must cause …", () => this.start("required", this.chosen)],
      ["forbidden", "Cannot cause …", () => this.start("forbidden", this.chosen)],
      ["lane", "+ Add a time", () => this.apply(model.addLane, "Added a lane, the latest.")],
      ["undo", "Undo", () => this.undo()],
    ].map(([id, text, act]) => [id, button(text, `knowledge-${id}`, act)]));
    const bar = html("div", { class: "bar", role: "toolbar", "aria-label": "What is known" },
      ...this.buttons.values());
    this.hint = html("p", { class: "hint", "data-testid": "knowledge-hint" });
    this.live = html("div", { class: "live", "aria-live": "polite", "data-testid": "knowledge-live" });
    this.root = html("div", { class: "knowledge", "data-testid": "knowledge" }, this.stage, bar,
      this.hint, this.live);
    place.replaceChildren(html("style", {}, css), this.root);
  }

  // New data from Python. Our own state stands unless Python's revision is new.
  take(component) {
    this.component = component;
    const { revision, refused, columns, tiers, required, forbidden } = component.data;
    this.columns = columns;
    if (revision !== this.revision) {
      this.revision = revision;
      this.known = { tiers, required, forbidden };
      this.pending = null;
      this.refused = refused;
      if (refused) this.announce(refused);
    }
    if (!columns.includes(this.chosen)) this.chosen = null;
    this.draw();
  }

  // ── changes ──────────────────────────────────────────────────────────────────────

  apply(make, message) {
    let known;
    try {
      known = make(this.known);
    } catch (error) {
      if (!(error instanceof model.Refusal)) throw error;
      return this.refuse(error.message);
    }
    this.done = [...this.done.slice(-HISTORY), this.known];
    this.put(known, message);
  }

  put(known, message) {
    this.known = known;
    this.refused = "";
    this.draw();
    this.announce(message);
    this.component.setStateValue("commit", { revision: this.revision, value: known });
  }

  undo() {
    if (this.done.length) this.put(this.done.pop(), "Undone.");
  }

  refuse(message) {
    this.refused = message;
    this.draw();
    this.announce(message);
  }

  moveTo(name, lane) {
    this.chosen = name;
    if (lane === model.laneOf(this.known, name)) return this.draw();
    const count = model.lanes(this.known);
    const place = lane < 0 ? "may stand at any time" : `stands in lane ${model.laneName(lane, count)}`;
    this.apply((known) => model.move(known, name, lane), `${name} ${place}.`);
    this.pills.get(name)?.focus({ preventScroll: true });
  }

  shift(name, by) {
    const lane = model.laneOf(this.known, name) + by;
    if (lane < -1 || lane >= model.lanes(this.known)) this.apply((known) => model.move(known, name, lane));
    else this.moveTo(name, lane);
  }

  connect(cause, effect, kind = "required") {
    this.pending = null;
    this.chosen = cause;
    this.apply((known) => model.draw(known, cause, effect, kind),
      `${cause} ${model.KINDS[kind]} ${effect}.`);
  }

  // A click on an arrow: required, forbidden, gone.
  turnOver({ cause, effect }) {
    const kind = { required: "forbidden", forbidden: null }[model.kindOf(this.known, cause, effect)];
    if (!kind) return this.takeBack({ cause, effect });
    this.connect(cause, effect, kind);
    this.lines.querySelector(`[data-place="${this.placeOf(cause, effect)}"]`)?.focus();
  }

  takeBack({ cause, effect }) {
    this.apply((known) => model.draw(known, cause, effect, null),
      `Nothing is said of ${cause} and ${effect} any more.`);
    this.pills.get(cause)?.focus({ preventScroll: true });
  }

  // ── what is chosen ───────────────────────────────────────────────────────────────

  start(kind, from) {
    this.pending = { kind, from };
    this.chosen = from;
    this.refused = "";
    this.draw();
    this.announce(this.advice());
  }

  press(name) {
    if (this.pending) return this.connect(this.pending.from, name, this.pending.kind);
    this.chosen = name;
    this.refused = "";
    this.draw();
    this.pills.get(name).focus({ preventScroll: true });
  }

  step(name, by) {
    const order = [...this.stage.querySelectorAll(".pill")].map((pill) => pill.dataset.name);
    this.pills.get(order[order.indexOf(name) + by])?.focus();
  }

  escape() {
    this.pending = null;
    this.refused = "";
    this.draw();
  }

  // ── drawing ──────────────────────────────────────────────────────────────────────

  draw() {
    const focused = this.root.getRootNode().activeElement?.closest?.(".pill")?.dataset.name;
    const count = model.lanes(this.known);
    this.lanes.replaceChildren(...Array.from({ length: count }, (_, i) => this.lane(i, count)));
    const rest = this.columns.filter((name) => model.laneOf(this.known, name) < 0);
    this.free.replaceChildren(html("span", { class: "head" }, "any time"), this.row(rest));
    for (const name of [...this.pills.keys()]) if (!this.columns.includes(name)) this.pills.delete(name);
    if (focused) this.pills.get(focused)?.focus({ preventScroll: true });
    this.drawArrows();
    const able = { earlier: this.chosen, later: this.chosen, required: this.chosen,
      forbidden: this.chosen, lane: true, undo: this.done.length };
    for (const [id, made] of this.buttons) {
      made.disabled = !able[id];
      made.classList.toggle("pressed", this.pending?.kind === id);
    }
    this.hint.textContent = this.refused || this.advice();
    this.hint.classList.toggle("refused", Boolean(this.refused));
  }

  lane(index, count) {
    const names = (this.known.tiers[index] ?? []).filter((name) => this.columns.includes(name));
    const head = html("span", { class: "head" }, model.laneName(index, count));
    const drop = button("×", `lane-drop-${index + 1}`, () =>
      this.apply((known) => model.removeLane(known, index), `Removed lane ${index + 1}.`));
    drop.setAttribute("aria-label", `Remove lane ${index + 1}`);
    drop.hidden = this.known.tiers.length <= 2 && !names.length;
    return html("div", { class: "lane", "data-lane": index, "data-testid": `lane-${index + 1}` },
      html("div", { class: "top" }, head, drop), this.row(names));
  }

  row(names) {
    const row = html("div", { class: "row" }, ...names.map((name) => this.pill(name)));
    if (!names.length) row.append(html("span", { class: "none" }, "drag columns here"));
    return row;
  }

  pill(name) {
    if (!this.pills.has(name)) this.pills.set(name, newPill(name));
    const pill = this.pills.get(name);
    pill.classList.toggle("chosen", name === this.chosen);
    pill.classList.toggle("source", name === this.pending?.from);
    pill.setAttribute("aria-label", this.described(name));
    pill.setAttribute("aria-pressed", name === this.chosen);
    return pill;
  }

  described(name) {
    const place = model.laneName(model.laneOf(this.known, name), model.lanes(this.known));
    const said = Object.entries(model.KINDS).flatMap(([kind, words]) =>
      this.known[kind].filter(([cause]) => cause === name).map(([, effect]) => `${words} ${effect}`));
    return [name, place, ...said].join(", ");
  }

  get arrows() {
    return Object.keys(model.KINDS).flatMap((kind) =>
      this.known[kind].map(([cause, effect]) => ({ kind, cause, effect }))).filter((one) =>
      [one.cause, one.effect].every((name) => this.columns.includes(name)));
  }

  placeOf(cause, effect) {
    return this.arrows.findIndex((one) => one.cause === cause && one.effect === effect);
  }

  drawArrows() {
    const focused = this.root.getRootNode().activeElement?.closest?.(".arrow")?.dataset.place;
    const boxes = this.boxes();
    const drawn = this.arrows.map((arrow, place) => this.arrow(arrow, place, boxes));
    this.ghost = svg("path", { class: "ghost" });
    this.lines.replaceChildren(...drawn, this.ghost);
    if (focused) this.lines.querySelector(`[data-place="${focused}"]`)?.focus();
  }

  // Where each pill stands on the stage.
  boxes() {
    const from = this.stage.getBoundingClientRect();
    return new Map([...this.stage.querySelectorAll(".pill")].map((pill) => {
      const box = pill.getBoundingClientRect();
      const [w, h] = [box.width, box.height];
      return [pill.dataset.name, { x: box.left - from.left + w / 2, y: box.top - from.top + h / 2, w, h }];
    }));
  }

  arrow(arrow, place, boxes) {
    const words = `${arrow.cause} ${model.KINDS[arrow.kind]} ${arrow.effect}`;
    const g = newArrow(arrow, words, boxes, this.stage.clientWidth);
    g.dataset.place = place;
    g.addEventListener("click", () => this.turnOver(arrow));
    return g;
  }

  // The arrow being drawn from a pill to the pointer.
  preview(name, event, over) {
    for (const pill of this.pills.values()) pill.classList.toggle("target", pill === over);
    if (!name) return this.ghost.removeAttribute("d");
    const from = this.stage.getBoundingClientRect();
    const end = { x: event.clientX - from.left, y: event.clientY - from.top };
    this.ghost.setAttribute("d", reaching(this.boxes().get(name), end));
  }

  mark(lane) {
    for (const one of this.stage.querySelectorAll(".lane")) one.classList.toggle("over", one === lane);
  }

  announce(text) {
    this.live.textContent = "";
    this.live.textContent = text;
  }

  // What to do next, in one line.
  advice() {
    if (this.pending) {
      const { kind, from } = this.pending;
      const ask = kind === "required" ? `What must ${from} cause?` : `What can ${from} not cause?`;
      return `${ask} Choose it, or Esc.`;
    }
    if (this.chosen) {
      return `${this.chosen}: ← and → move it in time; A, or its dot, draws an arrow that must be there, X one that cannot be.`;
    }
    if (this.arrows.length) return "Click an arrow to forbid it, and again to take it back.";
    return "Nothing causes what is in an earlier lane. Drag a column into a lane, or its dot to what it must cause.";
  }
}

function newPill(name) {
  const handle = html("span", { class: "handle", "data-testid": `knowledge-handle-${name}` });
  const pill = html("div", {
    class: "pill", role: "button", tabindex: 0, title: name, "data-testid": `knowledge-pill-${name}`,
  }, html("span", { class: "name" }, name), handle);
  pill.dataset.name = name;
  return pill;
}

function button(text, id, act) {
  const made = html("button", { type: "button", "data-testid": id }, text);
  made.addEventListener("click", act);
  return made;
}

function html(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
