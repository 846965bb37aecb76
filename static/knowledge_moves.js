// How a person moves columns and draws arrows: mouse, pen, finger and keys.

const SLACK = 5; // pixels that a click may wander
const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const SHIFTS = { ArrowLeft: -1, ArrowRight: 1 };
const STARTS = { a: "required", x: "forbidden" };

// ── pointers ─────────────────────────────────────────────────────────────────────

export function followPointers(canvas) {
  const { stage } = canvas;
  stage.addEventListener("pointerdown", (event) => press(canvas, event));
  stage.addEventListener("pointermove", (event) => {
    if (canvas.drag?.id === event.pointerId) follow(canvas, event);
  });
  stage.addEventListener("pointerup", (event) => {
    if (canvas.drag?.id === event.pointerId) release(canvas, event);
  });
  stage.addEventListener("pointercancel", () => stop(canvas));
  stage.addEventListener("click", (event) => {
    // Not by a pointer: a screen reader presses what it reads.
    const name = event.detail === 0 && event.target.closest(".pill")?.dataset.name;
    if (name) canvas.press(name);
  });
}

function press(canvas, event) {
  const pill = event.target.closest(".pill");
  if (event.button !== 0 || canvas.drag || !pill) return;
  canvas.drag = {
    id: event.pointerId, pill, name: pill.dataset.name, x: event.clientX, y: event.clientY,
    draws: Boolean(event.target.closest(".handle")), moved: false,
  };
  canvas.stage.setPointerCapture(event.pointerId);
}

function follow(canvas, event) {
  const { drag } = canvas;
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (Math.hypot(dx, dy) > SLACK) drag.moved = true;
  if (!drag.moved) return;
  if (drag.draws) return canvas.preview(drag.name, event, under(canvas, event, ".pill"));
  drag.pill.classList.add("moving");
  drag.pill.style.transform = `translate(${dx}px, ${dy}px)`;
  canvas.mark(under(canvas, event, ".lane"));
}

function release(canvas, event) {
  const { drag } = canvas;
  const lane = under(canvas, event, ".lane");
  const over = under(canvas, event, ".pill", drag.draws ? null : drag.pill);
  stop(canvas);
  if (!drag.moved) return canvas.press(drag.name);
  if (!drag.draws) {
    if (lane) canvas.moveTo(drag.name, Number(lane.dataset.lane));
  } else if (over && over.dataset.name !== drag.name) canvas.connect(drag.name, over.dataset.name);
}

// Forget the drag and put back what it has changed.
function stop(canvas) {
  const { drag } = canvas;
  canvas.drag = null;
  if (!drag) return;
  drag.pill.classList.remove("moving");
  drag.pill.style.transform = "";
  canvas.mark(null);
  canvas.preview(null);
}

// The element of a kind that lies under the pointer.
function under(canvas, event, kind, but = null) {
  const holds = (element) => {
    const box = element.getBoundingClientRect();
    return (
      event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom
    );
  };
  return [...canvas.stage.querySelectorAll(kind)].find((one) => one !== but && holds(one)) ?? null;
}

// ── keys ─────────────────────────────────────────────────────────────────────────

export function followKeys(canvas, root) {
  root.addEventListener("keydown", (event) => {
    const does = meaning(canvas, event);
    if (does) event.preventDefault();
    // R and C mean something else to Streamlit, which listens further out.
    if (does || ["r", "c"].includes(event.key.toLowerCase())) event.stopPropagation();
    does?.();
  });
}

function meaning(canvas, event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return key === "z" ? () => canvas.undo() : null;
  if (key === "Escape") return () => canvas.escape();
  const arrow = event.target.closest(".arrow")?.dataset;
  if (arrow && (key === "Enter" || key === " ")) return () => canvas.turnOver(arrow);
  if (arrow && (key === "Delete" || key === "Backspace")) return () => canvas.takeBack(arrow);
  const name = event.target.closest(".pill")?.dataset.name;
  if (!name) return null;
  if (key in SHIFTS) return () => canvas.shift(name, SHIFTS[key]);
  if (key in STEPS) return () => canvas.step(name, STEPS[key]);
  if (key in STARTS) return () => canvas.start(STARTS[key], name);
  return key === "Enter" || key === " " ? () => canvas.press(name) : null;
}
