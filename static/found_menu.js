// The small menu at an edge of a graph that was found: what it rests on, and what to say of it.

const { html } = await import(`./graph_chrome.js${new URL(import.meta.url).search}`);

const WIDE = 272;

export class Menu {
  constructor() {
    this.root = html("div", { class: "menu decide", role: "dialog", hidden: "", "data-testid": "edge-menu" });
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("focusout", ({ relatedTarget: to }) => {
      if (to && !this.root.contains(to)) this.close(false);
    });
  }

  get open() {
    return !this.root.hidden;
  }

  // `told`: an edge's data; `at`: a point of the canvas; `done(verdict)` is told the choice.
  show(told, at, size, done, back) {
    this.back = back;
    const words = [told.words, told.why].filter(Boolean);
    const buttons = told.menu.map(([label, verdict], place) => {
      const made = html("button", { type: "button", "data-testid": `edge-say-${place}` }, label);
      made.classList.toggle("now", label === "leave open");
      made.addEventListener("click", () => {
        this.close(false);
        done(verdict);
      });
      return made;
    });
    this.root.setAttribute("aria-label", told.words);
    this.root.replaceChildren(...words.map((text) => html("p", {}, text)), ...buttons);
    this.root.hidden = false;
    const width = Math.min(WIDE, size.width - 16);
    this.root.style.width = `${width}px`;
    const high = this.root.offsetHeight;
    const left = Math.max(8, Math.min(size.width - width - 8, at.x - width / 2));
    const top = at.y + high + 20 > size.height ? at.y - high - 14 : at.y + 14;
    this.root.style.left = `${left}px`;
    this.root.style.top = `${Math.max(8, Math.min(top, size.height - high - 8))}px`;
    (buttons[0] ?? this.root).focus({ preventScroll: true });
  }

  close(focus = true) {
    this.root.hidden = true;
    if (focus) this.back?.();
  }

  key(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [...this.root.querySelectorAll("button")];
    const at = stops.indexOf(this.root.getRootNode().activeElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus();
  }
}
