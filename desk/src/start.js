// What stands in place of the desk: the form that makes a site of an empty folder, and how to open the desk again. Knows nothing of pages.

import { post } from './api.js';
import { fill, h, labelled } from './dom.js';

const COLOURS = [['#9b1c1c', '印泥红'], ['#0b5394', '蓝'], ['#1d6b3a', '绿'], ['#7a4a00', '赭'], ['#4a3b8f', '紫']];

/** Fills `element` with the form; `made` is called when there is a site. */
export function startForm(element, folder, made) {
  const name = h('input', { type: 'text', autocomplete: 'off', placeholder: '例如：安宁市知识产权宣传' });
  const organiser = h('input', { type: 'text', autocomplete: 'off', placeholder: '例如：安宁市市场监督管理局' });
  const about = h('textarea', { rows: '3', placeholder: '例如：知识产权的政策解读、办事指南和宣传活动。' });
  const colours = h('fieldset', { class: 'plain colours' }, h('legend', {}, '主色'), COLOURS.map(([value, words], index) => {
    const swatch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
    swatch.style.backgroundColor = value;
    return h('p', {}, h('input', { type: 'radio', name: 'colour', id: `colour-${index}`, value, checked: index === 0 }), h('label', { for: `colour-${index}` }, swatch, words));
  }));
  const said = h('p', { class: 'said', role: 'alert' });
  const submit = h('button', { type: 'submit', class: 'main' }, '建站');
  const form = h('form', { class: 'start', novalidate: true }, h('h1', {}, '建一个宣传网站'), h('p', {}, `文件夹“${folder}”里还没有网站。填好下面几项就能开始写，以后都能改。`),
    labelled('网站叫什么', name, { required: true }), labelled('谁主办', organiser, { required: true }), labelled('宣传什么', about), colours, said, h('p', {}, submit));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    for (const [input, words] of [[name, '网站的名称'], [organiser, '主办单位']]) {
      if (!input.value.trim()) { fill(said, `还没有写${words}。`); input.focus(); return; }
    }
    submit.disabled = true;
    fill(said);
    try {
      await post('/api/init', { name: name.value.trim(), organiser: organiser.value.trim(), about: about.value.trim(), colour: form.querySelector('input[name=colour]:checked').value });
      made();
    } catch (error) {
      submit.disabled = false;
      fill(said, error.message, error.hint ? ` ${error.hint}` : '');
    }
  });
  fill(element, form);
  name.focus();
}

/** Fills `element` with how to open the desk again: the address has no token of this start. */
export function sayNoToken(element) {
  fill(element, h('main', { class: 'alone' }, h('h1', {}, '请从程序里打开'), h('p', {}, '这个网址要由程序打开才能用。请关掉这一页，再从桌面图标打开一次；程序已经开着的，关掉它再打开。'),
    h('p', { class: 'help' }, '这样别的网站和别的程序就动不了您的文件。没有保存的文字都还在，打开后会问您要不要接着写。')));
}
