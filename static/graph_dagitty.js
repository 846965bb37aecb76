// The graph, or the chosen part of it, as dagitty text: the same text that Python writes.

const PRINTED = { "->": "->", "<->": "<->", "--": "--", "o->": "@->", "o-o": "@-@" };
const ROLES = ["latent", "exposure", "outcome", "adjusted", "selected"];
const KEYWORDS = new Set([
  "dag", "pdag", "mag", "pag", "digraph", "graph", "latent", "strict", "node", "edge", "subgraph",
]);
const PLAIN = /^[A-Za-z0-9_.]+$/;

export function toDagitty({ nodes, edges, notes = [] }) {
  const rank = new Map(nodes.map((n, i) => [n.name, i]));
  const sorted = [...edges].sort((one, other) =>
    rank.get(one.source) - rank.get(other.source) || rank.get(one.target) - rank.get(other.target) ||
    (one.kind < other.kind ? -1 : 1));
  const lines = nodes.map((n) => `  ${quote(n.name)}${attributes(n)}`);
  const why = new Map(notes.map((note) => [key(...note.pair), note]));
  lines.push(...sorted.map((e) => `  ${edge(e, why)}`));
  lines.push(...[...why.keys()].sort().map((pair) => `  note=${escaped(asJson(why.get(pair)))}`));
  return [`${type(edges)} {`, ...lines, "}"].join("\n");
}

function type(edges) {
  const kinds = edges.map((e) => e.kind);
  if (kinds.includes("o->") || kinds.includes("o-o")) return "pag";
  return kinds.includes("--") ? "pdag" : "dag";
}

// An edge with the note on its pair, which is then taken out of `why`.
function edge(e, why) {
  const pair = key(e.source, e.target);
  const note = why.get(pair);
  why.delete(pair);
  const line = `${quote(e.source)} ${PRINTED[e.kind]} ${quote(e.target)}`;
  return note ? `${line} [note=${escaped(note.text)}]` : line;
}

function key(one, other) {
  return JSON.stringify([one, other].sort());
}

function asJson({ pair, text }) {
  return `[${[...[...pair].sort(), text].map((part) => JSON.stringify(part)).join(", ")}]`;
}

function quote(name) {
  return PLAIN.test(name) && !KEYWORDS.has(name.toLowerCase()) ? name : escaped(name);
}

function escaped(text) {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

function attributes(node) {
  const parts = ROLES.filter((role) => node[role]);
  if ("x" in node) parts.push(`pos="${decimal(node.x)},${decimal(node.y)}"`);
  return parts.length ? ` [${parts.join(",")}]` : "";
}

// A whole number has its “.0”, as in Python.
function decimal(value) {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
