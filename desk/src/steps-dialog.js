// Steps as a form: what is done and, if wanted, how. In and out: a list of steps. Knows no text.

import { button, fill, h } from './dom.js';
import { openDialog } from './dialog.js';

/** Resolves to the steps, or to `undefined`. */
export function editSteps(given) {
  let steps = given?.length ? given.map((step) => ({ ...step })) : [0, 1, 2].map(() => ({ what: '', how: '', strong: false }));
  const box = h('div', { class: 'grid-scroll', tabindex: '-1' });
  const focus = (n, name) => box.querySelector(`[data-cell="${n}:${name}"]`)?.focus();
  const add = (at) => {
    steps.splice(at, 0, { what: '', how: '', strong: steps.some((step) => step.strong) });
    draw();
    focus(at, 'what');
  };
  const cell = (step, n, name, label) => h('input', {
    type: 'text', value: step[name], 'data-cell': `${n}:${name}`, autocomplete: 'off', 'aria-label': `第 ${n + 1} 步，${label}`,
    oninput: (event) => { step[name] = event.target.value; },
    onkeydown: (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === 'Enter' && !event.ctrlKey) { event.preventDefault(); if (n + 1 < steps.length) focus(n + 1, name); else add(steps.length); }
      if (event.key === 'ArrowDown' && n + 1 < steps.length) { event.preventDefault(); focus(n + 1, name); }
      if (event.key === 'ArrowUp' && n > 0) { event.preventDefault(); focus(n - 1, name); }
    },
  });
  const draw = () => fill(box, h('table', { class: 'grid' },
    h('thead', {}, h('tr', {}, ['第几步', '做什么', '怎么做（可以不写）'].map((words) => h('th', { scope: 'col' }, words)), h('td', {}))),
    h('tbody', {}, steps.map((step, n) => h('tr', {}, h('th', { scope: 'row' }, String(n + 1)), h('td', {}, cell(step, n, 'what', '做什么')), h('td', {}, cell(step, n, 'how', '怎么做')),
      h('td', {}, n > 0 ? button('上移', () => { steps.splice(n - 1, 0, ...steps.splice(n, 1)); draw(); focus(n - 1, 'what'); }, { class: 'quiet small', 'aria-label': `上移：第 ${n + 1} 步` }) : null,
        steps.length > 1 ? button('删这步', () => { steps.splice(n, 1); draw(); focus(Math.min(n, steps.length - 1), 'what'); }, { class: 'quiet small', 'aria-label': `删这步：第 ${n + 1} 步` }) : null))))));
  draw();
  return openDialog({
    title: given ? '改办事步骤' : '办事步骤', wide: true, start: box.querySelector('input'),
    body: [h('p', { class: 'help' }, '一步写一行，序号自己会排。回车到下一步，最后一步回车加一步。空的行不要。'), box, h('p', { class: 'row' }, button('加一步', () => add(steps.length)))],
    actions: [{ label: given ? '改好了' : '插入', main: true, run: () => {
      const one = (words) => words.replace(/\s*\n\s*/g, ' ').trim();
      const written = steps.map(({ what, how, strong, sign }) => ({ what: one(what), how: one(how), strong, sign })).filter(({ what, how }) => what || how);
      if (!written.length) throw new Error('一步也没有写。');
      const bare = written.findIndex(({ what }) => !what);
      if (bare >= 0) throw new Error(`“${written[bare].how}”的前面，还没有写“做什么”。`);
      if (written.some(({ what, how }) => how && what.includes('*'))) throw new Error('“做什么”里不能有星号 *。');
      return written;
    } }],
  }).closed;
}
