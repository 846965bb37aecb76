// Nearer, farther, and to the side: wheel, two fingers, and the buttons below it. A
// plain wheel and one finger scroll the page, as everywhere.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ set, svg }, { html }] = await Promise.all(["graph_view", "graph_chrome"].map(load));

const [LEAST, MOST] = [0.3, 4];
const STEP = 1.25;
const GRID = 24; // pixels between the dots behind the graph
const KEPT = 60; // so much of the drawing stays in sight
const BUTTONS = [
  ["out", "Farther (−)", "M5 12h14"], ["reset", "As it was (0)", ""], ["in", "Nearer (+)", "M12 5v14M5 12h14"],
];

export class Zoom {
  constructor(view) {
    this.view = view;
    this.panel = html("div", { class: "zoom", role: "group", "aria-label": "Zoom" });
    const does = { in: () => this.step(1), out: () => this.step(-1), reset: () => this.reset() };
    this.panel.append(...BUTTONS.map((given) => this.button(given, does)));
    view.root.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  button([name, title, path], does) {
    const made = html("button", { type: "button", title, "aria-label": title, "data-testid": `graph-zoom-${name}` });
    const icon = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: path }));
    made.append(path ? icon : "100 %");
    if (!path) this.figure = made;
    made.addEventListener("click", () => does[name]());
    return made;
  }

  get moved() {
    const { k, x, y } = this.view.lens;
    return k !== 1 || x !== 0 || y !== 0;
  }

  look(k, x, y) {
    const { view } = this;
    const held = (value, size) => Math.max(KEPT - size * k, Math.min(size - KEPT, value));
    view.lens = { k, x: held(x, view.width), y: held(y, view.height) };
    const lens = view.lens;
    set(view.world, { transform: this.moved ? `translate(${lens.x} ${lens.y}) scale(${k})` : null });
    view.root.style.backgroundSize = `${GRID * k}px ${GRID * k}px`;
    view.root.style.backgroundPosition = `${lens.x}px ${lens.y}px`;
    this.figure.textContent = `${Math.round(100 * k)} %`;
  }

  reset() {
    this.look(1, 0, 0);
  }

  // Nearer by a factor; the point `at` of the canvas stays where it is.
  by(factor, at) {
    const { k, x, y } = this.view.lens;
    const next = Math.max(LEAST, Math.min(MOST, k * factor));
    const kept = (from, place) => from - ((from - place) * next) / k;
    this.look(next, kept(at.x, x), kept(at.y, y));
  }

  step(way) {
    this.by(STEP ** way, { x: this.view.width / 2, y: this.view.height / 2 });
  }

  pan(dx, dy) {
    const { k, x, y } = this.view.lens;
    this.look(k, x + dx, y + dy);
  }

  // Bring a box of the drawing into sight, if it is not.
  reveal(box) {
    if (!box || !this.moved) return;
    const { view } = this;
    const at = view.onto(box);
    const into = (value, half, size) =>
      Math.max(0, half + 8 - value) - Math.max(0, value + half + 8 - size);
    const { k } = view.lens;
    const [dx, dy] = [into(at.x, (box.w * k) / 2, view.width), into(at.y, (box.h * k) / 2, view.height)];
    if (dx || dy) this.pan(dx, dy);
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.by(Math.exp(-Math.max(-60, Math.min(60, event.deltaY * lines)) / 200), this.point(event));
  }

  point({ clientX, clientY }) {
    const box = this.view.root.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  }

  // Two fingers zoom and move; `begin` is called when the second one touches.
  followFingers(begin) {
    let before = null;
    const root = this.view.root;
    const two = ({ touches: [one, other] }) => ({
      far: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1,
      ...this.point({ clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 }),
    });
    root.addEventListener("touchstart", (event) => {
      before = event.touches.length === 2 ? two(event) : null;
      if (!before) return;
      if (event.cancelable) event.preventDefault();
      begin();
    }, { passive: false });
    root.addEventListener("touchmove", (event) => {
      if (!before || event.touches.length !== 2) return;
      if (event.cancelable) event.preventDefault();
      const now = two(event);
      this.by(now.far / before.far, before);
      this.pan(now.x - before.x, now.y - before.y);
      before = now;
    }, { passive: false });
    for (const end of ["touchend", "touchcancel"]) root.addEventListener(end, () => (before = null));
  }
}
