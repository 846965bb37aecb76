// The hedge: the two forests that make the effect impossible to read, drawn on the graph.

const { html } = await import(`./graph_chrome.js${new URL(import.meta.url).search}`);

export class Hedge {
  constructor() {
    this.root = html("div", {});
    this.hint = "Thick lines: all that is tied together (the larger forest of the hedge). Thick outlines and unbroken thick lines: what remains of it once the cause is set (the smaller one).";
  }

  take(hedge) {
    this.hedge = hedge;
    if (hedge) this.root.replaceChildren(...hedge.sentences.map((text) => html("p", {}, text)));
  }

  said() {
    return this.hedge.sentences[0];
  }

  picture() {
    const { gone, held, classes } = this.hedge;
    return { gone, held, classes };
  }
}
