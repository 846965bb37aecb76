// Formulas that Python sends as nodes [tag, text or nodes], made into MathML. Names are put in
// as text only.

const MATH = "http://www.w3.org/1998/Math/MathML";

export function math([tag, inside]) {
  const made = document.createElementNS(MATH, tag);
  if (tag === "math") made.setAttribute("display", "block"); // what a sum runs over goes below it
  if (tag === "mo" && "()|".includes(inside)) made.setAttribute("stretchy", "false");
  if (typeof inside === "string") made.textContent = inside;
  else made.append(...inside.map(math));
  return made;
}
