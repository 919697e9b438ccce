// Tables of Markdown as grids: found under the cursor, read, written. Pure: texts in, texts out.

const DIVIDER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** The cells of a row, without the marks of escaping. */
export function cells(line) {
  const found = [];
  let cell = '';
  const text = line.trim().replace(/^\|/, '');
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (c === '\\' && text[i + 1] === '|') { cell += '|'; i += 1; continue; }
    if (c === '|') { found.push(cell.trim()); cell = ''; continue; }
    cell += c;
  }
  if (cell.trim() !== '' || !text.endsWith('|')) found.push(cell.trim());
  return found;
}

const alignOf = (mark) => (mark.startsWith(':') && mark.endsWith(':') && mark.length > 1 ? 'center' : mark.endsWith(':') ? 'right' : mark.startsWith(':') ? 'left' : '');

/** The table that holds `position`: `{ from, to, indent, aligns, rows }` with the header as first row, or null. */
export function tableAt(text, position) {
  const lines = text.split('\n');
  let start = 0;
  let at = 0;
  while (at < lines.length - 1 && start + lines[at].length < position) {
    start += lines[at].length + 1;
    at += 1;
  }
  const isRow = (line) => line !== undefined && line.includes('|') && line.trim() !== '';
  if (!isRow(lines[at])) return null;
  let first = at;
  while (first > 0 && isRow(lines[first - 1])) first -= 1;
  let last = at;
  while (isRow(lines[last + 1])) last += 1;
  if (last - first < 1) return null;
  if (!DIVIDER.test(lines[first + 1])) return null;
  const offset = (n) => lines.slice(0, n).reduce((sum, line) => sum + line.length + 1, 0);
  // A table in a list stands behind the mark of its item, or as deep as its words.
  const [lead] = /^\s*(?:(?:[-*+]|\d+[.)])\s+(?=\|))?/.exec(lines[first]);
  const header = cells(lines[first].slice(lead.length));
  const aligns = cells(lines[first + 1]).map(alignOf);
  const width = header.length;
  const fit = (row) => Array.from({ length: Math.max(width, row.length) }, (_, i) => row[i] || '');
  const rows = [header, ...lines.slice(first + 2, last + 1).map(cells)].map(fit);
  const widest = Math.max(...rows.map((row) => row.length));
  return {
    from: offset(first) + lead.length,
    indent: /^\s*/.exec(lines[first + 1])[0],
    to: offset(last) + lines[last].length,
    aligns: Array.from({ length: widest }, (_, i) => aligns[i] || ''),
    rows: rows.map((row) => Array.from({ length: widest }, (_, i) => row[i] || '')),
  };
}

const DIVIDERS = { '': '---', left: ':--', center: ':-:', right: '--:' };

/** The Markdown of a grid. */
export function write({ rows, aligns }, indent = '') {
  const clean = (cell) => cell.replace(/\s*\n\s*/g, ' ').trim().replace(/\|/g, '\\|');
  const line = (row) => `| ${row.map(clean).join(' | ')} |`;
  return [line(rows[0]), `| ${rows[0].map((_, i) => DIVIDERS[aligns[i] || '']).join(' | ')} |`, ...rows.slice(1).map(line)].join(`\n${indent}`);
}

/** Rows of cells copied from a spreadsheet, or null if the text is none. */
export function fromClipboard(text) {
  const plain = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  if (!plain.includes('\t')) return null;
  // A cell with a line break or a quotation mark stands in quotation marks, which are doubled inside.
  const rows = [[]];
  for (const [, quoted, bare, end] of `${plain}\n`.matchAll(/(?:"((?:[^"]|"")*)"(?=[\t\n])|([^\t\n]*))([\t\n])/g)) {
    rows[rows.length - 1].push((quoted === undefined ? bare : quoted.replace(/""/g, '"')).replace(/\s*\n\s*/g, ' ').trim());
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
