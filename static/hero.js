// The hero picture: seeing, doing and imagining for one cause and one outcome.
// Python sends densities on a grid of slider positions; between two of them the picture is
// interpolated here, so that dragging sends nothing to the server.

const SVG = "http://www.w3.org/2000/svg"
const RUNGS = ["seeing", "doing", "imagining", "truth"]
const DASH = { seeing: "2 4", doing: "", imagining: "7 4", truth: "" }

const CSS = `
.hero { --seeing: #E69F00; --doing: #0072B2; --imagining: #CC79A7; --truth: #1B2430;
  --ink: var(--st-text-color, #1B2430); --paper: var(--st-background-color, #fff);
  --soft: var(--st-secondary-background-color, #F4F6F9);
  --line: color-mix(in srgb, var(--ink) 18%, transparent);
  --faint: color-mix(in srgb, var(--ink) 62%, transparent);
  font-family: var(--st-font, sans-serif); color: var(--ink); font-size: 15px; line-height: 1.45; }
.hero.dark { --doing: #4FA8DC; --truth: #F2F5F8; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 8px; margin: 0 0 8px; }
.legend button { display: inline-flex; align-items: center; gap: 7px; border: 1px solid var(--line);
  border-radius: 999px; padding: 4px 12px 4px 9px; background: transparent; color: inherit; font: inherit;
  font-size: 13.5px; cursor: pointer; min-height: 32px; }
.legend button[aria-pressed="false"] { opacity: .5; }
.legend small { color: var(--faint); font-size: 12.5px; }
.legend svg { flex: none; }
button:focus-visible, input:focus-visible, .plot:focus-visible { outline: 2px solid var(--doing); outline-offset: 2px; }
.panels { display: grid; grid-template-columns: 3fr 2fr; gap: 6px 22px; }
.hero.narrow .panels { grid-template-columns: 1fr; }
.panel h4 { margin: 0 0 2px; font-size: 13.5px; font-weight: 600; overflow-wrap: anywhere; }
.plot { display: block; width: 100%; touch-action: none; }
.plot.respond { cursor: ew-resize; }
.plot text { fill: var(--faint); font-size: 12px; font-family: inherit; }
.control { background: var(--soft); border-radius: 10px; padding: 10px 14px 8px; margin: 8px 0 10px; }
.control label, .control .title { display: flex; justify-content: space-between; gap: 12px; font-weight: 600; flex-wrap: wrap; }
.control .value { font-variant-numeric: tabular-nums; }
.control input { width: 100%; height: 28px; margin: 2px 0 0; accent-color: var(--doing); cursor: pointer; }
.strip { display: block; width: 100%; height: 8px; border-radius: 3px; }
.strip-note { font-size: 12px; color: var(--faint); margin-top: 2px; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.choices button { border: 1px solid var(--line); background: var(--paper); color: inherit; font: inherit; padding: 6px 16px;
  border-radius: 8px; cursor: pointer; min-height: 36px; overflow-wrap: anywhere; }
.choices button[aria-checked="true"] { border-color: var(--doing); box-shadow: inset 0 0 0 1px var(--doing); font-weight: 600; }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 8px; margin: 0 0 10px; }
.number { border-left: 4px solid; padding: 1px 0 1px 10px; min-width: 0; }
.number b { display: block; font-size: 20px; font-variant-numeric: tabular-nums; line-height: 1.25; overflow-wrap: anywhere; }
.number span { color: var(--faint); font-size: 12.5px; }
.words { margin: 0; }
.words p { margin: 0 0 4px; overflow-wrap: anywhere; }
.words b { font-weight: 650; font-variant-numeric: tabular-nums; }
.words .warn { border-left: 4px solid #D55E00; padding-left: 10px; }
.licence { color: var(--faint); font-size: 13px; }
.band { fill: var(--doing); fill-opacity: .12; stroke: var(--doing); stroke-width: 1.2; stroke-dasharray: 3 3; }
.key { display: inline-flex; align-items: center; gap: 7px; padding: 4px 6px; font-size: 13.5px; min-height: 32px; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`

// ── small helpers ────────────────────────────────────────────────────────────────

const make = (tag, attrs = {}, text) => {
  const node = document.createElement(tag)
  for (const [k, v] of Object.entries(attrs)) node.setAttribute(k, v)
  if (text !== undefined) node.textContent = text
  return node
}
const draw = (tag, attrs = {}, text) => {
  const node = document.createElementNS(SVG, tag)
  for (const [k, v] of Object.entries(attrs)) node.setAttribute(k, v)
  if (text !== undefined) node.textContent = text
  return node
}
const floats = (text) => {
  const raw = atob(text), bytes = new Uint8Array(raw.length)
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i)
  return new Float32Array(bytes.buffer)
}
const formats = new Map()
function number(value, digits) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–"
  if (!formats.has(digits)) {
    formats.set(digits, new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }))
  }
  const text = formats.get(digits).format(value)
  return Number(text.replace(/[^0-9.]/g, "")) === 0 ? text.replace("-", "") : text.replace("-", "−")
}
function ticks(low, high, most) {
  const raw = (high - low) / Math.max(1, most)
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= raw) || raw
  const first = Math.ceil(low / step - 1e-9) * step
  const found = Array.from({ length: 1 + Math.floor((high - first) / step + 1e-9) }, (_, i) => first + i * step)
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (Math.abs(step / power - 2.5) < 1e-9 ? 1 : 0))
  return { at: found, step, digits: Math.min(6, digits) }
}
const compact = (value, digits) => Math.abs(value) >= 1e5
  ? new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 }).format(value).replace("-", "−")
  : number(value, digits)
function shares(low, high) {
  const { at, digits } = ticks(low, high, 5)
  return { at, label: (t) => `${number(100 * t, Math.max(0, digits - 2))} %`, from: "" }
}
// Marks along an axis and their labels: where `compact` cannot tell them apart, what they add to `from`.
function marked(low, high, most) {
  const { at, step, digits } = ticks(low, high, most)
  const size = Math.max(Math.abs(low), Math.abs(high))
  const told = 1e3 ** Math.floor(Math.log10(size) / 3) / 10
  if (size < 1e5 || step >= told) return { at, label: (t) => compact(t, digits), from: "" }
  const round = Math.max(1, 10 ** Math.ceil(Math.log10(10 * (high - low))))
  const base = Math.round((low + high) / 2 / round) * round
  return { at, label: (t) => (t > base ? "+" : "") + number(t - base, digits), from: `, from ${number(base, 0)}` }
}

// ── the picture ──────────────────────────────────────────────────────────────────

class Hero {
  constructor(root) {
    this.root = root
    this.shown = { seeing: true, doing: true, imagining: true, truth: true }
    this.everyone = false
    this.frames = 0
    this.box = make("div", { class: "hero", "data-testid": "hero" })
    root.replaceChildren(make("style", {}, CSS), this.box)
    this.resize = new ResizeObserver(() => this.layout())
    this.resize.observe(this.box)
    this.scheme = matchMedia("(prefers-color-scheme: dark)")
    this.onScheme = () => setTimeout(() => this.theme(), 50)
    this.scheme.addEventListener("change", this.onScheme)
  }

  stop() {
    this.resize.disconnect()
    this.scheme.removeEventListener("change", this.onScheme)
    cancelAnimationFrame(this.frame)
  }

  // New data: everything is rebuilt, but the thumb stays where the person left it.
  take(data, release) {
    this.release = release
    if (this.data && this.data.digest === data.digest) return
    const same = this.data && this.data.cause.name === data.cause.name
    this.data = data
    this.P = data.cause.positions.length
    this.B = data.outcome.bins.length
    this.density = {}
    for (const [name, curve] of Object.entries(data.curves)) this.density[name] = floats(curve.density)
    if (!same) this.everyone = !data.row
    if (!data.row) this.everyone = true
    const [low, high] = [data.cause.positions[0], data.cause.positions[this.P - 1]]
    const start = same ? this.x : data.start
    this.x = Math.min(high, Math.max(low, start))
    this.ranges()
    this.build()
    this.theme()
    this.layout()
  }

  theme() {
    const paper = getComputedStyle(this.box).getPropertyValue("--st-background-color").trim()
    const probe = make("i", { style: `color:${paper || "#fff"}` })
    this.box.append(probe)
    const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number)
    probe.remove()
    this.box.classList.toggle("dark", 0.3 * r + 0.6 * g + 0.1 * b < 128)
  }

  // Axes never move while the thumb does: their ranges cover every position.
  ranges() {
    const d = this.data
    const tops = []
    for (const name of ["seeing", "doing"]) {
      for (let p = 0; p < this.P; p++) {
        let top = 0
        for (let b = 0; b < this.B; b++) top = Math.max(top, this.density[name][p * this.B + b])
        tops.push(top)
      }
    }
    tops.sort((a, b) => a - b)
    this.top = Math.min(tops[tops.length - 1], 1.8 * tops[Math.floor(tops.length * 0.7)]) * 1.06 || 1
    const means = []
    const rows = [d.curves.seeing, d.curves.doing, d.curves.everyone]
    for (const curve of rows) for (let p = 0; p < this.P; p++) {
      means.push(curve.mean[p])
      if (d.support[p] >= d.outside || d.cause.discrete) means.push(curve.low[p], curve.high[p])
    }
    if (d.truth) means.push(...d.truth)
    if (d.band) means.push(...d.band.low, ...d.band.high)
    if (d.row) means.push(...d.row.mean)
    const finite = means.filter((v) => v !== null && Number.isFinite(v))
    let low = Math.min(...finite), high = Math.max(...finite)
    if (d.share) { low = Math.max(0, low); high = Math.min(1, high) }
    const pad = (high - low || Math.abs(high) || 1) * 0.08
    this.meanRange = d.share ? [Math.max(0, low - pad), Math.min(1, high + pad)] : [low - pad, high + pad]
  }

  build() {
    const d = this.data
    this.box.replaceChildren()
    this.legend = make("div", { class: "legend", role: "group", "aria-label": "Curves shown" })
    this.control = this.buildControl()
    const panels = make("div", { class: "panels" })
    this.left = this.panel(panels, "hero-density")
    this.right = this.panel(panels, "hero-response")
    this.numbers = make("div", { class: "numbers" })
    this.words = make("div", { class: "words", "data-testid": "hero-sentence" })
    this.live = make("div", { class: "sr", "aria-live": "polite", role: "status" })
    this.box.append(this.legend, this.control, panels, this.numbers, this.words, this.live)
    this.buildLegend()
    this.right.svg.classList.add("respond")
    this.right.svg.addEventListener("pointerdown", (e) => this.grab(e))
    this.right.svg.addEventListener("pointermove", (e) => { if (e.buttons & 1) this.toPointer(e) })
    this.right.svg.addEventListener("pointerup", () => this.released())
  }

  named(v) { return v.unit ? `${v.name} (${v.unit})` : v.name }

  panel(parent, testid) {
    const box = make("div", { class: "panel" }), head = make("h4")
    const svg = draw("svg", { class: "plot", role: "img", "data-testid": testid })
    box.append(head, svg)
    parent.append(box)
    return { box, svg, head }
  }

  sample(name) {
    const svg = draw("svg", { width: 26, height: 12, "aria-hidden": "true" })
    svg.append(draw("line", { x1: 1, x2: 25, y1: 6, y2: 6, stroke: `var(--${name})`, "stroke-width": name === "truth" ? 1.5 : 3, "stroke-dasharray": DASH[name] }))
    return svg
  }

  buildLegend() {
    const d = this.data
    this.legend.replaceChildren()
    for (const name of RUNGS) {
      if (name === "truth" && !d.truth) continue
      const style = d.styles[name]
      const button = make("button", { type: "button", "aria-pressed": String(this.shown[name]), "data-testid": `hero-toggle-${name}` })
      button.append(this.sample(name), make("span", {}, style.label))
      const note = name === "imagining" ? (this.everyone ? "all rows, each as it would have been" : `row ${d.row.number}, had it been different`) : style.explained
      button.append(make("small", {}, note))
      button.onclick = () => { this.shown[name] = !this.shown[name]; this.buildLegend(); this.paint() }
      this.legend.append(button)
    }
    if (d.band) {
      const key = make("span", { class: "key", "data-testid": "hero-band-key" }), box = draw("svg", { width: 26, height: 14, "aria-hidden": "true" })
      box.append(draw("rect", { class: "band", x: 1, y: 1, width: 24, height: 12 }))
      key.append(box, make("span", {}, "Bounds"), make("small", {}, "doing lies in here, whatever is unmeasured"))
      this.legend.append(key)
    }
    if (d.row) {
      const which = make("button", { type: "button", "aria-pressed": String(this.everyone), "data-testid": "hero-everyone" }, "Imagine all rows")
      which.onclick = () => { this.everyone = !this.everyone; this.buildLegend(); this.paint() }
      this.legend.append(which)
    }
  }

  buildControl() {
    const d = this.data, box = make("div", { class: "control" })
    const title = make(d.cause.discrete ? "div" : "label", { class: "title" })
    this.valueText = make("span", { class: "value", "data-testid": "hero-value" })
    title.append(make("span", {}, this.named(d.cause)), this.valueText)
    box.append(title)
    if (d.cause.discrete) {
      const group = make("div", { class: "choices", role: "radiogroup", "aria-label": d.cause.name })
      this.buttons = d.cause.labels.map((label, i) => {
        const button = make("button", { type: "button", role: "radio", "data-testid": `hero-choice-${i}` }, label)
        button.onclick = () => { this.x = i; this.schedule(); this.released() }
        button.onkeydown = (e) => this.arrow(e)
        group.append(button)
        return button
      })
      box.append(group)
      return box
    }
    const [low, high] = [d.cause.positions[0], d.cause.positions[this.P - 1]]
    this.slider = make("input", { type: "range", min: low, max: high, step: d.cause.whole ? 1 : (high - low) / 400, "data-testid": "hero-slider", "aria-label": d.cause.name })
    this.slider.value = this.x
    this.slider.addEventListener("input", () => { this.x = Number(this.slider.value); this.schedule() })
    this.slider.addEventListener("change", () => this.released())
    title.append(this.slider)
    title.style.display = "block"
    this.valueText.style.float = "right"
    const strip = draw("svg", { class: "strip", viewBox: `0 0 ${this.P} 1`, preserveAspectRatio: "none", "aria-hidden": "true" })
    d.support.forEach((s, p) => strip.append(draw("rect", { x: p, y: 0, width: 1, height: 1, "shape-rendering": "crispEdges", fill: s < d.outside ? "var(--line)" : "var(--doing)", opacity: s < d.outside ? 0.6 : 0.2 + 0.6 * s })))
    box.append(strip, make("div", { class: "strip-note" }, "Blue: where rows are. Grey: outside the data."))
    return box
  }

  arrow(e) {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key]
    if (!move) return
    e.preventDefault()
    this.x = (this.x + move + this.P) % this.P
    this.buttons[this.x].focus()
    this.schedule()
    this.released()
  }

  released() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.release(this.x), 60)
  }

  grab(e) { this.right.svg.setPointerCapture(e.pointerId); this.toPointer(e) }

  toPointer(e) {
    const { left, width } = this.right.svg.getBoundingClientRect(), d = this.data, r = this.right
    const share = Math.min(1, Math.max(0, ((e.clientX - left) * (r.width / width) - r.x0) / (r.x1 - r.x0)))
    const [low, high] = r.span
    let x = low + share * (high - low)
    if (d.cause.whole || d.cause.discrete) x = Math.round(x)
    this.x = Math.min(d.cause.positions[this.P - 1], Math.max(d.cause.positions[0], x))
    if (this.slider) this.slider.value = this.x
    this.schedule()
  }

  schedule() {
    if (this.frame) return
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.paint() })
  }

  // ── layout: all that does not depend on the thumb ──────────────────────────────

  layout() {
    if (!this.data) return
    const width = this.box.clientWidth
    if (!width) return
    this.box.classList.toggle("narrow", width < 720)
    this.frameLeft()
    this.frameRight()
    this.paint()
  }

  frameLeft() {
    const d = this.data, svg = this.left.svg, width = svg.clientWidth || 600, height = width < 480 ? 250 : 300
    const m = { l: d.outcome.discrete ? 46 : 10, r: 10, t: 8, b: d.outcome.discrete ? 26 : 74 }
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`)
    svg.style.height = `${height}px`
    svg.replaceChildren()
    Object.assign(this.left, { width, height, m, x0: m.l, x1: width - m.r, y0: height - m.b, y1: m.t })
    if (d.outcome.discrete) return this.frameBars()
    const [low, high] = d.outcome.range
    this.left.px = (v) => m.l + ((v - low) / (high - low)) * (width - m.l - m.r)
    const axis = draw("g")
    axis.append(draw("line", { x1: m.l, x2: width - m.r, y1: this.left.y0, y2: this.left.y0, stroke: "var(--line)" }))
    const marks = marked(low, high, width / 90)
    this.left.head.textContent = this.named(d.outcome) + marks.from
    for (const t of marks.at) {
      const x = this.left.px(t)
      axis.append(draw("line", { x1: x, x2: x, y1: m.t, y2: height - 18, stroke: "var(--line)", opacity: 0.5 }))
      axis.append(draw("text", { x: Math.min(width - 14, Math.max(14, x)), y: height - 4, "text-anchor": "middle" }, marks.label(t)))
    }
    svg.append(axis)
    this.shapes = {}
    for (const name of ["seeing", "imagining", "doing"]) {
      const colour = `var(--${name})`
      const area = draw("path", { fill: colour, opacity: 0.1 })
      const line = draw("path", { fill: "none", stroke: colour, "stroke-width": 2.5, "stroke-dasharray": DASH[name], "stroke-linejoin": "round" })
      svg.append(area, line)
      this.shapes[name] = { area, line }
    }
    const lanes = ["seeing", "doing", "imagining"]
    lanes.forEach((name, i) => {
      const y = this.left.y0 + 12 + i * 14, colour = `var(--${name})`
      const bar = draw("line", { y1: y, y2: y, stroke: colour, "stroke-width": 3, opacity: 0.55 })
      const dot = draw("circle", { cy: y, r: 5, fill: colour, "data-testid": `hero-mark-${name}` })
      svg.append(bar, dot)
      Object.assign(this.shapes[name], { bar, dot })
    })
    const rule = draw("line", { y1: m.t, y2: this.left.y0 + 40, stroke: "var(--imagining)", "stroke-width": 2, "stroke-dasharray": DASH.imagining })
    const fact = draw("circle", { cy: this.left.y0 + 40, r: 5, fill: "var(--paper)", stroke: "var(--imagining)", "stroke-width": 2 })
    const truth = draw("line", { y1: m.t, y2: this.left.y0 + 46, stroke: "var(--truth)", "stroke-width": 1.2 })
    svg.append(rule, fact, truth)
    Object.assign(this.shapes, { rule, fact, truth })
  }

  frameBars() {
    const d = this.data, l = this.left, svg = l.svg
    l.head.textContent = `Chances of ${d.outcome.name}`
    const axis = draw("g")
    for (const t of [0, 0.25, 0.5, 0.75, 1]) {
      const y = l.y0 - t * (l.y0 - l.y1)
      axis.append(draw("line", { x1: l.x0, x2: l.x1, y1: y, y2: y, stroke: "var(--line)", opacity: t ? 0.5 : 1 }))
      axis.append(draw("text", { x: l.x0 - 6, y: y + 4, "text-anchor": "end" }, `${t * 100} %`))
    }
    svg.append(axis)
    const slot = (l.x1 - l.x0) / this.B
    this.bars = d.outcome.labels.map((label, b) => {
      const middle = l.x0 + slot * (b + 0.5)
      const most = Math.max(3, Math.floor(slot / 7.2))
      const text = draw("text", { x: middle, y: l.y0 + 17, "text-anchor": "middle", "font-weight": label === d.outcome.level ? 700 : 400 }, label.length > most ? `${label.slice(0, most - 1)}…` : label)
      text.append(draw("title", {}, label))
      svg.append(text)
      const width = Math.min(34, (slot * 0.8) / 3)
      return ["seeing", "doing", "imagining"].map((name, i) => {
        const x = middle + (i - 1.5) * width
        const bar = draw("rect", { x: x + 1, width: width - 2, fill: `var(--${name})`, "fill-opacity": name === "doing" ? 0.85 : 0.35, stroke: `var(--${name})`, "stroke-width": 2, "stroke-dasharray": DASH[name] })
        const whisker = draw("path", { stroke: "var(--ink)", "stroke-width": 1.5, fill: "none" })
        svg.append(bar, whisker)
        return { name, bar, whisker, x: x + width / 2 }
      })
    })
    this.truthMark = draw("path", { stroke: "var(--truth)", "stroke-width": 2, fill: "none" })
    svg.append(this.truthMark)
  }

  frameRight() {
    const d = this.data, r = this.right, svg = r.svg, width = svg.clientWidth || 400, height = width < 480 ? 250 : 300
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`)
    svg.style.height = `${height}px`
    svg.replaceChildren()
    const at = d.cause.positions, [low, high] = this.meanRange
    const marks = d.share ? shares(low, high) : marked(low, high, 5)
    const left = 14 + 7 * Math.max(...marks.at.map((t) => marks.label(t).length))
    const span = d.cause.discrete ? [-0.5, this.P - 0.5] : [at[0], at[this.P - 1]]
    Object.assign(r, { width, height, x0: left, x1: width - 12, y0: height - 26, y1: 8, span })
    r.px = (v) => r.x0 + ((v - span[0]) / (span[1] - span[0])) * (r.x1 - r.x0)
    r.py = (v) => r.y0 - ((v - low) / (high - low)) * (r.y0 - r.y1)
    const clip = draw("clipPath", { id: `clip-${Math.random().toString(36).slice(2)}` })
    clip.append(draw("rect", { x: r.x0, y: r.y1 - 8, width: r.x1 - r.x0, height: r.y0 - r.y1 + 16 }))
    svg.append(clip)
    for (const t of marks.at) {
      svg.append(draw("line", { x1: r.x0, x2: r.x1, y1: r.py(t), y2: r.py(t), stroke: "var(--line)", opacity: 0.5 }))
      svg.append(draw("text", { x: r.x0 - 6, y: r.py(t) + 4, "text-anchor": "end" }, marks.label(t)))
    }
    const what = d.share ? `Chance of “${d.outcome.level}”` : `Average${marks.from}${marks.from && ","}`
    r.head.textContent = `${what} over ${this.named(d.cause)}${this.axisBelow(svg, r)}`
    const body = draw("g", { "clip-path": `url(#${clip.id})` })
    svg.append(body)
    if (d.band) this.drawBand(body)
    this.lines = {}
    for (const name of RUNGS) {
      if (name === "truth" && !d.truth) continue
      const group = draw("g")
      body.append(group)
      this.lines[name] = group
    }
    if (!d.cause.discrete) d.support.forEach((s, p) => {
      if (s >= d.outside) return
      const a = p ? (at[p - 1] + at[p]) / 2 : at[0], b = p < this.P - 1 ? (at[p] + at[p + 1]) / 2 : at[p]
      body.append(draw("rect", { x: r.px(a), width: r.px(b) - r.px(a) + 0.5, y: r.y1 - 4, height: r.y0 - r.y1 + 8, fill: "var(--paper)", opacity: 0.72 }))
    })
    this.rule = draw("line", { y1: r.y1, y2: r.y0, stroke: "var(--ink)", "stroke-width": 1.5, opacity: 0.6 })
    svg.append(this.rule)
    this.drawLines()
  }

  // The axis of the cause; returns from where its marks count.
  axisBelow(svg, r) {
    const d = this.data
    svg.append(draw("line", { x1: r.x0, x2: r.x1, y1: r.y0, y2: r.y0, stroke: "var(--line)" }))
    const put = (x, text, full) => {
      const node = draw("text", { x: Math.min(r.x1 - 8, Math.max(r.x0 + 8, x)), y: r.height - 7, "text-anchor": "middle" }, text)
      if (full) node.append(draw("title", {}, full))
      svg.append(node)
    }
    if (d.cause.discrete) {
      const most = Math.max(3, Math.floor((r.x1 - r.x0) / this.P / 7.2))
      d.cause.labels.forEach((l, i) => put(r.px(i), l.length > most ? `${l.slice(0, most - 1)}…` : l, l))
      return ""
    }
    const marks = marked(...r.span, (r.x1 - r.x0) / 80)
    for (const t of marks.at) put(r.px(t), marks.label(t))
    return marks.from
  }

  // Where doing must lie at each level of the cause, when the data do not say more.
  drawBand(body) {
    const r = this.right, { low, high } = this.data.band
    low.forEach((least, p) => {
      if (least === null) return
      const x = r.px(p - 0.3), y = r.py(high[p])
      body.append(draw("rect", { class: "band", "data-testid": "hero-band", x, y, width: r.px(p + 0.3) - x, height: Math.max(1, r.py(least) - y) }))
    })
  }

  drawLines() {
    const d = this.data, r = this.right
    const imagined = this.everyone || !d.row ? d.curves.everyone : d.row
    const sources = { seeing: d.curves.seeing, doing: d.curves.doing, imagining: imagined, truth: d.truth && { mean: d.truth } }
    for (const [name, group] of Object.entries(this.lines)) {
      group.replaceChildren()
      group.style.display = this.shown[name] ? "" : "none"
      const curve = sources[name]
      if (d.cause.discrete) this.points(group, name, curve, r)
      else this.path(group, name, curve, r)
    }
  }

  path(group, name, curve, r) {
    const at = this.data.cause.positions
    const line = (values) => values.map((v, p) => `${p ? "L" : "M"}${r.px(at[p]).toFixed(1)},${r.py(v).toFixed(1)}`).join("")
    if (curve.low && name !== "imagining" && curve.low.every((v) => v !== null)) {
      const back = curve.high.map((v, p) => `L${r.px(at[p]).toFixed(1)},${r.py(v).toFixed(1)}`).reverse().join("")
      group.append(draw("path", { d: `${line(curve.low)}${back}Z`, fill: `var(--${name})`, opacity: 0.14 }))
    }
    group.append(draw("path", { d: line(curve.mean), fill: "none", stroke: `var(--${name})`, "stroke-width": name === "truth" ? 1.3 : 2.5, "stroke-dasharray": DASH[name] }))
  }

  points(group, name, curve, r) {
    const shift = { seeing: -0.14, doing: 0, imagining: 0.14, truth: 0 }[name]
    curve.mean.forEach((v, p) => {
      const x = r.px(p + shift), y = r.py(v)
      if (name === "truth") return group.append(draw("line", { x1: r.px(p - 0.26), x2: r.px(p + 0.26), y1: y, y2: y, stroke: "var(--truth)", "stroke-width": 1.5 }))
      if (curve.low[p] !== null) group.append(draw("line", { x1: x, x2: x, y1: r.py(curve.low[p]), y2: r.py(curve.high[p]), stroke: `var(--${name})`, "stroke-width": 2.5, opacity: 0.6, "stroke-dasharray": DASH[name] }))
      group.append(draw("circle", { cx: x, cy: y, r: 5.5, fill: name === "doing" ? `var(--${name})` : "var(--paper)", stroke: `var(--${name})`, "stroke-width": 2.5 }))
    })
  }

  // ── painting: what the thumb moves, every frame ────────────────────────────────

  // The two neighbouring positions of x and how far it is between them.
  place() {
    const at = this.data.cause.positions
    if (this.P === 1) return { i: 0, j: 0, t: 0 }
    let i = 0, j = this.P - 1
    while (j - i > 1) { const k = (i + j) >> 1; if (at[k] <= this.x) i = k; else j = k }
    return { i, j, t: Math.min(1, Math.max(0, (this.x - at[i]) / (at[j] - at[i]))) }
  }

  at(values) {
    const { i, j, t } = this.where
    const a = values[i], b = values[j]
    if (a === null || b === null) return t < 0.5 ? a : b
    return a + (b - a) * t
  }

  mix(density, b) {
    const { i, j, t } = this.where
    const a = density[i * this.B + b]
    return a + (density[j * this.B + b] - a) * t
  }

  paint() {
    if (!this.data || !this.left.px && !this.bars) return
    this.frames++
    this.box.dataset.frames = this.frames
    this.where = this.place()
    const d = this.data
    this.outside = this.at(d.support) < d.outside
    if (this.mode !== `${this.everyone}${JSON.stringify(this.shown)}`) {
      this.mode = `${this.everyone}${JSON.stringify(this.shown)}`
      this.drawLines()
    }
    if (d.outcome.discrete) this.paintBars()
    else this.paintDensity()
    const x = this.right.px(this.x)
    this.rule.setAttribute("x1", x)
    this.rule.setAttribute("x2", x)
    this.left.svg.style.filter = this.outside ? "grayscale(1) opacity(.55)" : ""
    this.paintWords()
  }

  paintDensity() {
    const d = this.data, s = this.shapes, l = this.left, py = (v) => Math.max(l.y1, l.y0 - (v / this.top) * (l.y0 - l.y1))
    const source = { seeing: "seeing", doing: "doing", imagining: "everyone" }
    for (const [name, key] of Object.entries(source)) {
      const on = this.shown[name] && (name !== "imagining" || this.everyone)
      s[name].area.style.display = s[name].line.style.display = on ? "" : "none"
      if (on) {
        const path = this.outline(this.density[key], py)
        s[name].line.setAttribute("d", path)
        s[name].area.setAttribute("d", `${path}L${l.x1},${l.y0}L${l.x0},${l.y0}Z`)
      }
      const curve = name === "imagining" && !this.everyone ? d.row : d.curves[key]
      this.lane(s[name], this.shown[name], curve)
    }
    const row = this.shown.imagining && d.row && !this.everyone
    s.rule.style.display = row ? "" : "none"
    s.fact.style.display = row && d.row.factual !== null ? "" : "none"
    if (row) {
      const x = this.clamp(l.px(this.at(d.row.mean)))
      s.rule.setAttribute("x1", x)
      s.rule.setAttribute("x2", x)
      if (d.row.factual !== null) s.fact.setAttribute("cx", this.clamp(l.px(d.row.factual)))
    }
    s.truth.style.display = d.truth && this.shown.truth ? "" : "none"
    if (d.truth) {
      const x = this.clamp(l.px(this.at(d.truth)))
      s.truth.setAttribute("x1", x)
      s.truth.setAttribute("x2", x)
    }
  }

  clamp(x) { return Math.min(this.left.x1, Math.max(this.left.x0, x)) }

  outline(density, py) {
    const l = this.left, bins = this.data.outcome.bins
    const half = this.data.outcome.steps ? 0.5 : 0
    let path = ""
    for (let b = 0; b < this.B; b++) {
      const y = py(this.mix(density, b)).toFixed(1)
      if (half) path += `${b ? "L" : "M"}${l.px(bins[b] - half).toFixed(1)},${y}L${l.px(bins[b] + half).toFixed(1)},${y}`
      else path += `${b ? "L" : "M"}${l.px(bins[b]).toFixed(1)},${y}`
    }
    return path
  }

  lane(shape, on, curve) {
    shape.bar.style.display = shape.dot.style.display = on ? "" : "none"
    if (!on) return
    const l = this.left, low = this.at(curve.low), high = this.at(curve.high)
    shape.dot.setAttribute("cx", this.clamp(l.px(this.at(curve.mean))))
    if (low === null) return
    shape.bar.setAttribute("x1", this.clamp(l.px(low)))
    shape.bar.setAttribute("x2", this.clamp(l.px(high)))
  }

  paintBars() {
    const d = this.data, l = this.left, height = l.y0 - l.y1
    const y = (v) => l.y0 - Math.min(1, Math.max(0, v)) * height
    this.bars.forEach((group, b) => group.forEach(({ name, bar, whisker, x }) => {
      const key = name === "imagining" ? "everyone" : name
      const single = name === "imagining" && !this.everyone
      const value = single ? this.mix(d.row.density, b) : this.mix(this.density[key], b)
      bar.setAttribute("y", y(value))
      bar.setAttribute("height", Math.max(0, l.y0 - y(value)))
      bar.style.display = this.shown[name] ? "" : "none"
      const curve = single ? d.row : d.curves[key]
      const known = d.outcome.labels[b] === d.outcome.level && this.at(curve.low) !== null && this.shown[name]
      whisker.setAttribute("d", known ? `M${x},${y(this.at(curve.low))}V${y(this.at(curve.high))}` : "")
      if (d.truth && name === "doing" && d.outcome.labels[b] === d.outcome.level) {
        const t = y(this.at(d.truth))
        this.truthMark.setAttribute("d", this.shown.truth ? `M${x - 52},${t}H${x + 52}` : "")
      }
    }))
  }

  // ── words and numbers ──────────────────────────────────────────────────────────

  amount(value, difference = false) {
    const d = this.data
    if (d.share) return value === null ? "–" : `${number(100 * value, 1)} ${difference ? "points" : "%"}`
    return `${number(value, d.outcome.digits)}${d.outcome.unit ? ` ${d.outcome.unit}` : ""}`
  }

  signed(value) { return value > 0 ? `+${this.amount(value, true)}` : this.amount(value, true) }

  position(x) {
    const d = this.data
    if (d.cause.discrete) return d.cause.labels[Math.round(x)]
    return `${number(x, d.cause.digits)}${d.cause.unit ? ` ${d.cause.unit}` : ""}`
  }

  values() {
    const d = this.data, c = d.curves, k = d.contrast, ref = d.cause.positions[d.reference]
    const found = {
      overlap: `${number(100 * this.at(d.overlap), 0)} %`,
      cause: d.cause.name, outcome: d.outcome.name, x: this.position(this.x), reference: this.position(ref),
      level_of: `${d.outcome.name} = ${d.outcome.level}`, level_name: `${d.outcome.name} = ${d.outcome.level}`,
      see: this.amount(this.at(c.seeing.mean)), do: this.amount(this.at(c.doing.mean)),
      do_low: this.amount(this.at(c.doing.low)), do_high: this.amount(this.at(c.doing.high)),
      dsee: this.signed(this.at(k.seeing.value)), ddo: this.signed(this.at(k.doing.value)),
      ddo_low: this.signed(this.at(k.doing.low)), ddo_high: this.signed(this.at(k.doing.high)),
    }
    if (d.truth) {
      const truth = this.at(d.truth)
      Object.assign(found, { truth: this.amount(truth), error: this.amount(Math.abs(this.at(c.doing.mean) - truth), true) })
    }
    if (d.band) Object.assign(found, { band_low: this.amount(this.at(d.band.low)), band_high: this.amount(this.at(d.band.high)) })
    if (d.row) {
      const fact = d.row.fact === null ? "missing" : typeof d.row.fact === "number" ? `${number(d.row.fact, d.outcome.digits)}${d.outcome.unit ? ` ${d.outcome.unit}` : ""}` : d.row.fact
      const cause = d.row.cause === null ? "missing" : typeof d.row.cause === "number" ? this.position(d.row.cause) : d.row.cause
      Object.assign(found, { row: String(d.row.number), fact, row_cause: cause, cf: this.amount(this.at(d.row.mean)), cf_low: this.amount(this.at(d.row.low)), cf_high: this.amount(this.at(d.row.high)) })
    }
    return found
  }

  paragraph(template, values, className) {
    const p = make("p", className ? { class: className } : {})
    for (const part of template.split(/(\{\w+\})/)) {
      const token = /^\{(\w+)\}$/.exec(part)
      p.append(token ? make("b", {}, values[token[1]]) : document.createTextNode(part))
    }
    return p
  }

  paintWords() {
    const d = this.data, values = this.values()
    this.valueText.textContent = values.x
    if (this.slider) this.slider.setAttribute("aria-valuetext", values.x)
    if (this.buttons && d.cause.discrete) this.buttons.forEach((b, i) => {
      b.setAttribute("aria-checked", String(i === this.x))
      b.tabIndex = i === this.x ? 0 : -1
    })
    this.paintNumbers(values)
    const parts = []
    if (this.outside) parts.push(this.paragraph(d.templates.outside, values, "warn"))
    else if (this.at(d.overlap) < 0.5) parts.push(this.paragraph(d.templates.overlap, values, "warn"))
    parts.push(this.paragraph(d.templates.main, values))
    const ref = d.cause.positions[d.reference]
    if (Math.abs(ref - this.x) > 1e-9) parts.push(this.paragraph(d.templates.contrast, values))
    if (d.row && !this.everyone && this.shown.imagining) parts.push(this.paragraph(d.templates.row, values))
    if (d.truth && d.templates.truth) parts.push(this.paragraph(d.templates.truth, values))
    if (d.band) parts.push(this.paragraph(d.templates.band, values))
    const licence = make("p", { class: d.identified ? "licence" : "licence warn", "data-testid": "hero-licence" })
    licence.textContent = `Doing: ${d.identified ? "" : `${d.status}. `}${d.evidence}`
    parts.push(licence)
    if (this.shown.imagining) parts.push(make("p", { class: "licence" }, `Imagining: ${d.imagined}`))
    this.words.replaceChildren(...parts)
    clearTimeout(this.speaker)
    this.speaker = setTimeout(() => { this.live.textContent = parts.slice(0, 2).map((p) => p.textContent).join(" ") }, 500)
  }

  paintNumbers(values) {
    const d = this.data, single = d.row && !this.everyone
    const imagined = single ? d.row : d.curves.everyone
    const rows = [["seeing", d.curves.seeing], ["doing", d.curves.doing], ["imagining", imagined]]
    if (!this.cells || this.cellsFor !== d.digest) {
      this.cellsFor = d.digest
      this.cells = {}
      this.numbers.replaceChildren()
      for (const name of ["seeing", "doing", "imagining", ...(d.truth ? ["truth"] : [])]) {
        const box = make("div", { class: "number", style: `border-color: var(--${name})` })
        const label = make("span"), value = make("b", { "data-testid": `hero-${name}-mean` }), range = make("span")
        box.append(label, value, range)
        this.numbers.append(box)
        this.cells[name] = { box, label, value, range }
      }
    }
    for (const [name, curve] of rows) {
      const cell = this.cells[name]
      cell.box.style.display = this.shown[name] ? "" : "none"
      cell.label.textContent = name === "imagining" ? `Imagining ${single ? `row ${d.row.number}` : "all rows"}` : d.styles[name].label + (name === "doing" && !d.identified ? ` (${d.status})` : "")
      cell.value.textContent = this.amount(this.at(curve.mean))
      const low = this.at(curve.low)
      cell.range.textContent = low === null ? "" : `90 %: ${this.amount(low)} to ${this.amount(this.at(curve.high))}`
    }
    if (d.truth) {
      this.cells.truth.box.style.display = this.shown.truth ? "" : "none"
      this.cells.truth.label.textContent = "Truth, if done"
      this.cells.truth.value.textContent = values.truth
      this.cells.truth.range.textContent = `doing is off by ${values.error}`
    }
  }
}

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const host = parentElement.querySelector("div") || parentElement
  const hero = host.__hero || (host.__hero = new Hero(host))
  hero.take(data, (position) => setStateValue("position", position))
  return () => { if (!host.isConnected) hero.stop() }
}
