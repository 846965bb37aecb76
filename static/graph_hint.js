// What can be done now, and what to do next in one line.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [model, { counted, only, pair }] = await Promise.all(["graph_model", "graph_choice"].map(load));

const COARSE = matchMedia("(pointer: coarse)");

// The actions that are possible, as a set.
export function able({ graph, look, done, undone }) {
  const { nodes, edge } = look;
  const chosen = nodes.size || edge;
  const when = {
    add: true, arrow: graph.nodes.length > 1, confounder: graph.nodes.length > 1, select: graph.nodes.length,
    reverse: edge && model.turnable(edge), latent: nodes.size, delete: chosen,
    undo: done.length, redo: undone.length, fit: true, tidy: graph.nodes.length, more: true,
  };
  return new Set(Object.keys(when).filter((action) => when[action]));
}

export function hint({ graph, look, pending, selecting }) {
  const { nodes, edges } = graph;
  if (pending) return drawing(pending, look.from);
  if (!nodes.length) return "Click the canvas, or a column below, to add the first node.";
  if (selecting) return choosing(look);
  if (look.edge) return `${model.said(look.edge)}: R reverses it, Del deletes it, W says why.`;
  if (look.nodes.size > 1) return several(graph, look);
  if (nodes.length === 1) return "Add the next one: click the canvas, or a column below.";
  const node = only(look);
  if (node) return single(node);
  if (!edges.length) return "Choose a node and drag its dot to what it causes.";
  if (COARSE.matches) return "Tap a node, an arrow or the empty canvas. Two fingers zoom.";
  return "Click a node or an arrow to change it, or the empty canvas to add a node. "
    + "Ctrl and the wheel zoom, dragging the canvas moves it, Shift and dragging chooses several.";
}

function drawing(pending, from) {
  if (!from) return "Click the node where it starts, then the one where it ends. Esc stops.";
  const keyed = "Click it, or go there with the arrow keys and press Enter. Esc stops.";
  const go = COARSE.matches ? "Tap it." : keyed;
  return pending === "->" ? `What does ${from} cause? ${go}` : `What shares an unmeasured cause with ${from}? ${go}`;
}

function choosing({ nodes }) {
  const how = COARSE.matches ? "Tap nodes, or draw a frame around them." :
    "Click nodes or draw a frame around them; with keys, Space takes one in or out. Esc ends.";
  return nodes.size ? `${counted(nodes.size)} chosen. ${how}` : how;
}

function several(graph, look) {
  const two = pair(look);
  const why = two && !model.joined(graph, ...two) ? " W says why there is no edge." : "";
  return `${counted(look.nodes.size)} chosen: drag one to move all, Del deletes them, Ctrl+C copies them.${why}`;
}

function single(node) {
  const dot = `Drag the dot of ${node} to what it causes`;
  if (COARSE.matches) return `${dot}, or use Arrow or Confounder above.`;
  return `${dot}, with Shift for an unmeasured common cause. E steps through its arrows, Ctrl-click adds a node.`;
}
