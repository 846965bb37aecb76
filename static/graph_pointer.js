// Mouse, pen and finger on the canvas: a press, perhaps a drag, and what it comes to.

const { change } = await import(`./graph_model.js${new URL(import.meta.url).search}`);

const SLACK = 5; // pixels that a click may wander

// Let pointers edit: `editor` is told what to select, move, connect and add.
export function followPointers(editor) {
  const canvas = editor.view.root;
  let frame = 0;
  canvas.addEventListener("pointerdown", (event) => press(editor, event));
  canvas.addEventListener("pointermove", (event) => {
    if (!editor.drag || event.pointerId !== editor.drag.id) return;
    editor.drag.last = editor.view.at(event);
    editor.drag.shift = event.shiftKey || editor.drag.shifted;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => follow(editor));
  });
  canvas.addEventListener("pointerup", (event) => {
    if (editor.drag?.id !== event.pointerId) return;
    cancelAnimationFrame(frame);
    editor.drag.last = editor.view.at(event);
    editor.drag.shift = event.shiftKey || editor.drag.shifted;
    follow(editor);
    release(editor);
  });
  canvas.addEventListener("pointercancel", () => editor.cancelDrag());
  editor.cancelDrag = () => {
    cancelAnimationFrame(frame);
    stop(editor);
  };
}

function press(editor, event) {
  if (event.button !== 0 || editor.drag) return;
  const node = event.target.closest(".node")?.dataset.name;
  const edge = event.target.closest(".edge")?.dataset;
  const rim = Boolean(event.target.closest(".handle, .rim"));
  const menu = !editor.chrome.menu.hidden;
  editor.closeMenu();
  editor.refused = "";
  const start = editor.view.at(event);
  editor.drag = {
    id: event.pointerId, node, edge, menu, start, last: start, before: editor.graph,
    shifted: event.shiftKey, shift: event.shiftKey, draws: node && (rim || event.shiftKey), moved: false,
  };
  if (node && !editor.pending) editor.choose({ node });
  if (node) editor.view.root.setPointerCapture(event.pointerId);
}

function follow(editor) {
  const { drag, view } = editor;
  if (!drag) return;
  const [dx, dy] = [drag.last.x - drag.start.x, drag.last.y - drag.start.y];
  if (Math.hypot(dx, dy) > SLACK) drag.moved = true;
  if (!drag.moved || !drag.node || editor.pending) return;
  if (drag.draws) {
    const over = view.under(drag.last);
    Object.assign(editor.look, { from: drag.node, over: over === drag.node ? null : over });
    editor.draw();
    view.drawPreview(drag.node, drag.last, drag.shift ? "<->" : "->");
    return;
  }
  drag.moves = true;
  const home = drag.before.nodes.find((n) => n.name === drag.node);
  const at = view.toScreen(home);
  editor.graph = change(drag.before, drag.node, view.toGraph({ x: at.x + dx, y: at.y + dy }));
  editor.draw();
}

function release(editor) {
  const { drag } = editor;
  const moved = editor.graph;
  const over = editor.view.under(drag.last);
  stop(editor);
  if (!drag.moved) return click(editor, drag);
  if (!drag.node || editor.pending) return;
  if (!drag.draws) {
    const n = moved.nodes.find((one) => one.name === drag.node);
    editor.apply((graph) => change(graph, n.name, { x: n.x, y: n.y }), `Moved ${n.name}.`);
  } else if (over && over !== drag.node) editor.connect(drag.node, over, drag.shift ? "<->" : "->");
}

function click(editor, drag) {
  const { from } = editor.look;
  if (editor.pending && drag.node) {
    if (from) editor.connect(from, drag.node, editor.pending);
    else editor.start(editor.pending, drag.node);
  } else if (editor.pending) editor.escape();
  else if (drag.node) editor.choose({ node: drag.node });
  else if (drag.edge) editor.choose({ edge: { ...drag.edge } });
  else if (!drag.menu) {
    editor.clear();
    editor.openMenu(drag.start);
  } else editor.draw();
}

// Forget the drag and put back what it has changed.
function stop(editor) {
  const { drag } = editor;
  editor.drag = null;
  if (!drag) return;
  if (drag.moves && editor.graph !== drag.before) editor.graph = drag.before;
  if (!editor.pending) editor.look.from = null;
  editor.look.over = null;
  editor.view.drawPreview(null);
  editor.draw();
}
