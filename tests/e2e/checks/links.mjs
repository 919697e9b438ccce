// Every link, anchor, picture and style sheet resolves, at the root of a host and under a folder; nothing is loaded from elsewhere.

import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { BASE, FOLDER, shipped } from '../lib/puzhi.mjs';
import { Built } from '../lib/links.mjs';
import { attribute, elements, FOREIGN_SCRIPT, live } from '../lib/html.mjs';

const FORMS = [
  ['relative', '/', undefined],
  ['relative', FOLDER, undefined],
  ['top', '/', `${BASE}/`],
  ['below', FOLDER, `${BASE}${FOLDER}`],
];

export default async function () {
  for (const [form, prefix, base] of FORMS) {
    await check(`links of the site built ${base ? `for ${base}` : 'without an address'} resolve under ${prefix}`, () => {
      const site = new Built(shipped(form));
      if (base === undefined && prefix === '/') note(`${site.names.size} files, ${site.html().length} of them HTML`);
      return site.all(prefix, base);
    });
    // The server shows 404.html at the missing address, however deep; without an address it can only be right where it lies.
    await check(`links of 404.html ${base ? 'at any depth' : 'where it lies'} under ${prefix}, ${form}`, () => {
      const site = new Built(shipped(form));
      const seen = base ? ['no', 'no/such/', 'no/such/page.html'] : ['404.html'];
      return ['', 'large/'].flatMap((mode) => seen.flatMap((at) => site.page(`${mode}404.html`, prefix, base, `http://site.invalid${prefix}${mode}${at}`).map((w) => `at ${prefix}${mode}${at}: ${w}`)));
    });
  }

  await check('no script but the theme\'s own and blocks of data, no handler, no frame in any page', () => {
    const site = new Built(shipped('below'));
    return site.html().flatMap((name) => {
      const raw = fs.readFileSync(path.join(site.root, name), 'utf8');
      return [...live(site.tree(name), name), ...(FOREIGN_SCRIPT.test(raw) ? [`${name}: <script`] : [])];
    });
  });

  await check('nothing in a page needs an exception of a Content-Security-Policy or is refused from disk', () => {
    const site = new Built(shipped('below'));
    return site.html().flatMap((name) => [...elements(site.tree(name))].flatMap((e) => [
      // Browsers refuse checked files in pages opened from disk.
      ...(attribute(e, 'integrity') === undefined ? [] : [`${name}: <${e.tagName} integrity>`]),
      ...(e.tagName === 'style' || attribute(e, 'style') !== undefined ? [`${name}: <${e.tagName}> with a style of its own`] : []),
    ]));
  });
}
