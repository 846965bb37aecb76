// The hedge: the two forests that make the effect impossible to read, drawn on the graph.

const { html } = await import(`./graph_chrome.js${new URL(import.meta.url).search}`);

export class Hedge {
  constructor() {
    this.root = html("div", {});
    this.hint = "Thick lines: the smaller forest, which what is set does not touch. Double dashes: what the larger one adds.";
  }

  take(hedge) {
    this.hedge = hedge;
    if (hedge) this.root.replaceChildren(...hedge.sentences.map((text) => html("p", {}, text)));
  }

  said() {
    return this.hedge.sentences[0];
  }

  picture() {
    const { gone, classes } = this.hedge;
    return { gone, classes };
  }
}
