// Handing the site over: the program makes the site and a zip; this shows what changed in words and saves the file.

import { download, post } from './api.js';
import { fill, h } from './dom.js';
import { openDialog } from './dialog.js';
import { size } from './words.js';

export function handOver({ goTo, nameOf }) {
  const place = h('div', { 'aria-live': 'polite' }, h('p', {}, '会把整个网站生成一遍，打成一个压缩包，交给管服务器的人。草稿和没到日期的页面不在里面。'));
  const dialog = openDialog({ title: '交付网站', body: place, actions: [{ label: '生成压缩包', main: true, run: () => make() }], cancel: '关闭' });
  async function make() {
    fill(place, h('p', { class: 'working' }, '正在生成……'));
    let answer;
    try {
      answer = await post('/api/hand-over', {});
    } catch (error) {
      const errors = error.body?.errors;
      fill(place, errors ? problems(errors) : h('p', {}, '没有做成。'));
      throw error;
    }
    if (answer.errors?.length) {
      fill(place, problems(answer.errors));
      dialog.setActions([{ label: '再生成一次', main: true, run: make }]);
      return false;
    }
    fill(place, h('p', {}, `做好了：${answer.name}，${answer.files} 个文件，${size(answer.bytes)}。`), answer.warnings ? h('p', {}, `还有 ${answer.warnings} 处提醒没有改。可以照样交付；要先改的话，左边“只看哪些页面”里选“有要改的”。`) : null, unfinished(answer.unfinished || []), lost(answer.lost || []), h('h3', {}, '和上次交付比'),
      answer.changes.length ? h('ul', { class: 'plan' }, answer.changes.map((line) => h('li', {}, line))) : h('p', {}, '没有变化。'));
    dialog.setActions([{ label: '保存压缩包', main: true, run: async () => {
      const address = URL.createObjectURL(await download(answer.zip));
      const link = h('a', { href: address, download: answer.name });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
      place.append(h('p', {}, '压缩包在浏览器的下载文件夹里。'));
      return false;
    } }]);
    return false;
  }
  const unfinished = (list) => (list.length ? h('div', {}, h('p', {}, h('strong', {}, `有 ${list.length} 处〔〕还没有换成自己的话，交付以后读者会看到：`)), links(list)) : null);
  const lost = (list) => (list.length ? h('div', {}, h('p', {}, h('strong', {}, `有 ${list.length} 个公开过的网址打不开了。交付以后，别处指过来的链接会找不到网页：`)), links(list)) : null);
  const problems = (list) => h('div', {}, h('p', {}, `有 ${list.length} 处错误，改好了才能交付：`), links(list));
  const links = (list) => h('ul', { class: 'plan' }, list.slice(0, 50).map((d) => h('li', {},
    h('button', { type: 'button', class: 'link', onclick: () => { dialog.close(); goTo(d); } }, `${nameOf(d.path)} 第 ${d.line} 行`), ` ${d.message}`)));
  return dialog.closed;
}
