// A list of paths: each a button that shows the path on the canvas while it is looked at, and
// keeps showing it once it is pressed.

const { html } = await import(`./graph_chrome.js${new URL(import.meta.url).search}`);

export class PathList {
  constructor(changed) {
    this.changed = changed;
    this.root = html("ul", { class: "ways" });
    this.take([]);
  }

  // Paths from Python; the one that was kept stays so if it is among them.
  take(paths) {
    this.paths = paths;
    const kept = this.kept && paths.find((path) => path.text === this.kept.text);
    [this.kept, this.passing] = [kept ?? null, null];
    this.root.replaceChildren(...paths.map((path, place) => html("li", {}, this.button(path, place))));
  }

  get lit() {
    return this.passing ?? this.kept;
  }

  button(path, place) {
    const made = html("button", {
      type: "button", class: path.kind, "aria-pressed": String(path === this.kept), "data-testid": `identify-path-${place}`,
    }, html("b", {}, path.text), html("small", {}, path.words));
    const pass = (shown) => {
      this.passing = shown;
      this.changed();
    };
    made.addEventListener("pointerenter", () => pass(path));
    made.addEventListener("pointerleave", () => pass(null));
    made.addEventListener("focus", () => pass(path));
    made.addEventListener("blur", () => pass(null));
    made.addEventListener("click", () => {
      this.kept = this.kept === path ? null : path;
      for (const li of this.root.children) li.firstChild.setAttribute("aria-pressed", "false");
      made.setAttribute("aria-pressed", String(this.kept === path));
      this.changed();
    });
    return made;
  }
}
