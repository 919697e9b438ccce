// What a reader copies: all of a page is selected and copied by keys, under a strict policy, and the clipboard has every answer, every folded
// part and every number of a list.

import fs from 'node:fs';
import path from 'node:path';
import { launch } from '../lib/browser.mjs';
import { FOLDER, shipped } from '../lib/puzhi.mjs';
import { check, note } from '../lib/report.mjs';
import { serve } from '../lib/serve.mjs';

const POLICY = { 'content-security-policy': "default-src 'self'; style-src 'self'; script-src 'self'" };

/** What a page must give: answers, folded parts, and items of numbered lists with their numbers. Texts are without white space. */
function wanted() {
  const plain = (element) => element.textContent.replace(/\s/g, '');
  const own = (element) => [...element.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE || getComputedStyle(n).display.startsWith('inline'))
    .map((n) => n.textContent).join('').replace(/\s/g, '');
  const leaves = (root) => [...root.querySelectorAll('p, li, dd, td, th')].filter((e) => !e.querySelector('p, li, dd, td, th')).map(plain).filter(Boolean);
  const answers = [...document.querySelectorAll('main .faq details > :not(summary)')];
  const folded = [...document.querySelectorAll('main details:not([open]):not(.noprint) > :not(summary)')].filter((e) => !e.closest('nav'));
  const numbered = [];
  for (const list of document.querySelectorAll('main .steps > ol, main .prose ol:not([class]), main ol.run')) {
    [...list.children].forEach((item, at) => {
      const first = own(item) || leaves(item)[0] || '';
      if (first) numbered.push(`${list.start + at}.${first.slice(0, 12)}`);
    });
  }
  return { answers: answers.flatMap(leaves), folded: folded.flatMap(leaves), numbered, closed: document.querySelectorAll('.faq details:not([open])').length };
}

async function copied(page) {
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Control+C');
  return page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const of = async (type) => (item.types.includes(type) ? (await item.getType(type)).text() : '');
    return { text: await of('text/plain'), html: await of('text/html') };
  });
}

async function everyPage(root) {
  const wrong = [];
  const counts = { pages: 0, answers: 0, folded: 0, numbered: 0 };
  const server = await serve(root, FOLDER, POLICY);
  const browser = await launch();
  try {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    page.on('pageerror', (error) => wrong.push(`${page.url()}: ${error.message}`));
    const names = fs.readdirSync(root, { recursive: true }).map((name) => name.split(path.sep).join('/'));
    const has = (name) => /<details|<ol[ >]/.test(fs.readFileSync(path.join(root, name), 'utf8').split('<main')[1] ?? '');
    for (const name of names.filter((n) => /(^|\/)index\.html$/.test(n) && !n.startsWith('large/') && has(n))) {
      await page.goto(`${server.origin}${FOLDER}${encodeURI(name)}`);
      const must = await page.evaluate(wanted);
      if (must.closed) wrong.push(`${name}: ${must.closed} answers are closed`);
      if (!must.answers.length && !must.folded.length && !must.numbered.length) continue;
      counts.pages += 1;
      const before = await page.evaluate(() => document.querySelector('main').innerHTML);
      const { text, html } = await copied(page);
      const plain = text.replace(/\s/g, '');
      for (const kind of ['answers', 'folded', 'numbered']) {
        counts[kind] += must[kind].length;
        wrong.push(...must[kind].filter((part) => !plain.includes(part)).map((part) => `${name}: ${kind} lack ${part.slice(0, 60)}`));
      }
      if (/<script/.test(html)) wrong.push(`${name}: a script is copied`);
      if (/(href|src)="(?![a-z]+:)[^"]/.test(html)) wrong.push(`${name}: a relative address is copied`);
      if (await page.evaluate(() => document.querySelector('main').innerHTML) !== before) wrong.push(`${name}: copying changes the page`);
    }
    // A few words inside an item are copied as they are.
    await page.goto(`${server.origin}${FOLDER}guides/pledge-financing/`);
    const few = await page.evaluate(() => {
      const text = document.createTreeWalker(document.querySelector('main .steps li'), NodeFilter.SHOW_TEXT).nextNode();
      getSelection().setBaseAndExtent(text, 0, text, 4);
      return text.data.slice(0, 4);
    });
    await page.keyboard.press('Control+C');
    const said = await page.evaluate(() => navigator.clipboard.readText());
    if (said !== few) wrong.push(`of the words ${few} the clipboard has ${said}`);
    // Boxes of tasks, and lists that count down.
    await page.evaluate(() => {
      document.querySelector('main .prose').insertAdjacentHTML('beforeend', '<ul><li><input type="checkbox" checked> 办了</li><li><input type="checkbox"> 没办</li></ul><ol reversed><li>三步</li><li>两步</li></ol>');
    });
    const boxes = await copied(page);
    for (const part of ['☑办了', '☐没办', '2.三步', '1.两步']) {
      if (!boxes.text.replace(/\s/g, '').includes(part)) wrong.push(`the clipboard lacks ${part}`);
    }
    if (!/☑(\s|&nbsp;)*办了/.test(boxes.html) || /<input[^>]*checkbox/.test(boxes.html)) wrong.push('the copied HTML has no sign for a task');
  } finally {
    await browser.close();
    server.close();
  }
  note(`${counts.pages} pages: ${counts.answers} paragraphs of answers, ${counts.folded} of folded parts, ${counts.numbered} numbered items`);
  const enough = counts.pages > 10 && counts.answers > 10 && counts.folded > 3 && counts.numbered > 20;
  return enough ? wrong : ['too few', ...wrong];
}

export default async function () {
  await check('select-all and copy has every answer, folded part and number of a list', () => everyPage(shipped('below')));
}
