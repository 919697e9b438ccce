// Shows differences in words: what was added and what was taken away, told by signs and lines as well as by colour. Knows no file.

import { h } from './dom.js';

/** Pieces as the program gives them: `{ kind, text, skipped }`. */
export function difference(pieces) {
  if (!pieces.some((piece) => piece.kind !== 'same')) return h('p', { class: 'help' }, '没有不同。');
  return h('div', { class: 'difference', tabindex: '0', role: 'group', 'aria-label': '不同的地方' }, pieces.map((piece) => {
    if (piece.skipped) return h('p', { class: 'skipped' }, `…… 中间 ${piece.skipped} 个字没有变 ……`);
    if (piece.kind === 'added') return h('ins', {}, h('span', { class: 'sign' }, '＋'), h('span', { class: 'visually-hidden' }, '加上：'), piece.text);
    if (piece.kind === 'removed') return h('del', {}, h('span', { class: 'sign' }, '－'), h('span', { class: 'visually-hidden' }, '删去：'), piece.text);
    return h('span', {}, piece.text);
  }));
}

/** What the signs mean. */
export function legend() {
  return h('p', { class: 'help legend' }, h('ins', {}, h('span', { class: 'sign' }, '＋'), '加上的'), ' ', h('del', {}, h('span', { class: 'sign' }, '－'), '删去的'));
}

/** Splits into short runs: a Han character each, words of other scripts, spaces, line ends. */
function tokens(text) {
  return text.match(/\n|[^\S\n]+|[A-Za-z0-9]+|[\s\S]/gu) || [];
}

/** Differences of two short texts, for showing them side by side; long ones are compared by lines first. */
export function compare(before, after) {
  const lines = (text) => text.match(/[^\n]*\n|[^\n]+$/g) || [];
  const pieces = [];
  const put = (kind, text) => {
    const last = pieces[pieces.length - 1];
    if (!text) return;
    if (last && last.kind === kind) last.text += text; else pieces.push({ kind, text });
  };
  for (const part of align(lines(before), lines(after))) {
    if (part.same) { put('same', part.same.join('')); continue; }
    const a = tokens(part.before.join(''));
    const b = tokens(part.after.join(''));
    if (a.length * b.length > 4e6) { put('removed', a.join('')); put('added', b.join('')); continue; }
    for (const inner of align(a, b)) {
      if (inner.same) put('same', inner.same.join(''));
      else { put('removed', inner.before.join('')); put('added', inner.after.join('')); }
    }
  }
  return pieces.flatMap((piece) => {
    if (piece.kind !== 'same' || piece.text.length < 240) return [piece];
    return [{ kind: 'same', text: piece.text.slice(0, 80) }, { kind: 'same', text: '', skipped: piece.text.length - 160 }, { kind: 'same', text: piece.text.slice(-80) }];
  });
}

/** Runs of items that both lists have, and what stands between them, by the longest common subsequence. */
function align(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const parts = [];
  if (start) parts.push({ same: a.slice(0, start) });
  if (x.length * y.length > 9e6) {
    parts.push({ before: x, after: y });
  } else if (x.length || y.length) {
    const width = y.length + 1;
    const best = new Uint16Array((x.length + 1) * width);
    for (let i = x.length - 1; i >= 0; i -= 1) for (let j = y.length - 1; j >= 0; j -= 1) best[i * width + j] = x[i] === y[j] ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
    let i = 0;
    let j = 0;
    let open = null;
    const gap = () => { if (!open) { open = { before: [], after: [] }; parts.push(open); } return open; };
    while (i < x.length || j < y.length) {
      if (i < x.length && j < y.length && x[i] === y[j]) {
        const last = parts[parts.length - 1];
        if (!open && last && last.same && last.run) last.same.push(x[i]); else parts.push({ same: [x[i]], run: true });
        open = null;
        i += 1; j += 1;
      } else if (j >= y.length || (i < x.length && best[(i + 1) * width + j] >= best[i * width + j + 1])) { gap().before.push(x[i]); i += 1; } else { gap().after.push(y[j]); j += 1; }
    }
  }
  if (end) parts.push({ same: a.slice(a.length - end) });
  return parts;
}
