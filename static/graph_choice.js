// What is chosen: any number of nodes, or one edge. Functions over the editor, whose `look`
// holds the choice.

const { joined, node, said, sameEdge } = await import(
  `./graph_model.js${new URL(import.meta.url).search}`
);

// The one chosen node, or null.
export function only({ nodes }) {
  return nodes.size === 1 ? [...nodes][0] : null;
}

// The two nodes that a note can be about: the ends of the chosen edge, or two chosen nodes.
export function pair({ nodes, edge }) {
  if (edge) return [edge.source, edge.target];
  return nodes.size === 2 ? [...nodes].sort() : null;
}

// Choose these alone, and go to the last of them.
export function choose(editor, { nodes = [], edge = null }) {
  Object.assign(editor.look, { nodes: new Set(nodes), edge });
  editor.draw();
  const { view } = editor;
  const element = edge ? view.edges.get(said(edge)) : view.nodes.get(nodes.at(-1));
  element?.focus({ preventScroll: true });
  editor.zoom.reveal(view.boxes.get(edge?.source ?? nodes.at(-1)));
  element?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// Add a node to the choice, or leave it out.
export function toggle(editor, name) {
  const nodes = new Set(editor.look.nodes);
  if (!nodes.delete(name)) nodes.add(name);
  Object.assign(editor.look, { nodes, edge: null });
  editor.view.nodes.get(name)?.focus({ preventScroll: true });
  editor.draw();
  editor.chrome.announce(`${name} ${nodes.has(name) ? "chosen" : "left out"}: ${counted(nodes.size)}.`);
}

export function chooseAll(editor) {
  const names = editor.graph.nodes.map((n) => n.name);
  Object.assign(editor.look, { nodes: new Set(names), edge: null });
  editor.draw();
  editor.chrome.announce(`${counted(names.length)} chosen.`);
}

// The focus has come to a node: that chooses it, unless several are being chosen.
export function focused(editor, event) {
  const name = event.target.closest?.(".node")?.dataset.name;
  if (!name || editor.drag) return;
  editor.zoom.reveal(editor.view.boxes.get(name));
  if (editor.pending) editor.look.over = name;
  else if (!editor.selecting && !editor.look.nodes.has(name)) {
    Object.assign(editor.look, { nodes: new Set([name]), edge: null });
  }
  editor.draw();
}

// Forget what is in the graph no longer.
export function prune(look, graph) {
  look.nodes = new Set([...look.nodes].filter((name) => node(graph, name)));
  if (look.edge && !graph.edges.some((e) => sameEdge(e, look.edge))) look.edge = null;
}

// Choose the next edge at the chosen node, or at the one whose edges are being looked at.
export function nextEdge(editor, step) {
  const now = editor.look.edge;
  const home = now && ![now.source, now.target].includes(editor.edgeHome);
  const name = only(editor.look) ?? (home ? now.source : editor.edgeHome);
  const around = editor.graph.edges.filter((e) => e.source === name || e.target === name);
  if (!around.length) return editor.refuse("Choose a node with arrows first.");
  editor.edgeHome = name;
  const at = around.findIndex((e) => now && sameEdge(e, now));
  const edge = around[at < 0 ? 0 : (at + step + around.length) % around.length];
  choose(editor, { edge });
  editor.chrome.announce(`${said(edge)}, selected.`);
}

// The chosen things in words.
export function chosenWords({ graph, look }) {
  if (look.edge) return said(look.edge);
  const two = pair(look);
  if (two && !joined(graph, ...two)) return `${two.join(" and ")}: no edge`;
  return look.nodes.size > 2 ? counted(look.nodes.size) : [...look.nodes].join(" and ");
}

export function counted(number) {
  return `${number} ${number === 1 ? "node" : "nodes"}`;
}
