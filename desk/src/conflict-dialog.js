// Two people changed one page: both texts side by side, and a merged one in which each place of dispute is decided. Neither text is lost:
// the program keeps both versions. Resolves to `{ text }`, the text to go on with.

import { h, button } from './dom.js';
import { openDialog } from './dialog.js';
import { compare, difference, legend } from './difference.js';

/** The parts of a merged text: agreed ones as texts, disputed ones as objects. */
export function parts(merged) {
  const out = [];
  let at = 0;
  for (const conflict of [...merged.conflicts].sort((a, b) => a.from - b.from)) {
    out.push(merged.text.slice(at, conflict.from), { mine: conflict.mine, theirs: conflict.theirs, choice: '' });
    at = conflict.to;
  }
  out.push(merged.text.slice(at));
  return out;
}

/** The text that the choices make. */
export function assemble(list) {
  return list.map((part) => {
    if (typeof part === 'string') return part;
    if (part.choice === 'mine') return part.mine;
    if (part.choice === 'theirs') return part.theirs;
    return part.mine + (part.mine && !part.mine.endsWith('\n') && part.theirs ? '\n' : '') + part.theirs;
  }).join('');
}

export function solveConflict({ mine, theirs, merged }) {
  const list = parts(merged);
  const disputes = list.filter((part) => typeof part !== 'string');
  const choose = disputes.map((part, index) => {
    const options = [['mine', '用我的', part.mine], ['theirs', '用文件里的', part.theirs], ['both', '两段都留', null]].map(([value, words, text]) => {
      const id = `dispute-${index}-${value}`;
      const input = h('input', { type: 'radio', name: `dispute-${index}`, id, value, onchange: () => { part.choice = value; } });
      return h('div', { class: 'dispute-choice' }, h('p', {}, input, h('label', { for: id }, words)), text === null ? null : h('pre', {}, text.trim() || '（没有这一段）'));
    });
    return h('fieldset', { class: 'dispute' }, h('legend', {}, `第 ${index + 1} 处，两人改得不一样`), options);
  });
  const shown = h('div', { class: 'sides' },
    h('section', {}, h('h3', {}, '我的文字'), h('pre', { tabindex: '0', role: 'group', 'aria-label': '我的文字' }, mine)),
    h('section', {}, h('h3', {}, '文件里现在的文字'), h('pre', { tabindex: '0', role: 'group', 'aria-label': '文件里现在的文字' }, theirs.text)));
  const dialog = openDialog({
    title: '这一页在别处也改了', wide: true, cancel: '先不保存',
    body: [
      h('p', {}, '您写的时候，这个文件被别的程序或者别人改过。两份文字都留着，没有丢。选一种办法：'),
      h('details', { open: disputes.length === 0 }, h('summary', {}, '看看两份有什么不同（从文件里的到我的）'), legend(), difference(compare(theirs.text, mine))),
      h('details', {}, h('summary', {}, '两份全文并排看'), shown),
      disputes.length ? h('h3', {}, `合在一起：有 ${disputes.length} 处要您选`) : h('p', {}, '两份改的不是同一处，可以合在一起。'),
      choose,
      h('p', { class: 'row' }, button('全用我的', () => dialog.close({ text: mine })), button('全用文件里的', () => dialog.close({ text: theirs.text }))),
    ],
    actions: [{ label: '合在一起并保存', main: true, run: () => {
      const open = disputes.findIndex((part) => !part.choice);
      if (open >= 0) throw new Error(`第 ${open + 1} 处还没有选。`);
      return { text: assemble(list) };
    } }],
  });
  return dialog.closed;
}
