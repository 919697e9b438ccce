// A table as a grid of fields: rows and columns come and go, cells copied from a spreadsheet are filled in. In and out: a grid.

import { button, fill, h } from './dom.js';
import { openDialog } from './dialog.js';
import { fromClipboard } from './tables.js';

const MOST_ROWS = 200;
const MOST_COLUMNS = 12;
const ALIGNS = [['', '照常'], ['left', '靠左'], ['center', '居中'], ['right', '靠右']];

/** Resolves to the grid, or to `undefined`. */
export function editTable(grid) {
  let { rows, aligns } = grid || { rows: [['', '', ''], ['', '', ''], ['', '', '']], aligns: ['', '', ''] };
  const box = h('div', { class: 'grid-scroll', tabindex: '-1' });
  const said = h('p', { role: 'alert' });

  const focus = (r, c) => box.querySelector(`[data-cell="${r}:${c}"]`)?.focus();
  const addRow = (at) => {
    if (rows.length >= MOST_ROWS) return;
    rows.splice(at, 0, rows[0].map(() => ''));
    draw();
    focus(at, 0);
  };
  const addColumn = () => {
    if (rows[0].length >= MOST_COLUMNS) return;
    rows = rows.map((row) => [...row, '']);
    aligns.push('');
    draw();
    focus(0, rows[0].length - 1);
  };
  const removeRow = (r) => { rows.splice(r, 1); draw(); focus(Math.min(r, rows.length - 1), 0); };
  const removeColumn = (c) => {
    rows = rows.map((row) => row.filter((_, i) => i !== c));
    aligns.splice(c, 1);
    draw();
    focus(0, Math.min(c, rows[0].length - 1));
  };
  /** Cells of a spreadsheet, from one cell on; the grid grows with them. */
  const put = (cells, r, c) => {
    const wide = c + Math.max(...cells.map((row) => row.length));
    const width = Math.max(rows[0].length, Math.min(MOST_COLUMNS, wide));
    const height = Math.max(rows.length, Math.min(MOST_ROWS, r + cells.length));
    const lost = [r + cells.length > height ? `${r + cells.length - height} 行` : '', wide > width ? `${wide - width} 列` : ''].filter(Boolean).join('、');
    fill(said, lost ? `太大了，有 ${lost}没有放进来。大的表请做成数据文件，用“插入”里的“数据表”。` : '');
    rows = Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => cells[i - r]?.[j - c] ?? rows[i]?.[j] ?? ''));
    aligns = Array.from({ length: width }, (_, i) => aligns[i] || '');
    draw();
    focus(r, c);
  };

  const cell = (r, c) => h('input', {
    type: 'text', value: rows[r][c], 'data-cell': `${r}:${c}`, autocomplete: 'off', 'aria-label': r === 0 ? `第 ${c + 1} 列的列名` : `第 ${r} 行，${rows[0][c] || `第 ${c + 1} 列`}`,
    oninput: (event) => { rows[r][c] = event.target.value; },
    onkeydown: (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === 'Enter' && !event.ctrlKey) { event.preventDefault(); if (r + 1 < rows.length) focus(r + 1, c); else addRow(rows.length); }
      if (event.key === 'ArrowDown' && r + 1 < rows.length) { event.preventDefault(); focus(r + 1, c); }
      if (event.key === 'ArrowUp' && r > 0) { event.preventDefault(); focus(r - 1, c); }
    },
    onpaste: (event) => {
      const cells = fromClipboard(event.clipboardData.getData('text/plain'));
      if (cells) { event.preventDefault(); put(cells, r, c); }
    },
  });
  const draw = () => fill(box, h('table', { class: 'grid' },
    h('thead', {},
      h('tr', {}, rows[0].map((_, c) => h('th', { scope: 'col' }, cell(0, c))), h('td', {}, h('span', { class: 'help' }, '列名'))),
      h('tr', { class: 'tools' }, rows[0].map((_, c) => h('td', {},
        h('select', { 'aria-label': `第 ${c + 1} 列对齐`, onchange: (event) => { aligns[c] = event.target.value; } }, ALIGNS.map(([value, words]) => h('option', { value, selected: (aligns[c] || '') === value }, words))),
        rows[0].length > 1 ? button('删这列', () => removeColumn(c), { class: 'quiet small', 'aria-label': `删这列：第 ${c + 1} 列` }) : null)), h('td', {}))),
    h('tbody', {}, rows.slice(1).map((row, i) => h('tr', {}, row.map((_, c) => h('td', {}, cell(i + 1, c))),
      h('td', {}, rows.length > 2 ? button('删这行', () => removeRow(i + 1), { class: 'quiet small', 'aria-label': `删这行：第 ${i + 1} 行` }) : null))))));
  draw();

  const body = [
    h('p', { class: 'help' }, '第一行是列名。回车到下一行，最后一行回车加一行。可以从 WPS 表格或 Excel 里复制一块，粘到格子里。'),
    box, said,
    h('p', { class: 'row' }, button('加一行', () => addRow(rows.length)), button('加一列', addColumn)),
  ];
  const dialog = openDialog({
    title: grid ? '改表格' : '插入表格', body, wide: true,
    actions: [{ label: grid ? '改好了' : '插入', main: true, run: () => {
      if (rows.every((row) => row.every((text) => !text.trim()))) throw new Error('表格还是空的。');
      // The grid shows a row to go on in; an empty one at the end is none.
      let used = rows.length;
      while (used > 2 && rows[used - 1].every((text) => !text.trim())) used -= 1;
      return { rows: rows.slice(0, used), aligns };
    } }],
    start: box.querySelector('input'),
  });
  return dialog.closed;
}
