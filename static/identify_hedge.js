// The hedge: the two forests that make the effect impossible to read, drawn on the graph.

const { html } = await import(`./graph_chrome.js${new URL(import.meta.url).search}`);

export class Hedge {
  constructor() {
    this.root = html("div", {});
    this.hint = "Thick lines: the larger forest. Thick outlines and unbroken thick lines: the smaller one inside it.";
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
