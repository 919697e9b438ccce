// Makes elements. Text always becomes text nodes, so that nothing a person wrote is ever read as HTML. Knows nothing of the desk.

const SVG = 'http://www.w3.org/2000/svg';

/** An element: `h('button', { class: 'quiet', onclick: f }, '保存')`. `null`, `undefined` and `false` set nothing. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'selected') element[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  add(element, children);
  return element;
}

/** Appends texts, elements and lists of them. */
export function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** Puts `children` in place of what an element holds. */
export function fill(element, ...children) {
  element.textContent = '';
  return add(element, children);
}

/** A drawing of 20 by 20 units made of strokes; for the eye alone, words stand beside it or in `aria-label`. */
export function icon(...paths) {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of [['viewBox', '0 0 20 20'], ['width', '20'], ['height', '20'], ['aria-hidden', 'true'], ['class', 'icon']]) svg.setAttribute(name, value);
  for (const d of paths) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

let ids = 0;
/** An id that no other element has. */
export function freshId(of = 'e') {
  ids += 1;
  return `${of}-${ids}`;
}

/** A button with words. */
export function button(words, onclick, props = {}) {
  return h('button', { type: 'button', onclick, ...props }, words);
}

/** A labelled control: the label above, help below. */
export function labelled(label, control, { help, required } = {}) {
  const id = control.id || freshId('field');
  control.id = id;
  const note = help ? h('p', { class: 'help', id: `${id}-help` }, help) : null;
  if (note) control.setAttribute('aria-describedby', note.id);
  if (required) control.setAttribute('aria-required', 'true');
  return h('div', { class: 'field' }, h('label', { for: id }, label, required ? h('span', { class: 'must' }, '（必填）') : null), control, note);
}

/** Calls `job` once, `delay` ms after the last call; `.now()` calls it at once if it waits. */
export function later(job, delay) {
  let timer = 0;
  const run = () => {
    clearTimeout(timer);
    timer = 0;
    job();
  };
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(run, delay);
  };
  call.now = () => timer && run();
  call.cancel = () => { clearTimeout(timer); timer = 0; };
  return call;
}
