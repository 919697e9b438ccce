// Bars above the text and short messages at the bottom. What is said is also read out. Knows no page.

import { button, fill, h } from './dom.js';

const place = () => document.getElementById('bars');

/** Shows a bar until it is closed; another of the same `name` takes its place. `actions` are `{ label, run }`. */
export function bar(name, words, actions = [], kind = 'info') {
  unbar(name);
  const element = h('div', { class: `bar ${kind}`, 'data-name': name, role: 'status' }, h('p', {}, words),
    actions.map(({ label, run }) => button(label, async () => {
      element.remove();
      await run?.();
    })));
  place().append(element);
  return element;
}

/** Takes a bar away. */
export function unbar(name) {
  for (const old of place().querySelectorAll('.bar')) if (old.dataset.name === name) old.remove();
}

/** Takes all bars that belong to one page away. */
export function unbarPage() {
  for (const old of place().querySelectorAll('.bar')) if (!['lost', 'notice', 'settings'].includes(old.dataset.name)) old.remove();
}

let timer = 0;
/** A message at the bottom that goes by itself, with at most one action. */
export function toast(words, action) {
  const element = document.getElementById('toast');
  clearTimeout(timer);
  fill(element, h('p', {}, words), action ? button(action.label, () => { fill(element); action.run(); }) : null, button('知道了', () => fill(element), { class: 'quiet' }));
  timer = setTimeout(() => fill(element), action ? 30000 : 8000);
}

/** Says what an error says. */
export function complain(error) {
  if (error.name === 'AbortError') return;
  toast([error.message, error.hint].filter(Boolean).join(' '));
}

/** A button of a bar that copies all of `text()`, for what the program does not take; `again` runs afterwards. */
export function copyAll(text, again) {
  return { label: '复制全部文字', run: async () => {
    try {
      await navigator.clipboard.writeText(text());
      toast('已经复制，可以粘贴到 Word 或记事本里。');
    } catch { toast('没有复制成。请在正文里按 Ctrl+A、Ctrl+C。'); }
    again();
  } };
}
