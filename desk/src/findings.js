// The list of findings below the text: what is wrong, where, and a button where one change mends it. Knows no text.

import { button, fill, h } from './dom.js';
import { openDialog } from './dialog.js';
import { SEVERITIES, counts } from './words.js';

const RANK = { error: 0, warning: 1, note: 2 };

/** Files that are no pages and have findings, and findings without a file, in a dialog; resolves to the file that was chosen. */
export function showOther(list) {
  const box = h('ul', { class: 'plan' });
  const dialog = openDialog({ title: '别的文件里要改的地方', body: box, cancel: '关闭' });
  fill(box, list.map((one) => h('li', {}, one.path ? [h('button', { type: 'button', class: 'link', onclick: () => dialog.close(one) }, one.title || one.path), `：${counts(one.errors, one.warnings)}`] : [one.message, ' ', h('span', { class: 'help' }, one.hint || '')])));
  return dialog.closed;
}

export class Findings {
  constructor(element, { goTo, fix }) {
    this.goTo = goTo;
    this.fix = fix;
    this.count = h('span', { role: 'status' });
    this.list = h('ol', { class: 'findings-list' });
    this.details = h('details', { class: 'findings' }, h('summary', {}, h('h2', {}, '要改的地方'), this.count), this.list);
    // Opens by itself when something is found, until the person closes it.
    this.details.addEventListener('toggle', () => { if (!this.details.open && this.shown) this.closed = true; });
    fill(element, this.details);
  }

  /** Another page. */
  open() {
    this.closed = false;
    this.had = false;
    this.key = '';
  }

  show(list) {
    const sorted = [...list].sort((a, b) => RANK[a.severity] - RANK[b.severity] || a.from - b.from);
    const key = JSON.stringify(sorted);
    if (key === this.key) return;
    this.key = key;
    const errors = list.filter((d) => d.severity === 'error').length;
    const words = counts(errors, list.filter((d) => d.severity === 'warning').length) || '没有';
    // Read out only when it changes.
    if (this.count.textContent !== words) fill(this.count, words);
    this.details.classList.toggle('some', list.length > 0);
    this.shown = list.length > 0;
    if (this.shown && !this.closed && !this.had) this.details.open = true;
    if (!this.shown) this.details.open = false;
    this.had = this.shown;
    const focused = this.list.contains(document.activeElement) ? [...this.list.querySelectorAll('button')].indexOf(document.activeElement) : -1;
    fill(this.list, sorted.map((d) => h('li', { class: d.severity },
      h('button', { type: 'button', class: 'finding', onclick: () => this.goTo(d) }, h('span', { class: `tag ${d.severity === 'error' ? 'error' : 'doubt'}` }, SEVERITIES[d.severity] || ''), h('span', { class: 'place' }, d.place), h('span', {}, d.message, d.hint ? h('span', { class: 'hint' }, d.hint) : null)),
      d.fix ? button('改正', () => this.fix(d), { class: 'small main', 'aria-label': `改正${d.place}：${d.fix.label || d.message}` }) : null)));
    if (focused >= 0) {
      const buttons = this.list.querySelectorAll('button');
      (buttons[Math.min(focused, buttons.length - 1)] || this.details.querySelector('summary')).focus();
    }
  }
}
