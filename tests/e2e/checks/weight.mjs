// Bytes a reader's phone fetches for a page: HTML, its style sheets, icon and manifest, gzipped, plus pictures as they are. Scripts, which
// load after the page and which it does without, have a limit of their own.

import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { check, note } from '../lib/report.mjs';
import { shipped } from '../lib/puzhi.mjs';
import { Built } from '../lib/links.mjs';
import { addresses } from '../lib/html.mjs';
import { PAGES } from '../lib/pages.mjs';

const ARTICLE = 20 * 1024;
const HOME = 40 * 1024;
// The style sheet that large pages load besides.
const LARGE = 3 * 1024;
const SCRIPTS = 3 * 1024;

export default async function () {
  await check('weight: articles without pictures at most 20 KB, home at most 40 KB', () => {
    const site = new Built(shipped('below'));
    const packed = new Map();
    const weigh = (name) => {
      if (!packed.has(name)) packed.set(name, gzipSync(fs.readFileSync(path.join(site.root, name)), { level: 6 }).length);
      return packed.get(name);
    };
    const page = (name) => {
      const loaded = new Set([...addresses(site.tree(name))].filter((a) => a.loads && !a.url.startsWith('data:'))
        .map((a) => site.target(new URL(a.url, site.address(name, '/ztzl/zscq/')), '/ztzl/zscq/').name).filter(Boolean));
      const names = [...loaded].filter((f) => /(^|\/)(icon\.svg|manifest\.webmanifest)$/.test(f));
      const pictures = [...loaded].filter((f) => !/\.(css|js)$/.test(f) && !names.includes(f));
      const scripts = [...loaded].filter((f) => f.endsWith('.js')).reduce((sum, f) => sum + weigh(f), 0);
      const css = [...loaded].filter((f) => f.endsWith('.css')).reduce((sum, f) => sum + weigh(f), 0);
      const extra = pictures.reduce((sum, f) => sum + fs.statSync(path.join(site.root, f)).size, 0) + names.reduce((sum, f) => sum + weigh(f), 0);
      return { name, html: weigh(name), css, scripts, pictures: pictures.length, total: weigh(name) + css + extra };
    };
    const all = site.html().filter((n) => n !== '404.html').map(page).sort((a, b) => b.total - a.total);
    const kb = (n) => (n / 1024).toFixed(1).padStart(6);
    const row = (label, p) => `${label.padEnd(34)} ${kb(p.html)} ${kb(p.css)} ${kb(p.total)}`;
    note(`${'template'.padEnd(34)}   HTML    CSS  total KB (gzip)`);
    for (const [label, address] of Object.entries(PAGES)) {
      const name = address === '' || address.endsWith('/') ? `${address}index.html` : address;
      note(row(label, site.names.has(name) ? page(name) : { html: NaN, css: NaN, total: NaN }));
    }
    note(`heaviest of ${all.length}:\n${all.slice(0, 8).map((p) => row(p.name, p)).join('\n')}`);
    const home = (n) => /^(large\/)?(en\/)?index\.html$/.test(n);
    const more = (n) => (n.startsWith('large/') ? LARGE : 0);
    const heavy = all.filter((p) => p.pictures === 0 && !/(^|\/)search\//.test(p.name) && p.scripts > SCRIPTS);
    return [...heavy.map((p) => `${p.name}: ${kb(p.scripts)} KB of scripts`), ...all.filter((p) => (home(p.name) ? p.total > HOME + more(p.name) : p.pictures === 0 && p.total > ARTICLE + more(p.name))).map((p) => `${p.name}: ${kb(p.total)} KB`)];
  });
}
