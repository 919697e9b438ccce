// The large mode (长者版) in a browser: sizes, contrast and targets as they are measured; the mode kept from page to page without a script,
// from a server, below a folder and from disk; the search; and walks with the keyboard alone and without a script.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, open } from '../lib/browser.mjs';
import { largeness, sideways } from '../lib/measure.mjs';
import { PAGES } from '../lib/pages.mjs';
import { FOLDER, shipped } from '../lib/puzhi.mjs';
import { check, note } from '../lib/report.mjs';
import { serve } from '../lib/serve.mjs';

const QUERY = '商标被人抢注';
const ANSWER = 'guides/trademark-squatted/';
const SWITCH = 'a.size';

/** The text size of a page, by which a large one is told. */
const size = (page) => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('main')).fontSize));

/** Follows a link and waits for its page. */
async function follow(page, link) {
  await Promise.all([page.waitForNavigation(), link.click()]);
}

/** From the home page to the large mode, over five clicks and a search without a script, and back. `file` ends addresses on disk. */
async function keeps(page, home, file) {
  const wrong = [];
  const here = (end, what) => {
    const at = decodeURI(page.url().split(/[?#]/)[0]);
    if (!at.endsWith(end + file)) wrong.push(`${what} leads to ${at}`);
  };
  const large = async (what) => (await size(page)) === 24 || wrong.push(`${what}: the page is not large`);
  await page.goto(home);
  await follow(page, page.locator(SWITCH));
  here('/large/', 'the switch');
  for (const [what, link, end] of [
    ['the menu', page.locator('nav.nav a').first(), '/large/guides/'],
    ['the list', page.locator('main a[href*="pledge-financing"]').first(), '/large/guides/pledge-financing/'],
    ['a term', page.locator('main .facts a[href*="units/"]').first(), ''],
    ['the crumbs', page.locator('.crumbs a').first(), '/large/'],
    ['the footer', page.locator('.foot .links a').first(), '/large/about/about/'],
  ]) {
    await follow(page, link);
    if (end) here(end, what);
    await large(what);
  }
  await page.fill('.mast input[name=q]', QUERY);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  here('/large/search/', 'the search box');
  await follow(page, page.locator(`main a[href*="${ANSWER}"]`).first());
  here(`/large/${ANSWER}`, 'the list of the search page');
  await large('the list of the search page');
  await follow(page, page.locator(SWITCH));
  here(`/${ANSWER}`, 'the way back');
  if (page.url().includes('/large/') || (await size(page)) === 24) wrong.push('the way back leads to a large page');
  return wrong;
}

/** Presses Tab until the focus is on what `selector` says; the keys that it took, or null. */
async function tabTo(page, selector, most = 150) {
  for (let i = 0; i < most; i += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return i;
    await page.keyboard.press('Tab');
  }
  return null;
}

/** With the keyboard alone: a guide by its problem, an event into the calendar, the large mode and on in it. */
async function byKeyboard(page, home) {
  const wrong = [];
  const press = async (selector, what) => {
    if ((await tabTo(page, selector)) === null) throw new Error(`Tab does not reach ${what}`);
    await Promise.all([page.waitForNavigation({ timeout: 10000 }), page.keyboard.press('Enter')]);
  };
  await page.goto(home);
  if ((await tabTo(page, '.mast input[name=q]')) === null) throw new Error('Tab does not reach the search box');
  await page.keyboard.type(QUERY);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await page.waitForSelector('[data-search=results] li');
  await press('[data-search=results] a', 'the results');
  if (!page.url().includes(ANSWER)) wrong.push(`the first result leads to ${page.url()}`);
  await page.goto(`${home}${PAGES.event}`);
  const download = page.waitForEvent('download', { timeout: 10000 }).catch(() => null);
  if ((await tabTo(page, 'main a[href$=".ics"]:not([href^="webcal"])')) === null) wrong.push('Tab does not reach the calendar file');
  await page.keyboard.press('Enter');
  const file = await download;
  if (!file?.suggestedFilename().endsWith('.ics')) wrong.push(`saved: ${file?.suggestedFilename()}`);
  await press(SWITCH, 'the switch').catch(async () => {
    // The switch is before the file: from the top.
    await page.goto(`${home}${PAGES.event}`);
    await press(SWITCH, 'the switch');
  });
  if (!page.url().includes(`/large/${PAGES.event}`)) wrong.push(`the switch leads to ${page.url()}`);
  await press('nav.nav a', 'the menu');
  if ((await size(page)) !== 24) wrong.push('the menu leaves the mode');
  return wrong;
}

export default async function () {
  const site = await serve(shipped('below'), FOLDER);
  const browser = await launch();
  const home = `${site.origin}${FOLDER}`;
  const least = { size: Infinity, contrast: Infinity, line: Infinity, target: Infinity };
  try {
    for (const dark of [false, true]) {
      for (const width of [320, 360, 768, 1280]) {
        await check(`large: text, lines, targets and contrast on every template, ${dark ? 'dark' : 'light'}, ${width} px; nothing scrolls sideways`, async () => {
          const view = await open(browser, { width, dark, origin: site.origin });
          const wrong = [];
          for (const [name, address] of Object.entries(PAGES)) {
            await view.page.goto(`${home}large/${address}`);
            const measured = await view.page.evaluate(largeness);
            for (const key of Object.keys(least)) least[key] = Math.min(least[key], measured.least[key]);
            // Names of columns, where there are none.
            if (width < 600 && (await view.page.locator('.roles:visible').count())) wrong.push(`${name}: the heads of a flow's columns stand above its steps`);
            wrong.push(...[...measured.wrong, ...(await view.page.evaluate(sideways))].map((line) => `${name}: ${line}`));
          }
          await view.close();
          return [...wrong, ...view.strangers, ...view.broken];
        });
      }
    }
    note(`least: text ${least.size} px, lines ${least.line.toFixed(2)}, targets ${Math.round(least.target)} px, contrast ${least.contrast.toFixed(2)}`);

    const top = await serve(shipped('top'));
    for (const [what, address, file] of [
      ['below a folder', home, ''],
      ['at the root of a host', `${top.origin}/`, ''],
      ['from disk', pathToFileURL(path.join(shipped('relative'), 'index.html')).href, 'index.html'],
    ]) {
      // Links name the file; a server shows the same at both addresses.
      await check(`large: kept over five clicks, a search and back without a script, ${what}`, async () => {
        const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
        const page = await context.newPage();
        const wrong = await keeps(page, address, file || 'index.html');
        await context.close();
        return wrong;
      });
    }
    top.close();

    for (const [what, address] of [['from a server', home], ['from disk', pathToFileURL(`${shipped('relative')}${path.sep}`).href]]) {
      await check(`large: the search finds what it finds otherwise and leads to large pages, ${what}`, async () => {
        const wrong = [];
        const found = {};
        for (const mode of ['', 'large/']) {
          const context = await browser.newContext({ viewport: { width: 360, height: 800 } });
          const page = await context.newPage();
          await page.goto(`${address}${mode}search/index.html?q=${encodeURIComponent(QUERY)}`);
          await page.waitForSelector('[data-search=results] li', { timeout: 10000 });
          found[mode] = await page.locator('[data-search=results] h2').allInnerTexts();
          await follow(page, page.locator('[data-search=results] a').first());
          if (!page.url().includes(`/${mode}${ANSWER}`)) wrong.push(`${mode}: the first result leads to ${page.url()}`);
          await context.close();
        }
        if (!found[''].length || found[''].join() !== found['large/'].join()) wrong.push(JSON.stringify(found));
        return wrong;
      });
    }

    for (const width of [1280, 360]) {
      await check(`with the keyboard alone: a guide by its problem, an event saved, the large mode and on in it, ${width} px`, async () => {
        const context = await browser.newContext({ viewport: { width, height: 800 }, acceptDownloads: true });
        const page = await context.newPage();
        const wrong = await byKeyboard(page, home);
        await context.close();
        return wrong;
      });
    }

    await check('without a script: a guide by its problem from the home page, and an event saved in large mode', async () => {
      const wrong = [];
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 800 }, acceptDownloads: true });
      const page = await context.newPage();
      await page.goto(home);
      await follow(page, page.locator('main a', { hasText: QUERY }).first());
      if (!page.url().includes(ANSWER)) wrong.push(`the home page leads to ${page.url()}`);
      await page.goto(`${home}large/${PAGES.event}`);
      const [file] = await Promise.all([page.waitForEvent('download'), page.locator('main a[href$=".ics"]:not([href^="webcal"])').first().click()]);
      if (!file.suggestedFilename().endsWith('.ics')) wrong.push(`saved: ${file.suggestedFilename()}`);
      await context.close();
      return wrong;
    });
  } finally {
    await browser.close();
    site.close();
  }
}
