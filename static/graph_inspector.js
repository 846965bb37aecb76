// What can be said about the chosen nodes or edge: roles, a name, and why one believes it.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ html }, { ROLES }, { chosenWords, only, pair }, model, { svg }] = await Promise.all(
  ["graph_chrome", "graph_roles", "graph_choice", "graph_model", "graph_view"].map(load),
);

const LONGEST = 500; // characters of a note

export class Inspector {
  constructor(editor) {
    this.editor = editor;
    this.words = html("span", { class: "what", "data-testid": "graph-chosen" });
    this.roles = new Map(ROLES.map((one) => [one.role, this.roleButton(one)]));
    this.rename = html("button", { type: "button", title: "Rename (F2)", "data-testid": "graph-rename" }, "Rename");
    this.rename.addEventListener("click", () => editor.act("rename"));
    this.note = html("textarea", {
      rows: 1, maxlength: LONGEST, "data-testid": "graph-note", "aria-label": "Why we believe this",
      placeholder: "Why do we believe this?",
    });
    this.note.addEventListener("change", () => this.keep());
    this.note.addEventListener("keydown", (event) => this.key(event));
    const group = html("div", { class: "roles", role: "group", "aria-label": "Roles" }, ...this.roles.values());
    this.group = group;
    this.root = html("div", { class: "inspector", "data-testid": "graph-inspector" },
      this.words, group, this.rename, this.note);
  }

  roleButton({ role, key, label, badge, does }) {
    const icon = svg("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true" }, svg("path", { d: badge }));
    const made = html("button", {
      type: "button", class: role, title: `${label}: ${does} (${key.toUpperCase()})`,
      "data-testid": `graph-role-${role}`,
    }, icon, label);
    made.addEventListener("click", () => this.editor.act(role));
    return made;
  }

  show() {
    const { graph, look } = this.editor;
    const nodes = graph.nodes.filter((n) => look.nodes.has(n.name));
    this.words.textContent = nodes.length || look.edge ? chosenWords(this.editor) : census(graph);
    this.words.classList.toggle("none", !nodes.length && !look.edge);
    this.group.hidden = !nodes.length;
    for (const [role, button] of this.roles) {
      button.setAttribute("aria-pressed", String(nodes.length > 0 && nodes.every((n) => n[role])));
    }
    this.rename.hidden = !only(look);
    this.showNote(graph, pair(look));
  }

  showNote(graph, two) {
    const key = two && model.pairKey(...two);
    if (key !== this.about) {
      this.keep(); // what was typed about the pair before
      this.about = key;
      this.two = two;
      this.value = null;
    }
    this.note.hidden = !two;
    const stored = two ? model.note(graph, ...two) : "";
    if (stored !== this.value) this.note.value = stored;
    this.value = stored;
    this.note.placeholder = two && !model.joined(graph, ...two) ? "Why is there no edge?" : "Why do we believe this?";
  }

  // Put what is typed into the graph.
  keep() {
    const { two, value } = this;
    const text = this.note.value.trim();
    if (!two || text === (value ?? "") || !two.every((name) => model.node(this.editor.graph, name))) return;
    this.value = text;
    const message = text ? `Noted about ${two.join(" and ")}.` : `The note about ${two.join(" and ")} is gone.`;
    this.editor.apply((graph) => model.writeNote(graph, ...two, text), message);
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey) event.preventDefault();
    else if (event.key !== "Escape") return;
    if (event.key === "Escape") this.note.value = this.value ?? "";
    event.stopPropagation();
    this.keep();
    this.editor.backToCanvas();
  }
}

// How much there is, in words, while nothing is chosen.
function census({ nodes, edges }) {
  const arrows = edges.filter((e) => e.kind !== "<->").length;
  const shared = edges.length - arrows;
  const count = (n, one, many) => n && `${n} ${n === 1 ? one : many}`;
  return [
    count(nodes.length, "node", "nodes"), count(arrows, "arrow", "arrows"),
    count(shared, "unmeasured common cause", "unmeasured common causes"),
  ].filter(Boolean).join(" · ");
}
