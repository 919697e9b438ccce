// Picks where a link leads: a page, a place in a page, a file, or an address outside. Resolves to `{ text, target }`.

import { get } from './api.js';
import { fill, h, labelled, later } from './dom.js';
import { openDialog } from './dialog.js';

const KINDS = { page: '页面', anchor: '页内一处', file: '文件' };
const OUTSIDE = /^(https?:\/\/|mailto:|tel:)\S+$/i;

/** `from` is the page that the link stands on; `now` is the link that is changed, if any. */
export function pickLink({ from, text, now }) {
  const words = h('input', { type: 'text', value: now?.text ?? text ?? '', autocomplete: 'off' });
  const query = h('input', { type: 'text', value: now?.target ?? '', autocomplete: 'off', placeholder: '写几个字找页面，或粘贴网址' });
  const results = h('ul', { class: 'choices' });
  const found = h('p', { class: 'help', role: 'status' });
  let target = now?.target ?? '';

  const choose = (one, element) => {
    target = one.target;
    for (const other of results.querySelectorAll('button')) other.setAttribute('aria-pressed', String(other === element));
    if (!words.value.trim() && one.title) words.value = one.title;
  };
  const row = (one) => {
    const element = h('button', { type: 'button', class: 'choice', 'aria-pressed': 'false' }, h('span', { class: 'tag plain' }, one.label || KINDS[one.kind] || ''), h('span', {}, one.title || one.target), h('span', { class: 'detail' }, one.detail || ''));
    element.addEventListener('click', () => choose(one, element));
    element.addEventListener('dblclick', () => dialog.element.querySelector('button.main').click());
    return h('li', {}, element);
  };
  const ask = async () => {
    const q = query.value.trim();
    if (OUTSIDE.test(q)) {
      fill(results, row({ label: '网址', title: '', target: q }));
      choose({ target: q }, results.querySelector('button'));
      fill(found, '别的网站的网址。');
      return;
    }
    try {
      const list = await get('/api/link-targets', { q, from });
      if (query.value.trim() !== q) return;
      fill(results, list.map(row));
      fill(found, list.length ? `找到 ${list.length} 个` : '没有找到。换几个字，或者粘贴完整网址。');
      const same = list.findIndex((one) => one.target === target);
      if (same >= 0) results.querySelectorAll('button')[same].setAttribute('aria-pressed', 'true');
    } catch (error) {
      fill(found, error.message);
    }
  };
  query.addEventListener('input', later(ask, 150));
  query.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') { event.preventDefault(); results.querySelector('button')?.focus(); }
  });
  results.addEventListener('keydown', (event) => {
    const items = [...results.querySelectorAll('button')];
    const at = items.indexOf(event.target);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      (items[at + (event.key === 'ArrowDown' ? 1 : -1)] || (event.key === 'ArrowUp' ? query : event.target)).focus();
    }
  });
  const dialog = openDialog({
    title: now ? '改链接' : '插入链接',
    body: [labelled('链到哪里', query), found, results, labelled('显示的文字', words)],
    actions: [{ label: now ? '改好了' : '插入', main: true, run: () => {
      if (OUTSIDE.test(query.value.trim())) target = query.value.trim();
      if (!target) throw new Error('还没有选链到哪里。');
      return { text: words.value.trim() || target, target };
    } }, ...(now ? [{ label: '去掉链接', run: () => ({ text: words.value.trim() || now.text, target: null }) }] : [])],
    start: query,
  });
  ask();
  return dialog.closed;
}
