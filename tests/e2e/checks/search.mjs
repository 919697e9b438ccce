// The search: the client ranks as the evaluator of the Rust tests, loads few bytes, and works in a browser from disk, below a folder, under a
// strict Content-Security-Policy, by keyboard, and without a script.

import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { axe } from '../lib/axe.mjs';
import { launch } from '../lib/browser.mjs';
import { FOLDER, REPO, shipped } from '../lib/puzhi.mjs';
import { check, note } from '../lib/report.mjs';
import { searchClient } from '../lib/search.mjs';
import { serve } from '../lib/serve.mjs';

const CLIENT = path.join(REPO, 'themes/civic/static/js/search.js');
const RESULTS = path.join(REPO, 'tests/site/search/results.tsv');
const MEDIAN = 40 * 1024;
const WORST = 60 * 1024;
const ANSWER = 100;

/** The queries of the Rust tests with what they find there. */
function recorded() {
  return fs.readFileSync(RESULTS, 'utf8').trimEnd().split('\n').map((line) => {
    const [query, count, better, ...pages] = line.split('\t');
    return { query, count: Number(count), better, pages, english: pages[0]?.startsWith('en/') };
  });
}

/** Types a query and waits for its results. */
async function ask(page, query) {
  await page.fill('#search-box input[name=q]', query);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /\d|没有找到/.test(document.querySelector('[data-search=status]').textContent), null, { timeout: 10000 });
}

const titles = (page) => page.locator('[data-search=results] h2').allTextContents();

export default async function () {
  const relative = shipped('relative');
  const rows = recorded();

  await check('search: the client finds what the evaluator of the tests finds, in the same order', () => {
    const chinese = searchClient(path.join(relative, 'search'), CLIENT);
    const english = searchClient(path.join(relative, 'en/search'), CLIENT);
    const wrong = [];
    for (const { query, count, better, pages, english: isEnglish } of rows) {
      const found = (isEnglish ? english : chinese)(query);
      const got = found.first.map(({ url, score }) => `${url} ${score}`);
      if (found.count !== count || found.better !== better || got.join() !== pages.join()) {
        wrong.push(`${query}: ${found.count} ${found.better} ${got.join(', ')} instead of ${count} ${better} ${pages.join(', ')}`);
      }
    }
    return wrong;
  });

  await check('search: client, shards and ten extracts are at most 40 KB in the median, 60 KB at worst', () => {
    const search = searchClient(path.join(relative, 'search'), CLIENT);
    const sizes = rows.filter((row) => !row.english).map(({ query }) => ({ query, ...search(query) })).sort((a, b) => a.bytes - b.bytes);
    const median = sizes[sizes.length >> 1].bytes, worst = sizes.at(-1);
    note(`median ${(median / 1024).toFixed(1)} KB, worst ${(worst.bytes / 1024).toFixed(1)} KB (${worst.query}, ${worst.files} files)`);
    return [...(median > MEDIAN ? [`median ${median}`] : []), ...(worst.bytes > WORST ? [`worst ${worst.bytes}: ${worst.query}`] : [])];
  });

  const browser = await launch();
  try {
    await check('search: works from disk', async () => {
      const page = await (await browser.newContext({ viewport: { width: 360, height: 800 } })).newPage();
      const wrong = [];
      page.on('requestfailed', (request) => request.failure().errorText === 'net::ERR_ABORTED' || wrong.push(`not loaded: ${request.url()}`));
      page.on('pageerror', (error) => wrong.push(error.message));
      await page.goto(pathToFileURL(path.join(relative, 'guides/index.html')).href);
      await page.fill('.mast input[name=q]', '商标被人抢注');
      await page.keyboard.press('Enter');
      await page.waitForURL(/search\/index\.html\?q=/);
      await page.waitForSelector('[data-search=results] li');
      if ((await titles(page))[0] !== '商标被人抢注了怎么办') wrong.push(`first is ${(await titles(page))[0]}`);
      const link = page.locator('[data-search=results] a').first();
      await link.click();
      await page.waitForLoadState();
      if (!page.url().includes('guides/trademark-squatted/index.html')) wrong.push(`the result leads to ${page.url()}`);
      await page.context().close();
      return wrong;
    });

    await check('search: below a folder under a strict Content-Security-Policy, by keyboard', async () => {
      const root = shipped('below');
      const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'";
      const site = await serve(root, FOLDER, { 'content-security-policy': policy });
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
      const wrong = [];
      page.on('console', (message) => message.type() === 'error' && !/favicon/.test(message.location().url) && wrong.push(message.text()));
      page.on('request', (request) => request.url().startsWith(site.origin) || wrong.push(`asks ${request.url()}`));
      await page.goto(`${site.origin}${FOLDER}search/`);
      await ask(page, '<img src=x onerror=alert(1)> 质押');
      if (await page.locator('[data-search=results] img').count()) wrong.push('a query became HTML');
      await ask(page, '质押融姿');
      if (!(await page.textContent('[data-search=better]')).includes('质押融资')) wrong.push('no suggestion for a wrong character');
      await ask(page, '质押');
      const all = (await page.textContent('[data-search=status]')).match(/\d+/)[0];
      if (await page.locator('[data-search=results] mark').count() === 0) wrong.push('nothing is marked');
      // From the box by Tab: button, filters, the first result.
      await page.focus('#search-box input[name=q]');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowDown');
      await page.waitForFunction((before) => {
        const status = document.querySelector('[data-search=status]').textContent;
        return /\d/.test(status) && !status.includes(before) && document.querySelector('[data-search=results] .meta');
      }, all);
      const kinds = new Set(await page.locator('[data-search=results] .meta span:first-child').allTextContents());
      if (kinds.size !== 1) wrong.push(`filtered by kind: ${[...kinds].join()}`);
      await page.keyboard.press('ArrowUp');
      await page.locator('[data-search=more]').press('Enter');
      await page.waitForFunction(() => document.querySelectorAll('[data-search=results] li').length > 10);
      const focused = await page.evaluate(() => [...document.querySelectorAll('[data-search=results] a')].indexOf(document.activeElement));
      if (focused !== 10) wrong.push(`after more, focus is on result ${focused}`);
      await page.context().close();
      site.close();
      return wrong;
    });

    await check('search: an answer within 100 ms at a quarter of the speed, once loaded', async () => {
      const page = await (await browser.newContext({ viewport: { width: 360, height: 800 } })).newPage();
      await page.goto(pathToFileURL(path.join(relative, 'search/index.html')).href);
      await ask(page, '专利申请');
      const session = await page.context().newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      const took = await page.evaluate(async () => {
        const form = document.querySelector('#search-box form'), results = document.querySelector('[data-search=results]');
        let best = Infinity;
        // The best of three: the machine may have other work.
        for (let i = 0; i < 3; i += 1) {
          const start = performance.now();
          form.requestSubmit();
          while (!results.children.length) await new Promise((next) => setTimeout(next));
          best = Math.min(best, performance.now() - start);
          await new Promise((next) => setTimeout(next, 200));
        }
        return best;
      });
      note(`${took.toFixed(0)} ms`);
      await page.context().close();
      return took > ANSWER ? [`${took} ms`] : [];
    });

    await check('search: without a script the page lists every page by topic', async () => {
      const page = await (await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } })).newPage();
      await page.goto(pathToFileURL(path.join(relative, 'search/index.html')).href);
      const links = await page.locator('.topics li a').count();
      const wrong = links < 100 ? [`${links} pages are listed`] : [];
      if (!(await page.locator('noscript').count())) wrong.push('nothing says why');
      await page.context().close();
      return wrong;
    });

    for (const dark of [false, true]) {
      await check(`search: axe-core finds nothing on results, ${dark ? 'dark' : 'light'}`, async () => {
        const wrong = [];
        for (const width of [360, 1280]) {
          const page = await (await browser.newContext({ viewport: { width, height: 800 }, colorScheme: dark ? 'dark' : 'light' })).newPage();
          await page.goto(pathToFileURL(path.join(relative, 'search/index.html')).href);
          for (const query of ['质押融姿', '没有这样的词汇吧咕噜']) {
            await ask(page, query);
            await page.waitForTimeout(300);
            wrong.push(...(await axe(page, `${query} ${width}`)).violations);
          }
          await page.context().close();
        }
        return wrong;
      });
    }
  } finally {
    await browser.close();
  }
}
