// Which paths are open while something is held, and what that makes of the question.

const version = new URL(import.meta.url).search;
const load = (name) => import(`./${name}.js${version}`);
const [{ html }, { PathList }] = await Promise.all(["graph_chrome", "identify_list"].map(load));

export class Paths {
  constructor(changed) {
    this.list = new PathList(changed);
    this.verdict = html("p", { class: "verdict", "data-testid": "identify-judgement" });
    this.advice = html("p", { "data-testid": "identify-advice" });
    this.more = html("p", { class: "quiet" });
    this.root = html("div", {}, this.verdict, this.advice, this.list.root, this.more);
    this.hint = "Click a node to adjust for it, or to stop doing so. With the keyboard: arrow keys and Enter.";
  }

  take(judged) {
    this.judged = judged;
    this.verdict.textContent = `${judged.correct ? "✓" : "✕"} ${judged.sentence}`;
    this.verdict.classList.toggle("good", judged.correct);
    this.verdict.classList.toggle("bad", !judged.correct);
    this.advice.textContent = judged.advice;
    this.list.take(judged.paths);
    this.more.textContent = judged.more;
  }

  said() {
    return this.list.lit ? `${this.list.lit.text}: ${this.list.lit.words}` : `${this.judged.sentence} ${this.judged.advice}`;
  }

  picture() {
    return { paths: this.judged.paths, lit: this.list.lit };
  }
}
