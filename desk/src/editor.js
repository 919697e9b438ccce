// The editor: CodeMirror with Markdown, in a shadow root, so that its styles are adopted style sheets and the page needs no
// `unsafe-inline`. In: a text. Out: `onchange` after each change. It knows offsets of its own text, no file and no request.

import { EditorState, Compartment, Annotation, Transaction } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, WidgetType, keymap, drawSelection, highlightActiveLine, highlightSpecialChars, placeholder, dropCursor } from '@codemirror/view';
import { defaultKeymap, history, historyKeymap, undo, redo } from '@codemirror/commands';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { markdown, markdownLanguage, insertNewlineContinueMarkup, deleteMarkupBackward } from '@codemirror/lang-markdown';
import { lintKeymap } from '@codemirror/lint';
import { search, searchKeymap, openSearchPanel } from '@codemirror/search';
import { tags } from '@lezer/highlight';
import { nextItem } from './markup.js';
import { PHRASES, theme } from './editor-look.js';
import { diagnosticsOf, Underlines } from './underlines.js';

/** Marks changes that come from the program, not from the person. */
const FROM_PROGRAM = Annotation.define();

const highlight = HighlightStyle.define([
  { tag: tags.heading1, class: 'md-h1' },
  { tag: [tags.heading2, tags.heading3, tags.heading4, tags.heading5, tags.heading6], class: 'md-h' },
  { tag: tags.strong, class: 'md-strong' },
  { tag: tags.emphasis, class: 'md-em' },
  { tag: tags.strikethrough, class: 'md-strike' },
  { tag: [tags.link], class: 'md-link' },
  { tag: [tags.url], class: 'md-url' },
  { tag: [tags.monospace], class: 'md-code' },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.labelName], class: 'md-mark' },
  { tag: tags.quote, class: 'md-quote' },
  { tag: tags.list, class: 'md-list' },
]);

/** A button behind the first line of a block, which opens its form. Its words are drawn by the style, so that they are no part of the text. */
class OpenForm extends WidgetType {
  constructor(open) {
    super();
    this.open = open;
  }

  eq() {
    return true;
  }

  toDOM(view) {
    const element = document.createElement('button');
    Object.assign(element, { type: 'button', className: 'cm-open-form', tabIndex: -1, title: '用表单改这一块' });
    element.setAttribute('aria-label', '用表单改这一块');
    element.addEventListener('mousedown', (event) => event.preventDefault());
    element.addEventListener('click', () => this.open(view.posAtDOM(element)));
    return element;
  }

  ignoreEvent() {
    return true;
  }
}

/** Such a button for each block that is in sight. */
function formButtons(open) {
  const build = (view) => {
    const places = [];
    for (const { from, to } of view.visibleRanges) {
      for (let line = view.state.doc.lineAt(from); ; line = view.state.doc.line(line.number + 1)) {
        if (/^`{3,}\{[^\s{}]+\}/.test(line.text)) places.push(Decoration.widget({ widget: new OpenForm(open), side: 1 }).range(line.to));
        if (line.to >= to || line.number === view.state.doc.lines) break;
      }
    }
    return Decoration.set(places, true);
  };
  return ViewPlugin.fromClass(class {
    constructor(view) { this.buttons = build(view); }

    // An input method is never disturbed: what comes and goes waits for it.
    update(update) {
      if (update.view.composing || update.view.compositionStarted) this.buttons = this.buttons.map(update.changes);
      else if (update.docChanged || update.viewportChanged || update.transactions.length) this.buttons = build(update.view);
    }
  }, { decorations: (plugin) => plugin.buttons });
}

/** Creates the editor below `parent`. `keys` are bindings as CodeMirror takes them; `paste` and `drop` may take an event. */
export function createEditor({ parent, keys, onchange, onselect, onblock, paste, drop }) {
  const host = document.createElement('div');
  host.className = 'editor-host';
  parent.append(host);
  const shadow = host.attachShadow({ mode: 'open' });
  const readOnly = new Compartment();
  const label = new Compartment();
  const language = new Compartment();
  const asMarkdown = [markdown({ base: markdownLanguage, addKeymap: false, completeHTMLTags: false, pasteURLAsLink: true }), syntaxHighlighting(highlight)];
  let view;
  const underlines = new Underlines(() => view);

  const extensions = [
    keymap.of(keys),
    history({ newGroupDelay: 600 }),
    drawSelection(),
    dropCursor(),
    highlightSpecialChars(),
    highlightActiveLine(),
    EditorView.lineWrapping,
    EditorState.phrases.of(PHRASES),
    EditorState.allowMultipleSelections.of(false),
    language.of(asMarkdown),
    search({ top: true }),
    placeholder('在这里写正文。'),
    formButtons((at) => { view.dispatch({ selection: { anchor: at } }); onblock(); }),
    keymap.of([
      { key: 'Enter', run: nextItem },
      { key: 'Enter', run: insertNewlineContinueMarkup },
      { key: 'Backspace', run: deleteMarkupBackward },
      ...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap,
    ]),
    theme,
    diagnosticsOf,
    readOnly.of([]),
    label.of(EditorView.contentAttributes.of({ 'aria-label': '正文', tabindex: '0' })),
    EditorView.domEventHandlers({
      paste: (event) => paste(event),
      drop: (event) => drop(event),
    }),
    EditorView.updateListener.of((update) => {
      underlines.follow(update);
      if (update.docChanged && !update.transactions.some((t) => t.annotation(FROM_PROGRAM))) onchange(update);
      if (update.selectionSet || update.docChanged) onselect(update.state);
    }),
  ];
  const stateOf = (doc) => EditorState.create({ doc, extensions });
  view = new EditorView({ state: stateOf(''), parent: shadow, root: shadow });

  // When findings open below, the line that is written in stays in sight; never in the middle of a composition.
  let height = 0;
  if ('ResizeObserver' in window) {
    new ResizeObserver(() => {
      const now = host.clientHeight;
      if (now < height && view.hasFocus && !view.compositionStarted) view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head, { y: 'nearest', yMargin: 24 }) });
      height = now;
    }).observe(host);
  }

  return {
    view,
    underlines,
    host,
    text: () => view.state.doc.toString(),
    /** Another page: its history of changes begins anew. */
    open(text, fixed, isMarkdown = true) {
      underlines.forget();
      view.setState(stateOf(text));
      if (!isMarkdown) view.dispatch({ effects: language.reconfigure([]) });
      this.setReadOnly(fixed);
      view.scrollDOM.scrollTop = 0;
      onselect(view.state);
    },
    /** The same page with another text: as one change that can be undone if it is `mine`. Only what differs is changed, so the cursor stays. */
    replace(text, mine = false) {
      const old = view.state.doc.toString();
      if (old === text) return;
      let from = 0;
      const most = Math.min(old.length, text.length);
      while (from < most && old.charCodeAt(from) === text.charCodeAt(from)) from += 1;
      let end = 0;
      while (end < most - from && old.charCodeAt(old.length - 1 - end) === text.charCodeAt(text.length - 1 - end)) end += 1;
      view.dispatch({ changes: { from, to: old.length - end, insert: text.slice(from, text.length - end) }, annotations: mine ? [] : [FROM_PROGRAM.of(true), Transaction.addToHistory.of(false)] });
    },
    /** Puts the front matter before the text, or takes it away, without a step in the history. */
    setStart(length, insert) {
      view.dispatch({ changes: { from: 0, to: length, insert }, annotations: [FROM_PROGRAM.of(true), Transaction.addToHistory.of(false)] });
    },
    setReadOnly(yes) {
      view.dispatch({ effects: readOnly.reconfigure(yes ? [EditorState.readOnly.of(true)] : []) });
    },
    setLabel(words) {
      view.dispatch({ effects: label.reconfigure(EditorView.contentAttributes.of({ 'aria-label': words, tabindex: '0' })) });
    },
    /** Selects a place and brings it into sight. */
    goTo(from, to = from) {
      const length = view.state.doc.length;
      const at = (n) => Math.max(0, Math.min(n, length));
      view.dispatch({ selection: { anchor: at(from), head: at(to) }, effects: EditorView.scrollIntoView(at(from), { y: 'center' }) });
      view.focus();
    },
    focus: () => view.focus(),
    undo: () => undo(view),
    redo: () => redo(view),
    find: () => openSearchPanel(view),
  };
}
