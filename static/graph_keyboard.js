// The keyboard: every change that a pointer can make, and the way from node to node.

const { change, node: found, sameEdge, said } = await import(
  `./graph_model.js${new URL(import.meta.url).search}`
);

const STEP = 20; // pixels that Alt and an arrow key move a node
const MOVE_SETTLES = 350; // milliseconds without a further step before a move is sent
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = {
  n: "add", Insert: "add", a: "arrow", b: "confounder", r: "reverse", l: "latent",
  Delete: "delete", Backspace: "delete", f: "fit", t: "tidy",
};

// Let the keys pressed inside `root` edit.
export function followKeys(editor, root) {
  root.addEventListener("keydown", (event) => {
    const does = meaning(editor, event);
    if (does) event.preventDefault();
    // R and C mean something else to Streamlit, which listens further out.
    if (does || ["r", "c"].includes(event.key.toLowerCase())) event.stopPropagation();
    does?.();
  });
}

function meaning(editor, event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    const action = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[key];
    return action && (() => editor.act(action));
  }
  if (key === "Escape" && editor.pending) return () => editor.escape();
  if (!editor.stage.contains(event.target)) return null;
  const [node, edge] = [".node", ".edge"].map((kind) => event.target.closest(kind)?.dataset);
  if (key === "Escape") return () => editor.escape();
  if (key in DIRECTIONS) return () => walk(editor, key, event.altKey, node);
  if (key === "e") return () => nextEdge(editor, 1);
  if (key === "Enter" || key === " ") return () => enter(editor, node, edge);
  return key in KEYS ? () => editor.act(KEYS[key]) : null;
}

function enter(editor, node, edge) {
  if (edge) return;
  const { from } = editor.look;
  if (!node) editor.act("add");
  else if (!editor.pending) editor.start("->", node.name);
  else if (!from) editor.start(editor.pending, node.name);
  else editor.connect(from, node.name, editor.pending);
}

function walk(editor, key, alt, node) {
  const { graph, view } = editor;
  const [dx, dy] = DIRECTIONS[key];
  if (editor.look.edge && !node) return nextEdge(editor, dx + dy);
  const at = node && found(graph, node.name);
  if (at && alt) return nudge(editor, at, dx, dy);
  const next = at ? view.nearest(graph, at.name, dx, dy) : graph.nodes[0]?.name;
  view.nodes.get(next)?.focus();
}

function nudge(editor, at, dx, dy) {
  const point = editor.view.toScreen(at);
  const place = editor.view.toGraph({ x: point.x + STEP * dx, y: point.y + STEP * dy });
  editor.apply((graph) => change(graph, at.name, place), `Moved ${at.name}.`, MOVE_SETTLES);
}

// Choose the next line at the chosen node, or at the one whose lines are being looked at.
function nextEdge(editor, step) {
  const { node, edge: now } = editor.look;
  const home = now && ![now.source, now.target].includes(editor.edgeHome);
  const name = node ?? (home ? now.source : editor.edgeHome);
  const around = editor.graph.edges.filter((e) => e.source === name || e.target === name);
  if (!around.length) return editor.refuse("Choose a node with arrows first.");
  editor.edgeHome = name;
  const at = around.findIndex((e) => editor.look.edge && sameEdge(e, editor.look.edge));
  const edge = around[at < 0 ? 0 : (at + step + around.length) % around.length];
  editor.choose({ edge });
  editor.chrome.announce(`${said(edge)}, selected.`);
}
