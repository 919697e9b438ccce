// Takes the pictures of the desk in the handbook: starts it in an empty folder, makes a site and does what the handbook tells.
//
//   PUZHI=path/of/puzhi node docs/images/desk.mjs            all of them
//   PUZHI=path/of/puzhi node docs/images/desk.mjs form link  those whose names are given; the whole walk is made all the same
//
// Needs a build of the program, Chromium (CHROMIUM=path) and what scripts/test installs. The day, the times and the names of the
// computers are fixed, so that a second run writes the same pictures.

import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../../tests/e2e/lib/browser.mjs';
import { DeskPage, startDesk } from '../../tests/e2e/lib/desk.mjs';
import { WORK } from '../../tests/e2e/lib/puzhi.mjs';

const OUT = path.join(path.dirname(fileURLToPath(import.meta.url)), 'handbook');
const DAY = '2026-11-30';
const NOW = new Date(`${DAY}T10:30:00`);
const WIDTH = 1120;
const HEIGHT = 700;
const wanted = new Set(process.argv.slice(2));

const root = path.join(WORK, '我的网站');
fs.mkdirSync(root, { recursive: true });
fs.mkdirSync(OUT, { recursive: true });
const browser = await launch();
const desks = [];

/** Times and names of computers in the program's answers are those of this run: every picture has the same. */
async function steady(page) {
  await page.clock.setFixedTime(NOW);
  let minutes = 0;
  await page.route(/\/api\/(history|deleted|page\?|open|hand-over)/, async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    minutes = 0;
    const body = text
      .replace(/"(at|since)":"[^"]*"/g, (_, key) => `"${key}":"${new Date(NOW - 1000 * 60 * (3 + 7 * minutes++)).toISOString()}"`)
      .replace(/"by":"(?!desk"|disk")[^"]*"/g, '"by":"李华的电脑"')
      .replace(/-\d{8}-\d{4}\.zip"/, '-20261130-1030.zip"')
      .replace(/"bytes":\d+/g, '"bytes":1258291');
    await route.fulfill({ response: answer, body });
  });
}

async function openDesk(start = true) {
  const desk = await startDesk(root, '--date', DAY);
  desks.push(desk);
  const view = await DeskPage.open(browser, { ...desk, address: 'about:blank' }, { width: WIDTH, height: HEIGHT, start: false });
  await steady(view.page);
  await view.page.goto(desk.address);
  if (start) await view.page.locator('.cm-content').waitFor();
  return view;
}

/** Numbers on the parts of the window that the text speaks of: `[selector, right, down]`, in px from the part's upper right corner. */
async function number(page, places) {
  await page.evaluate((list) => list.forEach(([selector, right, down], at) => {
    const box = document.querySelector(selector).getBoundingClientRect();
    const mark = document.createElement('span');
    mark.className = 'picture-mark';
    mark.textContent = String(at + 1);
    Object.assign(mark.style, { position: 'fixed', zIndex: 99, left: `${box.right - right - 15}px`, top: `${box.top + down - 15}px`, width: '30px', height: '30px', borderRadius: '50%', background: '#1a4f8b', color: '#fff', font: 'bold 18px/30px sans-serif', textAlign: 'center', boxShadow: '0 0 0 3px #fff' });
    document.body.append(mark);
  }), places);
}

const unnumber = (page) => page.evaluate(() => document.querySelectorAll('.picture-mark').forEach((mark) => mark.remove()));

/** Takes a picture of the window, or of the parts of it that are named, less `top` px of them. */
async function take(view, name, part, top = 0) {
  if (wanted.size && !wanted.has(name)) return;
  const { page } = view;
  await page.evaluate(() => document.activeElement?.blur());
  await page.mouse.move(WIDTH / 2, 1);
  await page.waitForTimeout(500);
  const options = { path: path.join(OUT, `${name}.png`), animations: 'disabled', caret: 'hide' };
  if (part) {
    const boxes = await Promise.all([part].flat().map((one) => page.locator(one).first().boundingBox()));
    const [x, y] = [Math.min(...boxes.map((b) => b.x)), Math.min(...boxes.map((b) => b.y)) + top];
    const [right, bottom] = [Math.max(...boxes.map((b) => b.x + b.width)), Math.max(...boxes.map((b) => b.y + b.height))];
    // Behind the round corners of a dialog is the page.
    const edge = part === 'dialog[open]' ? 4 : 0;
    options.clip = { x: x + edge, y: y + edge, width: right - x - 2 * edge, height: Math.min(HEIGHT, bottom) - y - 2 * edge };
  }
  await page.screenshot(options);
}

/** Leaves a dialog as it is. */
async function leave({ page }) {
  await page.locator('dialog[open]').getByRole('button', { name: /^(取消|关闭|先不保存)$/ }).last().click();
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
}

const GUIDE = '到窗口办质押登记';
const TEXT = `## 办之前先看 {#before}

先在网上查清楚专利是不是还有效，再去窗口，少跑一趟。

- 专利权是您自己的
- 年费没有欠

## 怎么办 {#how}

`;

/** The first page of a new desk: the four questions. */
async function start(view) {
  const { page } = view;
  await page.getByLabel('网站叫什么').fill('示例县知识产权宣传');
  await page.getByLabel('谁主办').fill('示例县市场监督管理局');
  await page.getByLabel('宣传什么').fill('知识产权的政策解读、办事指南和宣传活动。');
  await page.evaluate(() => document.activeElement.blur());
  await take(view, 'start', 'main.alone');
  await view.button('建站').click();
  await page.locator('.cm-content').waitFor();
  await page.waitForTimeout(1200);
}

async function newPage(view) {
  const { page } = view;
  await view.button('新建页面').click();
  await view.dialog().getByLabel('标题').fill(GUIDE);
  await view.dialog().getByLabel('写什么').selectOption({ label: '指南' });
  await take(view, 'new', 'dialog[open]');
  await view.confirm();
  await page.locator('.page-title-now', { hasText: GUIDE }).waitFor();
  await view.rest();
}

/** Puts words in front of the cursor line by line, as typed. */
async function text(view) {
  await view.body(TEXT);
  await view.rest();
  await view.button('表格').first().click();
  const cells = view.dialog().locator('.grid input');
  const words = ['材料', '份数', '说明', '申请表', '1', '从登记机构的网站下载', '质押合同', '1', '双方签字、盖章'];
  for (const [at, word] of words.entries()) await cells.nth(at).fill(word);
  await take(view, 'table', 'dialog[open]');
  await view.confirm();
  await view.rest();
}

async function insertSteps(view) {
  const { page } = view;
  await view.cursor('Control+End');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await view.button('插入别的内容').click();
  await view.dialog().locator('button.choice', { hasText: '注意' }).click();
  await view.dialog().getByLabel('标题').fill('先打电话问一问');
  await view.dialog().getByLabel('里面的文字').fill('受理窗口的地址和电话暂未公布。');
  await take(view, 'insert', 'dialog[open]');
  await view.confirm();
  await view.rest();
  await view.cursor('Control+Home');
  await take(view, 'text');
}

async function link(view) {
  const { page } = view;
  await view.cursor('Control+End');
  await view.button('链接').first().click();
  await view.dialog().getByLabel('链到哪里').fill('版权');
  await view.dialog().locator('.choices button', { hasText: '版权与转载' }).click();
  await take(view, 'link', 'dialog[open]');
  await leave(view);
}

async function picture(view) {
  const { page } = view;
  await view.cursor('Control+End');
  const blank = await browser.newPage({ viewport: { width: 800, height: 450 } });
  const bytes = [...await blank.screenshot()];
  await blank.close();
  // Pasted, so that no button of the browser is seen, which may know English alone.
  await page.evaluate((given) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(given)], '咨询台.png', { type: 'image/png' }));
    document.querySelector('.editor-host').shadowRoot.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true, composed: true }));
  }, bytes);
  await view.dialog().waitFor();
  await view.dialog().getByLabel('图里是什么').fill('咨询台前站着两个人，桌上放着宣传册');
  await view.dialog().getByLabel('图下面的文字').fill('3·15 当天的咨询台（示意图）');
  await take(view, 'picture', 'dialog[open]');
  await leave(view);
}

/** Typical slips, and what the desk says of them. */
async function slips(view) {
  const { page } = view;
  await view.save();
  await view.body(`＃＃ 要带什么\n\n见【版权与转载】（../about/copyright.md）。\n\n1.先交材料\n2.再等通知\n`);
  await view.rest();
  await page.locator('.findings-list li').nth(2).waitFor();
  await view.cursor('Control+Home');
  await take(view, 'findings', ['.editor', '.findings-place']);
  for (;;) {
    const fix = page.locator('.findings-list').getByRole('button', { name: /^改正/ }).first();
    if (!(await fix.count())) break;
    await fix.click();
    await page.waitForTimeout(400);
    await view.rest();
  }
  await view.save();
}

/** The information of the page, and the page made public. */
async function form(view) {
  const { page } = view;
  await page.locator('.form summary').first().click();
  await page.locator('.fields').getByLabel('摘要').fill('去窗口以前，先看要带什么。');
  await view.rest();
  await page.locator('.fields').evaluate((box) => { box.scrollTop = 0; });
  // A date as Chinese browsers write it; this one may know English alone.
  await page.locator('input[type=date]').first().evaluate((input) => {
    const { value } = input;
    input.type = 'text';
    input.value = value.replaceAll('-', '/');
  });
  await take(view, 'form', ['.page-head', '.form-place']);
  await page.getByLabel('草稿', { exact: true }).uncheck();
  await view.rest();
  await page.locator('.form summary').first().click();
  await view.save();
}

async function history(view) {
  await view.body(TEXT);
  await view.save();
  await view.body(TEXT.replace('少跑一趟', '不白跑一趟').replace('- 年费没有欠\n', '- 年费没有欠\n- 没有和别人打官司\n'));
  await view.save();
  await view.button('以前的版本').click();
  await view.dialog().locator('.difference').waitFor();
  await take(view, 'history', 'dialog[open]');
  await leave(view);
}

/** A new name of a page to which another links. */
async function rename(view) {
  const { page } = view;
  await view.go('关于本站');
  await view.cursor('Control+End');
  await view.type(`\n\n去窗口以前，先看[${GUIDE}](../guides/${GUIDE}.md)。`);
  await view.save();
  await view.go(GUIDE);
  await view.button('改网址名').click();
  await view.dialog().getByLabel('网址的最后一段').fill('pledge-window');
  await view.confirm();
  await view.dialog().locator('.plan').waitFor();
  await take(view, 'rename', 'dialog[open]');
  await view.confirm();
  await page.locator('#toast button').first().waitFor();
}

async function remove(view) {
  await view.go('示例：一个故事怎么写');
  await view.button('删除').click();
  await view.dialog().getByLabel('撤稿：网址留着，写明撤了').check();
  await view.dialog().getByLabel('为什么撤').fill('内容有误，改后再发');
  await take(view, 'delete', 'dialog[open]');
  await view.dialog().getByLabel('整页删掉：文字还能找回来').check();
  await view.confirm();
  await view.dialog().getByRole('button', { name: '删掉', exact: true }).click();
  await view.page.locator('#toast button').first().waitFor();
  await view.button('已删除的页面').click();
  await view.dialog().locator('.deleted').waitFor();
  await take(view, 'deleted', 'dialog[open]');
  await leave(view);
}

/** Others change the file while one writes. */
async function conflict(view) {
  await view.go(GUIDE);
  await view.body('受理时间是上午九点。');
  await view.save();
  const file = path.join(root, 'content/guides/pledge-window.md');
  await view.body('受理时间是上午九点半。');
  await view.rest();
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('上午九点。', '上午九点到十一点。'));
  await view.page.keyboard.press('Control+s');
  await view.dialog().locator('.dispute').first().waitFor();
  await view.dialog().locator('summary').first().evaluate((summary) => { summary.parentElement.open = false; });
  await take(view, 'conflict', 'dialog[open]');
  await view.dialog().getByLabel('两段都留').check();
  await view.confirm();
  await view.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent));
}

/** A second desk on the folder, and text that was not saved. */
async function others(view) {
  await view.cursor('Control+End');
  await view.type('周六、周日不受理。');
  await view.rest();
  const second = await openDesk();
  await second.page.locator('.tree button.page', { hasText: GUIDE }).first().click();
  await second.page.locator('.bar', { hasText: '正在改这一页' }).waitFor({ timeout: 15000 });
  await take(second, 'held', ['#bars', '.page-head']);
  await second.close();
  await view.close();
  desks.splice(0).forEach((desk) => desk.close());
  const next = await openDesk();
  await next.go(GUIDE);
  await next.page.locator('.bar', { hasText: '没保存' }).waitFor();
  await take(next, 'recovered', ['#bars', '.page-head']);
  await next.button('继续编辑').click();
  await next.page.waitForFunction(() => !/等您选/.test(document.querySelector('.status').textContent));
  await next.rest();
  await next.save();
  return next;
}

async function handOver(view) {
  await view.button('交付').click();
  await view.confirm();
  await view.button('保存压缩包').waitFor({ timeout: 60000 });
  await take(view, 'hand-over', 'dialog[open]');
}

try {
  const view = await openDesk(false);
  await start(view);
  await number(view.page, [['.pane.list .tree', 30, 60], ['.editor', 30, 60], ['.preview .stage', 30, 300], ['.findings', 30, 20], ['header .main', 2, 40]]);
  await take(view, 'desk');
  await unnumber(view.page);
  await newPage(view);
  await text(view);
  await insertSteps(view);
  await link(view);
  await picture(view);
  await slips(view);
  await form(view);
  await history(view);
  await rename(view);
  await remove(view);
  await conflict(view);
  const next = await others(view);
  await handOver(next);
  const wrong = [...view.wrong, ...next.wrong];
  if (wrong.length) throw new Error(wrong.join('\n'));
} finally {
  await browser.close();
  desks.forEach((desk) => desk.close());
}
