// Articles for other media as those who get them see them: Word files in LibreOffice, the page for WeChat in a browser under a strict policy.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, open } from '../lib/browser.mjs';
import { BASE, FOLDER, REPO, WORK, mustBuild } from '../lib/puzhi.mjs';
import { check, note } from '../lib/report.mjs';
import { serve } from '../lib/serve.mjs';

/** Articles with everything: the longest, the most complex, and one of this check with a picture. */
const ARTICLES = ['policy/plan', 'guides/pledge-financing', 'guides/trademarks', 'guides/patents', 'about/press-check'];

const PAGE = `---
title: 稿件检查
author: 张三
source: 市市场监管局
---
## 一级小标题

![窗口](a.png "市民在窗口咨询。图片来源：李四")

1. 第一步
   - 里层
     1. 更里层
2. 第二步

### 二级小标题

| 种类 | 元 |
|---|---|
| 发明 | 900 |

> 引用一句。

见[国家知识产权局](https://www.cnipa.gov.cn/)[^1]。

[^1]: 注释一条。
`;

/** The shipped site with one more article and all files for other media. */
function site() {
  const root = path.join(WORK, 'press-site');
  if (fs.existsSync(root)) return root;
  for (const name of ['content', 'data', 'i18n', 'site.yaml']) {
    if (fs.existsSync(path.join(REPO, name))) fs.cpSync(path.join(REPO, name), path.join(root, name), { recursive: true });
  }
  fs.appendFileSync(path.join(root, 'site.yaml'), '\nrepublish: {wechat: true, press: true, ninjs: true}\n');
  const folder = path.join(root, 'content/about/press-check');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'index.md'), PAGE);
  fs.copyFileSync(path.join(REPO, 'crates/press/tests/it/pixel.png'), path.join(folder, 'a.png'));
  return root;
}

function run(command, ...args) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.error || done.status !== 0) throw new Error(`${command} ${args[0]}: ${done.error ?? done.stderr}`);
  return done.stdout;
}

/** The unpacked files of an archive, by Python, which shares no code with the writer. */
function unpack(archive, folder) {
  fs.mkdirSync(folder, { recursive: true });
  run('python3', '-m', 'zipfile', '-e', archive, folder);
  return folder;
}

/** What a Word file has, counted in its document. */
function facts(docx, folder) {
  const xml = fs.readFileSync(path.join(unpack(docx, folder), 'word/document.xml'), 'utf8');
  const count = (pattern) => (xml.match(pattern) ?? []).length;
  const texts = [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map((match) => match[1]);
  return {
    headings: count(/<w:pStyle w:val="Heading\d"\/>/g),
    lists: count(/<w:numPr>/g),
    tables: count(/<w:tbl>/g),
    heads: count(/<w:tblHeader(?: [^>]*)?\/>/g),
    // LibreOffice has a style of this name itself and numbers ours.
    captions: count(/<w:pStyle w:val="Caption\d*"\/>/g),
    pictures: count(/<wp:(?:inline|anchor)\b/g),
    text: texts.join('').replace(/\s/g, ''),
  };
}

/** Word files through LibreOffice and back. */
function throughOffice(out) {
  const files = [];
  for (const article of ARTICLES) {
    const name = article.replace(/\//g, '-');
    const pack = path.join(out, article, 'press.zip');
    const folder = unpack(pack, path.join(WORK, 'packs'));
    files.push(path.join(folder, name, `${name}.docx`));
  }
  const back = path.join(WORK, 'packs-back');
  const profile = `-env:UserInstallation=${pathToFileURL(path.join(WORK, 'office'))}`;
  run('soffice', profile, '--headless', '--convert-to', 'docx', '--outdir', back, ...files);
  run('soffice', profile, '--headless', '--convert-to', 'pdf', '--outdir', back, ...files);
  const wrong = [];
  for (const file of files) {
    const name = path.basename(file, '.docx');
    const before = facts(file, path.join(WORK, 'before', name));
    const after = facts(path.join(back, `${name}.docx`), path.join(WORK, 'after', name));
    for (const key of Object.keys(before)) {
      if (before[key] !== after[key]) wrong.push(`${name}: ${key} ${String(before[key]).slice(0, 80)} became ${String(after[key]).slice(0, 80)}`);
    }
    if (before.headings === 0 && name !== 'about-press-check') note(`${name} has no headings`);
    if (!fs.readFileSync(path.join(back, `${name}.pdf`)).subarray(0, 5).equals(Buffer.from('%PDF-'))) wrong.push(`${name}: no PDF`);
  }
  const own = facts(files.at(-1), path.join(WORK, 'before', 'own'));
  const { text, ...counts } = own;
  const wanted = { headings: 3, lists: 4, tables: 1, heads: 1, captions: 1, pictures: 1 };
  for (const [key, value] of Object.entries(wanted)) {
    if (counts[key] !== value) wrong.push(`the article of this check has ${counts[key]} ${key} instead of ${value}`);
  }
  return wrong;
}

/** The page for WeChat from disk: styles set by the script, all of the text selected by the button. */
async function copies(out) {
  const wrong = [];
  const browser = await launch();
  try {
    const { page, close } = await open(browser, { width: 390, origin: 'file://' });
    for (const article of ARTICLES) {
      await page.goto(pathToFileURL(path.join(out, article, 'wechat/index.html')).href);
      const seen = await page.evaluate(() => {
        const text = document.getElementById('wechat-text');
        const button = document.getElementById('wechat-copy');
        // As on plain http, where scripts have no clipboard.
        Object.defineProperty(navigator, 'clipboard', { value: undefined });
        button.click();
        return {
          styled: [...text.querySelectorAll('[data-style]')].filter((e) => !e.style.length).length,
          hidden: button.hidden,
          said: document.getElementById('wechat-said').textContent,
          selected: getSelection().toString().replace(/\s/g, ''),
          text: text.innerText.replace(/\s/g, ''),
          wide: document.documentElement.scrollWidth > innerWidth,
        };
      });
      if (seen.styled) wrong.push(`${article}: ${seen.styled} elements have no style`);
      if (seen.hidden || !seen.said) wrong.push(`${article}: the button says nothing`);
      if (seen.selected !== seen.text) wrong.push(`${article}: ${seen.selected.length} of ${seen.text.length} characters are selected`);
      if (seen.wide) wrong.push(`${article}: the page scrolls sideways at 390 px`);
    }
    if (process.env.SHOTS) {
      fs.mkdirSync(process.env.SHOTS, { recursive: true });
      await page.goto(pathToFileURL(path.join(out, ARTICLES[1], 'wechat/index.html')).href);
      await page.screenshot({ path: path.join(process.env.SHOTS, 'wechat-390.png'), fullPage: true });
    }
    await close();
  } finally {
    await browser.close();
  }
  return wrong;
}

/** What the button puts on the clipboard, on a server whose policy allows no style in HTML: the fragment with its styles, and its text. */
async function onClipboard(out) {
  const wrong = [];
  const policy = { 'content-security-policy': "default-src 'self'; style-src 'self'; script-src 'self'" };
  const server = await serve(out, FOLDER, policy);
  const browser = await launch();
  try {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    // Chromium itself parses what goes to the clipboard, under the page's policy, and keeps the styles.
    let copying = false;
    page.on('console', (message) => !copying && message.type() === 'error' && wrong.push(message.text()));
    for (const article of ARTICLES.slice(0, 2)) {
      await page.goto(`${server.origin}${FOLDER}${article}/wechat/`);
      const styled = await page.evaluate(() => [...document.querySelectorAll('[data-style]')].every((e) => e.style.length));
      if (!styled) wrong.push(`${article}: the policy keeps styles away`);
      copying = true;
      await page.click('#wechat-copy');
      await page.waitForFunction(() => document.getElementById('wechat-said').textContent);
      const html = await page.evaluate(async () => {
        const [item] = await navigator.clipboard.read();
        return (await item.getType('text/html')).text();
      });
      const text = await page.evaluate(() => navigator.clipboard.readText());
      const shown = await page.evaluate(() => document.getElementById('wechat-text').innerText);
      const styles = await page.evaluate(() => document.querySelectorAll('[data-style]').length);
      const copied = html.split(' style="').length - 1;
      if (copied < styles || html.includes('data-style')) wrong.push(`${article}: ${copied} of ${styles} styles are copied`);
      copying = false;
      if (text.replace(/\s/g, '') !== shown.replace(/\s/g, '')) wrong.push(`${article}: the copied text is another one`);
    }
  } finally {
    await browser.close();
    server.close();
  }
  return wrong;
}

export default async function () {
  const out = () => {
    const folder = path.join(WORK, 'press-out');
    return fs.existsSync(folder) ? folder : mustBuild(site(), folder, '--base-url', `${BASE}${FOLDER}`);
  };
  await check('Word files open in LibreOffice and come back with all headings, lists, tables, captions, pictures and text', () => throughOffice(out()));
  await check('the page for WeChat is styled under any policy and copies all of the text', () => copies(out()));
  await check('the button copies the text with its styles under a strict policy', () => onClipboard(out()));
}
