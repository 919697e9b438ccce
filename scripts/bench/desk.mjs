#!/usr/bin/env node
// Measures the desk in headless Chromium on a copy of a site and prints medians:
//
//     PUZHI=target/release/puzhi scripts/bench/desk.mjs SITE [--keys 60] [--opens 7]
//
// `first open`: from the start of a new program to a page that can be written in. `open again`: from a new window's address to that.
// `text`: from a key in the text to the same character in the preview; `form`: from a key in the title. Needs the packages of
// `tests/e2e`. A site of 1,000 pages is made by `scripts/bench/corpus.py`.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch } from '../../tests/e2e/lib/browser.mjs';
import { DeskPage, startDesk } from '../../tests/e2e/lib/desk.mjs';

const args = process.argv.slice(2);
const option = (name, usual) => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : usual);
const site = args[0];
if (!site || site.startsWith('-')) {
  process.stderr.write('usage: scripts/bench/desk.mjs SITE [--keys N] [--opens N]\n');
  process.exit(2);
}

// CJK Extension A: no page has these characters.
let next = 0x3400;

const middle = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
const say = (name, times) => process.stdout.write(`${name.padEnd(12)} median ${middle(times).toFixed(0)} ms, at least ${Math.min(...times).toFixed(0)}, at most ${Math.max(...times).toFixed(0)}, of ${times.length}\n`);

/** Milliseconds from each of `count` keys to its character in the preview. */
async function keys(page, count, type) {
  const frame = page.page.frames().find((f) => f !== page.page.mainFrame());
  await frame.waitForFunction(() => window.puzhi?.connected, undefined, { timeout: 20000 });
  const times = [];
  for (let n = 0; n < count; n += 1) {
    const mark = String.fromCharCode(next);
    next += 1;
    const seen = frame.evaluate((words) => new Promise((done) => {
      const look = () => document.documentElement.textContent.includes(words) && (watch.disconnect(), done(performance.timeOrigin + performance.now()));
      const watch = new MutationObserver(look);
      watch.observe(document, { childList: true, subtree: true, characterData: true });
      look();
    }), mark);
    await page.page.waitForTimeout(120);
    const typed = await page.page.evaluate(() => performance.timeOrigin + performance.now());
    await type(mark);
    times.push(await seen - typed);
  }
  return times;
}

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'puzhi-bench-desk-'));
fs.cpSync(site, root, { recursive: true, filter: (name) => !/[\\/](\.puzhi|public|history|\.git)$/.test(name) });
const browser = await launch();
try {
  const first = [];
  const again = [];
  for (let n = 0; n < option('--opens', 7); n += 1) {
    const start = performance.now();
    const desk = await startDesk(root);
    for (const times of [first, again]) {
      const from = times === first ? start : performance.now();
      const page = await DeskPage.open(browser, desk);
      await page.page.waitForFunction(() => document.querySelector('.page-title-now')?.textContent);
      times.push(performance.now() - from);
      await page.close();
    }
    desk.close();
  }
  say('first open', first);
  say('open again', again);
  const desk = await startDesk(root);
  const page = await DeskPage.open(browser, desk, { width: 1280, height: 800 });
  // The first article of the list that is no section.
  await page.page.locator('.tree button.page').nth(option('--page', 3)).click();
  await page.rest();
  await page.page.waitForTimeout(1500);
  const end = await page.cursor('Control+End').then(() => keys(page, option('--keys', 60), (mark) => page.page.keyboard.insertText(mark)));
  say('text', end);
  const start = await page.cursor('Control+Home').then(() => keys(page, option('--keys', 60), (mark) => page.page.keyboard.insertText(mark)));
  say('first words', start);
  await page.page.locator('.form summary').first().click();
  const title = page.page.locator('.fields input[type=text]').first();
  await title.focus();
  say('form', await keys(page, Math.min(20, option('--keys', 60)), (mark) => page.page.keyboard.insertText(mark)));
  desk.close();
} finally {
  await browser.close();
  fs.rmSync(root, { recursive: true, force: true });
}
process.exit(0);
