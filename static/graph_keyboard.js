// The keyboard: every change that a pointer can make, and the way from node to node.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ move, node: found }, { chooseAll, nextEdge, toggle }, { ROLES }] = await Promise.all(
  ["graph_model", "graph_choice", "graph_roles"].map(load),
);

const STEP = 20; // pixels that Alt and an arrow key move a node
const PAN = 60; // and Shift and an arrow key the view
const MOVE_SETTLES = 350; // milliseconds without a further step before a move is sent
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = {
  n: "add", Insert: "add", a: "arrow", b: "confounder", r: "reverse", v: "select",
  Delete: "delete", Backspace: "delete", f: "fit", t: "tidy", w: "note", F2: "rename",
  ...Object.fromEntries(ROLES.map(({ key, role }) => [key, role])),
};
const ZOOM = { "+": 1, "=": 1, "-": -1, _: -1 };

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
  if (event.target.closest("input, textarea")) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return withControl(editor, event, key);
  if (key === "Escape" && (editor.pending || editor.selecting)) return () => editor.escape();
  if (!editor.stage.contains(event.target)) return null;
  const [node, edge, pair] = [".node", ".edge", ".pair"].map((kind) => event.target.closest(kind)?.dataset);
  if (key === "Escape") return () => editor.escape();
  if (key in DIRECTIONS) return () => walk(editor, key, event, node);
  if (key === "e") return () => nextEdge(editor, 1);
  if (key === " " && node && !editor.pending) return () => pick(editor, node.name);
  if (key === "Enter" || key === " ") return () => enter(editor, node, edge, pair);
  if (key in ZOOM) return () => editor.zoom.step(ZOOM[key]);
  if (key === "0") return () => editor.zoom.reset();
  return key in KEYS ? () => editor.act(KEYS[key]) : null;
}

function withControl(editor, event, key) {
  const action = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[key];
  if (action) return () => editor.act(action);
  if (!editor.stage.contains(event.target)) return null;
  return { a: () => chooseAll(editor), c: () => editor.act("copy") }[key];
}

function enter(editor, node, edge, pair) {
  const { from } = editor.look;
  if (edge || pair) editor.act("note");
  else if (!node) editor.act("add");
  else if (!editor.pending) editor.start("->", node.name);
  else if (!from) editor.start(editor.pending, node.name);
  else editor.connect(from, node.name, editor.pending);
}

// Space begins to choose several; from then on it takes a node in or leaves it out.
function pick(editor, name) {
  if (editor.selecting) return toggle(editor, name);
  editor.select(true);
  editor.chrome.announce(`${name} chosen. ${editor.hint()}`);
}

function walk(editor, key, event, node) {
  const { graph, view } = editor;
  const [dx, dy] = DIRECTIONS[key];
  if (event.shiftKey) return editor.zoom.pan(-PAN * dx, -PAN * dy);
  if (editor.look.edge && !node) return nextEdge(editor, dx + dy);
  if (node && event.altKey) return nudge(editor, node.name, dx, dy);
  const at = node && found(graph, node.name);
  const next = at ? view.nearest(graph, at.name, dx, dy) : graph.nodes[0]?.name;
  view.nodes.get(next)?.focus();
}

function nudge(editor, name, dx, dy) {
  const { look, view } = editor;
  const names = look.nodes.has(name) ? look.nodes : new Set([name]);
  const places = new Map([...names].map((one) => {
    const point = view.toScreen(found(editor.graph, one));
    return [one, view.toGraph({ x: point.x + STEP * dx, y: point.y + STEP * dy })];
  }));
  const what = names.size > 1 ? `${names.size} nodes` : name;
  editor.apply((graph) => move(graph, places), `Moved ${what}.`, MOVE_SETTLES);
}
