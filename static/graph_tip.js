// A note beside the edge or the dotted line that has the pointer or the focus.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ html }, { pairKey }] = await Promise.all(["graph_chrome", "graph_model"].map(load));

export class Tip {
  constructor(view, pairs) {
    this.view = view;
    this.pairs = pairs;
    this.root = html("div", { class: "tip", role: "tooltip", "data-testid": "graph-tip", hidden: "" });
    for (const event of ["pointerover", "focusin"]) view.root.addEventListener(event, (e) => this.show(e.target));
    for (const event of ["pointerleave", "focusout", "pointerdown"]) view.root.addEventListener(event, () => this.hide());
  }

  show(target) {
    const line = target.closest?.(".edge, .pair");
    const { key, source, target: end } = line?.dataset ?? {};
    const words = line && this.pairs.said.get(key ?? pairKey(source, end));
    if (!words) return this.hide();
    this.root.textContent = words;
    this.root.hidden = false;
    const path = line.querySelector(".line");
    const at = this.view.onto(path.getPointAtLength(path.getTotalLength() / 2));
    const left = Math.max(8, Math.min(this.view.width - this.root.offsetWidth - 8, at.x - this.root.offsetWidth / 2));
    const above = at.y - this.root.offsetHeight - 16;
    this.root.style.left = `${left}px`;
    this.root.style.top = `${above > 4 ? above : at.y + 16}px`;
  }

  hide() {
    this.root.hidden = true;
  }
}
