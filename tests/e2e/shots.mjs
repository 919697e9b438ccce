// Pictures of every template for people to look at: `node shots.mjs OUTDIR [SITE] [page …]`.
// Widths 360, 768 and 1280, light and dark, and print as PNG of the paper width. SITE is a built folder; the shipped site by default.

import fs from 'node:fs';
import path from 'node:path';
import { launch, open } from './lib/browser.mjs';
import { PAGES } from './lib/pages.mjs';
import { REPO } from './lib/puzhi.mjs';
import { serve } from './lib/serve.mjs';

const SHOWN = ['home', 'board', 'policy', 'explainer', 'guide', 'event', 'story', 'unit', 'list', 'survey', '404'];

const [folder, built = path.join(REPO, 'public'), ...named] = process.argv.slice(2);
if (!folder) {
  console.error('node shots.mjs OUTDIR [SITE] [page …]');
  process.exit(2);
}
fs.mkdirSync(folder, { recursive: true });
const site = await serve(path.resolve(built));
const browser = await launch();
const shoot = async (view, name, file) => {
  await view.page.goto(`${site.origin}/${PAGES[name]}`);
  await view.page.screenshot({ path: path.join(folder, file), fullPage: true });
};
for (const name of named.length ? named : SHOWN) {
  for (const dark of [false, true]) {
    for (const width of [360, 768, 1280]) {
      const view = await open(browser, { width, dark, origin: site.origin });
      await shoot(view, name, `${name}-${width}-${dark ? 'dark' : 'light'}.png`);
      await view.close();
    }
  }
  // A4 less its margins, at 96 dots to the inch.
  const view = await open(browser, { width: 680, origin: site.origin });
  await view.page.emulateMedia({ media: 'print' });
  await shoot(view, name, `${name}-print.png`);
  await view.page.pdf({ path: path.join(folder, `${name}-print.pdf`), format: 'A4' });
  await view.close();
}
await browser.close();
site.close();
