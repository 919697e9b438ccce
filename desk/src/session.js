// The page that is open: its text in two parts (the information at its top, and the body in the editor), what is unsaved, what is
// saved, and the order of requests. It knows no element but the editor; it tells `on.*` what to show.

import { get, post } from './api.js';
import { later } from './dom.js';
import { HINTS } from './words.js';

/** Where the information at the top of a file ends: behind its closing line and one empty line. */
function endOfHead(text, frontMatter) {
  if (!frontMatter) return 0;
  // The place given is that of the lines between the two `---`.
  const close = text.indexOf('---', frontMatter.to);
  if (close < 0) return text.length;
  const line = text.indexOf('\n', close);
  if (line < 0) return text.length;
  return text[line + 1] === '\n' ? line + 2 : line + 1;
}

export class Session {
  constructor(editor, on) {
    this.editor = editor;
    this.on = on;
    this.page = null;
    this.queue = Promise.resolve();
    this.fieldChanges = 0;
    this.soon = later(() => this.sendDraft(), 2);
    this.retry = later(() => this.sendDraft(), 2000);
  }

  get path() { return this.page?.path; }
  get dirty() { return !!this.page && this.text() !== this.page.saved; }
  get readOnly() { return !!this.page?.readOnly || !!this.page?.locked; }

  /** The text of the file. */
  text() {
    return this.page.head + this.editor.text();
  }

  /** Opens a page; the text of the one that was open has been sent before. */
  async open(path) {
    const turn = {};
    this.opening = turn;
    await this.saving;
    await this.leave();
    if (this.opening !== turn) return false;
    const before = this.page && this.text();
    const answer = await get('/api/page', { path });
    const recovered = answer.recovered && answer.recovered.text !== answer.text ? answer.recovered : null;
    // Left unsaved in this window: one goes on where one was.
    const ahead = recovered && this.on.leftHere(path) ? await this.partsOf(path, recovered.text, answer.kind) : null;
    // What was typed while that was asked.
    await this.saving;
    await this.leave();
    if (this.opening !== turn) return false;
    // The answer is older than what was typed into this same page.
    if (this.path === path && this.text() !== before) return this.open(path);
    this.take(path, answer, recovered, ahead);
    const { page } = this;
    this.on.opened(page);
    if (page.locked) this.on.recovered(recovered);
    else if (ahead) this.changed();
    // Another desk may have opened it a moment ago.
    post('/api/open', { path }).then(({ read_only: held }) => {
      // What was typed meanwhile is refused as a draft, which says so.
      if (!held || page.readOnly || this.page !== page || page.kept !== this.text()) return;
      page.readOnly = held;
      this.editor.setReadOnly(true);
      this.on.held(page);
    }).catch(() => {});
    return true;
  }

  /** Stops where the text of the open page is nowhere but in the editor. */
  async leave() {
    const { page } = this;
    if (page && !(await this.settle())) throw page.refused || new Error('这一页刚写的文字还没有暂存，先别换页。');
  }

  /** Nothing that waits for its page to come takes the place of the one that is open. */
  stay() {
    this.opening = null;
  }

  /** The file is called otherwise now; what is typed until it is opened anew goes with it. */
  movedTo(path) {
    this.page.path = path;
    if (this.dirty) this.page.kept = null;
  }

  /** Shows what the program answered of a file; `recovered` is its unsaved text, and `ahead` are the parts of that if it is to be shown. */
  take(path, answer, recovered, ahead) {
    this.soon.cancel();
    const text = ahead ? recovered.text : answer.text;
    const end = ahead ? ahead.end : endOfHead(text, answer.front_matter);
    this.page = {
      path, kind: answer.kind, language: answer.language, hash: ahead ? recovered.base_hash ?? null : answer.hash, saved: answer.text, head: text.slice(0, end),
      fields: ahead ? ahead.fields : answer.fields, url: answer.url, state: answer.state, reason: answer.state_reason, readOnly: answer.read_only,
      sequence: 0, kept: answer.text, source: false, flight: null, alone: null, waiting: false, savedAt: null, unreachable: false, refused: null,
      // Unsaved text of before waits for a decision: whatever were typed now would take its place.
      locked: !!recovered && !ahead,
    };
    this.editor.open(text.slice(end), this.readOnly, /\.(md|markdown)$/.test(path));
    // Findings belong to the unsaved text, if there is one, and so do their places.
    this.showDiagnostics(recovered ? [] : answer.diagnostics, this.editor.underlines.record(), end);
  }

  /** Goes on with unsaved text of before; `base` is the file that it builds on, so that what others changed since is merged. */
  async resume({ text, base_hash: base }) {
    const { page } = this;
    if (!(await this.setText(text))) return;
    page.locked = false;
    page.hash = base ?? null;
    this.editor.setReadOnly(!!page.readOnly);
    this.changed();
  }

  /** Nothing is open any more, as after the page was removed. */
  close() {
    this.page = null;
    this.soon.cancel();
    this.editor.open('', true);
  }

  /** Whole file in the editor, or the information in the form above it. */
  async setSource(yes) {
    const { page } = this;
    if (!page || page.source === yes) return;
    this.on.flush();
    while (this.fieldChanges) await this.queue;
    if (this.page !== page || page.source === yes) return;
    if (yes) {
      page.source = true;
      this.editor.setStart(0, page.head);
      page.head = '';
    } else {
      const text = this.text();
      const { end, fields } = await this.partsOf(page.path, text, page.kind);
      // Asked twice, it is done once.
      if (this.page !== page || page.source === yes) return;
      if (this.text() !== text) return this.setSource(yes);
      page.source = false;
      page.head = text.slice(0, end);
      page.fields = fields;
      this.editor.setStart(end, '');
    }
    this.editor.setLabel(page.source ? '整个文件的源文' : '正文');
    this.on.fields(page);
    this.changed();
  }

  /** The person, or a dialog for the person, changed the text. */
  changed() {
    if (!this.page || this.page.readOnly || this.page.locked) return;
    this.on.status();
    this.soon();
  }

  /** Sends the present text, one request at a time; what changed meanwhile is sent afterwards. Resolves to whether it arrived. */
  sendDraft() {
    const { page } = this;
    if (!page || page.readOnly || page.locked) return Promise.resolve(false);
    if (page.flight) {
      page.waiting = true;
      return page.flight;
    }
    page.waiting = false;
    this.retry.cancel();
    page.flight = Promise.resolve(page.alone).then(() => this.page === page && this.sendNow(page)).finally(() => {
      page.flight = null;
      if (this.page !== page) return;
      this.on.status();
      if (page.waiting) this.soon();
    });
    return page.flight;
  }

  async sendNow(page) {
    const text = this.text();
    const head = page.head.length;
    const record = this.editor.underlines.record();
    page.sequence += 1;
    try {
      const answer = await post('/api/draft', { path: page.path, text, base_hash: page.hash, sequence: page.sequence });
      page.kept = text;
      page.refused = null;
      if (page.unreachable) { page.unreachable = false; this.on.reachable(true); }
      if (this.page === page) this.drafted(answer, text, record, head);
      return true;
    } catch (error) {
      this.editor.underlines.end(record);
      if (error.status === 0 || error.code === 'token') {
        page.unreachable = true;
        this.on.reachable(false, error);
        if (error.code !== 'token') this.retry();
      } else {
        page.refused = error;
        this.on.refused(page, error);
      }
      return false;
    }
  }

  drafted(answer, text, record, head) {
    const { page } = this;
    Object.assign(page, { url: answer.url, state: answer.state, reason: answer.state_reason ?? page.reason });
    if (!page.source && page.head.length === head) page.fields = answer.fields;
    this.showDiagnostics(answer.diagnostics, record, head);
    this.on.drafted(page, answer);
  }

  /** Findings of a text whose head had `head` characters. */
  showDiagnostics(list, record, head) {
    list = list.map((d) => (HINTS[d.code] ? { ...d, hint: HINTS[d.code] } : d));
    const own = list.filter((d) => d.path === this.page.path);
    this.page.diagnostics = list;
    this.page.diagnosed = head;
    const below = own.filter((d) => d.to > head || (d.to === head && d.from === head && head === 0)).map((d) => ({ ...d, from: Math.max(0, d.from - head), to: d.to - head, original: d, fix: this.readOnly ? null : d.fix }));
    this.editor.underlines.show(record, below, (d) => this.fix(d.original || d));
  }

  /** Makes the edits of a finding's fix. The text may have changed since: the program is asked anew where they stand now. */
  async fix(diagnostic) {
    const { page } = this;
    if (this.readOnly) return;
    await this.settle();
    if (this.page !== page) return;
    const now = (page.diagnostics || []).filter((d) => d.code === diagnostic.code && d.message === diagnostic.message && d.fix)
      .sort((a, b) => Math.abs(a.from - diagnostic.from) - Math.abs(b.from - diagnostic.from))[0];
    if (!now) return;
    this.edit(now.fix.edits);
  }

  /** Edits at offsets of the whole text. */
  edit(edits) {
    const { page } = this;
    const head = page.head.length;
    const inHead = edits.filter((e) => e.to <= head && head > 0).sort((a, b) => b.from - a.from);
    const inBody = edits.filter((e) => !inHead.includes(e)).map((e) => ({ from: Math.max(0, e.from - head), to: e.to - head, insert: e.insert }));
    for (const { from, to, insert } of inHead) page.head = page.head.slice(0, from) + insert + page.head.slice(to);
    if (inBody.length) this.editor.view.dispatch({ changes: inBody, userEvent: 'input.fix' });
    this.changed();
  }

  /** Changes keys at the top of the file; `changes` are `{ key, value }`. One after the other. */
  setFields(changes) {
    const { page } = this;
    this.fieldChanges += 1;
    this.queue = this.queue.then(async () => {
      if (this.page !== page || page.readOnly || page.locked) return;
      const answer = await post('/api/front-matter', { path: page.path, text: page.head, changes });
      if (this.page !== page || page.source) return;
      page.head = answer.text;
      page.fields = answer.fields;
      this.changed();
    }).catch((error) => this.page === page && this.on.fieldRefused(changes[0].key, error)).finally(() => { this.fieldChanges -= 1; });
    return this.queue;
  }

  /** Where the head of a text ends, and its fields; nothing is hidden of a file that is no page. */
  async partsOf(path, text, kind) {
    if (kind === null || kind === undefined) return { end: 0, fields: [] };
    const answer = await post('/api/front-matter', { path, text, changes: [] });
    return { end: endOfHead(text, answer.front_matter), fields: answer.fields };
  }

  /**
   * Puts a whole text in place of the present one, a step that can be undone if it is the person's (`mine`). `theirs` is the file on
   * which it builds, if that is another now. Resolves to whether it did: not if something was written since it was called, or since
   * the text was `expected`.
   */
  async setText(text, { mine = true, theirs = null, expected } = {}) {
    const { page } = this;
    const before = expected ?? this.text();
    this.on.flush();
    await this.queue;
    const parts = page.source ? { end: 0 } : await this.partsOf(page.path, text, page.kind);
    this.on.flush();
    if (this.page !== page || this.fieldChanges || this.text() !== before || this.editor.view.composing) return false;
    // The whole file may be shown by now, or no longer.
    if (page.source !== (parts.fields === undefined)) return this.setText(text, { mine, theirs, expected: before });
    if (theirs) Object.assign(page, { hash: theirs.hash, saved: theirs.text, kept: page.kept === before ? theirs.text : page.kept });
    page.head = text.slice(0, parts.end);
    if (parts.fields) page.fields = parts.fields;
    this.editor.replace(text.slice(parts.end), mine);
    if (!page.source && page.kind) this.on.fields(page);
    this.changed();
    return true;
  }

  /** Waits until the present text is at the program; resolves to whether it is. */
  async settle() {
    const { page } = this;
    if (!page) return true;
    for (let n = 0; n < 50 && this.page === page && !page.readOnly && !page.locked; n += 1) {
      this.on.flush();
      if (this.fieldChanges) await this.queue;
      else if (page.flight) await page.flight;
      else if (page.kept === this.text()) return true;
      else {
        this.soon.cancel();
        if (!(await this.sendDraft())) return this.page !== page;
      }
    }
    return this.page !== page || page.readOnly || page.locked;
  }

  /** Saves; resolves to whether the text is on disk. */
  async save() {
    const { page } = this;
    if (!page || page.readOnly || page.locked) return false;
    if (this.editor.view.composing) {
      // What is being composed is not yet a word: it is saved as soon as it is.
      this.saveAfterComposing = true;
      return false;
    }
    if (this.saving) { this.saveAgain = true; return this.saving; }
    this.saving = this.saveNow(page).finally(() => { this.saving = null; this.on.status(); });
    this.on.status();
    const done = await this.saving;
    if (this.saveAgain) { this.saveAgain = false; return this.dirty ? this.save() : done; }
    return done;
  }

  async saveNow(page, again = false) {
    await this.settle();
    // The editor may show another page by now; its text is not this page's.
    if (this.page !== page) return false;
    const text = this.text();
    if (text === page.saved && page.hash) { page.savedAt = page.savedAt || new Date(); return true; }
    const record = this.editor.underlines.record();
    const head = page.head.length;
    try {
      // Saving ends the unsaved text: what is typed meanwhile is sent afterwards.
      const stored = post('/api/save', { path: page.path, text, base_hash: page.hash });
      page.alone = stored.catch(() => {});
      const answer = await stored;
      Object.assign(page, { hash: answer.hash, saved: text, kept: text, savedAt: new Date() });
      if (this.page === page) this.showDiagnostics(answer.diagnostics, record, head);
      this.on.saved(page, answer.notice);
      return true;
    } catch (error) {
      this.editor.underlines.end(record);
      if (error.code === 'changed-on-disk' && error.body.theirs === undefined && !again) return this.saveNow(page, true);
      if (error.code === 'changed-on-disk' && error.body.theirs !== undefined && this.page === page) {
        this.on.conflict({ mine: text, theirs: error.body.theirs, merged: error.body.merged });
      } else {
        this.on.error(error);
      }
      return false;
    }
  }

  /** Gives up the unsaved text. What is typed meanwhile is sent afterwards. */
  async discard() {
    const { page } = this;
    this.soon.cancel();
    if (page.flight) await page.flight;
    const dropped = post('/api/discard', { path: page.path });
    page.alone = dropped.catch(() => {});
    await dropped;
    page.kept = page.saved;
    if (this.page === page && this.dirty) this.changed();
  }
}
