// Makes elements. Text only ever becomes text: nothing here reads HTML.

export const one = (selector, root = document) => root.querySelector(selector);

// Properties are the element's own; `data` and `aria` are tables of attributes.
export function element(name, { data = {}, aria = {}, ...properties } = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  Object.assign(made.dataset, data);
  for (const [key, value] of Object.entries(aria)) made.setAttribute(`aria-${key}`, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Keeps the elements of a list in step with records: each has a key, and is made or changed once.
export function reconcile(list, records, keyOf, make, change) {
  const known = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let place = list.firstElementChild;
  for (const record of records) {
    const key = String(keyOf(record));
    let child = known.get(key);
    known.delete(key);
    if (child === undefined) {
      child = make(record);
      child.dataset.key = key;
    }
    change?.(child, record);
    if (child === place) place = place.nextElementSibling;
    else list.insertBefore(child, place);
  }
  for (const child of known.values()) child.remove();
}

export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
