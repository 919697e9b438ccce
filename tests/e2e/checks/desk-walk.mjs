// A new officer at the desk, who has read nothing: makes a site in an empty folder, writes a guide, mends slips, renames a page that ten
// others link to, gets yesterday's version back, hands the site over. DESK_PICTURES names a folder for a picture of each step.

import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { WORK } from '../lib/puzhi.mjs';
import { launch } from '../lib/browser.mjs';
import { DeskPage, startDesk } from '../lib/desk.mjs';
import { Walk } from '../lib/desk-walk.mjs';

/** What a person types who does not know how links, headings and dates are written. */
const SLIPS = ['\n＃＃ 要带什么', '\n见[省局网站](https：//example.gov.cn)。', '\n再看［国家局网站］（https://example.com/）。', '\n##收费', '\n**注意 **先看清楚。'];

export default async function run() {
  const browser = await launch();
  await check('desk: a new officer gets from an empty folder to a site that is handed over', async () => {
    const wrong = [];
    const root = path.join(WORK, 'desk-walk');
    fs.mkdirSync(root);
    const desk = await startDesk(root);
    const page = await DeskPage.open(browser, desk, { width: 1280, height: 800, start: false });
    const walk = new Walk(page, process.env.DESK_PICTURES);
    const file = (name) => fs.readFileSync(path.join(root, name), 'utf8');
    const axe = async (where) => wrong.push(...(await page.look(where)));
    try {
      walk.task('make a site');
      await walk.look('empty-folder');
      await axe('empty folder');
      await walk.click(page.page.getByLabel('网站叫什么'));
      await walk.type('安南县知识产权宣传');
      await walk.press('Tab');
      await walk.type('安南县市场监督管理局');
      await walk.look('site-form');
      await walk.click(page.button('建站'));
      await page.page.locator('.cm-content').waitFor({ timeout: 15000 });
      await page.page.waitForTimeout(800);
      await walk.look('new-site');
      await axe('new site');

      walk.task('write a guide');
      await walk.click(page.button('新建页面'));
      await page.dialog().waitFor();
      await walk.look('new-page');
      await walk.type('怎样申请专利费减');
      await axe('new page');
      await walk.choose(page.dialog().locator('select').first(), { label: '指南' });
      await walk.click(page.dialog().locator('button.main'));
      await page.page.locator('.page-title-now', { hasText: '怎样申请专利费减' }).waitFor();
      await page.page.waitForTimeout(500);
      await walk.look('new-guide');
      await walk.type('收入不高的个人和小企业，申请专利可以少交费。');
      await walk.press('Control+a', 'Control+End');
      await walk.type('\n\n');
      await walk.click(page.page.locator('.toolbar').getByRole('button', { name: '办事步骤' }));
      await page.page.waitForTimeout(300);
      await walk.look('steps');
      await axe('steps');
      for (const words of ['填表', '交材料', '等结果']) {
        await walk.type(words);
        if (words !== '等结果') await walk.press('Enter');
      }
      await walk.look('steps-filled');
      await walk.click(page.dialog().locator('button.main'));
      await page.rest();
      await page.page.waitForTimeout(300);
      await walk.look('steps-written');
      await walk.press('Control+End');
      await walk.click(page.page.locator('.toolbar').getByRole('button', { name: '表格' }));
      await page.dialog().waitFor();
      await axe('table');
      for (const words of ['项目', '原来', '减后']) { await walk.type(words); await walk.press('Tab'); }
      await walk.look('table-head');
      await page.dialog().locator('[data-cell="1:0"]').click();
      for (const words of ['申请费', '900', '135']) { await walk.type(words); await walk.press('Tab'); }
      await walk.look('table-filled');
      await walk.click(page.dialog().locator('button.main'));
      await page.rest();
      await page.page.waitForTimeout(400);
      await walk.look('guide-written');
      await axe('guide');
      await walk.press('Control+s');
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent));

      walk.task('mend five slips');
      await walk.press('Control+End');
      for (const slip of SLIPS) await walk.type(`\n${slip}`);
      await page.rest();
      await page.page.waitForTimeout(600);
      await walk.look('slips');
      await axe('slips');
      const fixes = page.page.locator('.findings-list button.main');
      const found = await page.page.locator('.findings-list li').count();
      let mended = 0;
      for (let n = 0; n < 12 && (await fixes.count()); n += 1) {
        await walk.click(fixes.first());
        await page.rest();
        await page.page.waitForTimeout(250);
        mended += 1;
        if (n === 0) await walk.look('first-mended');
      }
      note(`desk walk: ${found} findings, ${mended} mended by a button`);
      await walk.look('mended');
      if (mended < 5) wrong.push(`${mended} of five slips have a button`);
      await walk.press('Control+s');
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent));
      const guides = fs.readdirSync(path.join(root, 'content/guides'));
      const guide = `content/guides/${guides.find((name) => file(`content/guides/${name}`).includes('标题: 怎样申请专利费减') || file(`content/guides/${name}`).includes('title: 怎样申请专利费减'))}`;
      const written = file(guide);
      for (const words of ['```{steps}\n1. 填表\n2. 交材料\n3. 等结果\n```', '| 申请费 | 900 | 135 |\n', '## 要带什么', '[省局网站](https://example.gov.cn)', '[国家局网站](https://example.com/)', '## 收费', '**注意**先看清楚']) if (!written.includes(words)) wrong.push(`the guide has no ${JSON.stringify(words)}: ${written}`);

      walk.task('change the steps again');
      await walk.click(page.page.locator('.cm-open-form').first());
      await page.dialog().waitFor();
      await axe('steps again');
      await walk.press('ArrowDown', 'ArrowDown');
      await walk.press('Enter');
      await walk.type('领证书');
      await walk.look('steps-again');
      await walk.click(page.dialog().locator('button.main'));
      await walk.press('Control+s');
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent));
      await page.rest();
      if (file(guide) !== written.replace('3. 等结果\n', '3. 等结果\n4. 领证书\n')) wrong.push(`more than the steps changed: ${file(guide)}`);

      // Ten pages that link to it, which a colleague wrote.
      const name = path.basename(guide);
      for (let n = 0; n < 10; n += 1) fs.writeFileSync(path.join(root, `content/guides/linked-${n}.md`), `---\n标题: 链过来的第 ${n} 页\n日期: 2026-01-01\n---\n\n见[费减](${name})。\n`);
      await page.page.locator('.tree .page', { hasText: '链过来的第 9 页' }).waitFor({ timeout: 10000 });
      walk.task('rename a page that ten others link to');
      await walk.click(page.button('改网址名'));
      await page.dialog().waitFor();
      await walk.look('rename');
      await axe('rename');
      await walk.press('Control+a');
      await walk.type('feijian');
      await walk.click(page.dialog().locator('button.main'));
      await page.dialog().locator('.plan, details').first().waitFor();
      await page.page.waitForTimeout(300);
      await walk.look('rename-plan');
      await axe('rename plan');
      await walk.click(page.dialog().locator('button.main'));
      await page.page.waitForFunction(() => !document.querySelector('dialog[open]'));
      await page.page.waitForTimeout(500);
      await walk.look('renamed');
      const now = 'content/guides/feijian.md';
      if (!fs.existsSync(path.join(root, now))) wrong.push('the page has no new name');
      for (let n = 0; n < 10; n += 1) if (!file(`content/guides/linked-${n}.md`).includes('](feijian.md)')) wrong.push(`page ${n} links to the old name`);

      walk.task('get an earlier version back');
      await walk.click(page.button('以前的版本'));
      await page.dialog().waitFor();
      await page.page.waitForTimeout(400);
      await walk.look('versions');
      await axe('versions');
      await walk.click(page.dialog().locator('li button, .versions button').nth(1));
      await page.page.waitForTimeout(500);
      await walk.look('version');
      await axe('version');
      const restore = page.dialog().getByRole('button', { name: /^恢复/ });
      await walk.click(restore.first());
      await page.page.waitForTimeout(800);
      if (await page.dialog().count()) { await walk.look('restore-question'); await walk.click(page.dialog().locator('button.main, button.danger').first()); await page.page.waitForTimeout(500); }
      await walk.look('restored');

      walk.task('publish and hand over');
      await walk.click(page.page.locator('.form summary').first());
      await walk.click(page.page.getByLabel('草稿', { exact: true }));
      await page.rest();
      await walk.look('public');
      await walk.press('Control+s');
      await page.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent));
      await walk.click(page.button('交付'));
      await page.dialog().waitFor();
      await walk.look('hand-over');
      await walk.click(page.dialog().locator('button.main'));
      await page.dialog().getByText('做好了').waitFor({ timeout: 60000 });
      await walk.look('handed-over');
      await axe('handed over');
      const [zip] = await Promise.all([page.page.waitForEvent('download'), walk.click(page.dialog().locator('button.main'))]);
      if (!zip.suggestedFilename().endsWith('.zip')) wrong.push(zip.suggestedFilename());
      await page.page.waitForTimeout(300);
      await walk.look('saved-zip');
      if (!fs.existsSync(path.join(root, 'content/releases.lock.yaml'))) wrong.push('what was published is not recorded');
      if (walk.jargon.size > 1) wrong.push(`words of jargon: ${[...walk.jargon.keys()].join(', ')}`);
    } finally {
      for (const line of walk.report()) note(`desk walk: ${line}`);
      note(`desk walk: words of jargon: ${[...walk.jargon].map(([word, where]) => `${word} (${where})`).join(', ') || 'none'}`);
      await page.close();
      desk.close();
    }
    return wrong;
  });
  await browser.close();
}
