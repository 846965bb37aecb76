// The graph as plain data, {nodes: [{name, latent, exposure, outcome, x, y}], edges: [{source,
// target, kind}]}, and the changes a person makes to it. Every change returns a new graph, or
// throws a Refusal that says why not. No drawing here.

export class Refusal extends Error {}

const SYMMETRIC = ["<->", "--", "o-o"];

export const ARROWS = { "->": "→", "<->": "↔", "--": "—", "o->": "o→", "o-o": "o–o" };

export function said(edge) {
  return `${edge.source} ${ARROWS[edge.kind]} ${edge.target}`;
}

export function sameEdge(one, other) {
  return (
    one.source === other.source && one.target === other.target && one.kind === other.kind
  );
}

export function node(graph, name) {
  return graph.nodes.find((n) => n.name === name);
}

// The directed path from one node to another, or null.
export function path(graph, from, to) {
  const before = new Map([[from, null]]);
  const queue = [from];
  while (queue.length) {
    const at = queue.shift();
    if (at === to) {
      const found = [];
      for (let name = to; name !== null; name = before.get(name)) found.unshift(name);
      return found;
    }
    for (const edge of graph.edges) {
      if (edge.kind !== "->" || edge.source !== at || before.has(edge.target)) continue;
      before.set(edge.target, at);
      queue.push(edge.target);
    }
  }
  return null;
}

export function addNode(graph, name, place, latent) {
  if (node(graph, name)) throw new Refusal(`${name} is in the graph already.`);
  return { ...graph, nodes: [...graph.nodes, { name, latent, ...place }] };
}

export function addEdge(graph, source, target, kind) {
  if (source === target) throw new Refusal("Nothing causes itself: choose another node.");
  let edge = { source, target, kind };
  if (SYMMETRIC.includes(kind) && source > target) edge = { source: target, target: source, kind };
  const twice = graph.edges.some((e) => sameEdge(e, edge));
  if (twice) throw new Refusal(`${said(edge)} is there already.`);
  const undecided = (e) =>
    !["->", "<->"].includes(e.kind) &&
    [e.source, e.target].every((end) => end === source || end === target);
  const edges = graph.edges.filter((e) => !undecided(e));
  const back = kind === "->" && path({ ...graph, edges }, target, source);
  if (back) {
    const circle = [...back, target].join(" → ");
    throw new Refusal(`That arrow would close a circle: ${circle}. Nothing causes itself.`);
  }
  return { ...graph, edges: [...edges, edge] };
}

export function removeNode(graph, name) {
  return {
    nodes: graph.nodes.filter((n) => n.name !== name),
    edges: graph.edges.filter((e) => e.source !== name && e.target !== name),
  };
}

export function removeEdge(graph, edge) {
  return { ...graph, edges: graph.edges.filter((e) => !sameEdge(e, edge)) };
}

export function reverse(graph, edge) {
  if (SYMMETRIC.includes(edge.kind)) throw new Refusal("This one reads the same both ways.");
  return addEdge(removeEdge(graph, edge), edge.target, edge.source, edge.kind);
}

export function change(graph, name, changes) {
  const nodes = graph.nodes.map((n) => (n.name === name ? { ...n, ...changes } : n));
  return { ...graph, nodes };
}

export function unused(graph, columns) {
  const names = new Set(graph.nodes.map((n) => n.name));
  return columns.filter((name) => !names.has(name));
}
