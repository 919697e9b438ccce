// The frame of the desk: top bar, three panes, the head of the open page, and moving between them by key. Knows no text and no request.

import { button, fill, h, icon } from './dom.js';
import { openDialog } from './dialog.js';
import { STATES } from './words.js';

const PANES = [['list', '页面'], ['text', '正文'], ['preview', '样子']];

/** Builds the frame in `root`; `on` are the jobs of its buttons. */
export function frame(root, site, on) {
  const status = h('p', { class: 'status', role: 'status' });
  const title = h('h2', { class: 'page-title-now', hidden: true });
  const tag = h('span', { class: 'tag' });
  const reason = h('p', { class: 'reason' });
  const source = button('看源文', on.source, { 'aria-pressed': 'false', class: 'quiet' });
  const parts = {
    list: h('div', { class: 'pane-body' }), preview: h('div', { class: 'pane-body preview' }), form: h('div', { class: 'form-place' }),
    toolbar: h('div', { class: 'toolbar' }), editor: h('div', { class: 'editor' }), findings: h('div', { class: 'findings-place' }), source,
  };
  const other = button('', on.other, { class: 'small', hidden: true });
  const save = button('保存', on.save, { class: 'main', title: '保存（Ctrl+S）', 'aria-keyshortcuts': 'Control+S' });
  const actions = h('div', { class: 'page-actions', role: 'group', 'aria-label': '这一页' }, source,
    button('以前的版本', on.history, { class: 'quiet' }), button('改网址名', on.rename, { class: 'quiet' }), button('移动', on.move, { class: 'quiet' }), button('删除', on.remove, { class: 'quiet' }));
  const tabs = h('div', { class: 'panes segmented', role: 'group', 'aria-label': '看哪一块' }, PANES.map(([name, words]) => button(words, () => parts.setPane(name, true), { 'data-pane': name, 'aria-pressed': String(name === 'text') })));
  const side = (name, words, drawing) => h('button', { type: 'button', class: 'quiet side', 'aria-pressed': 'true', title: `收起或展开${words}`, onclick: (event) => {
    const shown = root.classList.toggle(`no-${name}`);
    event.currentTarget.setAttribute('aria-pressed', String(!shown));
  } }, icon(drawing), h('span', {}, words));

  fill(root,
    h('a', { class: 'skip', href: '#text' }, '到正文'),
    h('header', { class: 'top' },
      h('h1', { class: 'site' }, site.title || site.root_name), tabs, side('list', '页面', 'M3 4h14v12H3zM8 4v12'), side('preview', '样子', 'M3 4h14v12H3zM12 4v12'),
      status, save, button('新建页面', on.newPage), button('交付', on.handOver), button('按键', on.keys, { class: 'quiet' })),
    h('main', { class: 'panes-of-three' },
      h('nav', { class: 'pane list', 'aria-label': '页面列表', 'data-region': 'list', tabindex: '-1' }, parts.list, h('p', { class: 'list-foot' }, other, button('已删除的页面', on.deleted, { class: 'quiet small' }), button('网站设置', on.settings, { class: 'quiet small' }))),
      h('section', { class: 'pane text', id: 'text', 'aria-label': '正文', 'data-region': 'text', tabindex: '-1' },
      h('div', { id: 'bars' }), h('div', { class: 'page-head' }, h('div', { class: 'page-name' }, title, tag), reason, actions),
      parts.form, parts.toolbar, parts.editor, parts.findings),
      h('section', { class: 'pane look', 'aria-label': '页面的样子', 'data-region': 'preview', tabindex: '-1' }, parts.preview)),
    h('div', { id: 'toast', role: 'status' }));

  parts.say = (words, kind = '') => {
    if (status.textContent !== words) fill(status, words);
    status.className = `status ${kind}`;
  };
  parts.showTitle = (words, page) => {
    if (title.textContent !== words) fill(title, words);
    title.hidden = !words;
    const state = STATES[page.state] || '';
    if (tag.textContent !== state) fill(tag, state);
    tag.className = `tag ${page.state}`;
    const why = page.state === null ? '这个文件照源文改。写错了可以用“以前的版本”恢复。' : page.state === 'public' ? '' : page.reason || '';
    if (reason.textContent !== why) fill(reason, why);
  };
  /** Whether something is open, and whether it is a page: other files have no form, no name and no place of their own. */
  parts.setOpen = (yes, isPage = yes) => {
    save.disabled = !yes;
    parts.toolbar.hidden = yes && !isPage;
    for (const one of actions.querySelectorAll('button')) one.disabled = one.textContent === '以前的版本' ? !yes : !isPage;
  };
  /** How many findings other files have. */
  parts.showOther = (count) => {
    other.hidden = count === 0;
    fill(other, `别的文件里有 ${count} 处要改`);
  };
  parts.setPane = (name, focus) => {
    root.dataset.pane = name;
    for (const one of tabs.children) one.setAttribute('aria-pressed', String(one.dataset.pane === name));
    if (focus) document.querySelector(`[data-region="${name}"]`)?.focus();
  };
  parts.setPane('text');
  return parts;
}

/** Goes to the next or previous region: list, text, findings, preview. */
export function regions(step, editor) {
  const stops = [
    ['list', () => document.querySelector('.tree [tabindex="0"]')?.focus()],
    ['text', () => editor.focus()],
    ['findings', () => document.querySelector('.findings summary')?.focus()],
    ['preview', () => document.querySelector('.look .segmented button')?.focus()],
  ];
  const active = document.activeElement;
  const now = active.closest('.findings') ? 2 : stops.findIndex(([name]) => active.closest(`[data-region="${name}"]`));
  const at = (Math.max(0, now) + (now < 0 ? 0 : step) + stops.length) % stops.length;
  stops[at][1]();
}

const KEYS = [
  ['Ctrl+S', '保存'], ['Ctrl+Z、Ctrl+Y', '撤销、重做'], ['Ctrl+B', '加粗'], ['Ctrl+Alt+2、3、4', '标题、小标题、更小的标题'], ['Ctrl+Alt+0', '正文'],
  ['Ctrl+Shift+8、7', '列表、编号列表'], ['Ctrl+Shift+9', '引用'], ['Ctrl+K', '链接'], ['Ctrl+F', '查找和替换'], ['F8', '下一处要改的地方'], ['F6', '在列表、正文、要改的地方、样子之间走'],
  ['方向键', '在页面列表和排版按钮里走'], ['Esc', '关掉窗口'],
];

export function showKeys() {
  openDialog({ title: '按键', cancel: '关闭', body: h('table', { class: 'keys' }, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, '按键'), h('th', { scope: 'col' }, '做什么'))), h('tbody', {}, KEYS.map(([keys, words]) => h('tr', {}, h('td', {}, h('kbd', {}, keys)), h('td', {}, words))))) });
}
