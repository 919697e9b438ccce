// What the toolbar does to the text, as commands of CodeMirror: strong, headings, lists, quotations, blocks. Pure but for the dispatch.

import { EditorSelection } from '@codemirror/state';

const HEADING = /^(#{1,6})[ \t]+/;
const ITEM = /^(\s*)(?:[-*+]|\d+[.)、])[ \t]+(?:\[[ xX]\][ \t]+)?/;
const QUOTE = /^>[ \t]?/;

/** The lines that the selection touches. */
function linesOf(state) {
  const { from, to } = state.selection.main;
  const lines = [];
  for (let line = state.doc.lineAt(from); ; line = state.doc.line(line.number + 1)) {
    lines.push(line);
    if (line.to >= to || line.number === state.doc.lines) return lines;
  }
}

/** Replaces the start of each line that matches `old` (or has nothing to replace) by what `start` gives for it. */
function restart(view, lines, old, start) {
  const changes = lines.map((line, index) => {
    const found = old.exec(line.text);
    return { from: line.from, to: line.from + (found ? found[0].length : 0), insert: start(index, line) };
  });
  view.dispatch({ changes, scrollIntoView: true, userEvent: 'input.format' });
  view.focus();
  return true;
}

/** Puts `mark` around the selection or takes it away; without a selection the cursor stands between the marks. */
export function wrap(mark) {
  return (view) => {
    if (view.state.readOnly) return false;
    const { state } = view;
    const { from, to } = state.selection.main;
    const size = mark.length;
    const before = state.sliceDoc(from - size, from) === mark && state.sliceDoc(to, to + size) === mark;
    const inside = state.sliceDoc(from, to);
    if (before) {
      view.dispatch({ changes: [{ from: from - size, to: from }, { from: to, to: to + size }], userEvent: 'input.format' });
    } else if (inside.length >= 2 * size && inside.startsWith(mark) && inside.endsWith(mark)) {
      view.dispatch({ changes: [{ from, to: from + size }, { from: to - size, to }], userEvent: 'input.format' });
    } else {
      // Marks that touch spaces are read as text.
      const lead = inside.length - inside.trimStart().length;
      const tail = inside.trim() ? inside.length - inside.trimEnd().length : 0;
      view.dispatch({
        changes: [{ from: from + (inside.trim() ? lead : 0), insert: mark }, { from: to - tail, insert: mark }],
        selection: EditorSelection.range(from + size + (inside.trim() ? lead : 0), to + size - tail),
        userEvent: 'input.format',
      });
    }
    view.focus();
    return true;
  };
}

/** Makes the lines headings of a level, or paragraphs (0, or if they are headings of that level already). */
export function heading(level) {
  return (view) => {
    if (view.state.readOnly) return false;
    const lines = linesOf(view.state).filter((line, _, all) => line.text.trim() || all.length === 1);
    const already = lines.every((line) => HEADING.exec(line.text)?.[1].length === level);
    const start = level === 0 || already ? '' : `${'#'.repeat(level)} `;
    return restart(view, lines, HEADING, () => start);
  };
}

/** The level of the heading under the cursor; 0 in a paragraph. */
export function headingAt(state) {
  return HEADING.exec(state.doc.lineAt(state.selection.main.head).text)?.[1].length || 0;
}

/** Whether the cursor stands in a line of a table. */
export function inTable(state) {
  return /^\s*\|.*\|/.test(state.doc.lineAt(state.selection.main.head).text);
}

/** Makes the lines items of a list, numbered or not, or takes the marks away. */
export function list(numbered) {
  return (view) => {
    if (view.state.readOnly) return false;
    const lines = linesOf(view.state).filter((line, _, all) => line.text.trim() || all.length === 1);
    const kind = numbered ? /^\s*\d+[.)][ \t]+/ : /^\s*[-*+][ \t]+/;
    if (lines.every((line) => kind.test(line.text))) return restart(view, lines, ITEM, (_, line) => ITEM.exec(line.text)?.[1] || '');
    return restart(view, lines, ITEM, (index, line) => `${ITEM.exec(line.text)?.[1] || ''}${numbered ? `${index + 1}. ` : '- '}`);
  };
}

/** Enter at the end of an item of a list inside a block, where the editor's Markdown sees no list: the next item, or the end of the list. */
export function nextItem(view) {
  const { state } = view;
  const { empty, head } = state.selection.main;
  const line = state.doc.lineAt(head);
  const found = /^(\s*)(?:([-*+])|(\d+)([.)]))[ \t]+/.exec(line.text);
  if (!empty || !found || head !== line.to || state.readOnly) return false;
  let fences = 0;
  for (let n = 1; n < line.number; n += 1) if (/^\s*`{3,}/.test(state.doc.line(n).text)) fences += 1;
  if (fences % 2 === 0) return false;
  if (found[0].length === line.text.length) {
    view.dispatch({ changes: { from: line.from, to: line.to }, userEvent: 'input' });
    return true;
  }
  const mark = found[2] ? `${found[1]}${found[2]} ` : `${found[1]}${Number(found[3]) + 1}${found[4]} `;
  view.dispatch({ changes: { from: head, insert: `\n${mark}` }, selection: { anchor: head + 1 + mark.length }, scrollIntoView: true, userEvent: 'input' });
  return true;
}

/** Makes the lines a quotation, or takes the marks away. */
export function quotation(view) {
  if (view.state.readOnly) return false;
  const lines = linesOf(view.state);
  const already = lines.every((line) => QUOTE.test(line.text));
  return restart(view, lines, already ? QUOTE : /^/, () => (already ? '' : '> '));
}

/** Makes the lines steps: a numbered list in a block of steps. */
export function steps(view) {
  if (view.state.readOnly) return false;
  const lines = linesOf(view.state);
  const texts = lines.map((line) => line.text.replace(ITEM, '').trim()).filter(Boolean);
  if (!texts.length) return insertBlock(view, '```{steps}\n1. **▮**：\n2. \n```');
  const body = texts.map((text, index) => `${index + 1}. ${text}`).join('\n');
  return insertBlock(view, `\`\`\`{steps}\n${body}▮\n\`\`\``, lines[0].from, lines[lines.length - 1].to);
}

/** Puts `text` in place of a range as blocks of their own, with an empty line before and behind; the cursor goes to `▮`. */
export function insertBlock(view, text, from, to) {
  const { state } = view;
  if (state.readOnly) return false;
  if (from === undefined) {
    const { head } = state.selection.main;
    const line = state.doc.lineAt(head);
    // An empty line is replaced; else the block follows the line.
    from = line.text.trim() === '' ? line.from : line.to;
    to = line.to;
  }
  const above = state.sliceDoc(0, from);
  const below = state.sliceDoc(to);
  const gap = above === '' ? '' : above.endsWith('\n\n') ? '' : above.endsWith('\n') ? '\n' : '\n\n';
  const after = below === '' ? '\n' : below.startsWith('\n\n') ? '' : '\n'.repeat(below.startsWith('\n') ? 1 : 2);
  const mark = text.indexOf('▮');
  const plain = text.replace('▮', '');
  view.dispatch({
    changes: { from, to, insert: gap + plain + after },
    selection: { anchor: from + gap.length + (mark < 0 ? plain.length : mark) },
    scrollIntoView: true,
    userEvent: 'input.insert',
  });
  view.focus();
  return true;
}

/** Puts `text` in place of the selection, within the line. */
export function insertInline(view, text, from = view.state.selection.main.from, to = view.state.selection.main.to) {
  if (view.state.readOnly) return false;
  view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length }, scrollIntoView: true, userEvent: 'input.insert' });
  view.focus();
  return true;
}

/** The link `[text](target)` that the cursor stands in: `{ from, to, text, target }`, or null. */
export function linkAt(state) {
  const { head } = state.selection.main;
  const line = state.doc.lineAt(head);
  for (const found of line.text.matchAll(/(?<!!)\[((?:[^\[\]\\]|\\.)*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)/g)) {
    const from = line.from + found.index;
    const to = from + found[0].length;
    if (head >= from && head <= to) return { from, to, text: found[1], target: found[2] };
  }
  return null;
}
