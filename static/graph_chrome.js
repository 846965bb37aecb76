// What stands around the picture: toolbar, the hint line, chips of unused columns, the
// menu that adds a node, and the live region for screen readers.

const { svg } = await import(`./graph_view.js${new URL(import.meta.url).search}`);

export const ACTIONS = [
  ["add", "Add", "N", "M12 5v14M5 12h14"],
  ["arrow", "Arrow", "A", "M4 12h15M13 6l6 6-6 6"],
  ["confounder", "Confounder", "B", "M4 17C7 6 17 6 20 17M4 11v6h6M20 11v6h-6"],
  ["select", "Select", "V", "M4 8V4h4M10.5 4h3M16 4h4v4M20 10.5v3M20 16v4h-4M13.5 20h-3M8 20H4v-4M4 13.5v-3"],
  ["reverse", "Reverse", "R", "M4 8h14l-4-4M20 16H6l4 4"],
  ["latent", "Latent", "L",
    "M5 12a7 7 0 0 1 1.5-4.3M9 5.6a7 7 0 0 1 5 -.3M17 7.5a7 7 0 0 1 2 4M18.7 14.5a7 7 0 0 1-3 3.6M12.5 19a7 7 0 0 1-4.6-1.3"],
  ["delete", "Delete", "Del", "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"],
  ["undo", "Undo", "Ctrl+Z", "M9 6L4 11l5 5M4 11h10a6 6 0 0 1 0 12h-2"],
  ["redo", "Redo", "Ctrl+Y", "M15 6l5 5-5 5M20 11H10a6 6 0 0 0 0 12h2"],
  ["fit", "Fit view", "F", "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"],
  ["tidy", "Tidy", "T", "M4 5h5v4H4zM4 15h5v4H4zM15 10h5v4h-5zM9 7l6 4M9 17l6-4"],
  ["more", "More", "", "M5 12h.01M12 12h.01M19 12h.01"],
];

const MODES = new Set(["arrow", "confounder", "select"]); // buttons that stay pressed

export function html(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export class Chrome {
  constructor(act, addNode) {
    this.addNode = addNode;
    this.toolbar = html("div", { class: "toolbar", role: "toolbar", "aria-label": "Edit the graph" });
    this.buttons = new Map(ACTIONS.map((action) => [action[0], this.button(action, act)]));
    this.toolbar.append(...this.buttons.values());
    this.hint = html("p", { class: "hint", "data-testid": "graph-hint" });
    this.live = html("div", { class: "live", "aria-live": "polite", "data-testid": "graph-live" });
    this.chips = html("div", { class: "chips", role: "group", "aria-label": "Columns not in the graph" });
    this.menu = html("div", { class: "menu", role: "dialog", "aria-label": "Add a node", hidden: "" });
    this.menu.addEventListener("keydown", (event) => this.menuKey(event));
  }

  button([action, label, key, path], act) {
    const icon = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: path }));
    const made = html("button", {
      type: "button", title: key ? `${label} (${key})` : label, "data-testid": `graph-toolbar-${action}`,
    }, icon, html("span", {}, label));
    made.addEventListener("click", () => act(action));
    return made;
  }

  // `able` and `pressed` are sets of actions.
  show({ hint, refused, able, pressed, unused }) {
    for (const [action, button] of this.buttons) {
      button.disabled = !able.has(action);
      button.classList.toggle("pressed", pressed.has(action));
      if (MODES.has(action)) button.setAttribute("aria-pressed", String(pressed.has(action)));
    }
    if (this.hint.textContent !== hint) this.hint.textContent = hint;
    this.hint.classList.toggle("refused", refused);
    const key = JSON.stringify(unused);
    if (key !== this.chipKey) this.showChips(unused);
    this.chipKey = key;
  }

  showChips(names) {
    this.chips.hidden = !names.length;
    const label = html("span", {}, "Not in the graph:");
    const each = names.map((name) => this.chip(name, `graph-chip-${name}`, [name]));
    const all = this.chip("Add all", "graph-chip-all", names);
    all.classList.add("all");
    this.chips.replaceChildren(label, ...each, ...(names.length > 1 ? [all] : []));
  }

  chip(text, id, names) {
    const made = html("button", { type: "button", class: "chip", "data-testid": id }, text);
    made.title = names.join(", ");
    made.addEventListener("click", () => this.addNode(names, null, false));
    return made;
  }

  announce(text) {
    this.live.textContent = "";
    this.live.textContent = text;
  }

  // ── the menu that adds a node ────────────────────────────────────────────────────

  openMenu(unused, screen, size, done) {
    const input = html("input", {
      type: "text", maxlength: 80, "data-testid": "graph-add-name",
      "aria-label": "A column, or the name of something unmeasured",
      placeholder: unused.length ? "A column, or a new name" : "Something unmeasured",
    });
    const list = html("div", { class: "choices" });
    const fill = () => list.replaceChildren(...this.choices(unused, input.value, done));
    input.addEventListener("input", fill);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") list.querySelector("button")?.click();
    });
    fill();
    this.menu.replaceChildren(input, list);
    this.menu.hidden = false;
    this.done = done;
    const width = Math.min(264, size.width - 16);
    this.menu.style.width = `${width}px`;
    const left = Math.max(8, Math.min(size.width - width - 8, screen.x - width / 2));
    const top = screen.y > size.height - 240 ? screen.y - 236 : screen.y + 14;
    this.menu.style.left = `${left}px`;
    this.menu.style.top = `${Math.max(8, top)}px`;
    input.focus({ preventScroll: true });
  }

  choices(unused, typed, done) {
    const text = typed.split(/\s+/).join(" ").trim();
    const low = text.toLowerCase();
    const found = unused.filter((name) => name.toLowerCase().includes(low));
    const exact = found.find((name) => name.toLowerCase() === low);
    const columns = [...(exact ? [exact] : []), ...found.filter((name) => name !== exact)];
    const buttons = columns.map((name) =>
      this.choice(name, "", `graph-add-${name}`, () => done(name, false)));
    if (text && !exact) {
      const note = "add as latent (unmeasured)";
      buttons.push(this.choice(text, note, "graph-add-latent", () => done(text, true)));
    }
    if (buttons.length) return buttons;
    const all = "Every column is in the graph. Name something unmeasured to add it.";
    return [html("p", {}, all)];
  }

  choice(name, note, id, click) {
    const text = [html("b", {}, name), html("small", {}, note)];
    const made = html("button", { type: "button", "data-testid": id }, ...text);
    made.addEventListener("click", click);
    return made;
  }

  closeMenu() {
    this.menu.hidden = true;
  }

  menuKey(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.done(null, false);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [...this.menu.querySelectorAll("input, button")];
    const at = stops.indexOf(this.menu.getRootNode().activeElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + step))].focus();
  }
}
