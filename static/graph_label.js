// The words in and about a node: how they break into lines, their size, what is read out.

const { rolesOf } = await import(`./graph_roles.js${new URL(import.meta.url).search}`);

export const LINE = 17;
const TAG = 13;
const pen = document.createElement("canvas").getContext("2d");
const kept = new Map(); // measuring text is slow, and a drag asks for the same labels again

// Measure text in this CSS font from now on.
export function useFont(font) {
  if (pen.font !== font) kept.clear();
  pen.font = font;
}

// The lines and the tag of a pill no wider than `most`, and the pill's size.
export function label(node, unknown, most, margin) {
  const tag = [...rolesOf(node).map((one) => one.tag), ...(unknown ? ["not in the table"] : [])].join(" · ");
  const key = JSON.stringify([node.name, tag, most, margin]);
  if (!kept.has(key)) kept.set(key, measured(node.name, tag, most, margin));
  return kept.get(key);
}

function measured(name, tag, most, margin) {
  const lines = wrap(name, most - 20);
  const wide = Math.max(tag.length * 6, ...lines.map((line) => pen.measureText(line).width));
  return { lines, tag, w: Math.max(52, wide + margin), h: lines.length * LINE + (tag ? TAG : 0) + 17 };
}

export function described(node, graph, unknown, chosen) {
  const at = (end, other) =>
    graph.edges.filter((e) => e.kind === "->" && e[end] === node.name).map((e) => e[other]).join(", ");
  const [causes, effects] = [at("target", "source"), at("source", "target")];
  return [
    node.name, ...rolesOf(node).map((one) => one.does), unknown && "the table has no such column",
    causes && `caused by ${causes}`, effects && `causes ${effects}`, chosen && "selected",
  ].filter(Boolean).join(", ");
}

function wrap(name, most) {
  if (pen.measureText(name).width <= most) return [name];
  const lines = [""];
  for (const part of name.split(/(?<=[\s_.\-/])/)) {
    const longer = lines.at(-1) + part;
    if (lines.at(-1) && pen.measureText(longer.trim()).width > most) lines.push(part);
    else lines[lines.length - 1] = longer;
  }
  const two = lines.length > 2 ? [lines[0], lines.slice(1).join("")] : lines;
  return two.map((text) => cut(text.trim(), most));
}

function cut(text, most) {
  if (pen.measureText(text).width <= most) return text;
  let short = text;
  while (short.length > 1 && pen.measureText(`${short}…`).width > most) short = short.slice(0, -1);
  return `${short}…`;
}
