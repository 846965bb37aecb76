// A graph that was found, to be looked at: how often resampled rows agree is each edge's
// opacity, and a figure beside it where it is less than strong. Or the difference of two graphs,
// with a mark on what changed. The picture itself is graph_view.js's.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ said }, { View, set, svg }, { html }] = await Promise.all(
  ["graph_model", "graph_view", "graph_chrome"].map(load),
);
const css = await (await fetch(new URL(`graph_editor.css${version}`, import.meta.url))).text();

const FAINTEST = 0.25;
const pictures = new WeakMap(); // one for each place on the page: Streamlit calls on every rerun

export default function (component) {
  const place = component.parentElement;
  if (!pictures.has(place)) pictures.set(place, new Picture(place));
  pictures.get(place).take(component.data);
}

class Picture {
  constructor(place) {
    this.view = new View();
    this.stage = html("div", { class: "stage" });
    this.stage.append(this.view.root);
    place.replaceChildren(html("style", {}, css), html("div", { class: "editor" }, this.stage));
    new ResizeObserver(() => {
      if (this.stage.clientWidth !== this.fitted) this.draw();
    }).observe(this.stage);
  }

  take(data) {
    this.data = data;
    this.draw();
  }

  draw() {
    const { graph, shares, changes = {}, said: summary } = this.data;
    const width = this.stage.clientWidth;
    if (!width) return;
    this.fitted = width;
    const columns = new Set(graph.nodes.map((n) => n.name));
    this.view.fit(graph, width, columns);
    this.view.draw(graph, { columns });
    set(this.view.root, { class: "canvas still", role: "img", tabindex: null, "aria-label": summary });
    for (const pill of this.view.nodes.values()) set(pill, { tabindex: null, role: null });
    for (const [name, change] of Object.entries(changes)) this.view.nodes.get(name).classList.add(change);
    for (const edge of graph.edges) this.weigh(edge, shares[said(edge)]);
  }

  weigh(edge, { share, other, figure, words, change }) {
    const g = this.view.edges.get(said(edge));
    g.classList.toggle("other", other);
    if (change) g.classList.add(change);
    g.style.opacity = share === null ? 1 : FAINTEST + (1 - FAINTEST) * share;
    set(g, { role: "img", "aria-label": words });
    const [title, text] = [child(g, "title"), child(g, "text")];
    title.textContent = words;
    text.textContent = figure;
    const line = g.querySelector(".line");
    const middle = line.getPointAtLength(line.getTotalLength() / 2);
    set(text, { class: "share", x: middle.x.toFixed(1), y: (middle.y - 5).toFixed(1) });
  }
}

function child(g, tag) {
  return g.querySelector(tag) ?? g.appendChild(svg(tag));
}
