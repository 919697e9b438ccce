// A survey as people meet it: the form of the built page with and without a script, sent to the running collector, mended, looked
// over, thanked for; then counted, built again and shown on the board. Pages of surveys under axe-core, and the printed form.

import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { axe } from '../lib/axe.mjs';
import { launch, open } from '../lib/browser.mjs';
import { check, note } from '../lib/report.mjs';
import { BINARY, FOLDER, REPO, WORK, mustBuild } from '../lib/puzhi.mjs';
import { serve } from '../lib/serve.mjs';
import { copySite, plant } from '../lib/tree.mjs';

const PROBE = `---
title: 试用问卷
date: 2020-01-01
summary: 只用来检验，不是真的调查。
id: probe
opens: 2020-01-01
closes: 2099-12-31
purpose: 检验表单
conductor: 检验程序
population: 检验程序
retention: 检验完就删
target: {value: 85, op: "≥"}
awareness: {words: 第1题选“知道”的，计为知晓。, question: heard, options: [know]}
under_age: {question: age, options: [young]}
questions:
  - {id: heard, type: single, required: true, text: 您听说过吗？, options: [{id: know, text: 知道}, {id: never, text: 没有}]}
  - {id: from, type: multiple, text: 从哪里听说的？, show_if: heard = know, options: [{id: radio, text: 广播}, {id: fair, text: 集市}]}
  - {id: agree, type: scale, text: 您同意吗？}
  - {id: years, type: number, text: 在本地住了几年？, min: 0, max: 120}
background:
  - {id: age, type: single, required: true, text: 您的年龄？, options: [{id: young, text: 不满14周岁}, {id: grown, text: 14周岁及以上}]}
---

正文。
`;

/** The same survey with two waves of which the answers come as files. */
const WAVES = PROBE.replace('questions:\n', `waves:
  - {id: drawn, opens: 2020-03-01, closes: 2020-03-31, mode: [paper], sample: probability, frame: 检验程序, strategy: 检验程序, sponsor: 检验程序, quality: 检验程序, limits: 检验程序}
  - {id: stars, opens: 2020-04-01, closes: 2020-04-30, mode: [web], sample: voluntary}
questions:
`);

const port = () => new Promise((found) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address();
    server.close(() => found(free));
  });
});

/** The collector as a process; resolves when it answers. */
async function collect(root, db, at, origin) {
  const child = spawn(BINARY, ['survey', 'serve', '--root', root, '--db', db, '--listen', `127.0.0.1:${at}`, '--site-origin', origin], { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries += 1) {
    const up = await fetch(`http://127.0.0.1:${at}/healthz`).then((r) => r.ok, () => false);
    if (up) return child;
    await new Promise((go) => setTimeout(go, 100));
  }
  child.kill();
  throw new Error('the collector does not answer');
}

function survey(...words) {
  const run = spawnSync(BINARY, ['survey', ...words], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`survey ${words.join(' ')}: ${run.status} ${run.stderr}`);
  return run.stdout;
}

const chosen = (page, name, value) => page.locator(`input[name="q.${name}"][value="${value}"]`);
const choose = (page, name, value) => chosen(page, name, value).check();
const send = (page, label) => Promise.all([page.waitForNavigation(), page.getByRole('button', { name: label }).click()]);

/** A respondent without a script: sends too little, mends it, looks it over, changes a thing, confirms. */
async function withoutScript(page, at, thanks) {
  const wrong = [];
  const hold = (what, truth) => truth || wrong.push(what);
  await page.goto(at);
  hold('the conditional question is shown with its condition', await page.getByText('只在第1题选“知道”时回答。').isVisible());
  hold('no key without a script', await page.locator('input[name="key"]').count() === 0);
  await choose(page, 'heard', 'never');
  await choose(page, 'from', 'fair');
  await page.locator('input[name="q.years"]').fill('很久');
  await send(page, '提交答卷');
  const told = await page.locator('.ask-problems').innerText();
  for (const part of ['第2题', '第4题', '第5题']) hold(`the list of problems names ${part}: ${told}`, told.includes(part));
  hold('what was chosen is still chosen', await chosen(page, 'heard', 'never').isChecked());
  hold('what was written is still there', await page.locator('input[name="q.years"]').inputValue() === '很久');
  await page.locator('.ask-problems a', { hasText: '第4题' }).click();
  hold('a problem leads to its field', await page.evaluate(() => document.activeElement?.name === 'q.years' || location.hash.endsWith('years')));
  await chosen(page, 'from', 'fair').uncheck();
  await page.locator('input[name="q.years"]').fill('30');
  await choose(page, 'age', 'grown');
  await page.locator('input[name="consent"]').check();
  await send(page, '提交答卷');
  hold('the answers are shown before they are stored', await page.getByText('请核对您的答案').isVisible());
  await send(page, '回去修改');
  hold('going back keeps the answers', await page.locator('input[name="q.years"]').inputValue() === '30');
  await page.locator('input[name="q.years"]').fill('31');
  await send(page, '提交答卷');
  hold('the changed answer is shown', await page.locator('.ask-answers').getByText('31').isVisible());
  await send(page, '确认提交');
  hold(`it ends at ${page.url()}, not ${thanks}`, page.url() === thanks);
  return wrong;
}

/** A respondent with a script: sees only what is asked, and sends once under a key of its own. */
async function withScript(page, at, thanks) {
  const wrong = [];
  const hold = (what, truth) => truth || wrong.push(what);
  await page.goto(at);
  hold('the conditional question waits', !(await chosen(page, 'from', 'radio').isVisible()));
  await choose(page, 'heard', 'know');
  hold('it comes when it applies', await chosen(page, 'from', 'radio').isVisible());
  await choose(page, 'from', 'radio');
  await choose(page, 'heard', 'never');
  hold('it goes when it does not, and is not sent', !(await chosen(page, 'from', 'radio').isVisible()) && await chosen(page, 'from', 'radio').isDisabled());
  await choose(page, 'heard', 'know');
  hold('what was chosen in it is still chosen', await chosen(page, 'from', 'radio').isChecked());
  await choose(page, 'agree', '4');
  await choose(page, 'age', 'grown');
  await page.locator('input[name="consent"]').check();
  const key = await page.locator('input[name="key"]').inputValue();
  hold(`the key is 128 bits: ${key}`, /^[0-9a-f]{32}$/.test(key));
  await send(page, '提交答卷');
  hold(`it ends at ${page.url()}, not ${thanks}`, page.url() === thanks);
  return wrong;
}

/** Answers as a browser sends them. */
async function post(at, origin, heard) {
  const body = new URLSearchParams({ 'q.heard': heard, 'q.agree': '5', 'q.age': 'grown', consent: 'yes', key: randomBytes(16).toString('hex') });
  const response = await fetch(at, { method: 'POST', body, headers: { origin }, redirect: 'manual' });
  return response.status;
}

/** The entry sheet as `puzhi survey paper` wrote it, with `n` papers filled in by the numbers in its boxes, `aware` of them aware. */
function filledSheet(empty, aware, n) {
  const columns = empty.trim().replace('\uFEFF', '').split(',');
  const paper = (i) => ({ serial: i + 1, heard: i < aware ? 1 : 2, ...(i < aware && { 'from:radio': i % 2, 'from:fair': 1 - (i % 2) }), agree: 1 + (i % 5), years: i % 90, age: 2 });
  return empty + Array.from({ length: n }, (_, i) => columns.map((c) => paper(i)[c] ?? '').join(',') + '\r\n').join('');
}

/** What 问卷星 downloads by texts, `aware` of `n` aware. Nobody's answers. */
function starsSheet(aware, n) {
  const header = '序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、您听说过吗？,2、从哪里听说的？,3、您同意吗？,4、在本地住了几年？,5、您的年龄？,总分\r\n';
  const row = (i) => {
    const heard = i < aware ? ['知道', i % 2 ? '广播┋集市' : '广播'] : ['没有', '(跳过)'];
    return [i + 1, `2020/4/${1 + (i % 28)} 10:${10 + (i % 50)}:00`, '60秒', '链接', '直接访问', `192.0.2.${i % 250}(检验)`, ...heard, 1 + (i % 5), i % 90, '14周岁及以上', 0].join(',') + '\r\n';
  };
  return header + Array.from({ length: n }, (_, i) => row(i)).join('');
}

/** Text as GBK, which node reads but does not write. */
function gbk(text) {
  const bytes = new Map(Array.from({ length: 128 }, (_, i) => [String.fromCharCode(i), [i]]));
  const decoder = new TextDecoder('gbk');
  for (let a = 0x81; a < 0xff; a += 1) for (let b = 0x40; b < 0xff; b += 1) if (b !== 0x7f) bytes.set(decoder.decode(Uint8Array.of(a, b)), [a, b]);
  return Buffer.from(Array.from(text).flatMap((c) => bytes.get(c) ?? (() => { throw new Error(`${c} is not in GBK`); })()));
}

/** Answers that come as files: into a wave, counted, built, and what the board says then. */
async function fromFiles(browser) {
  const root = path.join(WORK, 'survey-files');
  const out = path.join(WORK, 'survey-files-out');
  copySite(REPO, root);
  plant(root, { 'content/surveys/probe.md': WAVES });
  const targets = path.join(root, 'data/targets.yaml');
  fs.writeFileSync(targets, fs.readFileSync(targets, 'utf8').replace('from: {survey: awareness}', 'from: {survey: probe}'));
  survey('paper', 'probe', '--root', root, '--out', path.join(root, 'paper'), '--base-url', 'https://www.example.gov.cn/');
  const empty = fs.readFileSync(path.join(root, 'paper/probe-entry.csv'), 'utf8');
  const site = await serve(out, FOLDER);
  const view = await open(browser, { width: 360, origin: site.origin });

  /** What board and page say when only this file's answers are counted. */
  const shown = async (file, bytes, wave) => {
    const db = `sqlite:${path.join(root, `${file}.db`)}`;
    fs.writeFileSync(path.join(root, file), bytes);
    const said = survey('import', 'probe', path.join(root, file), '--wave', wave, '--root', root, '--db', db);
    fs.rmSync(path.join(root, 'content/surveys/probe.results.json'), { force: true });
    survey('snapshot', 'probe', '--root', root, '--db', db);
    mustBuild(root, out, '--base-url', `${site.origin}${FOLDER}`);
    const text = async (address, where) => (await view.page.goto(`${site.origin}${FOLDER}${address}`), view.page.locator(where).innerText());
    return { said, board: await text('progress/', '#target-awareness'), results: await text('surveys/probe/', '.results') };
  };
  const missing = (where, text, parts) => parts.filter((part) => !text.includes(part)).map((part) => `${where} lacks ${part}: ${text}`);
  try {
    for (const [aware, share, interval, verdict] of [[353, '88.2%', '84.7%到91.1%', '未证实'], [354, '88.5%', '85.0%到91.3%', '达标']]) {
      await check(`survey: an entry sheet with ${aware} of 400 aware, imported, counted and built: ${verdict} on the board`, async () => {
        const { said, board, results } = await shown(`entry-${aware}.csv`, filledSheet(empty, aware, 400), 'drawn');
        const wrong = missing('the import', said, ['导入 400 份']);
        const words = `95%置信区间${interval}。`;
        return wrong.concat(missing('the board', board, [`${verdict} ${share}`, words]), missing('the page', results, [`${share}\n${verdict}\n`, words]));
      });
    }

    await check('survey: a 问卷星 file in GBK, imported, counted and built: shown as voluntary, without ±, and not counted', async () => {
      const { said, board, results } = await shown('stars.csv', gbk(starsSheet(199, 210)), 'stars');
      const wrong = missing('the import', said, ['GB18030', '导入 210 份', '来自IP']);
      wrong.push(...missing('the board', board, ['自愿填写的210份答卷里，结果是94.8%。', '不用来判断是否达标']), ...missing('the page', results, ['自愿填写的210份答卷里']));
      for (const word of ['±', '置信区间', '已达到', '未证实']) if (board.includes(word)) wrong.push(`the board says ${word}: ${board}`);
      for (const file of ['progress/index.html', 'surveys/probe/index.html', 'surveys/probe/results.csv', 'surveys/probe/results.json']) {
        const text = fs.readFileSync(path.join(out, file), 'utf8');
        if (/±|&plusmn;|&#177;/.test(text)) wrong.push(`± in ${file}`);
        if (text.includes('192.0.2.')) wrong.push(`an address in ${file}`);
      }
      return wrong;
    });
  } finally {
    await view.close();
    site.close();
  }
}

export default async function () {
  const root = path.join(WORK, 'survey-site');
  const out = path.join(WORK, 'survey-out');
  const db = `sqlite:${path.join(WORK, 'survey.db')}`;
  copySite(REPO, root);
  plant(root, { 'content/surveys/probe.md': PROBE });
  const targets = path.join(root, 'data/targets.yaml');
  fs.writeFileSync(targets, fs.readFileSync(targets, 'utf8').replace('from: {survey: awareness}', 'from: {survey: probe}'));
  fs.mkdirSync(out);
  const [site, at] = [await serve(out, FOLDER), await port()];
  const base = `${site.origin}${FOLDER}`;
  const settings = path.join(root, 'site.yaml');
  fs.appendFileSync(settings, `\nsurvey:\n  endpoint: http://127.0.0.1:${at}\n  place: 检验处\n`);
  const build = () => mustBuild(root, out, '--base-url', base);
  build();
  const collector = await collect(root, db, at, base);
  const browser = await launch();
  const [page, thanks] = [`${base}surveys/probe/`, `${base}surveys/probe/thanks/`];
  try {
    for (const [name, javaScriptEnabled, walk, mode] of [['without JavaScript', false, withoutScript, ''], ['with JavaScript', true, withScript, ''],
      ['on large pages without JavaScript', false, withoutScript, 'large/'], ['on large pages with JavaScript', true, withScript, 'large/']]) {
      await check(`survey: ${name}, from the built page through the collector to the page that thanks`, async () => {
        const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 360, height: 800 } });
        const tab = await context.newPage();
        tab.setDefaultTimeout(15000);
        const [form, end] = [page, thanks].map((address) => address.replace(base, `${base}${mode}`));
        const wrong = await walk(tab, form, end);
        const size = await tab.evaluate(() => parseFloat(getComputedStyle(document.querySelector('main')).fontSize));
        if ((size === 24) !== (mode !== '')) wrong.push(`the text of the thanks is ${size} px`);
        await context.close();
        return wrong;
      });
    }

    await check('survey: a child is stopped kindly', async () => {
      const view = await open(browser, { width: 360, origin: site.origin });
      await view.page.goto(page);
      await choose(view.page, 'heard', 'know');
      await choose(view.page, 'age', 'young');
      await view.page.locator('input[name="consent"]').check();
      await send(view.page, '提交答卷');
      const heading = await view.page.locator('h1').innerText();
      await view.close();
      return heading === '谢谢您' ? [] : [`the page says ${heading}`];
    });

    for (const dark of [false, true]) {
      for (const width of [1280, 360]) {
        await check(`axe-core: no violations on form, errors, answers, thanks and card, ${dark ? 'dark' : 'light'}, ${width} px`, async () => {
          const view = await open(browser, { width, dark, origin: site.origin });
          const wrong = [];
          const look = async (name) => wrong.push(...(await axe(view.page, name)).violations);
          await view.page.goto(page);
          await look('form');
          await choose(view.page, 'heard', 'know');
          await send(view.page, '提交答卷');
          await look('form with errors');
          await view.page.evaluate(() => document.querySelector('input[name="key"]')?.remove());
          await choose(view.page, 'age', 'grown');
          await view.page.locator('input[name="consent"]').check();
          await send(view.page, '提交答卷');
          await look('answers to look over');
          await view.page.goto(thanks);
          await look('thanks');
          const sideways = await view.page.evaluate(() => document.scrollingElement.scrollWidth > innerWidth);
          if (sideways) wrong.push('thanks: scrolls sideways');
          await view.close();
          return wrong;
        });
      }
    }

    await check('survey: counted, built again and shown on the board as what it is', async () => {
      const wrong = [];
      for (let i = 0; i < 16; i += 1) {
        const status = await post(`http://127.0.0.1:${at}/surveys/probe`, site.origin, i < 11 ? 'know' : 'never');
        if (status !== 303) wrong.push(`answer ${i}: ${status}`);
      }
      survey('snapshot', 'probe', '--root', root, '--db', db);
      build();
      const view = await open(browser, { width: 360, origin: site.origin });
      const text = async (address, where) => (await view.page.goto(`${base}${address}`), view.page.locator(where).innerText());
      // Of the four who came by browser two had heard of it, and the child is not among them.
      const board = await text('progress/', '#target-awareness');
      for (const part of ['自愿填写的20份答卷里，结果是65.0%。', '不用来判断是否达标', '这个数字怎么来的']) if (!board.includes(part)) wrong.push(`the board lacks ${part}: ${board}`);
      const results = await text('surveys/probe/', '.results');
      if (!results.includes('自愿填写的20份答卷里')) wrong.push(`the page lacks its figure: ${results}`);
      for (const dark of [false, true]) {
        for (const width of [1280, 360]) {
          const seen = await open(browser, { width, dark, origin: site.origin });
          for (const address of ['surveys/probe/', 'progress/', '']) {
            await seen.page.goto(`${base}${address}`);
            await seen.page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
            wrong.push(...(await axe(seen.page, `${address} ${width}${dark ? ' dark' : ''}`)).violations);
          }
          await seen.close();
        }
      }
      await view.close();
      for (const file of fs.readdirSync(out, { recursive: true, withFileTypes: true })) {
        if (file.isFile() && /\.(html|xml|json|csv)$/.test(file.name) && /±|&plusmn;|&#177;/.test(fs.readFileSync(path.join(file.parentPath, file.name), 'utf8'))) wrong.push(`± in ${file.name}`);
      }
      return wrong;
    });
  } finally {
    collector.kill('SIGTERM');
    site.close();
  }

  await check('survey: the printed form fits one sheet and loads nothing', async () => {
    const wrong = [];
    const paper = path.join(WORK, 'survey-paper');
    survey('paper', 'awareness', '--root', root, '--out', paper, '--base-url', 'https://www.example.gov.cn/');
    const view = await open(browser, { width: 794, origin: 'file://' });
    await view.page.goto(`file://${paper}/awareness.html`);
    wrong.push(...view.strangers.filter((url) => !url.startsWith('file://')).map((url) => `asks for ${url}`));
    const pdf = (await view.page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const pages = Number(/\/Count (\d+)/.exec(pdf)?.[1]);
    note(`awareness on paper: ${pages} pages of A4`);
    if (pages > 2) wrong.push(`${pages} pages`);
    const header = fs.readFileSync(path.join(paper, 'awareness-entry.csv'), 'utf8');
    if (header !== '\uFEFFserial,age,heard,patent,trademark,copyright,pledge,attitude,street,job\r\n') wrong.push(`the entry sheet starts ${JSON.stringify(header)}`);
    await view.close();
    return wrong;
  });
  await fromFiles(browser);
  await browser.close();
}
