// A person at the desk who does everything at once, with a slow program, and what must be left of the words.

import fs from 'node:fs';
import { unsavedTexts } from './desk.mjs';
import { note } from './report.mjs';

/** Numbers from 0 up to, but not with, `n`; the same for the same seed. */
function numbers(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % n;
  };
}

const names = ['甲', '乙', '丙', '丁'].map((mark, n) => ({ mark: `${mark}的正文`, path: `content/guides/quick-${n}.md`, title: `快换的${mark}` }));

/** The pages that `quickAndSlow` changes, as files of a site. */
export const quickPages = Object.fromEntries(names.map(({ mark, path: file, title }) => [file, `---\ntitle: ${title}\ndate: 2026-01-01\n---\n\n${mark}。\n`]));

/**
 * Somebody who types, saves, looks at the source and goes from page to page without waiting, while each answer takes up to 1.5 s and
 * others change the files. Every word that came into the editor must be in a file, in what is kept unsaved, or still in the editor.
 */
export async function quickAndSlow(page, seed, actions = 200) {
  const { root } = page.desk;
  const wrong = [];
  const next = numbers(seed);
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const delays = numbers(seed + 1);
  await page.go(names[0].title);
  await page.page.route('**/api/**', async (route) => {
    try {
      const before = delays(750);
      const after = delays(750);
      await wait(before);
      const response = await route.fetch();
      await wait(after);
      await route.fulfill({ response });
    } catch { /* The window was closed. */ }
  });
  const words = [];
  const decide = async () => {
    const dialog = page.dialog();
    if (await dialog.count()) {
      for (const both of await dialog.getByLabel('两段都留').all()) await both.check({ timeout: 1000 }).catch(() => {});
      await dialog.locator('button.main').click({ timeout: 1000 }).catch(() => {});
      return true;
    }
    const go = page.page.getByRole('button', { name: '继续编辑' });
    if (await go.count()) await go.click({ timeout: 1000 }).catch(() => {});
    return false;
  };
  const write = async (word) => {
    // Whether it came in is seen in the same turn as it is typed.
    const came = await page.page.evaluate((typed) => {
      if (document.querySelector('dialog[open]')) return false;
      const content = document.querySelector('.editor-host').shadowRoot.querySelector('.cm-content');
      const { view } = content.cmTile.root;
      if (view.state.readOnly) return false;
      const end = view.state.doc.length;
      view.dispatch({ changes: { from: end, insert: typed }, selection: { anchor: end + typed.length }, userEvent: 'input.type' });
      return true;
    }, word);
    if (came) words.push(word);
  };
  const click = (selector) => page.page.evaluate((s) => { if (!document.querySelector('dialog[open]')) document.querySelector(s)?.click(); }, selector);
  const opened = new Set();
  for (let n = 0; n < actions; n += 1) {
    const what = next(20);
    const { path: file } = names[next(names.length)];
    if (what < 1) {
      await click(`.tree [data-path="${file}"]`);
      for (let more = next(4); more > 0; more -= 1) {
        await wait(next(300));
        await write(`〈${n}-${more}〉`);
      }
      // In two of three cases one looks on until the page has come.
      if (next(3)) await page.page.waitForFunction((p) => document.querySelector('.tree [aria-current]')?.dataset.path === p || document.querySelector('dialog[open]'), file, { timeout: 5000 }).catch(() => {});
      opened.add(await page.page.locator('.page-title-now').textContent());
    } else if (what < 14) await write(`〈${n}〉`);
    else if (what < 16) await page.page.keyboard.press('Control+s');
    else if (what < 17) await click('.page-actions button');
    else if (what < 18 && n % 3 === 0) { fs.appendFileSync(page.file(file), `\n〖${n}〗\n`); words.push(`〖${n}〗`); }
    await decide();
    await wait(next(60));
  }
  await page.page.unroute('**/api/**');
  for (let n = 0; n < 8; n += 1) { await wait(500); await decide(); }
  await page.rest(5000).catch(async () => wrong.push(`it does not come to rest: ${await page.status()}`));
  const files = [...names.map(({ path: file }) => page.read(file)), page.read('content/_index.md')];
  const kept = [...files, ...unsavedTexts(root), await page.text()];
  const lost = words.filter((word) => !kept.some((text) => text.includes(word)));
  if (lost.length) wrong.push(`lost of ${words.length}: ${lost.join('')}`);
  for (const text of kept.slice(0, -1)) if (names.filter(({ mark }) => text.includes(mark)).length > 1) wrong.push(`texts of two pages in one: ${text}`);
  note(`desk: ${words.length} words typed in ${opened.size} pages, seed ${seed}`);
  if (opened.size < 3) wrong.push('the pages were hardly changed');
  wrong.push(...(await page.close()));
  return wrong;
}
