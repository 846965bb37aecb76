// Formulas that Python sends as nodes [tag, text or nodes], made into MathML. Names are put in
// as text only.

const MATH = "http://www.w3.org/1998/Math/MathML";

// A formula, a `math` for each of its rows: a browser breaks no line within one.
export function math([, rows]) {
  const made = document.createElement("span");
  made.className = "rows";
  for (const row of rows) {
    const whole = made.appendChild(document.createElementNS(MATH, "math"));
    whole.setAttribute("display", "block"); // what a sum runs over goes below it
    whole.append(element(row));
  }
  return made;
}

function element([tag, inside]) {
  const made = document.createElementNS(MATH, tag);
  if (tag === "mo" && "()|".includes(inside)) made.setAttribute("stretchy", "false");
  if (typeof inside === "string") made.textContent = inside;
  else made.append(...inside.map(element));
  return made;
}
