// The derivation: one step at a time, forwards and back, by button, slider or key.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ html }, { svg }, { PathList }, { math }] = await Promise.all(
  ["graph_chrome", "graph_view", "identify_list", "identify_math"].map(load),
);

const PACE = 2600; // milliseconds that a step is shown while it plays
const ICONS = { back: "M15 5l-7 7 7 7", on: "M9 5l7 7-7 7", play: "M8 5l11 7-11 7Z", pause: "M8 5v14M16 5v14" };

export class Steps {
  constructor(changed) {
    this.changed = changed;
    this.at = 0;
    this.list = new PathList(changed);
    this.build();
    this.hint = "";
  }

  build() {
    this.slider = html("input", { type: "range", min: 1, step: 1, "aria-label": "Step", "data-testid": "identify-slider" });
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value) - 1));
    this.count = html("span", { class: "count", "data-testid": "identify-count" });
    this.back = this.button("back", "One step back (←)", () => this.go(this.at - 1));
    this.on = this.button("on", "One step on (→)", () => this.go(this.at + 1));
    this.play = this.button("play", "Play", () => this.toggle());
    this.bar = html("div", { class: "player" }, this.back, this.on, this.play, this.slider, this.count);
    this.body = html("div", { class: "step", "data-testid": "identify-step" });
    this.root = html("div", {}, this.bar, this.body);
  }

  button(name, title, does) {
    const made = html("button", { type: "button", title, "aria-label": title, "data-testid": `identify-${name}` },
      svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: ICONS[name] })));
    made.addEventListener("click", does);
    return made;
  }

  take(steps) {
    this.steps = steps ?? [];
    this.at = Math.max(0, Math.min(this.at, this.steps.length - 1));
    this.slider.max = this.steps.length;
    if (this.steps.length) this.show();
  }

  go(at) {
    const next = Math.max(0, Math.min(this.steps.length - 1, at));
    if (next === this.at) return this.stop();
    this.at = next;
    this.show();
    this.changed();
  }

  show() {
    const step = this.steps[this.at];
    this.slider.value = this.at + 1;
    this.slider.setAttribute("aria-valuetext", this.said());
    this.count.textContent = `${this.at + 1} of ${this.steps.length}`;
    this.back.disabled = !this.at;
    this.on.disabled = this.at === this.steps.length - 1;
    this.list.kept = null;
    this.list.take(step.paths);
    this.body.replaceChildren(
      html("p", { class: "rule" }, html("span", { class: "chip" }, step.rule), html("b", {}, step.title)),
      html("p", {}, step.reason),
      html("div", { class: "formula", tabindex: 0, "aria-label": "The formula before and after" },
        math(step.before), ...(step.becomes ? [html("span", { class: "becomes" }, step.becomes), math(step.after)] : [])),
      ...(step.separation ? [html("p", { class: "apart" }, step.separation), this.list.root] : []),
      ...this.terms(step.terms),
    );
  }

  // The probabilities that the step takes from the data, with what the rows say of them.
  terms(terms) {
    if (!terms.length) return [];
    return [html("p", { class: "quiet" }, "Read from the rows:"),
      html("ul", { class: "terms" }, ...terms.map(({ formula, words, value }) =>
        html("li", { title: words }, math(formula), html("small", {}, value || words))))];
  }

  toggle() {
    if (this.timer) return this.stop();
    if (this.at === this.steps.length - 1) this.go(0);
    this.timer = setInterval(() => this.go(this.at + 1), PACE);
    this.face("pause");
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.face("play");
  }

  face(name) {
    this.play.querySelector("path").setAttribute("d", ICONS[name]);
    const title = name === "play" ? "Play" : "Pause";
    this.play.title = title;
    this.play.setAttribute("aria-label", title);
  }

  key({ key, target }) {
    if (target === this.slider) return false;
    const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: this.steps.length - 1 }[key];
    if (to === undefined) return false;
    this.go(to);
    return true;
  }

  said() {
    const { rule, title, reason } = this.steps[this.at];
    return `Step ${this.at + 1} of ${this.steps.length}. ${rule}: ${title}. ${reason}`;
  }

  picture() {
    const { absent, cut, gone, left, held, paths } = this.steps[this.at];
    return { absent, cut, gone, left, held, paths, lit: this.list.lit };
  }
}
