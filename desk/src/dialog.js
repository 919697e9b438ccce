// Dialogs: one at a time on top, Escape closes, the focus goes back to where it was. Knows no page.

import { button, fill, freshId, h } from './dom.js';

/**
 * Opens a dialog. `actions` are `{ label, main, danger, run }`; `run` may be asynchronous and closes the dialog unless it
 * returns `false`; what it throws is shown in the dialog. Resolves, when closed, to what `run` returned, or to `undefined`.
 */
export function openDialog({ title, body, actions = [], wide = false, cancel = '取消', start }) {
  const before = focused();
  const id = freshId('dialog');
  const said = h('p', { class: 'said', role: 'alert' });
  const foot = h('div', { class: 'dialog-foot' });
  const form = h('form', { class: 'dialog-form', novalidate: true }, h('div', { class: 'dialog-head' }, h('h2', { id }, title), button('关闭', () => finish(), { class: 'quiet' })),
    h('div', { class: 'dialog-body' }, body), said, foot);
  const element = h('dialog', { 'aria-labelledby': id, class: wide ? 'wide' : null }, form);
  let resolve;
  const closed = new Promise((done) => { resolve = done; });
  const finish = (value) => {
    element.close();
    element.remove();
    (before && before.isConnected ? before : document.getElementById('text'))?.focus();
    resolve(value);
  };
  const run = async (action) => {
    if (form.hasAttribute('data-busy')) return;
    form.setAttribute('data-busy', '');
    fill(said);
    try {
      const value = action.run ? await action.run() : action.value;
      if (value !== false) finish(value === undefined ? true : value);
    } catch (error) {
      fill(said, error.message, error.hint ? ` ${error.hint}` : '');
    } finally {
      form.removeAttribute('data-busy');
    }
  };
  const shown = (list) => fill(foot, list.map((action) => h('button', { type: action.main ? 'submit' : 'button', class: action.danger ? 'danger' : action.main ? 'main' : null, onclick: action.main ? null : () => run(action) }, action.label)),
    cancel ? button(cancel, () => finish()) : null);
  let current = actions;
  shown(current);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const main = current.find((action) => action.main);
    if (main) run(main);
  });
  element.addEventListener('cancel', (event) => {
    event.preventDefault();
    finish();
  });
  document.body.append(element);
  element.showModal();
  (start || element.querySelector('.dialog-body input, .dialog-body select, .dialog-body textarea, .dialog-body button') || element.querySelector('.dialog-foot button:not(.danger)')).focus();
  return {
    closed,
    close: finish,
    say: (words) => fill(said, words),
    setActions: (list) => { current = list; shown(list); },
    element,
  };
}

/** What has the focus, also inside the editor's shadow root. */
function focused() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** A question with one action; resolves to whether it was confirmed. */
export async function confirm(title, words, label, danger = false) {
  const answer = await openDialog({ title, body: [].concat(words).map((line) => h('p', {}, line)), actions: [{ label, main: !danger, danger, run: () => 'yes' }] }).closed;
  return answer === 'yes';
}
