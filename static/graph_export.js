// The picture as a file: the drawing on the canvas with its computed styles written into it,
// in the colours of the light scheme, cut to what is drawn. Names stay text.

const { set, svg } = await import(`./graph_view.js${new URL(import.meta.url).search}`);

const STYLES = [
  "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
  "paint-order", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "opacity",
];
const MARGIN = 16;
const SCALE = 2; // pixels of a PNG for each of the screen
const NO_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

// The SVG text of a view as it is drawn now; `root` is the editor's element.
export function svgText(view, root, background) {
  root.classList.add("printed");
  const world = copy(view.world);
  const box = view.world.getBBox();
  const paper = getComputedStyle(view.root).getPropertyValue("--paper").trim();
  root.classList.remove("printed");
  world.removeAttribute("transform");
  const [x, y, width, height] = [
    box.x - MARGIN, box.y - MARGIN, box.width + 2 * MARGIN, box.height + 2 * MARGIN,
  ].map(Math.round);
  const whole = svg("svg", { viewBox: `${x} ${y} ${width} ${height}`, width, height });
  if (background) whole.append(svg("rect", { x, y, width, height, fill: paper }));
  whole.append(world);
  return new XMLSerializer().serializeToString(whole);
}

// One element and its children without what only the screen needs.
function copy(element) {
  const style = getComputedStyle(element);
  const hidden = style.display === "none" || style.visibility === "hidden" || style.stroke === "rgba(0, 0, 0, 0)";
  if (hidden || element.matches(".hit, .rim, .focus, .handle")) return "";
  const made = element.cloneNode(false);
  for (const { name } of [...made.attributes]) {
    if (/^(class|style|role|tabindex|aria-|data-)/.test(name)) made.removeAttribute(name);
  }
  if (element.matches("rect, path, circle, text, tspan")) {
    set(made, Object.fromEntries(STYLES.map((name) => [name, style.getPropertyValue(name)]).filter(([, value]) => value)));
  } else if (style.opacity !== "1") set(made, { opacity: style.opacity });
  const children = [...element.childNodes].map((child) =>
    child.nodeType === Node.TEXT_NODE ? child.data.replace(NO_XML, "").toWellFormed() : copy(child));
  made.append(...children);
  return made;
}

// The same as a PNG, a Blob.
export async function png(text) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * SCALE, image.height * SCALE];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
