// Small boxes of HTML over the canvas: a name being changed, and text to be copied by hand.

const { html } = await import(`./graph_chrome.js${new URL(import.meta.url).search}`);

const LONGEST = 80; // characters of a name

// A field over the node called `name`; `done` is called with the new name, or with null.
export function nameBox(view, name, done) {
  const box = view.boxes.get(name);
  const at = view.onto(box);
  const input = html("input", {
    type: "text", class: "rename", maxlength: LONGEST, "aria-label": `New name of ${name}`, "data-testid": "graph-new-name",
  });
  input.value = name;
  const width = Math.max(120, box.w * view.lens.k + 24);
  Object.assign(input.style, {
    width: `${width}px`, left: `${Math.max(4, Math.min(view.width - width - 4, at.x - width / 2))}px`, top: `${at.y - 19}px`,
  });
  closing(input, (kept) => done(kept ? input.value.split(/\s+/).join(" ").trim() : null));
  return input;
}

// A field that holds `text`, all of it marked.
export function textBox(text, done) {
  const area = html("textarea", { class: "copied", readonly: "", rows: 6, "aria-label": "Dagitty text", "data-testid": "graph-copy-text" });
  area.value = text;
  closing(area, done);
  return area;
}

// Enter and leaving keep, Escape does not; either way the box goes, once.
function closing(element, done) {
  let open = true;
  const close = (kept) => {
    if (!open) return;
    open = false;
    element.remove();
    done(kept);
  };
  element.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" || event.key === "Escape") close(event.key === "Enter");
  });
  element.addEventListener("blur", () => close(true));
}
