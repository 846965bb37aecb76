// What each button and key does. Functions over the editor.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [model, { ROLES }, { choose, chooseAll, chosenWords, counted, only, pair }, { toDagitty }, files] =
  await Promise.all(
    ["graph_model", "graph_roles", "graph_choice", "graph_dagitty", "graph_export"].map(load),
  );

export const DOES = {
  add: (editor) => editor.openMenu(editor.view.room(editor.graph)),
  arrow: (editor) => editor.start("->", only(editor.look)),
  confounder: (editor) => editor.start("<->", only(editor.look)),
  select: (editor) => editor.select(!editor.selecting),
  reverse,
  delete: remove,
  undo: (editor) => editor.travel(editor.done, editor.undone, "Undone."),
  redo: (editor) => editor.travel(editor.undone, editor.done, "Redone."),
  fit: (editor) => editor.fit(),
  tidy: (editor) => tidy(editor, "auto"),
  layers: (editor) => tidy(editor, "layers"),
  tiers: (editor) => tidy(editor, "tiers"),
  ring: (editor) => tidy(editor, "ring"),
  all: chooseAll,
  more: (editor) => editor.more.toggle(),
  note: writeNote,
  rename: (editor) => {
    const name = only(editor.look);
    if (name) editor.rename(name);
    else editor.refuse("Choose one node first.");
  },
  copy,
  svg: (editor) => {
    files.download(new Blob([picture(editor)], { type: "image/svg+xml" }), "graph.svg");
    editor.chrome.announce("Downloaded as SVG.");
  },
  png: async (editor) => {
    files.download(await files.png(picture(editor)), "graph.png");
    editor.chrome.announce("Downloaded as PNG.");
  },
  transparent: (editor) => {
    editor.transparent = !editor.transparent;
    editor.more.toggle();
  },
  ...Object.fromEntries(ROLES.map(({ role }) => [role, (editor) => giveRole(editor, role)])),
};

// The entries of the menu “More”.
export function moreItems(editor) {
  return [
    ["layers", "Tidy: layers, left to right", ""],
    ...(editor.tiers ? [["tiers", "Tidy: by tiers", ""]] : []),
    ["ring", "Tidy: on a ring", ""],
    null,
    ["all", "Choose all nodes", "Ctrl+A"],
    ["copy", "Copy as dagitty", "Ctrl+C"],
    null,
    ["svg", "Download as SVG", ""],
    ["png", "Download as PNG", ""],
    ["transparent", "Transparent background", "", Boolean(editor.transparent)],
  ];
}

function tidy(editor, way) {
  editor.component.setTriggerValue("tidy", { revision: editor.revision, way });
}

function reverse(editor) {
  const { edge } = editor.look;
  if (!edge) return editor.refuse("Choose an arrow first: click it, or press E on one of its nodes.");
  const turned = { ...edge, source: edge.target, target: edge.source };
  if (editor.apply((graph) => model.reverse(graph, edge), `Reversed: ${model.said(turned)}.`)) {
    choose(editor, { edge: turned });
  }
}

function remove(editor) {
  const { nodes, edge } = editor.look;
  const names = [...nodes];
  const what = chosenWords(editor);
  if (edge) editor.apply((graph) => model.removeEdge(graph, edge), `Deleted ${what}.`);
  else if (names.length) {
    const gone = names.length > 3 ? counted(names.length) : names.join(", ");
    editor.apply((graph) => model.removeNodes(graph, names), `Deleted ${gone}.`);
  } else return editor.refuse("Choose a node or an arrow first.");
  if (edge) choose(editor, { nodes: [edge.source] });
  else editor.backToCanvas();
}

// The role is given to all that are chosen, or taken where all have it.
function giveRole(editor, role) {
  const names = [...editor.look.nodes];
  if (!names.length) return editor.refuse("Choose a node first.");
  const on = !names.every((name) => model.node(editor.graph, name)[role]);
  const { does } = ROLES.find((one) => one.role === role);
  const what = names.length > 3 ? counted(names.length) : names.join(", ");
  editor.apply((graph) => model.mark(graph, names, role, on), `${what}: ${on ? "" : "no longer "}${does}.`);
}

function writeNote(editor) {
  if (!pair(editor.look)) return editor.refuse("Choose an arrow, or two nodes, first.");
  editor.inspector.note.focus();
}

// The chosen nodes with what is between them, or everything, as text for elsewhere.
async function copy(editor) {
  const { graph, look } = editor;
  const part = look.nodes.size > 1 ? model.subgraph(graph, look.nodes) : graph;
  const text = toDagitty(part);
  const what = `${counted(part.nodes.length)} and ${part.edges.length} ${part.edges.length === 1 ? "edge" : "edges"}`;
  try {
    await navigator.clipboard.writeText(text);
    editor.tell(`Copied ${what} as dagitty text.`);
  } catch {
    editor.showText(text); // the browser does not let a page write there
    editor.tell("The browser allows no copying by a button: press Ctrl+C now.");
  }
}

// The picture as SVG text, with nothing chosen in it.
function picture(editor) {
  const { look } = editor;
  editor.look = { ...look, nodes: new Set(), edge: null, from: null, over: null };
  editor.draw();
  const text = files.svgText(editor.view, editor.root, !editor.transparent);
  editor.look = look;
  editor.draw();
  return text;
}
