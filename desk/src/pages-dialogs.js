// New page, rename, move, delete, restore: the question, what will change in words and by file, and the way back.

import { get, post } from './api.js';
import { add, fill, h, labelled } from './dom.js';
import { openDialog } from './dialog.js';
import { difference, legend } from './difference.js';
import { toast, complain } from './notice.js';
import { when } from './words.js';

const ACTIONS = { change: '改动', create: '新建', remove: '删去', move: '移动' };

/** The sections of the site's first language. */
function ownSections(site) {
  const first = site.languages[0]?.code;
  return site.sections.filter((s) => !s.language || s.language === first);
}

/** Asks what to create; resolves to the path of the new page. */
export function newPage(site, section) {
  const kinds = site.kinds.filter((k) => k.can_be_new !== false);
  const kind = h('select', {}, kinds.map((k) => h('option', { value: k.name }, k.label)));
  const about = h('p', { class: 'help' });
  const title = h('input', { type: 'text', autocomplete: 'off' });
  const place = h('select', {});
  const sections = ownSections(site);
  const places = () => {
    const now = kinds.find((k) => k.name === kind.value);
    // Where one is, if pages of this kind stand there; else the kind's own section.
    const kept = sections.find((s) => s.path === section && s.kind === kind.value) || sections.find((s) => s.path === now?.folder) || sections.find((s) => s.kind === kind.value) || sections.find((s) => s.path === section);
    fill(about, now?.about || '');
    fill(place, sections.map((s) => h('option', { value: s.path, selected: s === kept }, s.title)));
  };
  const current = sections.find((s) => s.path === section);
  if (current && kinds.some((k) => k.name === current.kind)) kind.value = current.kind;
  places();
  kind.addEventListener('change', places);
  return openDialog({
    title: '新建页面',
    body: [labelled('标题', title, { required: true }), labelled('写什么', kind), about, labelled('放在哪个栏目', place), h('p', { class: 'help' }, '新页面先是草稿，不会公开。写好以后在“页面信息”里去掉“草稿”。')],
    start: title,
    actions: [{ label: '新建', main: true, run: async () => {
      if (!title.value.trim()) { title.focus(); throw new Error('还没有写标题。'); }
      return (await post('/api/new', { kind: kind.value, title: title.value.trim(), section: place.value })).path;
    } }],
  }).closed;
}

let nameOf = (path) => path;

/** How files are called in plans: pages by their titles. */
export function nameFilesBy(names) {
  nameOf = names;
}

/** Shows what a plan changes; resolves to whether it was carried out. */
async function carryOut(title, request, label, done) {
  const plan = await post('/api/plan', request);
  const files = plan.files.map((file) => h('details', {}, h('summary', {}, h('span', { class: 'tag plain' }, ACTIONS[file.action] || file.action), ' ', file.title || nameOf(file.path)), h('p', { class: 'help' }, file.path), file.diff?.length ? difference(file.diff) : null));
  const answer = await openDialog({
    title, wide: plan.files.length > 0,
    body: [h('ul', { class: 'plan' }, plan.summary.map((line) => h('li', {}, line))), files.length ? h('h3', {}, `会动到 ${files.length} 个文件`) : null, files.length ? legend() : null, files],
    actions: [{ label, main: request.action !== 'delete', danger: request.action === 'delete', run: async () => ({ undo: (await post('/api/do', { plan: plan.plan })).undo, to: plan.to ?? plan.path }) }],
  }).closed;
  if (!answer) return null;
  const offer = (words) => toast(words, { label: '撤销', run: async () => {
    try {
      await post('/api/undo', { undo: answer.undo });
      toast('已经撤销。');
      document.dispatchEvent(new CustomEvent('desk-undone', { detail: { path: request.path, to: answer.to } }));
    } catch (error) {
      // What stands in the way, such as unsaved text, can be put right.
      if (error.status === 409) offer([error.message, error.hint].filter(Boolean).join(' '));
      else complain(error);
    }
  } });
  offer(`${done}。`);
  return answer;
}

/** A new name for the page's address; resolves to `{ to }`. */
export async function renamePage(path, title) {
  const file = path.split('/').pop().replace(/(\.[a-z]{2})?\.md$/, '');
  const tail = path.slice(path.lastIndexOf('/') + 1 + file.length);
  // A page in a folder of its own has the folder's name.
  const name = file.toLowerCase() === 'index' ? path.split('/').slice(-2)[0] : file;
  const input = h('input', { type: 'text', value: name, autocomplete: 'off', spellcheck: 'false' });
  const to = await openDialog({
    title: `改“${title}”的网址名`, start: input,
    body: [labelled('网址的最后一段', input, { help: '用小写字母、数字和短横线，也可以用汉字。页面的标题在“页面信息”里改，不用改这里。' }), h('p', { class: 'help' }, '别的页面里的链接会一起改好，旧网址会自动转到新网址。')],
    actions: [{ label: '看看会改什么', main: true, run: () => {
      const word = input.value.trim();
      if (!word) throw new Error('还没有写。');
      if (/[\\/:*?"<>|#%\s]/.test(word)) throw new Error('不能有空格和 / \\ : * ? " < > | # %。');
      if (word === name) throw new Error('和现在的一样。');
      return word;
    } }],
  }).closed;
  if (!to) return null;
  const target = `${path.slice(0, path.lastIndexOf('/') + 1)}${to}${tail}`;
  const done = await carryOut(`改成“${to}”会改这些`, { action: 'rename', path, to: target }, '就这样改', '网址名改好了');
  return done && { to: done.to ?? target };
}

/** Another section for the page; resolves to `{ to }`. */
export async function movePage(path, title, site, now) {
  const select = h('select', {}, ownSections(site).filter((s) => s.path !== now).map((s) => h('option', { value: s.path }, s.title)));
  const section = await openDialog({
    title: `把“${title}”移到`, body: [labelled('哪个栏目', select), h('p', { class: 'help' }, '别的页面里的链接会一起改好，旧网址会自动转到新网址。')],
    actions: [{ label: '看看会改什么', main: true, run: () => ({ section: select.value }) }],
  }).closed;
  if (!section) return null;
  const target = ['content', section.section, path.split('/').pop()].filter(Boolean).join('/');
  const done = await carryOut('移动会改这些', { action: 'move', path, to: target }, '就这样移', '页面移好了');
  return done && { to: done.to ?? target };
}

/** Takes the page away; its address may stay and say why. Resolves to a value if it was done. */
export async function deletePage(path, title, published) {
  const withdraw = h('input', { type: 'radio', name: 'how', value: 'withdraw', id: 'how-withdraw', checked: published });
  const remove = h('input', { type: 'radio', name: 'how', value: 'delete', id: 'how-delete', checked: !published });
  const reason = h('input', { type: 'text', autocomplete: 'off' });
  const reasonField = labelled('为什么撤', reason, { help: '会写在网页上，例如“内容有误，改后再发”。' });
  const shown = () => { reasonField.hidden = !withdraw.checked; };
  for (const one of [withdraw, remove]) one.addEventListener('change', shown);
  shown();
  const request = await openDialog({
    title: `删除“${title}”`,
    body: [h('fieldset', { class: 'plain' }, h('legend', {}, '怎么删'),
      h('p', {}, withdraw, h('label', { for: 'how-withdraw' }, '撤稿：网址留着，写明撤了')), h('p', {}, remove, h('label', { for: 'how-delete' }, '整页删掉：文字还能找回来'))), reasonField],
    actions: [{ label: '看看会改什么', main: true, run: () => {
      if (withdraw.checked && !reason.value.trim()) { reason.focus(); throw new Error('还没有写为什么撤。'); }
      return { action: 'delete', path, withdraw: withdraw.checked, reason: reason.value.trim() || undefined };
    } }],
    start: published ? withdraw : remove,
  }).closed;
  if (!request) return null;
  const done = await carryOut(request.withdraw ? '撤稿会改这些' : '删除会改这些', request, request.withdraw ? '撤稿' : '删掉', request.withdraw ? '已经撤稿' : '已经删掉');
  return done && { withdraw: request.withdraw };
}

/** Pages that were deleted; resolves to the path of the one brought back. */
export async function restoreDeleted() {
  const list = await get('/api/deleted');
  const box = h('ul', { class: 'versions deleted' });
  const dialog = openDialog({ title: '已删除的页面', body: list.length ? box : h('p', {}, '没有删过页面。'), cancel: '关闭' });
  add(box, list.map((one) => h('li', {}, h('span', {}, h('strong', {}, one.title), h('span', { class: 'detail' }, ` ${when(one.at)} 删的`)),
    h('button', { type: 'button', onclick: () => dialog.close({ path: one.path, id: one.id, title: one.title }) }, '恢复'))));
  const chosen = await dialog.closed;
  if (!chosen) return null;
  const done = await carryOut(`恢复“${chosen.title}”`, { action: 'restore', path: chosen.path, id: chosen.id }, '恢复', '页面恢复了');
  return done && { to: done.to ?? chosen.path };
}
