// The live preview in a real browser: saves are seen in place, errors come and go, saves of every editor count, and there is rest afterwards.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { BINARY, DATE, REPO, WORK } from '../lib/puzhi.mjs';
import { launch, open } from '../lib/browser.mjs';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A copy of the shipped site that may be edited. */
function copy(name) {
  const root = path.join(WORK, name);
  fs.mkdirSync(root);
  for (const part of ['site.yaml', 'content', 'data', 'templates', 'static', 'i18n']) {
    const from = path.join(REPO, part);
    if (fs.existsSync(from)) fs.cpSync(from, path.join(root, part), { recursive: true });
  }
  return root;
}

/** `puzhi serve` on a port of its own. */
function preview(root, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(BINARY, ['serve', '--root', root, '--date', DATE, ...(args.length ? args : ['--port', '0'])], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the preview ended with ${code}: ${said}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        said += data;
        const origin = said.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
        if (origin) resolve({ origin, close: () => child.kill('SIGKILL') });
      });
    }
  });
}

const PAGE = 'content/guides/preview-test.md';
const AT = '/guides/preview-test/';
const long = (first, last) => {
  const paragraphs = Array.from({ length: 60 }, (_, i) => `第${i + 1}段。写得长一些，好让页面能够滚动。`).join('\n\n');
  return `---\n标题: 预览的一页\n日期: 2026-01-01\n---\n\n${first}\n\n<details><summary>展开</summary>\n\n里面的话。\n\n</details>\n\n${paragraphs}\n\n## 末尾 {#end}\n\n${last}\n`;
};

/** How the editors that people use write a file. */
const SAVES = {
  'VS Code: emptied, then written': (file, text) => {
    const handle = fs.openSync(file, 'w');
    fs.writeSync(handle, text.slice(0, 40));
    fs.writeSync(handle, text.slice(40));
    fs.closeSync(handle);
  },
  'vim: the old file renamed to a backup, a new one written, the backup removed': (file, text) => {
    fs.writeFileSync(path.join(path.dirname(file), '4913'), '');
    fs.rmSync(path.join(path.dirname(file), '4913'));
    fs.renameSync(file, `${file}~`);
    fs.writeFileSync(file, text);
    fs.rmSync(`${file}~`);
  },
  'a new file renamed over the old one': (file, text) => {
    fs.writeFileSync(`${path.dirname(file)}/.saving.tmp`, text);
    fs.renameSync(`${path.dirname(file)}/.saving.tmp`, file);
  },
  'slowly: emptied, written after a while': async (file, text) => {
    fs.writeFileSync(file, '');
    await new Promise((done) => setTimeout(done, 45));
    fs.writeFileSync(file, text);
  },
};

const shows = (page, words) => page.waitForFunction((w) => document.body.innerText.includes(w), words, { timeout: 8000 });
const gone = (page, words) => page.waitForFunction((w) => !document.body.innerText.includes(w), words, { timeout: 8000 });
const panel = (page) => page.evaluate(() => document.querySelector('puzhi-notes')?.shadowRoot?.textContent ?? '');
const connected = (page) => page.waitForFunction(() => window.puzhi?.connected, undefined, { timeout: 8000 });

/** Opens a page and waits until it hears of updates; counts loads of whole pages. */
async function visit(view, url) {
  let loads = 0;
  view.page.on('load', () => { loads += 1; });
  await view.page.goto(url);
  await connected(view.page);
  return { loads: () => loads };
}

export default async function () {
  const root = copy('preview');
  const file = path.join(root, PAGE);
  fs.writeFileSync(file, long('开头。', '结尾一。'));
  const server = await preview(root);
  const browser = await launch();
  const status = async () => (await fetch(`${server.origin}/__puzhi/status`)).json();
  const at = (address) => `${server.origin}${address}`;
  const look = () => open(browser, { width: 1280, origin: server.origin });
  try {
    await check('preview: an edit is seen in place; scroll position, focus and open details stay', async () => {
      const view = await look();
      const wrong = [];
      const { page } = view;
      const visited = await visit(view, at(AT));
      await page.evaluate(() => { document.querySelector('details').open = true; window.kept = document.querySelector('#end'); });
      await page.focus('footer a');
      await page.evaluate(() => window.scrollTo({ top: document.querySelector('#end').getBoundingClientRect().top + scrollY - 300, behavior: 'instant' }));
      const before = await page.evaluate(() => ({ y: scrollY, end: document.querySelector('#end').getBoundingClientRect().top }));
      if (before.y < 500) wrong.push(`the page is too short to scroll: ${before.y}`);
      const start = Date.now();
      fs.writeFileSync(file, long('开头。', '结尾二，改过。'));
      await shows(page, '结尾二，改过。');
      note(`preview: from the save to the words on the screen ${Date.now() - start} ms`);
      await page.waitForTimeout(150);
      let after = await page.evaluate(() => ({ y: scrollY, end: document.querySelector('#end').getBoundingClientRect().top, open: document.querySelector('details').open, same: window.kept === document.querySelector('#end'), focus: document.activeElement.closest('footer') !== null }));
      if (after.y !== before.y) wrong.push(`scrolled from ${before.y} to ${after.y}`);
      if (!after.open) wrong.push('the details closed');
      if (!after.same) wrong.push('what did not change was made anew');
      if (!after.focus) wrong.push('the focus went');
      // Something longer above what is being read: what is read stays where it is.
      fs.writeFileSync(file, long('开头变长了。\n\n'.repeat(8), '结尾三。'));
      await shows(page, '结尾三。');
      await page.waitForTimeout(150);
      after = await page.evaluate(() => document.querySelector('#end').getBoundingClientRect().top);
      if (Math.abs(after - before.end) > 2) wrong.push(`what is read moved from ${before.end} to ${after}`);
      if (visited.loads() !== 1) wrong.push(`the page was loaded ${visited.loads()} times`);
      await view.close();
      return [...wrong, ...view.strangers, ...view.broken];
    });

    await check('preview: pages with data for search engines and a script of their own change in place, too', async () => {
      const view = await look();
      const wrong = [];
      const event = path.join(root, 'content/events/world-ip-day.md');
      const text = fs.readFileSync(event, 'utf8');
      const visited = await visit(view, at('/events/world-ip-day/'));
      const data = () => view.page.evaluate(() => document.querySelector('script[type="application/ld+json"]')?.textContent ?? '');
      const before = await data();
      fs.writeFileSync(event, `${text.replace(/^(标题|title): .*$/m, '$1: 改了名的一天')}\n\n加在末尾的话。\n`);
      await shows(view.page, '加在末尾的话。');
      await shows(view.page, '改了名的一天');
      if (before && (await data()) === before) wrong.push('the data for search engines stayed');
      if (visited.loads() !== 1) wrong.push(`the page was loaded ${visited.loads()} times`);
      fs.writeFileSync(event, text);
      await gone(view.page, '加在末尾的话。');
      await view.close();
      return [...wrong, ...view.strangers, ...view.broken];
    });

    await check('preview: a broken page keeps its last good text under a panel that says what is wrong, and mends', async () => {
      const view = await look();
      const wrong = [];
      const { page } = view;
      await visit(view, at(AT));
      const list = await look();
      await visit(list, at('/guides/'));
      fs.writeFileSync(file, long('开头。', '结尾四。').replace('2026-01-01', '<img src=x onerror="window.hit=1">那天'));
      await page.waitForFunction(() => document.querySelector('puzhi-notes')?.shadowRoot, undefined, { timeout: 8000 });
      const said = await panel(page);
      for (const words of ['1 个错误', 'content/guides/preview-test.md', '第 3 行', '<img src=x onerror="window.hit=1">那天', '改法']) {
        if (!said.includes(words)) wrong.push(`the panel does not say ${words}: ${said.slice(-400)}`);
      }
      if (await page.evaluate(() => window.hit)) wrong.push('words of the file ran as a script');
      if (!(await page.evaluate(() => document.body.innerText.includes('结尾三。')))) wrong.push('the last good text is not there');
      if (!(await page.evaluate(() => document.querySelector('puzhi-notes').shadowRoot.querySelector('section').checkVisibility()))) wrong.push('the panel does not show');
      if (await panel(list.page)) wrong.push('another page shows the panel, too');
      if (!(await list.page.evaluate(() => document.body.innerText.includes('预览的一页')))) wrong.push('the page left its list');
      // A fresh visit shows the same, by the server's own markup.
      await page.reload();
      if (!(await panel(page)).includes('第 3 行')) wrong.push('the panel is not there after loading the page again');
      await connected(page);
      fs.writeFileSync(file, long('开头。', '结尾五，好了。'));
      await shows(page, '结尾五，好了。');
      if (await panel(page)) wrong.push('the panel stays');
      await view.close();
      await list.close();
      return wrong;
    });

    await check('preview: a page that was never good shows what is wrong at its address, and becomes the page', async () => {
      const view = await look();
      const wrong = [];
      const fresh = path.join(root, 'content/guides/never.md');
      await visit(view, at('/guides/never/'));
      if (!(await view.page.evaluate(() => document.body.innerText.includes('404')))) wrong.push('it is there before it is written');
      fs.writeFileSync(fresh, '---\n标题: 没好过\n日期: 那天\n---\n');
      await view.page.waitForFunction(() => document.querySelector('puzhi-notes')?.shadowRoot?.textContent.includes('第 3 行'), undefined, { timeout: 8000 });
      if (await view.page.evaluate(() => document.querySelector('main') !== null)) wrong.push('there is more than the panel');
      fs.writeFileSync(fresh, '---\n标题: 没好过\n日期: 2026-01-02\n---\n\n现在好了。\n');
      await shows(view.page, '现在好了。');
      if (await panel(view.page)) wrong.push('the panel stays');
      if (!(await view.page.evaluate(() => [...document.styleSheets].some((s) => s.cssRules.length > 10)))) wrong.push('the page has no style');
      fs.rmSync(fresh);
      await shows(view.page, '404');
      await view.close();
      return wrong;
    });

    await check('preview: settings with a mistake show it on every page; mended, the site goes on', async () => {
      const view = await look();
      const wrong = [];
      const settings = path.join(root, 'site.yaml');
      const good = fs.readFileSync(settings, 'utf8');
      await visit(view, at('/'));
      fs.writeFileSync(settings, good.replace('"#9b1c1c"', '红色'));
      await view.page.waitForFunction(() => document.querySelector('puzhi-notes')?.shadowRoot?.textContent.includes('site.yaml'), undefined, { timeout: 8000 });
      if (!(await view.page.evaluate(() => document.querySelector('main') !== null))) wrong.push('the site went');
      fs.writeFileSync(settings, good);
      await view.page.waitForFunction(() => !document.querySelector('puzhi-notes'), undefined, { timeout: 8000 });
      await view.close();
      return wrong;
    });

    await check('preview: a style sheet is swapped without loading the page again', async () => {
      const view = await look();
      const wrong = [];
      const { page } = view;
      fs.mkdirSync(path.join(root, 'static/css'), { recursive: true });
      const sheet = path.join(root, 'static/css/civic.css');
      const css = fs.readFileSync(path.join(REPO, 'themes/civic/static/css/civic.css'), 'utf8');
      fs.writeFileSync(sheet, css);
      const visited = await visit(view, at(AT));
      await page.evaluate(() => { window.stays = 1; window.scrollTo({ top: 700, behavior: 'instant' }); });
      const blank = [];
      await page.exposeFunction('unstyled', () => blank.push(1));
      await page.evaluate(() => { const see = () => { if (getComputedStyle(document.body).lineHeight === 'normal') window.unstyled(); requestAnimationFrame(see); }; see(); });
      for (const colour of ['rgb(1, 2, 3)', 'rgb(4, 5, 6)']) {
        fs.writeFileSync(sheet, `${css}\nbody{background-color:${colour}}\n`);
        await page.waitForFunction((c) => getComputedStyle(document.body).backgroundColor === c, colour, { timeout: 8000 });
      }
      const after = await page.evaluate(() => ({ stays: window.stays, y: scrollY }));
      if (after.stays !== 1 || visited.loads() !== 1) wrong.push('the page was loaded again');
      if (after.y !== 700) wrong.push(`scrolled to ${after.y}`);
      if (blank.length) wrong.push('the page was without style for a moment');
      fs.rmSync(path.join(root, 'static'), { recursive: true });
      await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor !== 'rgb(4, 5, 6)', undefined, { timeout: 8000 });
      await view.close();
      return [...wrong, ...view.strangers];
    });

    for (const [how, save] of Object.entries(SAVES)) {
      await check(`preview: a save is seen — ${how}`, async () => {
        const view = await look();
        await visit(view, at(AT));
        const words = `这样存盘：${how}。`;
        await save(file, long('开头。', words));
        await shows(view.page, words);
        await view.close();
        return view.strangers;
      });
    }

    await check('preview: folders that come, move and go', async () => {
      const view = await look();
      const wrong = [];
      await visit(view, at('/guides/'));
      const folder = path.join(root, 'content/guides/新文件夹/更深');
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, '页.md'), '---\n标题: 文件夹里的一页\n日期: 2026-01-03\n---\n\n在里面。\n');
      const inside = await look();
      const found = async (address, code) => {
        for (let i = 0; i < 80; i += 1) {
          if ((await fetch(at(encodeURI(address)))).status === code) return true;
          await new Promise((done) => setTimeout(done, 50));
        }
        wrong.push(`${address} is not ${code}`);
        return false;
      };
      if (await found('/guides/新文件夹/更深/页/', 200)) {
        await visit(inside, at('/guides/新文件夹/更深/页/'));
        fs.renameSync(path.join(root, 'content/guides/新文件夹'), path.join(root, 'content/guides/改名'));
        await found('/guides/改名/更深/页/', 200);
        await shows(inside.page, '404');
        fs.writeFileSync(path.join(root, 'content/guides/改名/更深/页.md'), '---\n标题: 文件夹里的一页\n日期: 2026-01-03\n---\n\n搬了以后改的。\n');
        // The page hears of what follows once it is connected.
        await visit(inside, at('/guides/改名/更深/页/'));
        await shows(inside.page, '搬了以后改的。');
        fs.rmSync(path.join(root, 'content/guides/改名'), { recursive: true });
        await shows(inside.page, '404');
      }
      await view.close();
      await inside.close();
      return wrong;
    });

    await check('preview: 200 quick saves end in the right page, and then there is rest', async () => {
      const view = await look();
      const wrong = [];
      await visit(view, at(AT));
      const before = await status();
      for (let n = 1; n <= 200; n += 1) {
        Object.values(SAVES)[n % 3](file, long(`开头${n}。`, `结尾第${n}次。`));
        // In bursts and at every pace about the time that changes are collected in.
        await new Promise((done) => setTimeout(done, (n * 7) % 41));
      }
      await shows(view.page, '结尾第200次。');
      await view.page.waitForTimeout(1500);
      if (!(await view.page.evaluate(() => document.body.innerText.includes('结尾第200次。') && document.body.innerText.includes('开头200。')))) wrong.push('the page changed once more');
      const settled = await status();
      note(`preview: 200 saves made ${settled.changes - before.changes} rebuilds`);
      await view.page.reload();
      await connected(view.page);
      await view.page.waitForTimeout(1500);
      const rested = await status();
      for (const counter of ['updates', 'changes', 'parsed']) {
        if (rested[counter] !== settled[counter]) wrong.push(`${counter} went on from ${settled[counter]} to ${rested[counter]}`);
      }
      if (settled.changes - before.changes > 200) wrong.push(`200 saves made ${settled.changes - before.changes} rebuilds`);
      await view.close();
      return wrong;
    });

    await check('preview: pages read without scripts, drafts and future pages are marked', async () => {
      const wrong = [];
      fs.writeFileSync(path.join(root, 'content/guides/draft.md'), '---\n标题: 一篇草稿\n日期: 2026-01-04\n草稿: 是\n---\n');
      fs.writeFileSync(path.join(root, 'content/guides/future.md'), '---\n标题: 将来的一篇\n日期: 2099-01-01\n---\n');
      const context = await browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      for (const address of ['/guides/draft/', '/guides/future/']) {
        for (let i = 0; i < 80 && (await page.goto(at(address))).status() !== 200; i += 1) await new Promise((done) => setTimeout(done, 50));
        if (!(await page.locator('main').innerText()).includes('未发布')) wrong.push(`${address} is not marked`);
      }
      fs.writeFileSync(path.join(root, 'content/guides/draft.md'), '---\n标题: 一篇草稿\n日期: 那天\n草稿: 是\n---\n');
      for (let i = 0; i < 80; i += 1) {
        await page.goto(at('/guides/draft/'));
        if (await page.locator('puzhi-notes section').count()) break;
        await new Promise((done) => setTimeout(done, 50));
      }
      if (!(await page.locator('puzhi-notes section').innerText()).includes('第 3 行')) wrong.push('without scripts the panel does not show');
      await context.close();
      return wrong;
    });

    await check('preview: the panel is axe-clean over a page, alone and folded, light and dark, 1280 and 360 px', async () => {
      const wrong = [];
      const bad = { over: '/guides/preview-test/', alone: '/guides/never/', folded: '/guides/warned/' };
      fs.writeFileSync(file, long('开头。', '结尾。').replace('2026-01-01', '那天'));
      fs.writeFileSync(path.join(root, 'content/guides/never.md'), '---\n标题: 没好过\n日期: 那天\n---\n');
      fs.writeFileSync(path.join(root, 'content/guides/warned.md'), '---\n标题: 有提醒\n日期: 2026-01-05\n---\n\n看[没有的一页](no-such-page.md)。\n');
      for (const dark of [false, true]) {
        for (const width of [1280, 360]) {
          const view = await open(browser, { width, dark, origin: server.origin });
          for (const [name, address] of Object.entries(bad)) {
            for (let i = 0; i < 80; i += 1) {
              await view.page.goto(at(address));
              if (await panel(view.page)) break;
              await view.page.waitForTimeout(50);
            }
            if (!(await panel(view.page))) wrong.push(`${name}: no panel`);
            await view.page.evaluate(AXE);
            const { violations } = await view.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
            wrong.push(...violations.map((v) => `${name} ${width} ${dark ? 'dark' : 'light'}: ${v.id} ${v.nodes[0].html.slice(0, 120)}`));
            const wide = await view.page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
            if (wide > 0) wrong.push(`${name} ${width}: scrolls sideways by ${wide} px`);
          }
          await view.close();
        }
      }
      return wrong;
    });

    await check('preview: a page of somebody else can neither read it nor open its socket', async () => {
      const wrong = [];
      const stranger = http.createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>x</title>'));
      await new Promise((ready) => stranger.listen(0, '127.0.0.1', ready));
      const context = await browser.newContext();
      const page = await context.newPage();
      // Another site, and another port of the same host.
      for (const host of ['localhost', '127.0.0.1']) {
        await page.goto(`http://${host}:${stranger.address().port}/`);
        const got = await page.evaluate(async (origin) => {
          const script = (src) => new Promise((done) => {
            const element = document.createElement('script');
            element.onload = () => done(true);
            element.onerror = () => done(false);
            element.src = src;
            document.head.append(element);
          });
          const socket = new Promise((done) => {
            const ws = new WebSocket(`${origin.replace('http', 'ws')}/__puzhi/live?page=%2F&have=`);
            ws.onopen = () => done(true);
            ws.onerror = () => done(false);
          });
          const read = (address) => fetch(origin + address).then((r) => r.text()).catch(() => '');
          return { page: await read('/'), status: await read('/__puzhi/status'), socket: await socket, script: await script(`${origin}/__puzhi/client.js`) };
        }, server.origin);
        if (got.page || got.status) wrong.push(`${host}: could read`);
        if (got.socket) wrong.push(`${host}: opened the socket`);
        // Ports of one host are one site to this header; elsewhere nothing loads.
        if (got.script && host === 'localhost') wrong.push(`${host}: loaded the script`);
      }
      await context.close();
      stranger.close();
      return wrong;
    });

    await check('preview: when it ends and starts again the open page comes back by itself', async () => {
      const view = await look();
      const wrong = [];
      await visit(view, at(AT));
      const port = new URL(server.origin).port;
      server.close();
      fs.writeFileSync(file, long('开头。', '断开时改的。'));
      await view.page.waitForFunction(() => document.querySelector('puzhi-lost'), undefined, { timeout: 8000 });
      const next = await preview(root, '--port', port).catch((error) => { wrong.push(String(error)); });
      await shows(view.page, '断开时改的。').catch(() => wrong.push('the page did not come back'));
      if (await view.page.evaluate(() => document.querySelector('puzhi-lost'))) wrong.push('it still says that it is disconnected');
      next?.close();
      await view.close();
      return wrong;
    });
  } finally {
    await browser.close();
    server.close();
  }
}
