// Starts the desk and joins its parts: the list of pages, the open page, the preview, the dialogs. All that happens between them is here.

import { get, post, takeToken } from './api.js';
import { fill, h } from './dom.js';
import { createEditor } from './editor.js';
import { Session } from './session.js';
import { PageList } from './list.js';
import { Preview } from './preview.js';
import { FrontMatterForm } from './form.js';
import { Findings, showOther } from './findings.js';
import { Toolbar } from './toolbar.js';
import { frame, showKeys, regions } from './frame.js';
import { bar, complain, copyAll, toast, unbar, unbarPage } from './notice.js';
import { confirm, openDialog } from './dialog.js';
import { commands } from './commands.js';
import { blockAt } from './blocks.js';
import { headingAt, inTable } from './markup.js';
import { markdownOf } from './paste.js';
import { addPicture, picturesIn } from './pictures.js';
import { deletePage, movePage, nameFilesBy, newPage, renamePage, restoreDeleted } from './pages-dialogs.js';
import { showHistory } from './history-dialog.js';
import { solveConflict } from './conflict-dialog.js';
import { handOver } from './hand-over.js';
import { sayNoToken, startForm } from './start.js';
import { when } from './words.js';

/** The file of the site's settings, which is edited as it is written. */
const SETTINGS = 'site.yaml';

const root = document.getElementById('desk');
let site;
let parts;
let session;
let editor;
let list;
let preview;
let form;
let findings;
let toolbar;
let version = 0;
let otherFindings = [];

start();

async function start() {
  try {
    if (!(await takeToken())) return sayNoToken(root);
    site = await get('/api/site');
  } catch (error) {
    if (error.code === 'token' || error.status === 403) return sayNoToken(root);
    fill(root, h('main', { class: 'alone' }, h('h1', {}, '打不开'), h('p', {}, error.message), h('p', {}, error.hint)));
    return;
  }
  if (site.empty) {
    const main = h('main', { class: 'alone' });
    fill(root, main);
    startForm(main, site.root_name, () => start());
    return;
  }
  await open();
}

async function open() {
  document.title = `编辑：${site.title || site.root_name}`;
  parts = frame(root, site, { save, newPage: create, handOver: hand, deleted: undelete, rename, move, remove, history: versions, source: toggleSource, keys: showKeys, settings: () => go(SETTINGS), other: seeOther });
  toolbar = new Toolbar(parts.toolbar, (name, value) => act(name, value));
  editor = createEditor({
    parent: parts.editor, keys: [], onchange: () => { session.changed(); }, onselect: (state) => toolbar.show(headingAt(state), inTable(state), !!blockAt(state.doc.toString(), state.selection.main.head)), onblock: () => act('block'), paste: pasted, drop: dropped,
  });
  session = new Session(editor, {
    opened, recovered, held, leftHere: (path) => !!list.unsaved?.has(path), refused, fields: (page) => showFields(page), status: showStatus, drafted, saved, error: complain,
    conflict: (texts) => conflict(texts).catch(complain), fieldRefused: (key, error) => form.refuse(key, error), flush: () => form.flush(),
    reachable: (yes, error) => (yes ? unbar('lost') : lost(error)),
  });
  list = new PageList(parts.list, (path, offset) => openListed(path, offset));
  list.names = { [SETTINGS]: '网站设置' };
  nameFilesBy((path) => list.title(path));
  list.language = site.languages[0]?.code;
  list.languages = new Map(site.languages.map((l) => [l.code, l.label]));
  preview = new Preview(parts.preview, site.preview);
  form = new FrontMatterForm(parts.form, { change: (key, value) => session.setFields([{ key, value }]).then(() => form.update(session.page)), fix: (d) => mend(d), terms: site.terms || {}, toSource });
  findings = new Findings(parts.findings, { goTo: (d) => goToFinding(d), fix: (d) => mend(d) });
  list.set({ sections: site.sections });
  setOpen(false);
  if (site.notice) {
    const { text, undo } = site.notice;
    bar('notice', text, [...(undo ? [{ label: '撤销', run: async () => {
      await post('/api/undo', { undo }).then(() => toast('已经撤销。')).catch(complain);
      await refresh();
    } }] : []), { label: '知道了', run: () => {} }]);
  }
  listen();
  await refresh();
  if (!list.pages.length) {
    // Without settings that can be read there is no site.
    await go(SETTINGS);
    bar('settings', '网站设置写错了，所以现在看不到页面。改好下面标出的地方，保存以后页面就回来。', [], 'wrong');
    follow();
    return;
  }
  const wanted = sessionStorage.getItem('puzhi-desk-page');
  const first = list.pages.find((p) => p.path === wanted) || list.pages[0];
  if (first) await go(first.path);
  follow();
}

/** Whether a key goes to something that is typed in, or to a dialog. */
function writing(event) {
  return !!event.composedPath()[0].closest?.('input, select, textarea, dialog, [contenteditable="true"]');
}

/** Commands of the toolbar and of keys. */
function act(name, value) {
  if (!session.page || session.readOnly) return;
  session.stay();
  const run = commands[name];
  Promise.resolve(run(editor, { page: session.path, site, value })).catch(complain);
}

function listen() {
  document.addEventListener('keydown', (event) => {
    const control = event.ctrlKey || event.metaKey;
    if (control && !event.altKey && !event.shiftKey && event.code === 'KeyS') {
      event.preventDefault();
      save();
    } else if (control && !event.altKey && /^Key[ZY]$/.test(event.code) && !writing(event)) {
      // Also from a button or the list: what was done last is what one wants back.
      event.preventDefault();
      act(event.code === 'KeyY' || event.shiftKey ? 'redo' : 'undo');
    } else if (event.key === 'F6' && !control && !document.querySelector('dialog[open]')) {
      event.preventDefault();
      regions(event.shiftKey ? -1 : 1, editor);
    }
  }, true);
  parts.editor.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const control = event.ctrlKey || event.metaKey;
    if (!control) return;
    const name = { KeyB: 'strong', KeyK: 'link' }[event.code];
    let run = null;
    if (!event.altKey && !event.shiftKey && name) run = () => act(name);
    if (event.shiftKey && !event.altKey) {
      const of = { Digit7: 'numbers', Digit8: 'bullets', Digit9: 'quote' }[event.code];
      if (of) run = () => act(of);
    }
    if (event.altKey && /^Digit[0234]$/.test(event.code)) run = () => act('heading', Number(event.code.slice(5)));
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  }, true);
  parts.editor.addEventListener('compositionend', () => {
    if (!session.saveAfterComposing) return;
    session.saveAfterComposing = false;
    const again = () => (editor.view.composing ? setTimeout(again, 30) : save());
    setTimeout(again, 0);
  });
  window.addEventListener('beforeunload', (event) => {
    // What the program has is safe; only what it does not have yet is worth a question.
    const { page } = session;
    if (page) form.flush();
    if (page && !session.readOnly && (session.fieldChanges || page.kept !== session.text())) { event.preventDefault(); event.returnValue = ''; }
  });
  // The page is free for others at once.
  window.addEventListener('pagehide', () => { post('/api/open', { path: null }, { keepalive: true }).catch(() => {}); });
  document.addEventListener('desk-undone', async (event) => {
    const { path, to } = event.detail;
    if (session.path === to && to !== path) session.movedTo(path);
    if (session.page) await go(session.path, undefined, true);
    await refresh();
    if (session.path === path) list.select(path);
    else if (list.pages.some((p) => p.path === path)) await go(path);
  });
}

async function refresh() {
  try {
    const [answer, found] = await Promise.all([get('/api/pages'), get('/api/findings').catch(() => null)]);
    list.set({ pages: answer.pages });
    // What changes after this list was made is asked for.
    if (version === 0) version = answer.version;
    const pages = new Set(answer.pages.map((p) => p.path));
    const files = (found?.by_page || []).filter((one) => !pages.has(one.path) && one.errors + one.warnings > 0).map((one) => ({ ...one, title: list.title(one.path) }));
    otherFindings = [...files, ...(found?.other || [])];
    parts.showOther(files.reduce((sum, one) => sum + one.errors + one.warnings, 0) + (found?.other || []).length);
  } catch (error) {
    complain(error);
  }
}

/** Opens a page. The one that was open keeps its unsaved text at the program. */
async function go(path, offset, again = false) {
  if (!path) return;
  try {
    // The last click counts.
    session.stay();
    if (path !== session.path || again) {
      if (!(await session.open(path))) return;
    }
    if (offset !== undefined) goToOffset(offset);
    parts.setPane('text');
  } catch (error) {
    if (error.code === 'no-page') { await refresh(); toast('这一页已经不在了。'); } else complain(error);
  }
}

/** A page of the list, at the place of a hit if it stands in the text; a hit in the title is the page itself. */
async function openListed(path, offset) {
  await go(path);
  if (offset !== undefined && session.path === path && offset >= session.page.head.length) goToOffset(offset);
}

async function seeOther() {
  const chosen = await showOther(otherFindings);
  if (chosen?.path) await go(chosen.path);
}

function setOpen(yes, isPage = yes) {
  parts.setOpen(yes, isPage);
  toolbar.lock(!isPage || session.readOnly);
}

function opened(page) {
  unbarPage();
  sessionStorage.setItem('puzhi-desk-page', page.path);
  list.select(page.path);
  const isPage = page.kind !== null && page.kind !== undefined;
  setOpen(true, isPage);
  findings.open();
  form.open(site.kinds.find((k) => k.name === page.kind), page);
  form.hide(!isPage);
  parts.source.setAttribute('aria-pressed', 'false');
  parts.showTitle(titleOf(page), page);
  look(page);
  showFindings(page);
  showStatus();
  if (page.readOnly) held(page);
}

function held(page) {
  const { by, since } = page.readOnly;
  toolbar.lock(true);
  form.open(form.kind, page);
  showStatus();
  bar('other', `${by} 正在改这一页（从 ${when(since)} 起），现在只能看。对方关掉以后就能改。`, [{ label: '再看看', run: () => go(page.path, undefined, true) }], 'warn');
}

/** The page may be written in again. */
function unlock() {
  setOpen(true, session.page.kind !== null);
  form.open(form.kind, session.page);
}

/** The program does not take the text; it stands in the editor alone. */
function refused(page, error) {
  bar('refused', `刚写的文字没有暂存：${[error.message, error.hint].filter(Boolean).join(' ')}`, [copyAll(() => session.text(), () => refused(page, error)), { label: '放弃这些字', run: async () => {
    if (!(await confirm('放弃没有暂存的字？', '这一页会变回保存过的样子。', '放弃', true))) { refused(page, error); return; }
    if (session.page !== page) return;
    if (!(await session.setText(page.saved))) { refused(page, error); return; }
    session.soon.cancel();
    page.kept = page.saved;
    await go(page.path, undefined, true);
  } }], 'wrong');
}

function recovered(unsaved) {
  const { page } = session;
  toolbar.lock(true);
  const shown = bar('recovered', `上次有没保存的文字，${when(unsaved.at)} 暂存的。先选一个，再接着写。`, [
    { label: '继续编辑', run: async () => {
      if (session.page !== page) return;
      await session.resume(unsaved).catch(complain);
      if (session.page !== page) return;
      if (page.locked) { recovered(unsaved); return; }
      unlock();
      editor.focus();
    } },
    { label: '放弃', run: async () => {
      session.stay();
      if (!(await confirm('放弃没保存的文字？', '放弃以后，这一页是上次保存的样子。', '放弃', true))) { recovered(unsaved); return; }
      if (session.page !== page) return;
      await session.discard().catch(complain);
      await go(page.path, undefined, true);
    } },
  ], 'warn');
  // Nothing can be written before this is decided.
  if (document.activeElement === document.body) shown.querySelector('button').focus();
}

function showFields(page) {
  parts.source.setAttribute('aria-pressed', String(page.source));
  form.hide(page.source);
  if (!page.source && page.fields) form.update(page);
}

function drafted(page, answer) {
  look(page);
  if (!page.source && answer.fields) form.update(page);
  parts.showTitle(titleOf(page), page);
  showFindings(page);
}

function look(page) {
  preview.show(page.url ?? null, page.kind === null ? '这个文件没有自己的网页。' : '改好错误以后，这里才看得到。');
}

function titleOf(page) {
  const title = page.fields?.find((f) => f.key === 'title')?.value;
  return typeof title === 'string' && title ? title : list.title(page.path);
}

function showFindings(page) {
  const all = page.diagnostics || [];
  const headLines = page.head.split('\n').length - 1;
  // Lines are those that the person sees; what stands in the form is named by its field.
  const placeOf = (d) => (!page.source && page.diagnosed > 0 && d.to <= page.diagnosed ? form.labelOf(d) : `第 ${Math.max(1, d.line - headLines)} 行`);
  findings.show(all.filter((d) => d.path === page.path || !d.path).map((d) => ({ ...d, place: placeOf(d), fix: session.readOnly ? null : d.fix })));
  form.show(page.source ? [] : all.filter((d) => d.path === page.path && d.to <= page.diagnosed && page.diagnosed > 0));
}

function showStatus() {
  const { page } = session;
  if (!page) return parts.say('');
  if (page.readOnly) return parts.say('只能看，不能改', 'plain');
  if (page.locked) return parts.say('有没保存的文字，等您选', 'dirty');
  if (session.saving) return parts.say('正在保存……', 'plain');
  if (session.dirty) {
    parts.say(page.unreachable ? '有未保存的修改，连不上程序' : page.kept === session.text() ? '有未保存的修改，已暂存' : '有未保存的修改', 'dirty');
    list.unsaved = new Set([...(list.unsaved || []), page.path]);
  } else {
    parts.say(page.savedAt ? `已保存 ${when(page.savedAt.toISOString())}` : '没有未保存的修改', 'clean');
    if (list.unsaved?.delete(page.path)) list.draw();
  }
  return undefined;
}


function lost(error) {
  const restarted = error.code === 'token';
  bar('lost', restarted ? '程序重新打开过。请从程序新开的窗口里写；这里的文字先复制走。' : '连不上程序，它可能被关掉了。文字还在这里，先别关这个窗口。', [copyAll(() => session.text(), () => lost(error))], 'wrong');
}

async function save() {
  if (!session.page) return;
  await session.save();
}

/** What other files say about the site: titles of sections, kinds, languages. */
async function reload() {
  const before = site.languages.length;
  Object.assign(site, await get('/api/site'));
  // Everything was missing, and is there now.
  if (!before && site.languages.length) { location.reload(); return; }
  list.set({ sections: site.sections });
}

function saved(page, notice) {
  if (notice) toast(notice);
  if (!page.path.endsWith('.md') || page.path.endsWith('_index.md')) reload().catch(complain);
  list.saved(page.path);
  unbar('refused');
  if (session.page === page) showFindings(page);
  showStatus();
  refresh();
  unbar('changed');
}

async function conflict(texts) {
  const { page } = session;
  if (!texts.theirs) { await gone(page); return; }
  // What was typed since belongs to what is compared.
  if (session.text() !== texts.mine) { await save(); return; }
  session.stay();
  const answer = await solveConflict(texts);
  if (session.page !== page) return;
  if (!answer || !(await session.setText(answer.text, { theirs: texts.theirs, expected: texts.mine }))) {
    bar('changed', '这个文件在别处改过，您的文字还没有保存。', [{ label: '比一比', run: () => save() }], 'warn');
    return;
  }
  if (answer.text === texts.theirs.text) {
    await session.discard().catch(complain);
    showStatus();
    toast('用了文件里的文字。您写的在暂存里已经放下，按 Ctrl+Z 可以回来。');
  } else {
    await session.save();
  }
  editor.focus();
}

/** The file is no longer there: others deleted it or gave it another name. */
async function gone(page) {
  session.stay();
  const answer = await openDialog({
    title: '这个文件不在了', cancel: '先不保存',
    body: [h('p', {}, '您写的时候，这个文件在别处被删掉了，或者改了名。您的文字还在这里。'), h('p', {}, '可以存回原来的地方；要是它只是改了名，先看看左边的列表里有没有。')],
    actions: [{ label: '存回原处', main: true, run: () => 'back' }, { label: '复制全部文字', run: async () => { await copyAll(() => session.text(), () => {}).run(); return false; } }],
  }).closed;
  if (answer !== 'back' || session.page !== page) { bar('changed', '这个文件不在了，您的文字还没有保存。', [{ label: '再选一次', run: () => gone(page) }], 'warn'); return; }
  page.hash = null;
  page.saved = '';
  await session.save();
  editor.focus();
}

function mend(diagnostic) {
  if (diagnostic.path && diagnostic.path !== session.path) return;
  session.fix(diagnostic).then(() => form.update(session.page)).catch(complain);
}

function goToFinding(d) {
  const { page } = session;
  if (!page.source && d.to <= page.diagnosed && page.diagnosed > 0) form.goTo(d);
  else goToOffset(d.from, d.to);
}

/** A place of the whole text. */
function goToOffset(from, to = from) {
  const head = session.page.head.length;
  if (from < head) form.goTo({ from, to });
  else editor.goTo(from - head, Math.max(from, to) - head);
}

function pasted(event) {
  if (!session.page || session.readOnly) return false;
  const html = event.clipboardData?.getData('text/html');
  const pictures = picturesIn(event.clipboardData);
  if (pictures.length && !event.clipboardData.getData('text/plain')) {
    event.preventDefault();
    takePictures(pictures);
    return true;
  }
  const markdown = html ? markdownOf(html) : null;
  if (html && /<(img|v:imagedata)\b/i.test(html)) toast('图片没有贴进来，请用“图片”按钮放。');
  if (!markdown) return false;
  event.preventDefault();
  const { view } = editor;
  view.dispatch(view.state.replaceSelection(markdown), { userEvent: 'input.paste', scrollIntoView: true });
  return true;
}

function dropped(event) {
  const pictures = picturesIn(event.dataTransfer);
  if (!pictures.length || !session.page || session.readOnly) return false;
  event.preventDefault();
  const at = editor.view.posAtCoords({ x: event.clientX, y: event.clientY });
  if (at !== null) editor.view.dispatch({ selection: { anchor: at } });
  takePictures(pictures);
  return true;
}

async function takePictures(files) {
  session.stay();
  for (const file of files) await commands.placePicture(editor, await addPicture(session.path, file));
}

async function toggleSource() {
  if (!session.page) return;
  await session.setSource(!session.page.source).catch(complain);
  showFindings(session.page);
}

/** A place of the information, as it is written. */
async function toSource(from, to) {
  await toggleSource();
  if (session.page.source) editor.goTo(from, to);
}

async function create() {
  const path = await newPage(site, list.pages.find((p) => p.path === session.path)?.section).catch(complain);
  if (!path) return;
  await refresh();
  await go(path);
  if (session.path !== path) return;
  const start = /〔[^〕]*〕/.exec(editor.text());
  // What stands there only to be replaced is selected, so that typing replaces it.
  if (start) editor.goTo(start.index, start.index + start[0].length);
  else editor.goTo(editor.text().length);
}

/** Unsaved text first goes to disk: what a plan changes builds on it. */
async function savedFirst() {
  session.stay();
  await session.settle();
  if (!session.dirty) return true;
  return (await confirm('先保存？', '这一页有未保存的修改，要先保存才能接着做。', '保存')) && session.save();
}

/** Opens what a plan made of the page at `path`; what is typed until it is there goes with it. */
async function after(path, done) {
  if (!done) return;
  if (session.path === path && done.to !== path) session.movedTo(done.to);
  await go(done.to, undefined, true);
  await refresh();
  list.select(session.path);
}

async function rename() {
  if (!(await savedFirst())) return;
  const { path } = session;
  await renamePage(path, titleOf(session.page)).then((done) => after(path, done)).catch(complain);
}

async function move() {
  if (!(await savedFirst())) return;
  const { path } = session;
  const now = list.pages.find((p) => p.path === path)?.section;
  await movePage(path, titleOf(session.page), site, now).then((done) => after(path, done)).catch(complain);
}

async function remove() {
  if (!(await savedFirst())) return;
  const { path } = session;
  const state = session.page.state;
  const done = await deletePage(path, titleOf(session.page), state === 'public' || state === 'expired').catch(complain);
  if (!done) return;
  if (session.path === path) {
    if (!done.withdraw) session.close();
    await go(done.withdraw ? path : list.pages.find((p) => p.path !== path)?.path, undefined, true);
  }
  await refresh();
}

async function undelete() {
  session.stay();
  await restoreDeleted().then((done) => after(done?.to, done)).catch(complain);
}

async function versions() {
  session.stay();
  await session.settle();
  const { path } = session;
  const chosen = await showHistory(path, titleOf(session.page)).catch(complain);
  if (!chosen || session.path !== path || !(await savedFirst()) || session.path !== path) return;
  try {
    const before = session.page.saved;
    await post('/api/restore', { path, id: chosen.id });
    await go(path, undefined, true);
    toast(`恢复到了 ${when(chosen.at)} 的版本。`, { label: '撤销', run: async () => {
      await go(path);
      if (session.path !== path || session.readOnly) return;
      if (session.dirty || !(await session.setText(before))) toast('恢复以后又写了字，没有撤销。要回到恢复以前，用“以前的版本”。');
      else await save();
    } });
  } catch (error) {
    complain(error);
  }
}

async function hand() {
  if (session.page && !(await savedFirst())) return;
  await handOver({ nameOf: (path) => list.title(path), goTo: async (d) => {
    await go(d.path);
    if (session.path !== d.path) return;
    // Findings of a build have lines; places are counted in the text of the page.
    const lines = session.text().split('\n');
    goToOffset(lines.slice(0, d.line - 1).reduce((sum, line) => sum + line.length + 1, 0));
  } });
}

/** Follows what others change: files on disk, other desks, the list. */
async function follow() {
  for (;;) {
    try {
      const news = await get('/api/changes', { since: version });
      version = news.version;
      if (!session.page?.unreachable) unbar('lost');
      // No list means that any file may have changed.
      if (news.changed === null || news.changed.length) await changedOutside(news.changed);
      await new Promise((done) => setTimeout(done, 250));
    } catch (error) {
      if (error.code === 'token') { lost(error); return; }
      if (error.status === 0) lost(error);
      await new Promise((done) => setTimeout(done, 3000));
    }
  }
}

async function changedOutside(paths) {
  await refresh();
  const { page } = session;
  if (!page || (paths && !paths.includes(page.path)) || session.saving) return;
  const { hash } = page;
  const again = () => { setTimeout(() => changedOutside(paths).catch(complain), 500); };
  const answer = await get('/api/page', { path: page.path }).catch(() => null);
  if (!answer || session.page !== page || answer.hash === page.hash) return;
  // Saved since, perhaps after the program had read the file; or a dialog has places of the present text.
  if (session.saving || page.hash !== hash || editor.view.composing || document.querySelector('dialog[open]')) again();
  else if (session.dirty) bar('changed', '这个文件刚才在别处改过。您的文字没有动，保存时会让您比一比。', [{ label: '现在就比', run: () => save() }], 'warn');
  else if (await session.setText(answer.text, { mine: false, theirs: { hash: answer.hash, text: answer.text } })) toast('这个文件刚才在别处改过，已经换成新的。');
  else if (session.page === page) again();
}

