// The information at the top of a page as a form: the fields of its kind, what is written there, and findings at their field.
// In: fields of the kind and values. Out: `change(key, value)`. Knows nothing of how the file is written.

import { button, fill, freshId, h, labelled, later } from './dom.js';
import { Chips } from './chips.js';

/** Keys that every page shows, in this order; then the kind's own, then whatever is written. */
const FIRST = ['title', 'date', 'draft', 'summary', 'tags'];

export class FrontMatterForm {
  constructor(element, { change, fix, terms, toSource }) {
    this.toSource = toSource;
    this.element = element;
    this.change = change;
    this.fix = fix;
    this.terms = terms;
    this.summary = h('span', { class: 'form-summary' });
    this.box = h('div', { class: 'fields' });
    this.more = h('select', { 'aria-label': '再填一项' });
    const grow = () => {
      const key = this.more.value;
      this.added.add(key);
      this.draw();
      this.controls.get(key)?.focus();
    };
    this.moreRow = h('p', { class: 'more' }, this.more, button('加上', grow));
    this.details = h('details', { class: 'form' }, h('summary', {}, h('h2', {}, '页面信息'), this.summary), this.box, this.moreRow);
    fill(element, this.details);
    this.added = new Set();
    this.controls = new Map();
  }

  /** Another page. */
  open(kind, page) {
    if (!page.fields) page.fields = [];
    this.kind = kind;
    this.page = page;
    this.added = new Set();
    this.diagnostics = [];
    this.details.open = false;
    this.draw();
  }

  /** Tells what is typed and not yet told. */
  flush() {
    for (const control of this.controls.values()) control.flush?.();
  }

  /** What was typed is not taken: the field shows again what is written, and why. */
  refuse(key, error) {
    const control = this.controls.get(key);
    if (!control) return;
    control.set(this.value(key));
    fill(control.findings, h('p', { role: 'alert' }, h('strong', {}, '没有改：'), error.message, error.hint ? ` ${error.hint}` : ''));
  }

  hide(yes) {
    this.element.hidden = yes;
  }

  /** New values after a change. A control that has the focus keeps what is typed in it. */
  update(page) {
    this.page = page;
    const keys = this.keys().join(' ');
    if (keys !== this.drawn) return this.draw();
    for (const [key, control] of this.controls) if (!control.element.contains(document.activeElement)) control.set(this.value(key));
    this.drawSummary();
  }

  value(key) {
    return this.page.fields.find((f) => f.key === key) || { key, value: null, editable: true };
  }

  keys() {
    const known = new Map((this.kind?.fields || []).map((f) => [f.key, f]));
    const written = this.page.fields.map((f) => f.key);
    const own = [...known.values()].filter((f) => f.own && f.type !== 'table').map((f) => f.key);
    return [...new Set([...FIRST.filter((key) => known.has(key)), ...own, ...written, ...this.added])];
  }

  draw() {
    const focused = [...this.controls].find(([, control]) => control.element.contains(document.activeElement))?.[0];
    this.controls.clear();
    const keys = this.keys();
    this.drawn = keys.join(' ');
    const known = new Map((this.kind?.fields || []).map((f) => [f.key, f]));
    fill(this.box, keys.map((key) => {
      const field = known.get(key) || { key, label: key, type: 'text' };
      return this.field(field.help === field.label ? { ...field, help: '' } : field);
    }));
    const rest = [...known.values()].filter((f) => !keys.includes(f.key) && f.type !== 'table');
    fill(this.more, rest.map((f) => h('option', { value: f.key }, f.help && f.help !== f.label ? `${f.label}：${f.help}` : f.label)));
    this.moreRow.hidden = rest.length === 0 || !!this.page.readOnly || !!this.page.locked;
    this.drawSummary();
    this.drawFindings();
    if (focused) this.controls.get(focused)?.focus();
  }

  drawSummary() {
    const draft = /^(true|是|yes)$/.test(this.value('draft').value || '') ? '草稿' : '';
    const text = [this.value('title').value, this.value('date').value, draft].filter((v) => typeof v === 'string' && v).join(' · ');
    fill(this.summary, text);
  }

  field(field) {
    const now = this.value(field.key);
    const control = now.editable === false ? sourceText(field, () => this.page.head, this.toSource) : (CONTROLS[field.type] || CONTROLS.text)(field, (value) => this.change(field.key, value), this.terms);
    if (this.page.readOnly || this.page.locked) control.lock?.();
    control.set(now);
    this.controls.set(field.key, control);
    control.findings = h('div', { class: 'field-findings' });
    control.element.append(control.findings);
    return control.element;
  }

  /** Findings with their places in the head; each at the field whose value it stands in. */
  show(list) {
    this.diagnostics = list;
    this.drawFindings();
  }

  fieldOf(diagnostic) {
    return this.page.fields.find((f) => diagnostic.from >= f.from && diagnostic.from <= f.to)?.key
      || this.page.fields.find((f) => f.from > diagnostic.from)?.key;
  }

  /** What the field of a finding is called. */
  labelOf(diagnostic) {
    const key = this.fieldOf(diagnostic);
    return this.kind?.fields.find((f) => f.key === key)?.label || '页面信息';
  }

  drawFindings() {
    for (const control of this.controls.values()) {
      fill(control.findings);
      control.element.classList.remove('wrong', 'doubt');
    }
    for (const d of this.diagnostics || []) {
      const control = this.controls.get(this.fieldOf(d)) || this.controls.get('title');
      if (!control) continue;
      control.element.classList.add(d.severity === 'error' ? 'wrong' : 'doubt');
      control.findings.append(h('p', {}, h('strong', {}, d.severity === 'error' ? '错误：' : '提醒：'), d.message, d.hint ? ` ${d.hint}` : '', ' ', d.fix && !this.page.readOnly && !this.page.locked ? button(d.fix.label || '改正', () => this.fix(d), { class: 'small main' }) : null));
    }
  }

  /** Shows the field of a finding. */
  goTo(diagnostic) {
    this.details.open = true;
    const control = this.controls.get(this.fieldOf(diagnostic)) || this.controls.get('title');
    control?.element.scrollIntoView({ block: 'nearest' });
    control?.focus();
  }
}

/** A control of one line or more; tells its value when it was typed, never in the middle of a composition. */
function typed(field, input, tell, { empty = null } = {}) {
  let composing = false;
  let told = null;
  const say = () => {
    if (composing || input.value === told) return;
    told = input.value;
    tell(input.value === '' ? empty : input.value);
  };
  // An empty field may be about to be filled anew: its line is taken away when one leaves it.
  const soon = later(() => input.value !== '' && say(), 40);
  input.addEventListener('compositionstart', () => { composing = true; });
  input.addEventListener('compositionend', () => { composing = false; soon(); });
  input.addEventListener('input', soon);
  input.addEventListener('change', () => { soon.cancel(); say(); });
  return {
    element: labelled(field.label, input, { help: field.help, required: field.required }),
    set: ({ value }) => {
      input.value = Array.isArray(value) ? value.join('\n') : value ?? '';
      told = input.value;
    },
    focus: () => input.focus(),
    flush: () => { soon.cancel(); say(); },
    lock: () => { input.readOnly = true; },
  };
}

/** What the form cannot edit is shown as it is written. */
function sourceText(field, head, toSource) {
  let place = null;
  const text = h('pre', { class: 'as-written', tabindex: '0', role: 'group', 'aria-label': `${field.label}（按源文显示）` });
  return {
    element: h('div', { class: 'field' }, h('p', { class: 'label' }, field.label), text, h('p', {}, button('在源文里改', () => toSource(place.from, place.to), { class: 'small' }))),
    set: (now) => {
      place = now;
      fill(text, now.value ?? head().slice(now.from, now.to));
    },
    focus: () => text.focus(),
  };
}

/** The day that is written as 2026-01-05, 2026/1/5 or 2026年1月5日; empty for anything else. */
function isoOf(value) {
  const found = /^(\d{4})(?:-|\/|年)(\d{1,2})(?:-|\/|月)(\d{1,2})日?$/.exec(typeof value === 'string' ? value.trim() : '');
  return found ? `${found[1]}-${found[2].padStart(2, '0')}-${found[3].padStart(2, '0')}` : '';
}

const yes = (value) => /^(true|是|yes|真)$/i.test(String(value ?? ''));

const CONTROLS = {
  text: (field, tell) => typed(field, h('input', { type: 'text', autocomplete: 'off' }), tell),
  multiline: (field, tell) => typed(field, h('textarea', { rows: '3' }), tell),
  number: (field, tell) => typed(field, h('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off' }), tell),
  link: (field, tell) => typed(field, h('input', { type: 'text', autocomplete: 'off' }), tell),

  /** A day, by the browser's calendar. What is written in another way, or with a time, is kept as a text. */
  date(field, tell) {
    const id = freshId('date');
    const day = h('input', { type: 'date', id, class: 'day', min: '1900-01-01', max: '2999-12-31' });
    const text = h('input', { type: 'text', 'aria-label': `${field.label}（照文件里的写法）`, autocomplete: 'off' });
    const plain = typed({ label: '', key: '' }, text, tell);
    let told = '';
    // While one part is empty the browser gives no date; that is no wish to have none.
    const say = (left) => { if (day.value !== told && !day.validity.badInput && (day.value || left)) { told = day.value; tell(day.value || null); } };
    day.addEventListener('change', () => say(false));
    day.addEventListener('blur', () => {
      if (day.validity.badInput) day.value = told;
      say(true);
    });
    return {
      element: h('div', { class: 'field' }, h('label', { for: id }, field.label, field.required ? h('span', { class: 'must' }, '（必填）') : null), day, text, field.help ? h('p', { class: 'help' }, field.help) : null),
      set: ({ value, iso }) => {
        const known = iso || isoOf(value);
        const asDay = !value || (known && !/[:：时]/.test(value));
        day.hidden = !asDay;
        text.hidden = asDay;
        day.id = asDay ? id : '';
        text.id = asDay ? '' : id;
        if (asDay) { day.value = known; told = known; } else plain.set({ value });
      },
      focus: () => (day.hidden ? text : day).focus(),
      flush: () => (day.hidden ? plain.flush() : say(false)),
      lock: () => { day.disabled = true; text.readOnly = true; },
    };
  },

  bool(field, tell) {
    const id = freshId('yes');
    const box = h('input', { type: 'checkbox', id });
    box.addEventListener('change', () => tell(box.checked));
    return {
      element: h('div', { class: 'field check' }, h('p', {}, box, h('label', { for: id }, field.label)), field.help ? h('p', { class: 'help' }, field.help) : null),
      set: ({ value }) => { box.checked = yes(value); },
      focus: () => box.focus(),
      lock: () => { box.disabled = true; },
    };
  },

  choice(field, tell) {
    const select = h('select', {});
    select.addEventListener('change', () => tell(select.value || null));
    return {
      element: labelled(field.label, select, { help: field.help, required: field.required }),
      set: ({ value }) => {
        const choices = field.choices || [];
        const known = choices.some((c) => c.value === value || c.label === value) || !value;
        fill(select, h('option', { value: '' }, '（没有写）'), choices.map((c) => h('option', { value: c.value, selected: c.value === value || c.label === value }, c.label)),
          known ? null : h('option', { value, selected: true }, value));
      },
      focus: () => select.focus(),
      lock: () => { select.disabled = true; },
    };
  },

  list: (field, tell, terms) => new Chips(field, tell, (field.terms && terms[field.terms]) || []),
  choices: (field, tell) => new Chips(field, tell, (field.choices || []).map((c) => c.label)),
  links: (field, tell) => new Chips(field, tell, []),
};
CONTROLS.time = CONTROLS.text;
CONTROLS.datetime = CONTROLS.date;
