// A list of words or sentences as chips: typed one by one, completed from known words, removed by button or Backspace. Knows no page.

import { fill, freshId, h } from './dom.js';

export class Chips {
  constructor(field, tell, known) {
    this.tell = tell;
    this.label = field.label;
    this.values = [];
    const id = freshId('chips');
    const list = freshId('known');
    this.input = h('input', { type: 'text', id, list: known.length ? list : null, autocomplete: 'off', placeholder: '写一项，按回车', 'aria-describedby': `${id}-help` });
    this.box = h('ul', { class: 'chips', 'aria-label': `${field.label}：已经写的` });
    this.element = h('div', { class: 'field' }, h('label', { for: id }, field.label, field.required ? h('span', { class: 'must' }, '（必填）') : null), this.box, this.input,
      known.length ? h('datalist', { id: list }, known.map((value) => h('option', { value }))) : null,
      h('p', { class: 'help', id: `${id}-help` }, field.help || '每写一项按一次回车。'));
    this.composing = false;
    this.input.addEventListener('compositionstart', () => { this.composing = true; });
    this.input.addEventListener('compositionend', () => { this.composing = false; });
    this.input.addEventListener('keydown', (event) => {
      if (this.composing || event.isComposing || event.keyCode === 229) return;
      if (event.key === 'Enter') { event.preventDefault(); this.add(); }
      if (event.key === 'Backspace' && this.input.value === '' && this.values.length && !this.locked) this.remove(this.values.length - 1);
    });
    this.input.addEventListener('change', () => this.add());
    // A word chosen from the list is complete.
    this.input.addEventListener('input', (event) => { if (event.inputType === 'insertReplacementText' || (!event.inputType && known.includes(this.input.value))) this.add(); });
  }

  set({ value }) {
    this.values = Array.isArray(value) ? [...value] : value ? [value] : [];
    this.draw();
  }

  flush() {
    this.add();
  }

  add() {
    if (this.composing) return;
    const value = this.input.value.trim();
    this.input.value = '';
    if (!value || this.values.includes(value)) return;
    this.values.push(value);
    this.changed();
  }

  remove(index) {
    this.values.splice(index, 1);
    this.changed();
    this.input.focus();
  }

  changed() {
    this.draw();
    this.tell(this.values.length ? [...this.values] : null);
  }

  draw() {
    this.box.hidden = this.values.length === 0;
    fill(this.box, this.values.map((value, index) => h('li', {}, h('span', {}, value),
      this.locked ? null : h('button', { type: 'button', 'aria-label': `去掉“${value}”`, onclick: () => this.remove(index) }, '×'))));
  }

  focus() { this.input.focus(); }

  lock() {
    this.locked = true;
    this.input.hidden = true;
    this.draw();
  }
}
