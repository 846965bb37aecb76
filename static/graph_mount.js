// What every picture of a graph needs to stand on a page: its styles, and one picture for each
// place, because Streamlit calls on every rerun.

const version = new URL(import.meta.url).search;

export async function stylesOf(...names) {
  const texts = names.map(async (name) =>
    (await fetch(new URL(`${name}.css${version}`, import.meta.url))).text());
  return (await Promise.all(texts)).join("\n");
}

export function mounted(made) {
  const pictures = new WeakMap();
  return (component) => {
    const place = component.parentElement;
    if (!pictures.has(place)) pictures.set(place, made(place));
    pictures.get(place).take(component);
  };
}
