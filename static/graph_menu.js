// The menu of what is needed less often, below its button.

const { html } = await import(`./graph_chrome.js${new URL(import.meta.url).search}`);

export class Menu {
  // `items()` gives [action, label, key, checked?] for each entry, or null for a rule.
  constructor(button, items, act) {
    Object.assign(this, { button, items, act });
    this.root = html("div", { class: "menu more", role: "menu", "aria-label": "More", hidden: "" });
    button.setAttribute("aria-haspopup", "menu");
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("focusout", ({ relatedTarget: to }) => {
      if (to !== button && !this.root.contains(to)) this.close();
    });
  }

  toggle() {
    if (!this.root.hidden) return this.close();
    this.root.replaceChildren(...this.items().map((item) => (item ? this.entry(item) : html("hr"))));
    this.root.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = this.button;
    const most = this.root.offsetParent.clientWidth - this.root.offsetWidth;
    this.root.style.left = `${Math.max(0, Math.min(most, left + width - this.root.offsetWidth))}px`;
    this.root.style.top = `${top + height + 4}px`;
    this.root.querySelector("button").focus();
  }

  entry([action, label, key, checked]) {
    const attributes = checked === undefined ? { role: "menuitem" } : { role: "menuitemcheckbox", "aria-checked": checked };
    const made = html("button", { type: "button", tabindex: -1, "data-testid": `graph-menu-${action}`, ...attributes },
      html("span", {}, label), html("kbd", {}, key));
    made.addEventListener("click", () => {
      this.close();
      this.button.focus();
      this.act(action);
    });
    return made;
  }

  close() {
    this.root.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  key(event) {
    const entries = [...this.root.querySelectorAll("button")];
    const at = entries.indexOf(this.root.getRootNode().activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") {
      this.close();
      this.button.focus();
    } else if (to !== undefined) entries.at(to % entries.length).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
