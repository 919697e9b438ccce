// The folder of the site opened from disk, built with and without an address: every link names a file, styles apply, scripts run, and
// nothing is asked that is not there.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch } from '../lib/browser.mjs';
import { Built } from '../lib/links.mjs';
import { PAGES } from '../lib/pages.mjs';
import { BASE, FOLDER, shipped } from '../lib/puzhi.mjs';
import { check, note } from '../lib/report.mjs';

const FORMS = [['relative', undefined], ['below', `${BASE}${FOLDER}`]];
// Links to them: only a server shows them, at addresses of any depth.
const SERVED_ONLY = '404.html';

/** The file that people open for a page's address. */
const fileOf = (address) => (address === '' || address.endsWith('/') ? `${address}index.html` : address);

/** A page of the browser that adds to `wrong` whatever does not load or goes wrong in it. */
async function watched(browser, root, wrong) {
  const page = await (await browser.newContext({ viewport: { width: 360, height: 800 } })).newPage();
  const below = pathToFileURL(`${root}${path.sep}`).href;
  // Aborted: the browser went to the next page before it had the icon. What is missing has another error.
  page.on('requestfailed', (request) => request.failure().errorText === 'net::ERR_ABORTED' || wrong.push(`not loaded: ${request.url()}`));
  page.on('request', (request) => request.url().startsWith(below) || wrong.push(`asks ${request.url()}`));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  return page;
}

export default async function () {
  for (const [form, base] of FORMS) {
    const said = base ? 'with an address' : 'without an address';
    const root = shipped(form);

    await check(`disk: every link of the site ${said} names a file`, () => {
      const site = new Built(root, { disk: true });
      const pages = site.html().filter((name) => !name.endsWith(SERVED_ONLY));
      note(`${pages.length} pages`);
      return pages.flatMap((name) => site.page(name, '/', base));
    });

    const browser = await launch();
    try {
      await check(`disk: one page of every template ${said} loads with its styles`, async () => {
        const wrong = [];
        const page = await watched(browser, root, wrong);
        for (const [name, address] of Object.entries(PAGES)) {
          if (address === SERVED_ONLY) continue;
          await page.goto(pathToFileURL(path.join(root, fileOf(address))).href);
          // The colour of the settings, and what hides a text from all but screen readers.
          const styled = await page.evaluate(() => ({
            colour: getComputedStyle(document.documentElement).getPropertyValue('--main').trim(),
            skip: getComputedStyle(document.querySelector('.skip')).position,
          }));
          if (styled.colour !== '#9b1c1c' || styled.skip !== 'absolute') wrong.push(`${name}: no styles ${JSON.stringify(styled)}`);
        }
        await page.context().close();
        return wrong;
      });

      await check(`disk: from the home page ${said} by its menu, a guide and the search to a result`, async () => {
        const wrong = [];
        const page = await watched(browser, root, wrong);
        const at = (end, what) => page.url().split('#')[0].endsWith(end) || wrong.push(`${what} leads to ${page.url()}`);
        await page.goto(pathToFileURL(path.join(root, 'index.html')).href);
        await page.locator('nav.nav a').first().click();
        await page.waitForLoadState();
        at('/guides/index.html', 'the menu');
        await page.locator('main a[href*="pledge-financing"]').first().click();
        await page.waitForLoadState();
        at('/guides/pledge-financing/index.html', 'the list');
        await page.fill('.mast input[name=q]', '商标被人抢注');
        await page.keyboard.press('Enter');
        await page.waitForSelector('[data-search=results] li');
        await page.locator('[data-search=results] a').first().click();
        await page.waitForLoadState();
        at('/guides/trademark-squatted/index.html', 'the first result');
        await page.locator('.name a').click();
        await page.waitForLoadState();
        at(`${encodeURI(path.basename(root))}/index.html`, 'the name of the site');
        await page.context().close();
        return wrong;
      });
    } finally {
      await browser.close();
    }
  }
}
