// What buttons and keys do, by name: changes of the text at once, or a dialog whose answer is put into the text.

import { heading, insertBlock, insertInline, linkAt, list, quotation, steps, wrap } from './markup.js';
import { tableAt, write } from './tables.js';
import { editTable } from './table-dialog.js';
import { pickLink } from './link-dialog.js';
import { editComponent, pickComponent } from './component-dialog.js';
import { blockAt, readSteps, writeSteps } from './blocks.js';
import { editSteps } from './steps-dialog.js';
import { addPicture } from './pictures.js';
import { toast } from './notice.js';

const inText = (run) => (editor) => run(editor.view);

/** A dialog took the focus; it goes back to the text in any case. */
async function asked(editor, question, then) {
  const answer = await question;
  if (answer !== undefined && answer !== null) then(answer);
  editor.focus();
}

const escaped = (text) => text.replace(/([\\\[\]])/g, '\\$1');
const plain = (text) => text.replace(/\\([\\\[\]])/g, '$1');

export const commands = {
  undo: (editor) => { editor.undo(); editor.focus(); },
  redo: (editor) => { editor.redo(); editor.focus(); },
  find: (editor) => editor.find(),
  strong: inText(wrap('**')),
  bullets: inText(list(false)),
  numbers: inText(list(true)),
  steps(editor, given) {
    const { view } = editor;
    const { state } = view;
    const now = blockAt(state.doc.toString(), state.selection.main.head);
    if (now?.name === 'steps') return commands.block(editor, given);
    // Lines that are there become steps.
    if (!state.selection.main.empty || state.doc.lineAt(state.selection.main.head).text.trim()) return steps(view);
    return asked(editor, editSteps(null), (list) => insertBlock(view, ['```{steps}', ...writeSteps(list), '```'].join('\n')));
  },
  quote: inText(quotation),
  heading: (editor, { value }) => heading(value)(editor.view),

  link(editor, { page }) {
    const { view } = editor;
    const now = linkAt(view.state);
    const { from, to } = view.state.selection.main;
    return asked(editor, pickLink({ from: page, text: view.state.sliceDoc(from, to).replace(/\s*\n\s*/g, ' '), now: now && { ...now, text: plain(now.text) } }), ({ text, target }) => {
      const link = /[\s()<>]/.test(target || '') ? `<${target}>` : target;
      const written = target === null ? text : `[${escaped(text)}](${link})`;
      insertInline(view, written, now ? now.from : from, now ? now.to : to);
    });
  },

  table(editor) {
    const { view } = editor;
    const now = tableAt(view.state.doc.toString(), view.state.selection.main.head);
    return asked(editor, editTable(now), (grid) => {
      if (now) view.dispatch({ changes: { from: now.from, to: now.to, insert: write(grid, now.indent) }, selection: { anchor: now.from }, userEvent: 'input.table' });
      else insertBlock(view, write(grid));
    });
  },

  /** Opens the form of the block that the cursor stands in. */
  block(editor, { site }) {
    const { view } = editor;
    const now = blockAt(view.state.doc.toString(), view.state.selection.main.head);
    if (!now) return undefined;
    const written = view.state.sliceDoc(now.from, now.to);
    const put = (text) => {
      // Others may have changed the text meanwhile.
      if (view.state.sliceDoc(now.from, now.to) !== written) { toast('这一块刚才变了，没有改。请再打开一次。'); return; }
      view.dispatch({ changes: { from: now.from, to: now.to, insert: text.replace('▮', '') }, selection: { anchor: now.from }, userEvent: 'input.block' });
    };
    const list = now.name === 'steps' && !now.options.length && !now.argument ? readSteps(now.body) : null;
    if (list) return asked(editor, editSteps(list), (steps) => put([written.split('\n')[0], ...writeSteps(steps), written.split('\n').pop()].join('\n')));
    const form = editComponent(site.components, now);
    if (!form) { toast('这一块的写法，表单里放不下，请直接改文字。'); return undefined; }
    return asked(editor, form, put);
  },

  insert: (editor, { site }) => asked(editor, pickComponent(site.components), (text) => insertBlock(editor.view, text)),

  picture: (editor, { page }) => asked(editor, addPicture(page), (answer) => commands.placePicture(editor, answer)),

  placePicture(editor, answer) {
    if (!answer) return;
    insertBlock(editor.view, answer.text);
    if (answer.note) toast(answer.note);
  },
};
