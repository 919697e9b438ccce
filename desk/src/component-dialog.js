// Inserts what plain text lacks, such as a note, a list of contacts or a chart: a choice of kinds, then the form of one. Resolves to
// text of Markdown with `▮` where the cursor goes. Knows the kinds only from the program's tables.

import { button, fill, h, labelled } from './dom.js';
import { openDialog } from './dialog.js';
import { Chips } from './chips.js';
import { INSERTS } from './words.js';
import { readEntries } from './blocks.js';

/** A value as YAML, in one line: a text, a list of them, or a list of entries, which are lists of `[key, value]`. */
function yaml(value) {
  if (Array.isArray(value) && value.every((one) => Array.isArray(one))) return `[${value.map((pairs) => `{${pairs.map(([name, of]) => `${name}: ${yaml(of)}`).join(', ')}}`).join(', ')}]`;
  if (Array.isArray(value)) return `[${value.map(yaml).join(', ')}]`;
  const text = String(value).replace(/\s*\n\s*/g, ' ').trim();
  const plain = /^[\p{Script=Han}A-Za-z《“（(\d][^:#\[\]{},&*!|>'"%@`\n]*$/u.test(text) && !/^(true|false|yes|no|on|off|null|~|是|否)$/i.test(text);
  return plain || /^-?\d+(\.\d+)?$/.test(text) ? text : JSON.stringify(text);
}

const key = (field) => field.write || field.key;

/** A control of one field, with `given` in it: `{ element, value() }`; the value is null while nothing is given. */
function control(field, given = '') {
  if (field.type === 'table' && field.fields?.length) {
    const inner = records(field.fields, field.label);
    return { element: h('div', { class: 'field' }, h('p', { class: 'label' }, field.label), inner.element), value: () => (inner.value().length ? inner.value() : null) };
  }
  if (field.type === 'bool') {
    const select = h('select', {}, h('option', { value: '' }, '（照常）'), h('option', { value: '是' }, '是'), h('option', { value: '否' }, '否'));
    select.value = given;
    return { element: labelled(field.label, select, { help: field.help }), value: () => select.value || null };
  }
  if (field.type === 'choice') {
    const select = h('select', {}, h('option', { value: '' }, '（照常）'), (field.choices || []).map((c) => h('option', { value: c.value }, c.label)));
    select.value = given;
    return { element: labelled(field.label, select, field), value: () => select.value || null };
  }
  if (field.type === 'list' || field.type === 'choices' || field.type === 'links') {
    let values = given ? given.split('，').map((one) => one.trim()).filter(Boolean) : null;
    const chips = new Chips(field, (v) => { values = v; }, []);
    chips.set({ value: values });
    return { element: chips.element, value: () => values };
  }
  const input = h(field.type === 'multiline' ? 'textarea' : 'input', field.type === 'multiline' ? { rows: '3' } : { type: 'text', inputmode: field.type === 'number' ? 'decimal' : null, autocomplete: 'off' });
  input.value = given;
  return { element: labelled(field.label, input, { help: field.help, required: field.required }), value: () => input.value.trim() || null };
}

/** A form of several entries with the same fields: `{ element, value() }`, a list of lists of `[key, value]`. `given` are entries as `readEntries` gives them, which are written as they were where they are not changed. */
function records(fields, title, given = [[]]) {
  const entries = [];
  const box = h('div', { class: 'records' });
  const draw = () => fill(box, entries.map((entry, index) => h('fieldset', {}, h('legend', {}, `${title}：第 ${index + 1} 项`), entry.controls.map((c) => c.element),
    entries.length > 1 ? button('去掉这一项', () => { entries.splice(index, 1); draw(); }, { class: 'quiet small' }) : null)));
  const entryOf = (pairs) => ({ pairs, controls: fields.map((field) => control(field, pairs.find((pair) => pair.field === field)?.value ?? '')) });
  const rank = (pairs, field) => (pairs.findIndex((pair) => pair.field === field) + pairs.length + 1) % (pairs.length + 1);
  const pairsOf = ({ pairs, controls }) => controls.map((c, i) => {
    const before = pairs.find((pair) => pair.field === fields[i]);
    const value = c.value();
    return { field: fields[i], name: before?.name ?? key(fields[i]), value, raw: before?.value === value ? before.raw : undefined };
  }).filter(({ value }) => value !== null).sort((a, b) => rank(pairs, a.field) - rank(pairs, b.field)).map(({ name, value, field, raw }) => [name, value, field, raw]);
  const grow = () => {
    const entry = entryOf([]);
    entries.push(entry);
    draw();
    if (entries.length > 1) entry.controls[0]?.element.querySelector('input, select, textarea')?.focus();
  };
  entries.push(...given.map(entryOf));
  draw();
  return {
    element: h('div', {}, box, h('p', {}, button('再加一项', grow))),
    value: () => entries.map(pairsOf).filter((pairs) => pairs.length),
  };
}

function entryLines(pairs, indent) {
  return pairs.map(([name, value, , raw], index) => `${indent}${index === 0 ? '- ' : '  '}${name}: ${raw ?? yaml(value)}`);
}

/** The text of a block. `body` is made of lines, or null to take it from the template. */
export function writeBlock(component, argument, options, body) {
  const inside = (body || []).join('\n').match(/^\s*`{3,}/gm) || [];
  const usual = component.template.match(/^`+/m)?.[0] || '```';
  const fence = '`'.repeat(Math.max(usual.length, ...inside.map((run) => run.trim().length + 1)));
  const lines = [`${fence}{${component.name}}${argument ? ` ${argument}` : ''}`, ...options.map(([name, value]) => `:${name}: ${[].concat(value).join('，').replace(/\s*\n\s*/g, ' ')}`)];
  if (body === null) {
    const [first, ...rest] = component.template.split('\n');
    const inner = rest.filter((line) => !/^:[^:]+:/.test(line));
    const close = inner.lastIndexOf(usual);
    const written = close >= 0 ? inner.slice(0, close) : inner;
    // What the template says after the name is an example: it gives way to what was typed.
    return [argument || !first.includes('▮') ? lines[0] : first, ...lines.slice(1), ...written, fence].join('\n');
  }
  return [...lines, ...body, fence].join('\n');
}

/** Kinds of bodies that are written as Markdown. */
const MARKDOWN = ['text'];

/** The form of a component; `block` is what it is filled with, if it is there already. */
function form(component, block = null) {
  const fields = component.fields || [];
  const argument = fields.find((f) => f.key === '');
  const options = fields.filter((f) => f.key !== '');
  const bodyFields = component.body_fields || [];
  const head = argument ? control({ ...argument, type: 'text' }, block?.argument) : null;
  const rest = options.map((field) => ({ field, ...control(field, block?.options.find(([name]) => isNamed(field, name))?.[1]) }));
  const simple = (component.body === 'diagram' ? bodyFields.filter((f) => f.type !== 'table') : []).map((field) => ({ field, ...control(field) }));
  const tables = (component.body === 'diagram' ? bodyFields.filter((f) => f.type === 'table' && f.fields) : []).map((field) => ({ field, ...records(field.fields, field.label) }));
  const rows = component.body === 'entries' && bodyFields.length ? records(bodyFields, component.label, block ? readEntries(block.body, bodyFields) : undefined) : null;
  const text = MARKDOWN.includes(component.body) ? control({ label: '里面的文字', key: 'body', type: 'multiline', help: block ? '' : '插入以后还可以接着写。' }, block?.body.join('\n')) : null;
  // Options that are set are seen.
  const isOpen = !!block?.options.length;
  return {
    element: h('div', {}, head?.element, text?.element, simple.map((c) => c.element), tables.map((c) => [h('h3', {}, c.field.label), c.element]), rows?.element,
      rest.length ? h('details', { class: 'options', open: isOpen }, h('summary', {}, '还可以填'), rest.map((c) => c.element)) : null),
    write() {
      const words = head?.value() ?? '';
      if (argument?.required && !words) throw new Error(`还没有填“${argument.label}”。`);
      for (const { field, value } of [...simple, ...tables]) if (field.required && !(value()?.length)) throw new Error(`还没有填“${field.label}”。`);
      const nameOf = (field) => block?.options.find(([name]) => isNamed(field, name))?.[0] ?? key(field);
      const chosen = rest.map((c) => [nameOf(c.field), c.value()]).filter(([, v]) => v !== null);
      let lines = null;
      if (rows) {
        const entries = rows.value();
        if (!entries.length) throw new Error('还没有填一项。');
        for (const field of bodyFields.filter((f) => f.required)) if (entries.some((e) => !e.some(([, , of]) => of === field))) throw new Error(`每一项都要填“${field.label}”。`);
        lines = entries.flatMap((pairs) => entryLines(pairs, ''));
      } else if (simple.length || tables.length) {
        lines = [...simple.map((c) => [key(c.field), c.value()]).filter(([, v]) => v !== null).map(([name, v]) => `${name}: ${yaml(v)}`),
          ...tables.flatMap((c) => { const entries = c.value(); return entries.length ? [`${key(c.field)}:`, ...entries.flatMap((pairs) => entryLines(pairs, '  '))] : []; })];
      } else if (text) {
        lines = (text.value() ?? (block ? '' : '▮')).split('\n');
      } else if (component.body === 'none') {
        lines = [];
      } else if (block) {
        lines = block.body;
      }
      return writeBlock(component, words, chosen, lines);
    },
  };
}

/** What can be inserted, in groups; kinds that this page does not know come last under their own names. */
function groupsOf(components) {
  const known = new Set();
  const groups = INSERTS.map(([title, list]) => [title, list.map(([name, label, about]) => {
    known.add(name);
    const component = components.find((c) => c.name === name);
    return component && { ...component, label, about };
  }).filter(Boolean)]);
  return [...groups, ['其他', components.filter((c) => !known.has(c.name))]].filter(([, list]) => list.length);
}

const isNamed = (field, name) => [field.key, field.write, field.label].includes(name);

/** Whether the form holds a value of an option as it is written. */
function holds(field, value) {
  if (field.type === 'bool') return ['是', '否'].includes(value);
  if (field.type === 'choice') return (field.choices || []).some((choice) => choice.value === value);
  return value !== '' && !/[,;；、]/.test(field.type === 'list' ? value : '');
}

/** The form of a block that is there; resolves to its new text. Null if the form cannot hold all of it. */
export function editComponent(components, block) {
  const component = components.find((one) => one.name === block.name);
  const fields = component?.fields || [];
  const options = fields.filter((field) => field.key !== '');
  const isWhole = component && component.body !== 'diagram' && (block.argument === '' || fields.some((field) => field.key === ''))
    && block.options.every(([name, value], n) => options.some((field) => isNamed(field, name) && holds(field, value)) && block.options.findIndex(([other]) => other === name) === n)
    && (component.body !== 'entries' || readEntries(block.body, component.body_fields || [])?.length) && (component.body !== 'none' || !block.body.length);
  if (!isWhole) return null;
  const named = INSERTS.flatMap(([, list]) => list).find(([name]) => name === component.name);
  const shown = form({ ...component, label: named?.[1] ?? component.label }, block);
  return openDialog({ title: `改${named?.[1] ?? component.label}`, body: shown.element, wide: true, actions: [{ label: '改好了', main: true, run: () => shown.write() }] }).closed;
}

export function pickComponent(components) {
  const list = h('div', { class: 'choices tall', tabindex: '-1' });
  const place = h('div', { class: 'component-form' });
  let shown = null;
  const show = (component, element) => {
    for (const other of list.querySelectorAll('button')) other.setAttribute('aria-pressed', String(other === element));
    shown = form(component);
    fill(place, h('h3', {}, component.label), h('p', { class: 'help' }, component.about), shown.element);
    dialog.setActions([{ label: '插入', main: true, run: () => shown.write() }]);
  };
  const choice = (component) => {
    const element = h('button', { type: 'button', class: 'choice', 'aria-pressed': 'false' }, h('span', { class: 'choice-title' }, component.label), h('span', { class: 'detail' }, component.about));
    element.addEventListener('click', () => show(component, element));
    return h('li', {}, element);
  };
  fill(list, groupsOf(components).map(([title, of]) => [h('h3', {}, title), h('ul', {}, of.map(choice))]));
  list.addEventListener('keydown', (event) => {
    const items = [...list.querySelectorAll('button')];
    const to = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!to) return;
    event.preventDefault();
    items[items.indexOf(event.target) + to]?.focus();
  });
  const dialog = openDialog({ title: '插入', body: h('div', { class: 'two' }, list, place), wide: true, start: list.querySelector('button') });
  fill(place, h('p', { class: 'help' }, '左边选一种，这里填内容。'));
  return dialog.closed;
}
