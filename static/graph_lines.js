// The geometry of lines between boxes: arcs, where they leave a box, and their heads.

const RING = 5; // the radius of an open end, in pixels
const RIM = 1.7;

export function control(a, b, bend) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const far = Math.hypot(dx, dy) || 1;
  return { x: (a.x + b.x) / 2 + (dy / far) * bend, y: (a.y + b.y) / 2 - (dx / far) * bend };
}

export function along(a, c, b, t) {
  const u = 1 - t;
  return { x: u * u * a.x + 2 * u * t * c.x + t * t * b.x, y: u * u * a.y + 2 * u * t * c.y + t * t * b.y };
}

// Where the ray from a box's centre towards a point leaves the box, a little outside.
function leaves(box, towards) {
  const [dx, dy] = [towards.x - box.x, towards.y - box.y];
  if (!box.w || (!dx && !dy)) return { x: box.x, y: box.y };
  const scale = Math.min((box.w / 2 + 4) / Math.abs(dx || 1e-9), (box.h / 2 + 4) / Math.abs(dy || 1e-9));
  return { x: box.x + dx * scale, y: box.y + dy * scale };
}

export function line(a, b, kind, blocked) {
  const far = Math.hypot(b.x - a.x, b.y - a.y);
  const first = kind === "<->" ? Math.min(90, 30 + far * 0.16) : 0;
  const bends = [first, -first, 44, -44, 84, -84, 130, -130, 190, -190, 250, -250];
  const bend = bends.find((value) => !(kind === "<->" && !value) && !blocked(value)) ?? first;
  const c = control(a, b, bend);
  const [start, end] = [leaves(a, c), leaves(b, c)];
  const xy = (p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
  const [open, both] = [kind.startsWith("o"), kind === "o-o"];
  const heads = [];
  if (kind !== "--" && !both) heads.push(head(end, c));
  if (kind === "<->") heads.push(head(start, c));
  if (open) heads.push(ring(toward(start, c, RING)));
  if (both) heads.push(ring(toward(end, c, RING)));
  const from = open ? toward(start, c, 2 * RING) : start;
  const to = both ? toward(end, c, 2 * RING) : end;
  return { d: `M${xy(from)}Q${xy(c)} ${xy(to)}`, heads: heads.join("") };
}

function head(tip, from) {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  const back = (turn) => `${(tip.x - 11 * Math.cos(angle + turn)).toFixed(1)} ${(tip.y - 11 * Math.sin(angle + turn)).toFixed(1)}`;
  return `M${tip.x.toFixed(1)} ${tip.y.toFixed(1)}L${back(0.42)}L${back(-0.42)}Z`;
}

// A ring that one fill leaves hollow: the inner circle is drawn the other way round.
export function ring(at) {
  const circle = (r, turn) =>
    `M${(at.x - r).toFixed(1)} ${at.y.toFixed(1)}a${r} ${r} 0 1 ${turn} ${2 * r} 0a${r} ${r} 0 1 ${turn} ${-2 * r} 0Z`;
  return circle(RING, 1) + circle(RING - RIM, 0);
}

// The point so many pixels from one towards another, but not past the middle.
function toward(from, to, pixels) {
  const share = Math.min(0.5, pixels / (Math.hypot(to.x - from.x, to.y - from.y) || 1));
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
