// The list of pages: by section, with states and findings, a filter, and a search over titles and texts. Knows no text of a page.

import { get } from './api.js';
import { fill, h, later } from './dom.js';
import { STATES, counts } from './words.js';

/** Pages of one section and one language stand together. */
function groupOf({ section, path, language }) {
  return `${section ?? path} ${language}`;
}

export class PageList {
  /** `open(path, offset)` opens a page, at a place of its text if given. */
  constructor(element, open) {
    this.open = open;
    this.pages = [];
    this.sections = [];
    this.current = '';
    this.folded = new Set();
    this.search = h('input', { type: 'search', id: 'search', placeholder: '找标题或正文', 'aria-label': '找页面：标题或正文', autocomplete: 'off' });
    this.filter = h('select', { id: 'filter', 'aria-label': '只看哪些页面' });
    this.live = h('p', { class: 'found', role: 'status' });
    this.tree = h('div', { class: 'tree' });
    fill(element, h('div', { class: 'list-head' }, this.search, this.filter, this.live), this.tree);
    const ask = later(() => this.ask(), 200);
    this.search.addEventListener('input', ask);
    this.filter.addEventListener('change', () => this.draw());
    this.search.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown') { event.preventDefault(); this.items()[0]?.focus(); }
    });
    this.tree.addEventListener('keydown', (event) => this.key(event));
  }

  set({ pages, sections }) {
    if (sections) this.sections = sections;
    if (pages) this.pages = pages;
    this.draw();
  }

  select(path) {
    this.current = path;
    const page = this.pages.find((p) => p.path === path);
    if (page) this.folded.delete(groupOf(page));
    this.draw();
    this.tree.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }

  /** Nothing of a page is unsaved any more. */
  saved(path) {
    this.unsaved?.delete(path);
    const page = this.pages.find((p) => p.path === path);
    if (page) page.unsaved = false;
  }

  title(path) {
    return this.pages.find((p) => p.path === path)?.title || this.names?.[path] || path;
  }

  async ask() {
    const words = this.search.value.trim();
    if (!words) { this.results = null; this.draw(); return; }
    const turn = {};
    this.turn = turn;
    try {
      const results = await get('/api/search', { q: words });
      if (this.turn !== turn || this.search.value.trim() !== words) return;
      this.results = results;
      this.draw();
    } catch (error) {
      fill(this.live, error.message);
    }
  }

  draw() {
    const held = this.tree.contains(document.activeElement) ? document.activeElement.dataset.path || document.activeElement.dataset.section : null;
    const top = this.tree.scrollTop;
    this.drawFilter();
    if (this.results && this.search.value.trim()) this.drawResults();
    else this.drawTree();
    this.rove();
    this.tree.scrollTop = top;
    if (held) this.items().find((item) => item.dataset.path === held || item.dataset.section === held)?.focus();
  }

  drawFilter() {
    const chosen = this.filter.value;
    const number = (test) => this.pages.filter(test).length;
    const options = [['', `全部页面（${this.pages.length}）`], ['found', `有要改的（${number((p) => p.errors || p.warnings)}）`],
      ...Object.entries(STATES).filter(([state]) => state === chosen || number((p) => p.state === state)).map(([state, words]) => [state, `${words}（${number((p) => p.state === state)}）`])];
    fill(this.filter, options.map(([value, words]) => h('option', { value, selected: value === chosen }, words)));
  }

  drawResults() {
    const shown = this.results;
    fill(this.live, shown.length ? `找到 ${shown.length} 处` : '没有找到。换个说法试试。');
    fill(this.tree, h('ul', { class: 'results' }, shown.map((r) => h('li', {}, h('button', { type: 'button', class: 'page', 'data-path': `${r.path}:${r.from}`, onclick: () => this.open(r.path, r.from) },
      h('span', { class: 'page-title' }, r.title), h('span', { class: 'extract' }, r.extract.map((part) => (part.hit ? h('mark', {}, part.text) : part.text))))))));
  }

  drawTree() {
    const wanted = this.filter.value;
    const pages = this.pages.filter((p) => !wanted || (wanted === 'found' ? p.errors || p.warnings : p.state === wanted));
    fill(this.live, wanted ? `${pages.length} 页` : '');
    const sections = [...this.sections].sort((a, b) => (a.language !== this.language) - (b.language !== this.language));
    const titles = new Map(sections.map((s) => [groupOf({ path: s.path, language: s.language }), s]));
    const groups = new Map(sections.map((s) => [groupOf({ path: s.path, language: s.language }), []]));
    for (const page of pages) {
      const group = groupOf(page);
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(page);
    }
    const shown = [...groups].filter(([, list]) => list.length).map(([group, list]) => {
      const open = !this.folded.has(group) || wanted !== '';
      const section = titles.get(group) || sections.find((s) => s.path === list[0].section);
      const foreign = list[0].language !== this.language ? h('span', { class: 'tag plain' }, this.languages?.get(list[0].language) || list[0].language) : null;
      return h('section', { class: 'group' },
        h('button', { type: 'button', class: 'group-title', 'data-section': group, 'aria-expanded': String(open), onclick: () => this.fold(group, open) }, h('span', {}, section?.title || '其他', ' ', foreign), h('span', { class: 'number' }, String(list.length))),
        open ? h('ul', {}, list.map((page) => h('li', {}, this.item(page)))) : null);
    });
    fill(this.tree, shown.length ? shown : h('p', { class: 'empty' }, '没有这样的页面。'));
  }

  item(page) {
    const current = page.path === this.current;
    const found = counts(page.errors, page.warnings);
    const tags = [
      page.state !== 'public' ? h('span', { class: `tag ${page.state}`, title: page.state_reason || null }, STATES[page.state] || page.state) : null,
      found ? h('span', { class: `tag ${page.errors ? 'error' : 'doubt'}` }, found) : null,
    ].filter(Boolean);
    return h('button', { type: 'button', class: 'page', 'data-path': page.path, 'aria-current': current ? 'page' : null, onclick: () => this.open(page.path) },
      h('span', { class: 'page-title' }, page.is_section ? `栏目首页` : page.title || page.path), tags.length ? h('span', { class: 'tags' }, tags) : null,
      page.unsaved || this.unsaved?.has(page.path) ? h('span', { class: 'tags' }, h('span', { class: 'tag plain' }, '有未保存的')) : null);
  }

  fold(path, open) {
    if (open) this.folded.add(path); else this.folded.delete(path);
    this.draw();
  }

  items() {
    return [...this.tree.querySelectorAll('button')];
  }

  /** One stop of the Tab key for the whole list; arrow keys go on from there. */
  rove(to) {
    const items = this.items();
    const stop = to || items.find((item) => item.getAttribute('aria-current')) || items[0];
    for (const item of items) item.tabIndex = item === stop ? 0 : -1;
  }

  key(event) {
    const items = this.items();
    const at = items.indexOf(event.target.closest('button'));
    if (at < 0) return;
    const section = items[at].dataset.section;
    const open = items[at].getAttribute('aria-expanded') === 'true';
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      const item = items[Math.max(0, Math.min(next, items.length - 1))];
      this.rove(item);
      item.focus();
    } else if ((event.key === 'ArrowLeft' && section && open) || (event.key === 'ArrowRight' && section && !open)) {
      event.preventDefault();
      items[at].click();
    } else if (event.key === 'ArrowLeft' && !section) {
      const title = items[at].closest('.group')?.querySelector('.group-title');
      if (title) { event.preventDefault(); this.rove(title); title.focus(); }
    }
  }
}
