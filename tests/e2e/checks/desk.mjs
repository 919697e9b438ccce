// The desk in a real browser: writing with an input method, saving, mending, renaming, versions, conflicts, what a stranger can do.

import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { WORK } from '../lib/puzhi.mjs';
import { launch } from '../lib/browser.mjs';
import { DeskPage, api, siteForDesk, startDesk, unsavedTexts } from '../lib/desk.mjs';
import { quickAndSlow, quickPages } from '../lib/desk-quick.mjs';

const PAGE = 'content/guides/desk-test.md';
const HEAD = '---\n# 这一行注释要留着\n标题: 写字台的一页   # 也留着\n日期: 2026-01-01\n标签: [专利]\n---\n';
const BODY = '第一段。\n\n## 小节 {#part}\n\n第二段，见[申请专利](patents.md)。\n';

const MORE = {
  [PAGE]: `${HEAD}\n${BODY}`,
  'content/guides/desk-linked.md': '---\n标题: 链到它的一页\n日期: 2026-01-02\n---\n\n见[那一页](desk-test.md#part)。\n',
  'content/guides/desk-draft.md': '---\n标题: 一篇没写完的\n日期: 2026-01-03\n草稿: 是\n---\n\n没写完。\n',
  'static/evil.html': '<!doctype html><meta charset="utf-8"><title>x</title><script src="evil.js"></script>\n',
  'static/evil.js': 'window.ran = true;\n',
};
const TITLE = '写字台的一页';

const WORD = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style></head><body>
<h1>标题</h1><p class=MsoNormal>一段<b>要紧</b>的话。<o:p></o:p></p><p><span style="font-weight:bold">粗</span>见<a href="https://example.gov.cn/a">网址</a></p>
<p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">1.<span>&nbsp;</span></span>第一</p><p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">2.</span>第二</p>
<table><tr><td>名称</td><td>数</td></tr><tr><td>甲|乙</td><td>3</td></tr></table><script>alert(1)</script><img src=x onerror=alert(1)></body></html>`;
const WORD_AS_MARKDOWN = '## 标题\n\n一段**要紧**的话。\n\n**粗**见[网址](https://example.gov.cn/a)\n\n1. 第一\n1. 第二\n\n| 名称 | 数 |\n| --- | --- |\n| 甲\\|乙 | 3 |';

export default async function run() {
  const browser = await launch();
  const desk = await startDesk(siteForDesk('desk', MORE));
  const open = (options) => DeskPage.open(browser, desk, options);
  /** A check with a page of its own; what no person may meet fails it. */
  const on = (name, job, options) => check(`desk: ${name}`, async () => {
    fs.writeFileSync(path.join(desk.root, PAGE), MORE[PAGE]);
    await api(desk, 'discard', { path: PAGE });
    const page = await open(options);
    try {
      return [...((await job(page)) ?? []), ...page.wrong];
    } finally {
      await page.close();
    }
  });

  try {
    await on('an input method loses no character while findings and preview come, wherever it is used', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      const cases = { '段落文字。': ['Home', 'End', 'ArrowLeft'], '## 标题': ['Home', 'End'], '**粗**字': ['Home', 'End'], '- 项': ['End'], '> 引': ['End'], '[x](patents.md)': ['Home', 'End'], '': [] };
      for (const [line, keys] of Object.entries(cases)) {
        for (const key of keys.length ? keys : [null]) {
          // A full-width sign that is a finding comes and goes above, so that underlines change while words are composed.
          await page.body(`＃ 全角\n\n${line}`);
          if (key) await page.page.keyboard.press(key);
          await page.page.waitForTimeout(80);
          await page.compose('zhi shi chan quan', '知识产权');
          await page.compose('hao', '好', 90);
          await page.page.waitForTimeout(150);
          const got = (await page.text()).split('\n').pop();
          const at = key === 'Home' ? 0 : key === 'ArrowLeft' ? line.length - 1 : line.length;
          const want = `${line.slice(0, at)}知识产权好${line.slice(at)}`;
          if (got !== want) wrong.push(`${JSON.stringify(line)} ${key}: ${JSON.stringify(got)}`);
        }
      }
      await page.body('');
      for (let n = 0; n < 30; n += 1) await page.compose('ci', '词', 5);
      await page.save();
      if (!page.read(PAGE).endsWith(`---\n\n${'词'.repeat(30)}`)) wrong.push(`on disk: ${JSON.stringify(page.read(PAGE).slice(-60))}`);
      return wrong;
    });

    await on('Ctrl+S in the middle of a composition saves the word once it is one', async (page) => {
      await page.go(TITLE);
      await page.body('前');
      await page.save();
      await page.compose('xie', null);
      await page.page.keyboard.press('Control+s');
      await page.page.waitForTimeout(300);
      const during = page.read(PAGE);
      await page.cdp.send('Input.insertText', { text: '写' });
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent), undefined, { timeout: 5000 });
      const after = page.read(PAGE);
      return [...(/x/.test(during) ? ['letters of the input method were saved'] : []), ...(after.endsWith('\n前写') ? [] : [`saved ${JSON.stringify(after.slice(-20))}`])];
    });

    await on('500 quick edits end in the right bytes on disk, and the preview shows the last', async (page) => {
      await page.go(TITLE);
      await page.body('开头。');
      let want = '开头。';
      for (let n = 0; n < 500; n += 1) {
        if (n % 7 === 6) { await page.page.keyboard.press('Backspace'); want = want.slice(0, -1); } else { const c = '一二三四五六七八九十'[n % 10]; await page.type(c); want += c; }
        if (n % 100 === 99) await page.page.keyboard.press('Control+s');
      }
      await page.save();
      const got = page.read(PAGE);
      const frame = page.page.frames().find((f) => f !== page.page.mainFrame());
      await frame.waitForFunction((words) => document.body.innerText.includes(words), want.slice(-12), { timeout: 8000 });
      return got === `${HEAD}\n${want}` ? [] : [`${got.length} of ${HEAD.length + 1 + want.length}: ${JSON.stringify(got.slice(-80))}`];
    });

    await on('a finding is underlined, named and mended by its button, and nothing else changes', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.cursor('Control+End');
      await page.type('\n＃＃ 全角的标题\n\n完。\n');
      await page.page.locator('.findings-list li').first().waitFor();
      const underlined = await page.page.locator('.cm-lintRange').first().textContent();
      if (!underlined.includes('＃')) wrong.push(`underlined: ${underlined}`);
      wrong.push(...(await page.look('findings')));
      await page.page.locator('.findings-list button.finding').first().click();
      if (!(await page.page.evaluate(() => document.activeElement.className.includes('editor-host')))) wrong.push('the finding does not lead to its place');
      await page.page.locator('.findings-list').getByRole('button', { name: /^改正/ }).first().click();
      await page.page.waitForFunction(() => document.querySelectorAll('.findings-list li').length === 0, undefined, { timeout: 5000 });
      await page.save();
      const want = `${HEAD}\n${BODY}\n## 全角的标题\n\n完。\n`;
      if (page.read(PAGE) !== want) wrong.push(JSON.stringify(page.read(PAGE)));
      await page.page.keyboard.press('Control+z');
      await page.rest();
      if (!(await page.text()).includes('＃＃')) wrong.push('the change cannot be undone');
      return wrong;
    });

    await on('the form changes the lines of its keys alone', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.page.locator('.form summary').click();
      wrong.push(...(await page.look('form')));
      await page.page.locator('.fields .field', { hasText: '标题' }).first().locator('input').fill('写字台的另一题');
      await page.page.locator('.page-title-now', { hasText: '另一题' }).waitFor();
      const tags = page.page.locator('.field', { hasText: '标签' }).first().locator('input');
      await tags.fill('商标');
      await tags.press('Enter');
      await page.page.getByLabel('草稿', { exact: true }).check();
      await page.page.locator('.page-name .tag', { hasText: '草稿' }).waitFor();
      await page.save();
      const got = page.read(PAGE).split('\n');
      for (const line of ['# 这一行注释要留着', '日期: 2026-01-01']) if (!got.includes(line)) wrong.push(`${line} is gone`);
      if (!got.some((line) => /^标题: 写字台的另一题\s+# 也留着$/.test(line))) wrong.push(`title: ${got[2]}`);
      if (!got.some((line) => /^标签: \[专利, 商标\]$/.test(line))) wrong.push(`tags: ${got.join('|')}`);
      if (!got.some((line) => /^草稿: /.test(line))) wrong.push('no draft key');
      if (!page.read(PAGE).endsWith(`---\n\n${BODY}`)) wrong.push('the text changed');
      return wrong;
    });

    await on('the form loses no letter to a quick save, and no line to a field that is filled anew', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.page.locator('.form summary').click();
      const title = page.page.locator('.fields .field', { hasText: '标题' }).first().locator('input');
      await title.fill('');
      await page.page.waitForTimeout(600);
      await title.pressSequentially('很快写的');
      await page.page.keyboard.press('Control+s');
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent), undefined, { timeout: 5000 });
      const day = page.page.locator('input[type=date]').first();
      await day.focus();
      await page.page.keyboard.press('Backspace');
      await page.page.waitForTimeout(500);
      await page.cursor('Control+End');
      await page.page.locator('.field', { hasText: '标签' }).first().locator('input').fill('没按回车的');
      await page.page.keyboard.press('Control+s');
      await page.page.waitForTimeout(600);
      const want = MORE[PAGE].replace('标题: 写字台的一页   #', '标题: 很快写的   #').replace('[专利]', '[专利, 没按回车的]');
      if (page.read(PAGE) !== want) wrong.push(JSON.stringify(page.read(PAGE)));
      if (await page.page.evaluate(() => document.querySelector('input[type=date]').value) !== '2026-01-01') wrong.push('the date is not shown again');
      return wrong;
    });

    await on('a file changed outside is merged, and neither text is lost', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.cursor('Control+Home');
      await page.type('我的开头。');
      await page.rest();
      fs.writeFileSync(page.file(PAGE), `${MORE[PAGE]}\n别人加在末尾的一段。\n`);
      await page.page.locator('.bar', { hasText: '别处改过' }).waitFor();
      await page.page.keyboard.press('Control+s');
      await page.dialog().waitFor();
      wrong.push(...(await page.look('conflict')));
      await page.dialog().locator('summary', { hasText: '并排' }).click();
      await page.confirm();
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent), undefined, { timeout: 5000 });
      const got = page.read(PAGE);
      for (const words of ['我的开头。第一段。', '别人加在末尾的一段。', '第二段']) if (!got.includes(words)) wrong.push(`${words} is lost: ${got}`);
      // Both changed the same place: one must choose.
      await page.cursor('Control+Home');
      await page.type('甲');
      await page.rest();
      fs.writeFileSync(page.file(PAGE), got.replace('我的开头。', '乙乙。'));
      await page.page.keyboard.press('Control+s');
      await page.dialog().locator('.dispute').first().waitFor();
      wrong.push(...(await page.look('dispute')));
      await page.confirm();
      if (!(await page.dialog().locator('.said').textContent()).includes('还没有选')) wrong.push('an open dispute could be saved');
      await page.dialog().getByLabel('两段都留').first().check();
      await page.confirm();
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent), undefined, { timeout: 5000 });
      for (const words of ['甲我的开头。', '乙乙。']) if (!page.read(PAGE).includes(words)) wrong.push(`${words} is lost`);
      return wrong;
    });

    await on('unsaved text is offered again after the window was lost', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.cursor('Control+End');
      await page.type('没有保存的一句。');
      await page.rest();
      const next = await open();
      await next.go(TITLE);
      await next.page.locator('.bar', { hasText: '没保存' }).waitFor();
      wrong.push(...(await next.look('recovered')));
      await next.button('继续编辑').click();
      await next.page.waitForFunction(() => document.querySelector('.editor-host').shadowRoot.textContent.includes('没有保存的一句。'), undefined, { timeout: 5000 });
      await next.save();
      if (!next.read(PAGE).endsWith('没有保存的一句。')) wrong.push('it was not saved');
      return [...wrong, ...(await next.close())];
    });

    await on('unsaved text of before waits for a decision, and its findings are mended in their place', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.cursor('Control+Home');
      await page.type('长长的一段写在前面，后面的位置都变了。\n\n＃＃ 全角\n\n');
      await page.rest();
      const next = await open();
      await next.go(TITLE);
      await next.cursor('Control+Home');
      await next.type('抢先写的');
      if ((await next.text()).includes('抢先写的')) wrong.push('one can write before one has decided');
      if (await next.page.locator('.findings-list li').count()) wrong.push('findings of the unsaved text stand at places of the other');
      await next.button('继续编辑').click();
      await next.page.locator('.findings-list li').first().waitFor();
      await next.page.locator('.findings-list').getByRole('button', { name: /^改正/ }).first().click();
      await next.page.waitForFunction(() => document.querySelectorAll('.findings-list li').length === 0, undefined, { timeout: 5000 });
      await next.save();
      if (next.read(PAGE) !== `${HEAD}\n长长的一段写在前面，后面的位置都变了。\n\n## 全角\n\n${BODY}`) wrong.push(JSON.stringify(next.read(PAGE)));
      await next.page.locator('.form summary').click();
      if (await next.page.locator('.fields input[type=text]').first().evaluate((input) => input.readOnly)) wrong.push('the form stays locked');
      return [...wrong, ...(await next.close())];
    });

    await on('with a slow program each page is saved as itself, and saving goes on', async (page) => {
      const wrong = [];
      const other = 'content/guides/desk-draft.md';
      const before = page.read(other);
      await page.go(TITLE);
      await page.page.route('**/api/draft', async (route) => { await new Promise((done) => setTimeout(done, 400)); await route.continue(); });
      await page.page.route('**/api/page?*', async (route) => { await new Promise((done) => setTimeout(done, 300)); await route.continue(); });
      await page.cursor('Control+End');
      await page.type('头一页的话。');
      await page.page.keyboard.press('Control+s');
      await page.page.locator('.tree .page', { hasText: '一篇没写完的' }).first().click();
      await page.page.keyboard.press('Control+s');
      await page.page.locator('.page-title-now', { hasText: '一篇没写完的' }).waitFor();
      await page.cursor('Control+End');
      await page.type('第二页的话。');
      await page.page.keyboard.press('Control+s');
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent), undefined, { timeout: 8000 });
      if (page.read(PAGE) !== `${MORE[PAGE]}头一页的话。`) wrong.push(`first: ${JSON.stringify(page.read(PAGE).slice(-80))}`);
      if (page.read(other) !== `${before}第二页的话。`) wrong.push(`second: ${JSON.stringify(page.read(other).slice(-80))}`);
      fs.writeFileSync(page.file(other), before);
      return wrong;
    });

    await on('what is typed while a whole text is put in place stays', async (page) => {
      const wrong = [];
      const slow = (pattern) => page.page.route(pattern, async (route) => { await new Promise((done) => setTimeout(done, 900)); await route.continue(); });
      const unsaved = () => unsavedTexts(desk.root).join('\n');
      // Left unsaved, come back to: words typed before the answer and after it.
      await page.go(TITLE);
      await page.cursor('Control+End');
      await page.type('先写的。');
      await page.rest();
      await page.go('一篇没写完的');
      await slow('**/api/front-matter');
      await page.page.locator('.tree .page', { hasText: TITLE }).first().click();
      for (let n = 0; n < 12; n += 1) {
        await page.cursor('Control+End');
        await page.type(`〔${n}〕`);
        await page.page.waitForTimeout(80);
      }
      await page.page.locator('.page-title-now', { hasText: TITLE }).waitFor();
      await page.rest();
      for (let n = 0; n < 12; n += 1) if (!unsaved().includes(`〔${n}〕`)) wrong.push(`〔${n}〕 is lost on the way back`);
      if (!(await page.text()).includes('先写的。')) wrong.push('what was left is not there');
      await page.save();
      // Others change the file, and one begins to write while that is fetched.
      const asked = page.page.waitForRequest('**/api/front-matter', { timeout: 10000 });
      fs.appendFileSync(page.file(PAGE), '\n同事写的一段。\n');
      await asked;
      await page.cursor('Control+Home');
      await page.type('正在写的。');
      await page.page.locator('.bar', { hasText: '别处改过' }).waitFor({ timeout: 10000 });
      if (!(await page.text()).includes('正在写的。')) wrong.push('the new text of the file took the place of what was typed');
      await page.page.keyboard.press('Control+s');
      await page.dialog().waitFor();
      await page.confirm();
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent), undefined, { timeout: 8000 });
      for (const words of ['先写的。', '正在写的。', '同事写的一段。']) if (!page.read(PAGE).includes(words)) wrong.push(`${words} is not on disk`);
      await api(desk, 'discard', { path: 'content/guides/desk-draft.md' });
      return wrong;
    });

    await on('看源文 pressed many times with slow answers takes nothing of the text away', async (page) => {
      await page.go(TITLE);
      await page.page.route('**/api/front-matter', async (route) => { await new Promise((done) => setTimeout(done, 400)); await route.continue(); });
      await page.cursor('Control+End');
      await page.type('写完了。');
      for (let n = 0; n < 4; n += 1) await page.button('看源文').click();
      await page.page.waitForTimeout(1200);
      await page.save();
      return page.read(PAGE) === `${MORE[PAGE]}写完了。` ? [] : [JSON.stringify(page.read(PAGE))];
    });

    await on('what is typed while a save is refused comes into the comparison', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.cursor('Control+Home');
      await page.type('头一句。');
      await page.rest();
      fs.appendFileSync(page.file(PAGE), '\n同事写的一段。\n');
      await page.page.route('**/api/save', async (route) => { const response = await route.fetch(); await new Promise((done) => setTimeout(done, 700)); await route.fulfill({ response }); });
      await page.page.keyboard.press('Control+s');
      await page.page.waitForTimeout(200);
      await page.type('第二句。');
      await page.dialog().waitFor();
      await page.confirm();
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent), undefined, { timeout: 8000 });
      for (const words of ['头一句。第二句。', '同事写的一段。']) if (!page.read(PAGE).includes(words)) wrong.push(`${words} is not on disk`);
      return wrong;
    });

    await check('desk: no word is lost to quick clicks and slow answers', async () => {
      const slow = await startDesk(siteForDesk('desk-quick', quickPages));
      try {
        return await quickAndSlow(await DeskPage.open(browser, slow), Number(process.env.DESK_SEED || 7));
      } finally {
        slow.close();
      }
    });

    await on('text that the program refuses keeps its page open', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.page.route('**/api/draft', (route) => route.fulfill({ status: 409, contentType: 'application/json', body: JSON.stringify({ error: { code: 'held', message: '宣传科的电脑正在改这一页', hint: '' } }) }));
      await page.cursor('Control+End');
      await page.type('收不下的话。');
      await page.page.locator('.bar', { hasText: '没有暂存' }).waitFor();
      await page.page.locator('.tree .page', { hasText: '一篇没写完的' }).first().click();
      await page.page.waitForTimeout(500);
      if (!(await page.text()).includes('收不下的话。')) wrong.push('the text went');
      await page.page.unroute('**/api/draft');
      await page.cursor('Control+End');
      await page.type('收下了。');
      await page.save();
      if (!page.read(PAGE).endsWith('收不下的话。收下了。')) wrong.push('it was not saved afterwards');
      if (await page.page.locator('.bar').count()) wrong.push('the bar stays');
      return wrong;
    });

    await on('a file that others deleted can be put back', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.cursor('Control+End');
      await page.type('还在写。');
      await page.rest();
      fs.rmSync(page.file(PAGE));
      await page.page.waitForTimeout(800);
      await page.page.keyboard.press('Control+s');
      await page.dialog().waitFor();
      wrong.push(...(await page.look('gone')));
      await page.confirm();
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent), undefined, { timeout: 8000 });
      if (page.read(PAGE) !== `${MORE[PAGE]}还在写。`) wrong.push(JSON.stringify(page.read(PAGE).slice(-60)));
      return wrong;
    });

    await on('undo takes back one’s own changes alone', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      for (const words of ['这一行注释要留着', '第一段']) {
        await page.button('看源文').click();
        await page.page.waitForFunction((w) => document.querySelector('.editor-host').shadowRoot.querySelector('.cm-content').textContent.includes(w), words);
        await page.page.waitForTimeout(200);
      }
      await page.cursor('Control+z', 'Control+z');
      await page.type('我。');
      await page.save();
      const got = page.read(PAGE);
      if (!got.startsWith(HEAD) || got.length !== MORE[PAGE].length + 2) wrong.push(`after 看源文: ${JSON.stringify(got)}`);
      fs.writeFileSync(page.file(PAGE), `${got}\n别人的一段。\n`);
      await page.page.locator('#toast', { hasText: '换成新的' }).waitFor();
      await page.cursor('Control+Home', 'Control+z', 'Control+z');
      await page.page.waitForTimeout(300);
      if (!(await page.text()).includes('别人的一段。')) wrong.push('what others wrote was taken back');
      return wrong;
    });

    await on('an older version comes back, with what differs shown before', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.cursor('Control+End');
      await page.type('后来加的话。');
      await page.save();
      await page.button('以前的版本').click();
      await page.dialog().locator('.difference').waitFor();
      wrong.push(...(await page.look('versions')));
      if (!(await page.dialog().locator('ins').allTextContents()).join('').includes('后来加的话')) wrong.push('the difference does not show what was added');
      await page.dialog().locator('button.main').click();
      await page.page.locator('#toast', { hasText: '恢复' }).waitFor();
      if (page.read(PAGE) !== MORE[PAGE]) wrong.push(`restored: ${JSON.stringify(page.read(PAGE).slice(-60))}`);
      if ((await page.text()).includes('后来加的话')) wrong.push('the editor still shows the newer text');
      // The way back is of this page, also when another is open by then.
      const other = page.read('content/guides/desk-draft.md');
      await page.go('一篇没写完的');
      await page.page.locator('#toast').getByRole('button', { name: '撤销' }).click();
      await page.page.locator('.page-title-now', { hasText: TITLE }).waitFor();
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent), undefined, { timeout: 5000 });
      if (!page.read(PAGE).endsWith('后来加的话。')) wrong.push('the newer text is not back');
      if (page.read('content/guides/desk-draft.md') !== other) wrong.push('another page was written');
      return wrong;
    });

    await on('a rename shows what changes, mends links, leaves the old address and can be taken back', async (page) => {
      const wrong = [];
      const linked = 'content/guides/desk-linked.md';
      const before = page.read(linked);
      await page.go(TITLE);
      await page.button('改网址名').click();
      await page.dialog().locator('input').fill('desk-renamed');
      await page.confirm();
      await page.dialog().locator('.plan').waitFor();
      wrong.push(...(await page.look('plan')));
      await page.confirm();
      await page.page.locator('#toast', { hasText: '撤销' }).waitFor();
      if (!page.read(linked).includes('desk-renamed.md#part')) wrong.push(`link: ${page.read(linked)}`);
      if (fs.existsSync(page.file(PAGE))) wrong.push('the old file is there');
      if (!page.read('content/guides/desk-renamed.md').includes('desk-test')) wrong.push('no alias');
      await page.page.locator('#toast').getByRole('button', { name: '撤销' }).click();
      await page.page.locator('#toast', { hasText: '已经撤销' }).waitFor();
      if (page.read(linked) !== before) wrong.push('the link is not back');
      if (page.read(PAGE) !== MORE[PAGE]) wrong.push('the file is not back');
      return wrong;
    });

    await on('tables, links and blocks are written by forms', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.body('开头。');
      await page.page.locator('.toolbar').getByRole('button', { name: '表格' }).click();
      wrong.push(...(await page.look('table')));
      await page.type('名称');
      await page.page.keyboard.press('Tab');
      await page.type('数|量');
      await page.confirm();
      await page.page.waitForTimeout(100);
      if (!(await page.text()).startsWith('开头。\n\n| 名称 | 数\\|量 |  |\n| --- | --- | --- |')) wrong.push(`table: ${await page.text()}`);
      await page.page.locator('.toolbar').getByRole('button', { name: '改表格' }).click();
      if ((await page.dialog().locator('[data-cell="0:1"]').inputValue()) !== '数|量') wrong.push('the table does not open again');
      // Cells of a spreadsheet, one with a line break; and an Escape that was meant for an input method.
      await page.dialog().locator('[data-cell="1:0"]').evaluate((input) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', '甲\t1\n"乙\n丙""丁"\t2\n');
        input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      });
      if ((await page.dialog().locator('[data-cell="2:0"]').inputValue()) !== '乙 丙"丁') wrong.push('cells of a spreadsheet are not read');
      await page.dialog().locator('[data-cell="1:1"]').fill('1 件');
      await page.page.keyboard.press('Escape');
      if (!(await page.dialog().locator('.said').textContent()).includes('再按一次')) wrong.push('one Escape drops a table');
      await page.confirm();
      await page.page.waitForTimeout(100);
      if (!(await page.text()).includes('| 甲 | 1 件 |  |\n| 乙 丙"丁 | 2 |  |')) wrong.push(`cells: ${await page.text()}`);
      await page.body('');
      await page.page.locator('.toolbar').getByRole('button', { name: '链接' }).click();
      await page.dialog().getByLabel('链到哪里').fill('申请专利');
      await page.dialog().locator('.choice', { hasText: /^页面申请专利/ }).first().click();
      wrong.push(...(await page.look('link')));
      await page.confirm();
      await page.page.waitForTimeout(100);
      if (!/^\[申请专利\]\(.*patents\.md\)$/.test(await page.text())) wrong.push(`link: ${await page.text()}`);
      await page.body('');
      await page.button('插入别的内容').click();
      wrong.push(...(await page.look('insert')));
      await page.dialog().locator('.choice', { hasText: '折叠的内容' }).click();
      await page.dialog().getByLabel('折叠时显示的一句话').fill('要带什么');
      await page.dialog().getByLabel('里面的文字').fill('身份证');
      wrong.push(...(await page.look('form of a block')));
      await page.confirm();
      await page.page.waitForTimeout(100);
      if (!(await page.text()).startsWith('```{details} 要带什么\n身份证\n```')) wrong.push(`block: ${await page.text()}`);
      await page.rest();
      await page.body('第一步');
      await page.button('办事步骤').click();
      await page.rest();
      await page.page.keyboard.press('Enter');
      await page.type('第二步');
      if (!(await page.text()).startsWith('```{steps}\n1. 第一步\n2. 第二步\n```')) wrong.push(`steps: ${await page.text()}`);
      return wrong;
    });

    await on('a block opens its form with what stands there, and only what was changed changes', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      const steps = '```{steps}\n1. **填表**：在窗口领\n2) 交材料\n3. **等**\n4. **领**。带证件\n```';
      const note = '````{note} 要注意\n一段**话**。\n\n```\n代码 {note}\n```\n````';
      const odd = '```{steps}\n1. 填表\n\n   第二段\n2. 交\n```';
      const entries = '```{contacts}\n- 名称: 甲局\n  电话: "0871: 123"\n- phone: "0871"\n  name: 乙局\n```';
      const remark = '```{contacts}\n- 名称: 甲局 # 局长要的\n```';
      const all = [steps, note, odd, entries, remark].join('\n\n');
      await page.body(all);
      await page.rest();
      const at = async (n) => { await page.page.locator('.cm-open-form').nth(n).click(); };
      const count = await page.page.locator('.cm-open-form').count();
      if (count !== 5) wrong.push(`${count} of 5 blocks have a button`);
      // Opened and closed, and opened and confirmed: nothing is lost.
      await at(0);
      await page.dialog().waitFor();
      wrong.push(...(await page.look('steps form')));
      const shown = await page.dialog().locator('tbody input').evaluateAll((inputs) => inputs.map((input) => input.value).join('|'));
      if (shown !== '填表|在窗口领|交材料||等||领|带证件') wrong.push(`steps are shown as ${shown}`);
      await page.confirm();
      await page.rest();
      let want = all.replace('2) 交', '2. 交');
      if ((await page.text()) !== want) wrong.push(`steps: ${await page.text()}`);
      await at(1);
      await page.dialog().waitFor();
      wrong.push(...(await page.look('note form')));
      await page.dialog().locator('input').first().fill('很要注意');
      await page.confirm();
      await page.rest();
      want = want.replace('{note} 要注意', '{note} 很要注意');
      if ((await page.text()) !== want) wrong.push(`note: ${await page.text()}`);
      // What the form cannot hold is left to the text.
      for (const n of [2, 4]) {
        await at(n);
        await page.page.waitForTimeout(200);
        if (n === 4 && await page.dialog().count()) { wrong.push('a remark would be lost by the form'); await page.page.keyboard.press('Escape'); }
        if (n === 2 && await page.dialog().locator('.grid').count()) wrong.push('a second paragraph would be lost by the form');
        if (await page.dialog().count()) await page.confirm();
      }
      await page.rest();
      if ((await page.text()) !== want) wrong.push(`what the form cannot hold: ${await page.text()}`);
      // By keyboard, from the toolbar.
      await at(3);
      await page.dialog().waitFor();
      await page.page.keyboard.press('Escape');
      await page.page.locator('.toolbar').getByRole('button', { name: /^改这块/ }).click();
      await page.dialog().waitFor();
      const values = await page.dialog().locator('.records input').evaluateAll((inputs) => inputs.map((input) => input.value).filter(Boolean).join('|'));
      if (values !== '甲局|0871: 123|乙局|0871') wrong.push(`entries are shown as ${values}`);
      wrong.push(...(await page.look('entries form')));
      await page.confirm();
      await page.rest();
      if ((await page.text()) !== want) wrong.push(`entries: ${await page.text()}`);
      return wrong;
    });

    await on('a picture is chosen, described, kept beside the page and seen in the preview', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.body('');
      await page.page.locator('.toolbar').getByRole('button', { name: '图片' }).click();
      wrong.push(...(await page.look('picture')));
      const drawn = await page.page.evaluate(async () => {
        const canvas = document.createElement('canvas');
        canvas.width = 640;
        canvas.height = 400;
        const context = canvas.getContext('2d');
        for (let n = 0; n < 40; n += 1) { context.fillStyle = `hsl(${n * 9} 60% 50%)`; context.fillRect(n * 16, 0, 16, 400); }
        const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
        return [...new Uint8Array(await blob.arrayBuffer())];
      });
      await page.dialog().locator('input[type=file]').setInputFiles({ name: '揭牌 现场.PNG', mimeType: 'image/png', buffer: Buffer.from(drawn) });
      await page.dialog().getByLabel('图里是什么').fill('彩色的条纹');
      await page.confirm();
      await page.dialog().waitFor({ state: 'detached' });
      const [, words, link] = /^!\[(.*)\]\(<?([^)>]+)>?\)/.exec((await page.text()).trim()) ?? [];
      if (words !== '彩色的条纹') wrong.push(await page.text());
      const kept = link && path.join(desk.root, path.dirname(PAGE), decodeURI(link));
      if (!kept || !fs.existsSync(kept)) wrong.push(`${link} is not beside the page`);
      const frame = page.page.frames().find((f) => f !== page.page.mainFrame());
      await frame.waitForFunction(() => [...document.images].some((i) => i.alt === '彩色的条纹' && i.complete && i.naturalWidth > 0), undefined, { timeout: 8000 }).catch(() => wrong.push('the preview does not show it'));
      return wrong;
    });

    await on('a preview that a link led away comes back with the next key', async (page) => {
      await page.go(TITLE);
      const frame = page.page.frames().find((f) => f !== page.page.mainFrame());
      await frame.waitForLoadState('load');
      await frame.goto(new URL('/guides/', frame.url()).href);
      await page.cursor('Control+End');
      await page.type('写着写着。');
      const back = await frame.waitForFunction(() => document.body?.innerText.includes('写着写着。'), undefined, { timeout: 8000 }).catch(() => null);
      return back ? [] : [`it shows ${frame.url()}`];
    });

    await on('what is not saved stays while one looks at another page', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.cursor('Control+End');
      await page.type('还没保存的话。');
      await page.rest();
      await page.go('一篇没写完的');
      if ((await page.text()).includes('还没保存的话')) wrong.push('the text is on the other page');
      if (!(await page.page.locator('.tree .page', { hasText: TITLE }).textContent()).includes('有未保存的')) wrong.push('the list does not say so');
      await page.go(TITLE);
      await page.page.waitForFunction(() => document.querySelector('.editor-host').shadowRoot.textContent.includes('还没保存的话。'), undefined, { timeout: 5000 });
      if (await page.page.locator('.bar').count()) wrong.push('it asks');
      await page.save();
      if (!page.read(PAGE).endsWith('还没保存的话。')) wrong.push('it was not saved');
      return wrong;
    });

    await on('what is copied from Word becomes clean Markdown, and nothing of it runs', async (page) => {
      await page.go(TITLE);
      await page.body('');
      await page.paste({ 'text/html': WORD, 'text/plain': '标题' });
      const got = await page.text();
      return got === WORD_AS_MARKDOWN ? [] : [JSON.stringify(got)];
    });

    await on('a new page is written, found, deleted and brought back', async (page) => {
      const wrong = [];
      await page.button('新建页面').click();
      wrong.push(...(await page.look('new page')));
      await page.dialog().getByLabel(/^标题/).fill('新来的一页');
      await page.confirm();
      await page.page.locator('.page-title-now', { hasText: '新来的一页' }).waitFor();
      await page.cursor('Control+End');
      await page.type('独一无二的词。\n');
      await page.save();
      await page.page.locator('#search').fill('独一无二');
      await page.page.locator('.results .page', { hasText: '新来的一页' }).waitFor();
      wrong.push(...(await page.look('search')));
      await page.page.locator('#search').fill('');
      await page.page.locator('#filter').selectOption('draft');
      if ((await page.page.locator('.tree .page').count()) < 2) wrong.push('the filter does not show drafts');
      await page.page.locator('#filter').selectOption('');
      await page.page.locator('.page-actions').getByRole('button', { name: '删除' }).click();
      wrong.push(...(await page.look('delete')));
      await page.dialog().getByLabel(/整页删掉/).check();
      await page.confirm();
      await page.dialog().locator('.plan').waitFor();
      await page.dialog().locator('button.danger').click();
      await page.page.locator('#toast', { hasText: '已经删掉' }).waitFor();
      await page.page.locator('.tree .page', { hasText: '新来的一页' }).waitFor({ state: 'detached', timeout: 5000 }).catch(() => wrong.push('it is still listed'));
      await page.button('已删除的页面').click();
      wrong.push(...(await page.look('deleted pages')));
      await page.dialog().locator('li', { hasText: '新来的一页' }).getByRole('button', { name: '恢复' }).click();
      await page.dialog().locator('.plan').waitFor();
      await page.confirm();
      await page.page.locator('.page-title-now', { hasText: '新来的一页' }).waitFor();
      if (!(await page.text()).includes('独一无二的词')) wrong.push('its text is not back');
      return wrong;
    });

    await on('everything is done by keyboard, with the focus in sight', async (page) => {
      const wrong = [];
      const key = (...keys) => keys.reduce((done, k) => done.then(() => page.page.keyboard.press(k)), Promise.resolve());
      const focused = () => page.page.evaluate(() => { let e = document.activeElement; while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; const box = e.getBoundingClientRect(); const style = getComputedStyle(e); return { tag: e.tagName, words: (e.getAttribute('aria-label') || e.textContent || '').trim().slice(0, 20), seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight, ring: style.outlineStyle !== 'none' || (e.closest('.cm-editor') && getComputedStyle(e.closest('.cm-editor')).outlineStyle !== 'none') }; });
      await page.page.evaluate(() => document.activeElement.blur());
      const seen = [];
      for (let n = 0; n < 40; n += 1) {
        await key('Tab');
        await page.page.waitForTimeout(40);
        const now = await focused();
        if (now.tag === 'BODY' || now.tag === 'IFRAME') break;
        seen.push(now.words);
        if (!now.seen && now.words !== '到正文') wrong.push(`${now.tag} ${now.words} has the focus out of sight`);
        if (!now.ring) wrong.push(`${now.tag} ${now.words} shows no ring`);
      }
      for (const words of ['保存', '新建页面', '交付', '看源文', '段落格式', '正文']) if (!seen.some((s) => s.includes(words))) wrong.push(`the Tab key does not reach ${words}: ${seen.join('、')}`);
      // From the list to a page, to its text, to disk.
      await page.page.locator('#search').focus();
      await page.type('写字台的一页');
      await page.page.locator('.results .page').first().waitFor();
      await key('ArrowDown', 'Enter');
      await page.page.locator('.page-title-now', { hasText: TITLE }).waitFor();
      await key('F6');
      await key('Control+End');
      await page.type('键盘写的。');
      await key('Control+b');
      await page.type('粗');
      await page.save();
      if (!page.read(PAGE).endsWith('键盘写的。**粗**')) wrong.push(`on disk: ${page.read(PAGE).slice(-30)}`);
      await key('Control+k');
      await page.dialog().waitFor();
      await key('Escape');
      if (!/editor-host/.test(await page.page.evaluate(() => document.activeElement.className))) wrong.push('the focus does not come back from a dialog');
      return wrong;
    });

    await on('every view is clean at 1024 × 768, and at 200 % zoom one pane is shown at a time', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      wrong.push(...(await page.look('desk')));
      await page.button('按键').click();
      wrong.push(...(await page.look('keys')));
      await page.page.keyboard.press('Escape');
      await page.button('看源文').click();
      await page.page.waitForFunction(() => document.querySelector('.editor-host').shadowRoot.textContent.includes('这一行注释要留着'));
      wrong.push(...(await page.look('source')));
      await page.button('看源文').click();
      await page.page.waitForFunction(() => !document.querySelector('.editor-host').shadowRoot.textContent.includes('这一行注释要留着'));
      await page.page.setViewportSize({ width: 512, height: 384 });
      for (const pane of ['页面', '样子', '正文']) {
        await page.page.locator('.panes').getByRole('button', { name: pane }).click();
        wrong.push(...(await page.look(`zoomed ${pane}`)));
      }
      return wrong;
    });

    await on('the page shows nothing that somebody wrote as HTML', async (page) => {
      const wrong = [];
      const evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';
      fs.writeFileSync(page.file('content/guides/desk-evil.md'), `---\n标题: '${evil}'\n日期: 2026-01-05\n摘要: '${evil}'\n标签: ['${evil}']\n---\n\n${evil}\n`);
      await page.page.locator('.tree .page', { hasText: 'onerror' }).waitFor({ timeout: 10000 });
      await page.go('onerror');
      await page.page.locator('.form summary').click();
      await page.page.locator('#search').fill('onerror');
      await page.page.locator('.results .page').first().waitFor();
      if (await page.page.evaluate(() => window.hit || document.querySelector('#desk img, #desk script'))) wrong.push('HTML of a page came alive in the desk');
      fs.rmSync(page.file('content/guides/desk-evil.md'));
      return wrong;
    });

    await on('a script of the site can neither read the token nor reach the desk', async (page) => {
      await page.go(TITLE);
      const frame = page.page.frames().find((f) => f !== page.page.mainFrame());
      const previewOrigin = new URL(frame.url()).origin;
      const wrong = [];
      if (previewOrigin === desk.origin) wrong.push('the preview has the origin of the desk');
      await frame.goto(`${previewOrigin}/evil.html`);
      const attack = async ({ origin, framed }) => {
        const got = {};
        const tryTo = async (name, job) => { try { got[name] = await job(); } catch { got[name] = null; } };
        await tryTo('storage', () => window.parent.sessionStorage.getItem('puzhi-desk-token'));
        await tryTo('document', () => window.parent.document.title);
        await tryTo('address', () => window.parent.location.href);
        await tryTo('own storage', () => sessionStorage.getItem('puzhi-desk-token'));
        for (const [method, mode] of [['GET', 'cors'], ['POST', 'cors'], ['POST', 'no-cors']]) {
          for (const name of ['site', 'save', 'discard']) {
            await tryTo(`${method} ${mode} ${name}`, async () => {
              const answer = await fetch(`${origin}/api/${name}`, { method, mode, body: method === 'POST' ? JSON.stringify({ path: 'content/guides/desk-test.md', text: 'x', base_hash: null }) : undefined });
              return answer.type === 'opaque' ? null : answer.text();
            });
          }
        }
        await tryTo('script', () => new Promise((done) => { const s = document.createElement('script'); s.src = `${origin}/api/site`; s.onload = () => done('loaded'); s.onerror = () => done(null); document.head.append(s); }));
        if (framed) await tryTo('top', () => { window.top.location = 'about:blank'; return null; });
        return got;
      };
      const got = await frame.evaluate(attack, { origin: desk.origin, framed: true });
      wrong.push(...Object.entries(got).filter(([, value]) => value).map(([name, value]) => `framed: ${name} gave ${String(value).slice(0, 60)}`));
      await page.page.waitForTimeout(200);
      if (!page.page.url().startsWith(desk.origin)) wrong.push('the frame led the desk away');
      // A site of somebody else in the same browser, framing the desk and asking it.
      const stranger = http.createServer((_, response) => response.setHeader('content-type', 'text/html').end(`<!doctype html><title>x</title><iframe src="${desk.origin}/"></iframe>`));
      await new Promise((ready) => stranger.listen(0, '127.0.0.1', ready));
      const other = await page.context.newPage();
      await other.goto(`http://localhost:${stranger.address().port}/`);
      await other.waitForTimeout(300);
      const framed = other.frames()[1];
      if (framed && (await framed.evaluate(() => document.getElementById('desk') !== null).catch(() => false))) wrong.push('the desk can be framed');
      const far = await other.evaluate(attack, { origin: desk.origin, framed: false });
      wrong.push(...Object.entries(far).filter(([name, value]) => value && !['document', 'address'].includes(name)).map(([name, value]) => `stranger: ${name} gave ${String(value).slice(0, 60)}`));
      stranger.close();
      await other.close();
      if (fs.readFileSync(page.file(PAGE), 'utf8') !== MORE[PAGE]) wrong.push('a page was changed');
      const answers = await Promise.all([
        fetch(`${desk.origin}/api/site`),
        fetch(`${desk.origin}/api/site`, { headers: { 'X-Desk-Token': '0'.repeat(64) } }),
        fetch(`${desk.origin}/api/discard`, { method: 'POST', body: '{"path":"x"}', headers: { 'X-Desk-Token': desk.token, Origin: 'http://example.com' } }),
      ]);
      if (answers.some((a) => a.status < 400)) wrong.push(`asked from outside: ${answers.map((a) => a.status).join(' ')}`);
      const address = await page.page.evaluate(() => location.href);
      if (address.includes(desk.token)) wrong.push('the address shows the token');
      return wrong;
    });

    await check('desk: a second desk on the folder sees who edits, and may only read', async () => {
      const wrong = [];
      const second = await startDesk(desk.root);
      const first = await open();
      await first.go(TITLE);
      await first.page.waitForTimeout(300);
      const other = await DeskPage.open(browser, second);
      await other.go(TITLE);
      await other.page.locator('.bar', { hasText: '只能看' }).waitFor({ timeout: 5000 }).catch(() => wrong.push('the second desk is not told'));
      wrong.push(...(await other.look('read only')));
      await other.cursor('Control+End');
      await other.type('不该写进去');
      if ((await other.text()).includes('不该写进去')) wrong.push('the second desk can write');
      await first.cursor('Control+End');
      await first.type('头一个写的。');
      await first.save();
      if (!first.read(PAGE).endsWith('头一个写的。')) wrong.push('the first desk cannot save');
      wrong.push(...(await first.close()), ...(await other.close()));
      second.close();
      return wrong;
    });

    await on('the site is handed over as a zip with a list of changes', async (page) => {
      const wrong = [];
      await page.go(TITLE);
      await page.button('交付').click();
      await page.confirm();
      await page.dialog().getByText('做好了').waitFor({ timeout: 120000 });
      wrong.push(...(await page.look('hand over')));
      const [file] = await Promise.all([page.page.waitForEvent('download'), page.confirm()]);
      const bytes = fs.readFileSync(await file.path());
      if (bytes.subarray(0, 2).toString() !== 'PK') wrong.push('it is no zip');
      if (!file.suggestedFilename().endsWith('.zip')) wrong.push(file.suggestedFilename());
      note(`desk: the zip has ${Math.round(bytes.length / 1024)} KB`);
      return wrong;
    });

    await check('desk: an empty folder becomes a site by one form', async () => {
      const wrong = [];
      const root = path.join(WORK, 'desk-empty');
      fs.mkdirSync(root);
      const empty = await startDesk(root);
      const page = await DeskPage.open(browser, empty, { start: false });
      await page.page.getByLabel('网站叫什么').fill('某县知识产权宣传');
      wrong.push(...(await page.look('start')));
      await page.page.getByLabel('谁主办').fill('某县市场监督管理局');
      await page.page.getByLabel('蓝', { exact: true }).check();
      await page.button('建站').click();
      await page.page.locator('.cm-content').waitFor({ timeout: 15000 });
      if (!fs.readFileSync(path.join(root, 'site.yaml'), 'utf8').includes('某县知识产权宣传')) wrong.push('the settings do not have the name');
      wrong.push(...(await page.look('new site')), ...(await page.close()));
      empty.close();
      return wrong;
    });

    await check('desk: with settings that cannot be read it says so, and the pages come back when they are mended', async () => {
      const wrong = [];
      const root = siteForDesk('desk-broken');
      const good = fs.readFileSync(path.join(root, 'site.yaml'), 'utf8');
      fs.writeFileSync(path.join(root, 'site.yaml'), good.replace('colour: "#9b1c1c"', 'colour: "红"'));
      const broken = await startDesk(root);
      const page = await DeskPage.open(browser, broken);
      await page.page.locator('.bar', { hasText: '网站设置写错了' }).waitFor();
      await page.page.locator('.findings-list li.error').first().waitFor();
      wrong.push(...(await page.look('broken settings')));
      await page.cursor('Control+a');
      await page.paste({ 'text/plain': good });
      await page.page.keyboard.press('Control+s');
      await page.page.locator('.tree .page', { hasText: '申请专利' }).first().waitFor({ timeout: 10000 });
      if (fs.readFileSync(path.join(root, 'site.yaml'), 'utf8') !== good) wrong.push('the settings differ');
      wrong.push(...(await page.close()));
      broken.close();
      return wrong;
    });

    await check('desk: without the token of this start the page says how to open it, and a lost program is noticed', async () => {
      const wrong = [];
      const context = await browser.newContext({ locale: 'zh-CN' });
      const bare = await context.newPage();
      await bare.goto(desk.origin);
      await bare.getByRole('heading', { name: '请从程序里打开' }).waitFor({ timeout: 5000 });
      await context.close();
      const mortal = await startDesk(desk.root);
      const page = await DeskPage.open(browser, mortal);
      await page.go('一篇没写完的');
      mortal.close();
      await page.cursor('Control+End');
      await page.type('断开以后写的。');
      await page.page.locator('.bar', { hasText: '连不上程序' }).waitFor({ timeout: 8000 });
      if (!(await page.text()).includes('断开以后写的。')) wrong.push('the text went');
      wrong.push(...(await page.look('lost')), ...(await page.close()));
      return wrong;
    });

    await check('desk: it opens, and a key is seen in the preview, at once', async () => {
      const start = Date.now();
      const page = await open();
      const opened = Date.now() - start;
      await page.go(TITLE);
      const frame = page.page.frames().find((f) => f !== page.page.mainFrame());
      await frame.waitForFunction(() => window.puzhi?.connected, undefined, { timeout: 8000 });
      await page.cursor('Control+Home');
      const times = [];
      for (let n = 0; n < 30; n += 1) {
        const mark = `字${String.fromCharCode(0x4e00 + n)}字`;
        const seen = frame.evaluate((words) => new Promise((done) => {
          const look = () => document.body.textContent.includes(words) && (watch.disconnect(), done(performance.timeOrigin + performance.now()));
          const watch = new MutationObserver(look);
          watch.observe(document, { childList: true, subtree: true, characterData: true });
          look();
        }), mark);
        await page.page.waitForTimeout(40);
        const typed = await page.page.evaluate(() => performance.timeOrigin + performance.now());
        await page.type(mark);
        const at = await Promise.race([seen, page.page.waitForTimeout(8000).then(() => null)]);
        if (at === null) return [`${mark} did not come into the preview`, ...(await page.close())];
        times.push(at - typed);
      }
      times.sort((a, b) => a - b);
      note(`desk: opened in ${opened} ms; a key is in the preview after ${Math.round(times[15])} ms (median), ${Math.round(times[28])} ms at most of 29 of 30`);
      const wrong = times[15] > 1000 ? [`${Math.round(times[15])} ms`] : [];
      return [...wrong, ...(await page.close())];
    });
  } finally {
    await browser.close();
    desk.close();
  }
}
