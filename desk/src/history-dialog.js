// The versions of a page: when, by what, how much changed; differences in words; one click to choose, one to restore.

import { get } from './api.js';
import { fill, h } from './dom.js';
import { openDialog } from './dialog.js';
import { difference, legend } from './difference.js';
import { when } from './words.js';

const BY = { desk: '在这里保存', disk: '在别处改的' };

/** Resolves to `{ id, at }` of the version to bring back. */
export async function showHistory(path, title) {
  const list = await get('/api/history', { path });
  const box = h('ul', { class: 'versions' });
  const place = h('div', { class: 'version', role: 'region', 'aria-label': '和现在比' });
  const dialog = openDialog({ title: `“${title}”以前的版本`, wide: true, cancel: '关闭', body: list.length ? h('div', { class: 'two' }, box, place) : h('p', {}, '还没有以前的版本。每次保存都会留一份。') });
  const show = async (one, element) => {
    for (const other of box.querySelectorAll('button')) other.setAttribute('aria-pressed', String(other === element));
    try {
      const { pieces } = await get('/api/difference', { path, from: one.id, to: 'now' });
      if (element.getAttribute('aria-pressed') !== 'true') return;
      fill(place, h('h3', {}, `${when(one.at)} 到现在，改了这些`), legend(), difference(pieces));
      dialog.setActions([{ label: `恢复到 ${when(one.at)}`, main: true, run: () => one }]);
    } catch (error) {
      fill(place, h('p', {}, error.message));
    }
  };
  fill(box, list.map((one) => {
    const element = h('button', { type: 'button', class: 'choice', 'aria-pressed': 'false' }, h('span', { class: 'choice-title' }, when(one.at)),
      h('span', { class: 'detail' }, [one.note || BY[one.by], one.added ? `加 ${one.added} 字` : '', one.removed ? `删 ${one.removed} 字` : ''].filter(Boolean).join('，')));
    element.addEventListener('click', () => show(one, element));
    return h('li', {}, element);
  }));
  if (list.length) {
    // The newest is what is saved now; the one before it is what people look for.
    const first = box.querySelectorAll('button')[Math.min(1, list.length - 1)];
    first.focus();
    show(list[Math.min(1, list.length - 1)], first);
  }
  return dialog.closed;
}
