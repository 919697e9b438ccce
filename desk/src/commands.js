// What buttons and keys do, by name: changes of the text at once, or a dialog whose answer is put into the text.

import { heading, insertBlock, insertInline, linkAt, list, quotation, steps, wrap } from './markup.js';
import { tableAt, write } from './tables.js';
import { editTable } from './table-dialog.js';
import { pickLink } from './link-dialog.js';
import { pickComponent } from './component-dialog.js';
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
  steps: inText(steps),
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

  insert: (editor, { site }) => asked(editor, pickComponent(site.components), (text) => insertBlock(editor.view, text)),

  picture: (editor, { page }) => asked(editor, addPicture(page), (answer) => commands.placePicture(editor, answer)),

  placePicture(editor, answer) {
    if (!answer) return;
    insertBlock(editor.view, answer.text);
    if (answer.note) toast(answer.note);
  },
};
