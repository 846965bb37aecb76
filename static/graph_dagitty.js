// The graph, or the chosen part of it, as dagitty text: the same text that Python writes.

const PRINTED = { "->": "->", "<->": "<->", "--": "--", "o->": "@->", "o-o": "@-@" };
const ROLES = ["latent", "exposure", "outcome", "adjusted", "selected"];
const KEYWORDS = new Set(["dag", "pdag", "mag", "pag", "digraph", "graph", "latent"]);
const PLAIN = /^[\p{L}\p{N}_.]+$/u;

export function toDagitty({ nodes, edges }) {
  const rank = new Map(nodes.map((n, i) => [n.name, i]));
  const sorted = [...edges].sort((one, other) =>
    rank.get(one.source) - rank.get(other.source) || rank.get(one.target) - rank.get(other.target) ||
    (one.kind < other.kind ? -1 : 1));
  const lines = nodes.map((n) => `  ${quote(n.name)}${attributes(n)}`);
  lines.push(...sorted.map((e) => `  ${quote(e.source)} ${PRINTED[e.kind]} ${quote(e.target)}`));
  return [`${type(edges)} {`, ...lines, "}"].join("\n");
}

function type(edges) {
  const kinds = edges.map((e) => e.kind);
  if (kinds.includes("o->") || kinds.includes("o-o")) return "pag";
  return kinds.includes("--") ? "pdag" : "dag";
}

function quote(name) {
  if (PLAIN.test(name) && !KEYWORDS.has(name)) return name;
  return `"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
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
