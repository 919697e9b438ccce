// Findings as underlines in the editor. They are computed for a text that may have changed since, so their places follow the
// changes; and they wait while an input method composes, which any change of the page there could break off.

import { ChangeSet } from '@codemirror/state';
import { setDiagnostics, linter } from '@codemirror/lint';

/** Underlines come by `Underlines.show` alone. */
export const diagnosticsOf = linter(null, { tooltipFilter: (list) => list });

const LEVEL = { error: 'error', warning: 'warning', note: 'info' };

export class Underlines {
  constructor(view) {
    this.view = view;
    this.waiting = null;
    this.tries = 0;
    this.open = new Set();
  }

  /** Another text: nothing that was computed before has a place in it. */
  forget() {
    this.waiting = null;
    this.open.clear();
  }

  /** Begins to record the changes from the present text on; give the record to `show`. */
  record() {
    const record = { changes: ChangeSet.empty(this.view().state.doc.length) };
    this.open.add(record);
    return record;
  }

  end(record) {
    this.open.delete(record);
  }

  follow(update) {
    if (!update.docChanged) return;
    for (const record of this.open) record.changes = record.changes.compose(update.changes);
    if (this.waiting) this.waiting.record.changes = this.waiting.record.changes.compose(update.changes);
  }

  /** Shows findings, given with the record that was begun when their text was sent. `fix` is called with a finding. */
  show(record, list, fix) {
    this.open.delete(record);
    this.waiting = { record, list, fix };
    this.whenQuiet();
  }

  whenQuiet() {
    // Never from an event of the composition: its last word is then in the page, but not yet in the editor's text, and would be lost.
    clearTimeout(this.timer);
    if (!this.waiting) return;
    const view = this.view();
    if (view.composing || view.compositionStarted) {
      this.timer = setTimeout(() => this.whenQuiet(), 120);
      return;
    }
    const { record, list, fix } = this.waiting;
    this.waiting = null;
    const length = view.state.doc.length;
    const place = (n, side) => Math.min(length, record.changes.mapPos(Math.max(0, Math.min(n, record.changes.length)), side));
    const shown = list.map((d) => {
      const from = place(d.from, 1);
      // A place without a length would be a dot: its line is underlined.
      const to = Math.max(from, place(d.to, -1));
      return {
        from,
        to: to > from ? to : view.state.doc.lineAt(from).to,
        severity: LEVEL[d.severity] || 'info',
        message: d.hint ? `${d.message}\n${d.hint}` : d.message,
        actions: d.fix ? [{ name: '改正', apply: () => fix(d) }] : [],
      };
    });
    view.dispatch(setDiagnostics(view.state, shown));
  }
}
