// Mouse, pen and finger on the canvas: a press, perhaps a drag, and what it comes to.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ move }, { choose, toggle }, { set }] = await Promise.all(
  ["graph_model", "graph_choice", "graph_view"].map(load),
);

const SLACK = 5; // pixels that a click may wander

// Let pointers edit: `editor` is told what to select, move, connect and add.
export function followPointers(editor) {
  const canvas = editor.view.root;
  let frame = 0;
  const note = (event) => {
    const { drag } = editor;
    Object.assign(drag, { last: editor.view.at(event), shift: event.shiftKey || drag.shifted });
    Object.assign(drag, { x: event.clientX, y: event.clientY });
  };
  canvas.addEventListener("pointerdown", (event) => press(editor, event));
  canvas.addEventListener("pointermove", (event) => {
    if (editor.drag?.id !== event.pointerId) return;
    note(event);
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => follow(editor));
  });
  canvas.addEventListener("pointerup", (event) => {
    if (editor.drag?.id !== event.pointerId) return;
    cancelAnimationFrame(frame);
    note(event);
    follow(editor);
    release(editor);
  });
  canvas.addEventListener("pointercancel", () => editor.cancelDrag());
  canvas.addEventListener("dblclick", (event) => {
    const name = editor.view.under(editor.view.at(event)); // the canvas holds the pointer
    if (name && !editor.selecting && !editor.pending) editor.rename(name);
  });
  editor.cancelDrag = () => {
    cancelAnimationFrame(frame);
    stop(editor);
  };
  editor.zoom.followFingers(() => editor.cancelDrag());
}

function press(editor, event) {
  if (editor.drag || ![0, 1].includes(event.button)) return;
  const hit = (kind) => event.target.closest(kind)?.dataset;
  const [node, edge, pair] = [hit(".node")?.name, hit(".edge"), hit(".pair")];
  const drag = {
    id: event.pointerId, node, edge, pair, before: editor.graph, moved: false,
    menu: !editor.chrome.menu.hidden, adds: event.ctrlKey || event.metaKey,
    shifted: event.shiftKey, shift: event.shiftKey, middle: event.button === 1,
    start: editor.view.at(event), last: editor.view.at(event),
    from: { x: event.clientX, y: event.clientY }, x: event.clientX, y: event.clientY,
  };
  drag.kind = kind(editor, event, drag);
  editor.closeMenu();
  editor.quiet();
  if (event.button === 1) event.preventDefault();
  const { nodes } = editor.look;
  const kept = drag.adds || editor.selecting || editor.pending || nodes.has(node);
  editor.drag = drag;
  if (node && !kept) choose(editor, { nodes: [node] });
  if (node || drag.kind === "band") capture(editor, drag);
}

// What this press becomes if it moves.
function kind(editor, event, { node, adds }) {
  if (event.button === 1) return "pan";
  const rim = event.target.closest(".handle, .rim");
  if (node && adds) return "none";
  if (node) return rim || event.shiftKey ? "draw" : "move";
  if (event.pointerType === "touch" && !editor.selecting) return "none"; // it scrolls the page
  if (editor.pending) return "pan";
  return editor.selecting || event.shiftKey || event.altKey || adds ? "band" : "pan";
}

function capture(editor, drag) {
  editor.view.root.setPointerCapture(drag.id);
}

function follow(editor) {
  const { drag } = editor;
  if (!drag) return;
  const [dx, dy] = [drag.x - drag.from.x, drag.y - drag.from.y];
  if (!drag.moved && Math.hypot(dx, dy) <= SLACK) return;
  if (!drag.moved) begin(editor, drag);
  FOLLOW[drag.kind]?.(editor, drag);
}

function begin(editor, drag) {
  drag.moved = true;
  const { nodes } = editor.look;
  // Nodes that are dragged while others are chosen leave those behind.
  if (drag.kind === "move" && !nodes.has(drag.node)) editor.look.nodes = new Set([drag.node]);
  drag.lens = editor.view.lens;
  if (drag.kind === "pan") capture(editor, drag);
}

const FOLLOW = {
  draw(editor, drag) {
    if (editor.pending) return;
    const { view } = editor;
    const over = view.under(drag.last);
    Object.assign(editor.look, { from: drag.node, over: over === drag.node ? null : over });
    editor.draw();
    view.drawPreview(drag.node, drag.last, drag.shift ? "<->" : "->");
  },
  move(editor, drag) {
    if (editor.pending) return;
    const { view } = editor;
    const [dx, dy] = [drag.last.x - drag.start.x, drag.last.y - drag.start.y];
    const moved = drag.before.nodes.filter((n) => editor.look.nodes.has(n.name)).map((n) => {
      const at = view.toScreen(n);
      return [n.name, view.toGraph({ x: at.x + dx, y: at.y + dy })];
    });
    drag.places = new Map(moved);
    editor.graph = move(drag.before, drag.places);
    editor.draw();
  },
  pan(editor, { lens, from, x, y }) {
    editor.zoom.look(lens.k, lens.x + x - from.x, lens.y + y - from.y);
  },
  band(editor, drag) {
    set(editor.view.band, { ...rectangle(drag), hidden: null });
  },
};

function rectangle({ start, last }) {
  return {
    x: Math.min(start.x, last.x), y: Math.min(start.y, last.y),
    width: Math.abs(start.x - last.x), height: Math.abs(start.y - last.y),
  };
}

function release(editor) {
  const { drag } = editor;
  const over = editor.view.under(drag.last);
  stop(editor);
  if (!drag.moved) return drag.middle ? undefined : click(editor, drag);
  if (drag.kind === "band") return enclose(editor, drag);
  if (!drag.node || editor.pending) return;
  if (drag.places) {
    const names = [...drag.places.keys()];
    const what = names.length > 3 ? `${names.length} nodes` : names.join(", ");
    editor.apply((graph) => move(graph, drag.places), `Moved ${what}.`);
  } else if (drag.kind === "draw" && over && over !== drag.node) {
    editor.connect(drag.node, over, drag.shift ? "<->" : "->");
  }
}

// Choose the nodes that the rubber band touches.
function enclose(editor, drag) {
  const { x, y, width, height } = rectangle(drag);
  const inside = [...editor.view.boxes].filter(([, box]) =>
    box.x + box.w / 2 > x && box.x - box.w / 2 < x + width &&
    box.y + box.h / 2 > y && box.y - box.h / 2 < y + height).map(([name]) => name);
  const before = drag.adds || editor.selecting ? editor.look.nodes : [];
  choose(editor, { nodes: [...new Set([...before, ...inside])] });
  editor.chrome.announce(`${editor.look.nodes.size} nodes chosen.`);
}

function click(editor, drag) {
  const { from } = editor.look;
  if (editor.pending && drag.node) {
    if (from) editor.connect(from, drag.node, editor.pending);
    else editor.start(editor.pending, drag.node);
  } else if (editor.pending) editor.escape();
  else if (drag.node && (drag.adds || editor.selecting)) toggle(editor, drag.node);
  else if (drag.node) choose(editor, { nodes: [drag.node] });
  else if (drag.edge) choose(editor, { edge: { ...drag.edge } });
  else if (drag.pair) choose(editor, { nodes: JSON.parse(drag.pair.key) });
  else if (!drag.menu && !editor.selecting && drag.kind !== "band") {
    editor.clear();
    editor.openMenu(drag.start);
  } else {
    editor.clear();
    editor.draw();
  }
}

// Forget the drag and put back what it has changed.
function stop(editor) {
  const { drag } = editor;
  editor.drag = null;
  if (!drag) return;
  if (drag.places) editor.graph = drag.before;
  if (!editor.pending) editor.look.from = null;
  editor.look.over = null;
  editor.view.drawPreview(null);
  editor.view.band.setAttribute("hidden", "");
  editor.draw();
}
