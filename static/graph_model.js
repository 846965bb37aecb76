// The graph as plain data, {nodes: [{name, x, y, latent?, exposure?, outcome?, adjusted?,
// selected?}], edges: [{source, target, kind}], notes?: [{pair, text}]}, and the changes a
// person makes to it. Every change returns a new graph, or throws a Refusal that says why
// not. No drawing here.

export class Refusal extends Error {}

const SYMMETRIC = ["<->", "--", "o-o"];
const EITHER = [["exposure", "outcome"], ["adjusted", "latent"]]; // no node is both

export const ARROWS = { "->": "→", "<->": "↔", "--": "—", "o->": "o→", "o-o": "o–o" };

export function said(edge) {
  return `${edge.source} ${ARROWS[edge.kind]} ${edge.target}`;
}

export function sameEdge(one, other) {
  return (
    one.source === other.source && one.target === other.target && one.kind === other.kind
  );
}

export function turnable(edge) {
  return !SYMMETRIC.includes(edge.kind);
}

export function node(graph, name) {
  return graph.nodes.find((n) => n.name === name);
}

// What names a pair of nodes, whichever comes first.
export function pairKey(one, other) {
  return JSON.stringify([one, other].sort());
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

// The graph over the nodes called `names`, with what is between them.
export function subgraph(graph, names) {
  return {
    nodes: graph.nodes.filter((n) => names.has(n.name)),
    edges: graph.edges.filter((e) => names.has(e.source) && names.has(e.target)),
    notes: (graph.notes ?? []).filter(({ pair }) => pair.every((name) => names.has(name))),
  };
}

export function removeNodes(graph, names) {
  const gone = new Set(names);
  return subgraph(graph, new Set(graph.nodes.map((n) => n.name).filter((name) => !gone.has(name))));
}

export function removeEdge(graph, edge) {
  return { ...graph, edges: graph.edges.filter((e) => !sameEdge(e, edge)) };
}

export function reverse(graph, edge) {
  if (!turnable(edge)) throw new Refusal("This one reads the same both ways.");
  return addEdge(removeEdge(graph, edge), edge.target, edge.source, edge.kind);
}

// Give a role to the nodes called `names`, or take it; what excludes it goes.
export function mark(graph, names, role, on) {
  const marked = new Set(names);
  const others = EITHER.filter((two) => two.includes(role)).flat().filter((one) => one !== role);
  const changes = { [role]: on, ...(on && Object.fromEntries(others.map((one) => [one, false]))) };
  const nodes = graph.nodes.map((n) => (marked.has(n.name) ? { ...n, ...changes } : n));
  return { ...graph, nodes };
}

// Put nodes elsewhere: `places` is a map from names to {x, y}.
export function move(graph, places) {
  const nodes = graph.nodes.map((n) => (places.has(n.name) ? { ...n, ...places.get(n.name) } : n));
  return { ...graph, nodes };
}

export function rename(graph, old, name) {
  if (name !== old && node(graph, name)) throw new Refusal(`Two nodes cannot be called ${name}.`);
  const called = (one) => (one === old ? name : one);
  return {
    nodes: graph.nodes.map((n) => ({ ...n, name: called(n.name) })),
    edges: graph.edges.map((e) => ({ ...e, source: called(e.source), target: called(e.target) })),
    notes: (graph.notes ?? []).map((note) => ({ ...note, pair: note.pair.map(called) })),
  };
}

// What is believed of a pair of nodes, with an edge or without; empty text is no note.
export function note(graph, one, other) {
  const key = pairKey(one, other);
  return (graph.notes ?? []).find(({ pair }) => pairKey(...pair) === key)?.text ?? "";
}

export function writeNote(graph, one, other, text) {
  const key = pairKey(one, other);
  const kept = (graph.notes ?? []).filter(({ pair }) => pairKey(...pair) !== key);
  return { ...graph, notes: text ? [...kept, { pair: [one, other].sort(), text }] : kept };
}

export function joined(graph, one, other) {
  const key = pairKey(one, other);
  return graph.edges.some((e) => pairKey(e.source, e.target) === key);
}

export function unused(graph, columns) {
  const names = new Set(graph.nodes.map((n) => n.name));
  return columns.filter((name) => !names.has(name));
}
