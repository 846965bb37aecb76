// What is known before a search, as plain data: {tiers: [[name]], required: [[cause, effect]],
// forbidden: [[cause, effect]]}, and the changes a person makes to it. Every change returns new
// knowledge, or throws a Refusal that says why not. Python's `Knowledge` judges it again.

export class Refusal extends Error {}

const FEWEST = 2; // lanes shown, however few are used

export const KINDS = { required: "must cause", forbidden: "cannot cause" };

export function lanes(known) {
  return Math.max(FEWEST, known.tiers.length);
}

// The lane a column stands in, −1 for any time.
export function laneOf(known, name) {
  return known.tiers.findIndex((tier) => tier.includes(name));
}

export function laneName(lane, count) {
  if (lane < 0) return "any time";
  if (lane === 0) return "1, earliest";
  return lane === count - 1 ? `${count}, latest` : `${lane + 1}`;
}

export function move(known, name, lane) {
  const count = lanes(known);
  if (lane < -1) throw new Refusal(`${name} may stand at any time already.`);
  if (lane >= count) throw new Refusal(`${name} is in the latest lane. Add a time to go further.`);
  const tiers = Array.from({ length: Math.max(known.tiers.length, lane + 1) }, (_, i) =>
    (known.tiers[i] ?? []).filter((one) => one !== name));
  if (lane >= 0) tiers[lane].push(name);
  return checked({ ...known, tiers });
}

export function addLane(known) {
  const tiers = Array.from({ length: lanes(known) + 1 }, (_, i) => known.tiers[i] ?? []);
  return { ...known, tiers };
}

export function removeLane(known, lane) {
  return { ...known, tiers: known.tiers.filter((_, i) => i !== lane) };
}

export function kindOf(known, cause, effect) {
  return Object.keys(KINDS).find((kind) => known[kind].some(same(cause, effect))) ?? null;
}

// An arrow of this kind from cause to effect, instead of what was said of it; null takes it back.
export function draw(known, cause, effect, kind) {
  if (cause === effect) throw new Refusal("Nothing causes itself: choose another column.");
  const without = (role) => known[role].filter((pair) => !same(cause, effect)(pair));
  const next = { ...known, required: without("required"), forbidden: without("forbidden") };
  if (kind) next[kind] = [...next[kind], [cause, effect]];
  return checked(next);
}

function same(cause, effect) {
  return ([one, other]) => one === cause && other === effect;
}

// `known`, or a Refusal where a required arrow leads back in time or round in a circle.
function checked(known) {
  for (const [cause, effect] of known.required) {
    const [from, to] = [laneOf(known, cause), laneOf(known, effect)];
    if (from >= 0 && to >= 0 && from > to) {
      throw new Refusal(
        `${cause} must cause ${effect}, so it cannot stand later. Move one of them, or take that arrow back.`);
    }
    const back = path(known, effect, cause);
    if (back) {
      throw new Refusal(`That leads in a circle: ${[...back, effect].join(" → ")}. Nothing causes itself.`);
    }
  }
  return known;
}

// The way from one column to another along required arrows and through time, or null.
function path(known, from, to) {
  const before = new Map([[from, null]]);
  const queue = [from];
  while (queue.length) {
    const at = queue.shift();
    if (at === to) {
      const found = [];
      for (let name = to; name !== null; name = before.get(name)) found.unshift(name);
      return found;
    }
    for (const name of after(known, at)) {
      if (before.has(name)) continue;
      before.set(name, at);
      queue.push(name);
    }
  }
  return null;
}

function after(known, name) {
  const effects = known.required.filter(([cause]) => cause === name).map(([, effect]) => effect);
  const lane = laneOf(known, name);
  return lane < 0 ? effects : [...effects, ...known.tiers.slice(lane + 1).flat()];
}
