// The shipped site in a real browser: axe-core, keyboard, 400 % zoom, and that nothing is asked of another host.

import fs from 'node:fs';
import path from 'node:path';
import { axe } from '../lib/axe.mjs';
import { check, note } from '../lib/report.mjs';
import { FOLDER, shipped } from '../lib/puzhi.mjs';
import { launch, open } from '../lib/browser.mjs';
import { Built } from '../lib/links.mjs';
import { PAGES } from '../lib/pages.mjs';
import { lineBreaks, sideways } from '../lib/measure.mjs';
import { serve } from '../lib/serve.mjs';

/** The pages people read: those that lead on to another page at once are left out, as the browser does not stay on them. */
function shown(root) {
  return new Built(root).html().filter((name) => !/<meta http-equiv="refresh"/.test(fs.readFileSync(path.join(root, name), 'utf8')));
}

/** Goes through a page with the Tab key alone. */
async function tabs(page, where) {
  const wrong = [];
  const wanted = await page.evaluate(() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter((e) => !e.disabled && e.checkVisibility({ visibilityProperty: true })).map((e, i) => { e.dataset.stop = String(i); return e.outerHTML.slice(0, 100); }));
  const reached = new Set();
  for (let i = 0; i < wanted.length + 5; i += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const boxes = [...e.getClientRects()].filter((b) => b.width > 1 && b.height > 1);
      const seen = (b) => b.right > 0 && b.left < innerWidth && b.bottom > 0 && b.top < innerHeight;
      const style = getComputedStyle(e);
      const clipped = /rect\(0px,? 0px,? 0px,? 0px\)|inset\(50%\)/.test(`${style.clip} ${style.clipPath}`);
      const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
      const covered = boxes.filter(seen).every((b) => {
        const [x, y] = [Math.min(Math.max(b.left + b.width / 2, 0), innerWidth - 1), Math.min(Math.max(b.top + b.height / 2, 0), innerHeight - 1)];
        const top = document.elementFromPoint(x, y);
        return !(top && (e.contains(top) || top.contains(e)));
      });
      return { index: e.dataset.stop, skip: e.matches('.skip, [href="#main"]'), html: e.outerHTML.slice(0, 100), visible: boxes.some(seen) && !clipped && !covered, ring };
    });
    if (!stop) break;
    if (i === 0 && !stop.skip) wrong.push(`${where}: the first stop is ${stop.html}`);
    if (!stop.visible) wrong.push(`${where}: focused but not visible: ${stop.html}`);
    if (!stop.ring) wrong.push(`${where}: no mark of focus: ${stop.html}`);
    reached.add(stop.index);
  }
  wanted.forEach((html, i) => reached.has(String(i)) || wrong.push(`${where}: Tab does not reach ${html}`));
  return wrong;
}

export default async function () {
  const root = shipped('below');
  const site = await serve(root, FOLDER);
  const browser = await launch();
  const at = (name) => `${site.origin}${FOLDER}${name}`;
  try {
    const unsure = new Set();
    for (const [dark, mode] of [[false, ''], [true, ''], [false, 'large/'], [true, 'large/']]) {
      for (const width of [1280, 360]) {
        await check(`axe-core: no violations on any template, ${dark ? 'dark' : 'light'}${mode && ', large'}, ${width} px`, async () => {
          const view = await open(browser, { width, dark, origin: site.origin });
          const wrong = [];
          for (const [name, address] of Object.entries(PAGES)) {
            const response = await view.page.goto(at(`${mode}${address}`));
            if (response.status() !== 200) { wrong.push(`${name}: ${response.status()}`); continue; }
            const { violations, unsure: more } = await axe(view.page, name);
            wrong.push(...violations);
            for (const line of more) unsure.add(line);
          }
          await view.close();
          return wrong;
        });
      }
    }
    if (unsure.size) note(`axe could not decide: ${[...unsure].slice(0, 12).join('; ')}`);

    for (const width of [1280, 360]) {
      await check(`keyboard: the skip link comes first, every stop is visible and marked, ${width} px`, async () => {
        const view = await open(browser, { width, origin: site.origin });
        const wrong = [];
        for (const [name, address] of Object.entries(PAGES)) {
          await view.page.goto(at(address));
          wrong.push(...await tabs(view.page, name));
        }
        await view.page.goto(at(PAGES.guide));
        await view.page.keyboard.press('Tab');
        await view.page.keyboard.press('Enter');
        if (!(await view.page.evaluate(() => location.hash === '#main' && document.activeElement.id === 'main'))) wrong.push('the skip link does not lead to main');
        await view.close();
        return wrong;
      });
    }

    await check('every page: no request leaves the site, nothing is missing, no error in the console', async () => {
      const view = await open(browser, { width: 1280, origin: site.origin });
      const wrong = [];
      view.page.on('console', (message) => message.type() === 'error' && wrong.push(`${view.page.url()}: ${message.text()}`));
      for (const name of shown(root).filter((n) => n !== '404.html')) await view.page.goto(at(encodeURI(name.replace(/(^|\/)index\.html$/, '$1'))));
      await view.close();
      return [...wrong, ...view.strangers.map((url) => `asked for ${url}`), ...view.broken];
    });

    await check('the missing page is shown with its style at any depth', async () => {
      const view = await open(browser, { width: 1280, origin: site.origin });
      const wrong = [];
      for (const address of ['no', 'no/such/page/', '没有/的页面']) {
        await view.page.goto(at(address));
        const styled = await view.page.evaluate(() => document.styleSheets.length > 0 && [...document.styleSheets].some((s) => s.href && s.cssRules.length > 10));
        if (!styled) wrong.push(`${address}: no style`);
      }
      await view.close();
      return [...wrong, ...view.strangers, ...view.broken.filter((line) => !line.includes('/no') && !line.includes(encodeURI('没有')))];
    });

    await check('answers stand open; folded ones are open where a link leads to them, and on paper', async () => {
      const view = await open(browser, { width: 360, origin: site.origin });
      const wrong = [];
      const folded = shown(root).filter((name) => /<details open id="/.test(fs.readFileSync(path.join(root, name), 'utf8')));
      if (!folded.length) wrong.push('no page has answers');
      for (const name of folded.slice(0, 5)) {
        await view.page.goto(at(encodeURI(name)));
        const closed = await view.page.$$eval('.faq details:not([open])', (all) => all.length);
        if (closed) wrong.push(`${name}: ${closed} answers are closed`);
        await view.page.$$eval('.faq details', (all) => all.forEach((e) => { e.open = false; }));
        for (const id of await view.page.$$eval('details[id]', (all) => all.map((e) => e.id))) {
          await view.page.evaluate((to) => { location.hash = to; }, encodeURIComponent(id));
          await view.page.waitForFunction((to) => document.getElementById(to).open, id, { timeout: 2000 }).catch(() => wrong.push(`${name}#${id}: closed`));
        }
        await view.page.goto('about:blank');
        await view.page.goto(at(encodeURI(name)));
        await view.page.emulateMedia({ media: 'print' });
        const flat = await view.page.$$eval('.faq details > :last-child', (all) => all.filter((e) => !e.getBoundingClientRect().height).length);
        if (flat) wrong.push(`${name}: ${flat} answers are not on paper`);
        await view.page.emulateMedia({ media: null });
      }
      await view.close();
      return wrong;
    });

    await check('400 % zoom (320 px wide): nothing but tables scrolls sideways, on every page', async () => {
      const view = await open(browser, { width: 320, height: 256, origin: site.origin });
      const wrong = [];
      for (const name of shown(root)) {
        await view.page.goto(at(encodeURI(name)));
        wrong.push(...(await view.page.evaluate(sideways)).map((line) => `${name}: ${line}`));
      }
      await view.close();
      return wrong;
    });

    for (const mode of ['', 'large/']) {
      await check(`320 px wide: no line begins with a closing sign or ends with an opening one${mode && ', large'}`, async () => {
        const view = await open(browser, { width: 320, origin: site.origin });
        const wrong = [];
        for (const [name, address] of Object.entries(PAGES)) {
          await view.page.goto(at(`${mode}${address}`));
          wrong.push(...(await view.page.evaluate(lineBreaks)).map((line) => `${name}: ${line}`));
        }
        await view.close();
        return wrong;
      });
    }

    await check('tables that scroll are reached by the keyboard and have a name; headings do not leave out a level', async () => {
      const view = await open(browser, { width: 320, origin: site.origin });
      const wrong = [];
      for (const [name, address] of Object.entries(PAGES)) {
        await view.page.goto(at(address));
        wrong.push(...(await view.page.evaluate(() => {
          const found = [];
          for (const e of document.querySelectorAll('.table')) {
            const named = e.getAttribute('aria-label') || e.getAttribute('aria-labelledby');
            if (e.scrollWidth > e.clientWidth && !(e.tabIndex === 0 && /^(region|group)$/.test(e.getAttribute('role')) && named)) found.push(`scrolls without the keyboard: ${e.outerHTML.slice(0, 100)}`);
          }
          const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((e) => e.checkVisibility()).map((e) => Number(e.tagName[1]));
          if (levels.filter((level) => level === 1).length !== 1) found.push('not one h1');
          levels.forEach((level, i) => i && level > levels[i - 1] + 1 && found.push(`h${levels[i - 1]}, then h${level}`));
          // Han characters in a page of another language stand in an element that says so.
          if (!document.documentElement.lang.startsWith('zh')) {
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
              const e = walk.currentNode.parentElement;
              if (/\p{Script=Han}/u.test(walk.currentNode.data) && !e.closest('[lang]').lang.startsWith('zh')) found.push(`Chinese without lang: ${e.outerHTML.slice(0, 120)}`);
            }
          }
          for (const landmark of ['header', 'main', 'footer']) if (document.querySelectorAll(`body > ${landmark}`).length !== 1) found.push(`not one ${landmark}`);
          return found;
        })).map((line) => `${name}: ${line}`));
      }
      await view.close();
      return wrong;
    });

    await check('forced colours and reduced motion: every link and button is still told from the text', async () => {
      const context = await browser.newContext({ viewport: { width: 360, height: 800 }, forcedColors: 'active', reducedMotion: 'reduce', colorScheme: 'dark' });
      const page = await context.newPage();
      const wrong = [];
      for (const [name, address] of Object.entries(PAGES)) {
        await page.goto(at(address));
        wrong.push(...(await page.evaluate(() => {
          const found = document.getAnimations().length ? ['something moves'] : [];
          for (const e of document.querySelectorAll('main a[href], button')) {
            if (!e.checkVisibility()) continue;
            const style = getComputedStyle(e);
            const around = getComputedStyle(e.parentElement);
            if (style.color === around.color && style.textDecorationLine === 'none' && style.borderStyle === 'none') found.push(`like the text: ${e.outerHTML.slice(0, 90)}`);
          }
          return found;
        })).map((line) => `${name}: ${line}`));
      }
      await context.close();
      return wrong;
    });

    await check('every page opens straight from the disk, as a folder somebody was sent', async () => {
      const folder = shipped('relative');
      const view = await open(browser, { width: 1280, origin: `file://${folder}` });
      const wrong = [];
      view.page.on('requestfailed', (request) => request.failure().errorText === 'net::ERR_ABORTED' || wrong.push(`${request.url()} failed`));
      for (const address of Object.values(PAGES)) await view.page.goto(`file://${folder}/${address === '' || address.endsWith('/') ? `${address}index.html` : address}`);
      await view.close();
      return [...wrong, ...view.strangers.map((url) => `asked for ${url}`)];
    });
  } finally {
    await browser.close();
    site.close();
  }
}
