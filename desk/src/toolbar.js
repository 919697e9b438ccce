// The row of buttons above the text. One stop of the Tab key; arrow keys go on from there. Knows commands by name only.

import { fill, h, icon } from './dom.js';

const DRAWINGS = {
  bullets: ['M4 5h.01M4 10h.01M4 15h.01', 'M8 5h9M8 10h9M8 15h9'],
  numbers: ['M3 4l1.5-1v5M3 16h3l-3-.2c0-1 3-1.6 3-3 0-1.3-2.4-1.5-3-.3', 'M9 5h8M9 10h8M9 15h8'],
  steps: ['M4.5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3M4.5 6v8M4.5 17.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3', 'M9 4h8M9 16h8M9 10h5'],
  quote: ['M4 4v12', 'M8 6h9M8 10h9M8 14h6'],
  link: ['M8.5 11.5l3-3', 'M9 6l1.5-1.5a3.2 3.2 0 0 1 4.6 4.6L13.5 10.600M11 14l-1.5 1.500a3.2 3.2 0 0 1-4.6-4.600L6.5 9.4'],
  picture: ['M3 4h14v12H3z', 'M3 14l4-4 3 3 3-3.5 4 4.5', 'M7 7.500h.01'],
  table: ['M3 4h14v12H3z', 'M3 8h14M3 12h14M8 4v12M13 4v12'],
  insert: ['M10 4v12M4 10h12'],
  undo: ['M7 4L3.5 7.5 7 11', 'M4 7.500h8a4 4 0 0 1 0 8H9'],
  redo: ['M13 4l3.5 3.500L13 11', 'M16 7.500H8a4 4 0 0 0 0 8h3'],
  find: ['M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M13 13l4 4'],
};

/** Groups of `{ name, label, keys, show }`; `show` is `icon`, `words` or both. */
const GROUPS = [
  [{ name: 'undo', label: '撤销', keys: 'Ctrl+Z' }, { name: 'redo', label: '重做', keys: 'Ctrl+Y' }],
  [{ name: 'strong', label: '加粗', keys: 'Ctrl+B', words: '粗' }],
  [{ name: 'bullets', label: '列表', keys: 'Ctrl+Shift+8' }, { name: 'numbers', label: '编号列表', keys: 'Ctrl+Shift+7' }, { name: 'steps', label: '办事步骤' }, { name: 'quote', label: '引用', keys: 'Ctrl+Shift+9' }],
  [{ name: 'link', label: '链接', keys: 'Ctrl+K', words: '链接' }, { name: 'picture', label: '图片', words: '图片' }, { name: 'table', label: '表格', words: '表格' }, { name: 'insert', label: '插入别的内容', words: '插入' }],
  [{ name: 'find', label: '查找和替换', keys: 'Ctrl+F' }],
];

export class Toolbar {
  /** `run(name, value)` does what a button says. */
  constructor(element, run) {
    this.run = run;
    this.heading = h('select', { 'aria-label': '段落格式', title: '段落格式（Ctrl+Alt+2、3、4，正文 Ctrl+Alt+0）' },
      [[0, '正文'], [2, '标题'], [3, '小标题'], [4, '再小一级']].map(([value, label]) => h('option', { value: String(value) }, label)));
    // By keyboard one goes on choosing; by mouse one goes on writing.
    let byPointer = false;
    this.heading.addEventListener('pointerdown', () => { byPointer = true; });
    this.heading.addEventListener('keydown', () => { byPointer = false; });
    this.heading.addEventListener('change', () => {
      run('heading', Number(this.heading.value));
      if (!byPointer) this.heading.focus();
    });
    fill(element, h('div', { class: 'group' }, this.heading), GROUPS.map((group) => h('div', { class: 'group' }, group.map((one) => this.button(one)))));
    this.table = [...element.querySelectorAll('.words')].find((one) => one.textContent === '表格');
    this.insert = [...element.querySelectorAll('.words')].find((one) => one.textContent === '插入');
    element.setAttribute('role', 'toolbar');
    element.setAttribute('aria-label', '排版');
    this.items = [...element.querySelectorAll('select, button')];
    this.rove(this.items[0]);
    element.addEventListener('keydown', (event) => {
      const at = this.items.indexOf(event.target);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: this.items.length - 1 }[event.key];
      if (to === undefined || at < 0) return;
      event.preventDefault();
      const item = this.items[(to + this.items.length) % this.items.length];
      this.rove(item);
      item.focus();
    });
  }

  button({ name, label, keys, words }) {
    const title = keys ? `${label}（${keys}）` : label;
    const strong = name === 'strong';
    return h('button', { type: 'button', class: strong ? 'strong' : null, title, 'aria-label': words && words !== '粗' && words !== '插入' ? null : label, 'aria-keyshortcuts': keys ? keys.replace('Ctrl', 'Control') : null, onclick: () => this.run(name === 'insert' && this.inBlock ? 'block' : name) },
      DRAWINGS[name] ? icon(...DRAWINGS[name]) : null, words ? h('span', { class: strong ? null : 'words' }, words) : null);
  }

  rove(stop) {
    for (const item of this.items) item.tabIndex = item === stop ? 0 : -1;
  }

  /** What the cursor stands in: the level of a heading, a table, a block with a form. */
  show(level, table, block = false) {
    this.inBlock = block;
    if (this.insert.textContent !== (block ? '改这块' : '插入')) fill(this.insert, block ? '改这块' : '插入');
    this.insert.closest('button').setAttribute('aria-label', block ? '改这块，用表单' : '插入别的内容');
    const words = table ? '改表格' : '表格';
    if (this.table.textContent !== words) fill(this.table, words);
    const value = String([2, 3, 4].includes(level) ? level : 0);
    if (this.heading.value !== value) this.heading.value = value;
  }

  lock(yes) {
    for (const item of this.items) item.disabled = yes;
  }
}
