// Feeds, sitemap and robots.txt as independent readers take them.

import fs from 'node:fs';
import path from 'node:path';
import sax from 'sax';
import { parseAtomFeed, parseJsonFeed } from 'feedsmith';
import { check, note } from '../lib/report.mjs';
import { BASE, FOLDER, shipped } from '../lib/puzhi.mjs';
import { Built } from '../lib/links.mjs';
import { addresses, attribute, document, elements, fragment, live } from '../lib/html.mjs';

const ROOT = `${BASE}${FOLDER}`;
const read = (site, name) => fs.readFileSync(path.join(site.root, name), 'utf8');

/** Complaints of a strict XML parser. */
function malformed(name, xml) {
  const wrong = [];
  const parser = sax.parser(true, { xmlns: true });
  parser.onerror = (error) => {
    wrong.push(`${name}: ${error.message.replace(/\n/g, ' ')}`);
    parser.resume();
  };
  parser.write(xml).close();
  return wrong;
}

/** Complaints about an address of this site that is not absolute or leads nowhere. */
function leads(site, url, where) {
  if (!url?.startsWith(ROOT)) return [`${where}: ${url} is not an address under ${ROOT}`];
  const { why } = site.target(new URL(url), FOLDER);
  return why ? [`${where}: ${url} ${why}`] : [];
}

/** Complaints about the full text of an entry: absolute addresses that exist, nothing live. */
function content(site, html, where) {
  const tree = fragment(html);
  return [...live(tree, where), ...[...addresses(tree)].flatMap(({ url }) => {
    if (!/^(https?|mailto|tel):/.test(url)) return [`${where}: ${url} in the text is not absolute`];
    return url.startsWith(ROOT) ? leads(site, url, where) : [];
  })];
}

const entry = (site, e, where) => [
  ...(e.id ? [] : [`${where}: no id`]),
  ...(e.title ? [] : [`${where}: no title`]),
  ...(Number.isNaN(Date.parse(e.updated)) ? [`${where}: "${e.updated}" is no time`] : []),
  ...leads(site, e.url, where),
  ...(e.html ? content(site, e.html, where) : [`${where}: no text`]),
  ...(/\/stories\/sample-/.test(e.url ?? '') ? [`${where}: a sample`] : []),
];

const textOf = (value) => (typeof value === 'string' ? value : value?.value);

export default async function () {
  const open = () => new Built(shipped('below'));

  await check('XML files are well-formed', () => {
    const site = open();
    const names = [...site.names].filter((n) => n.endsWith('.xml'));
    return names.length ? names.flatMap((n) => malformed(n, read(site, n))) : ['there are none'];
  });

  await check('Atom feeds: entries with absolute addresses that exist, at most 20', () => {
    const site = open();
    const names = [...site.names].filter((n) => n.endsWith('atom.xml'));
    let count = 0;
    const wrong = names.flatMap((name) => {
      const feed = parseAtomFeed(read(site, name));
      const entries = feed.entries ?? [];
      count += entries.length;
      const ids = new Set(entries.map((e) => e.id));
      return [
        ...(feed.id && textOf(feed.title) && !Number.isNaN(Date.parse(feed.updated)) ? [] : [`${name}: id, title or time is missing`]),
        ...(ids.size === entries.length ? [] : [`${name}: an id twice`]),
        ...(entries.length <= 20 ? [] : [`${name}: ${entries.length} entries`]),
        ...(feed.links ?? []).flatMap((link) => leads(site, link.href, name)),
        ...entries.flatMap((e) => {
          const link = e.links?.find((l) => !l.rel || l.rel === 'alternate');
          return entry(site, { id: e.id, title: textOf(e.title), updated: e.updated, url: link?.href, html: textOf(e.content) }, `${name} ${e.id}`);
        }),
      ];
    });
    note(`${names.length} feeds, ${count} entries`);
    return names.includes('atom.xml') && names.length > 5 && count > 20 ? wrong : ['too few feeds or entries', ...wrong];
  });

  await check('JSON feeds say what the Atom feeds say', () => {
    const site = open();
    const names = [...site.names].filter((n) => n.endsWith('feed.json'));
    return names.flatMap((name) => {
      const feed = parseJsonFeed(JSON.parse(read(site, name)));
      const atom = parseAtomFeed(read(site, name.replace('feed.json', 'atom.xml')));
      const items = feed.items ?? [];
      const urls = (atom.entries ?? []).map((e) => e.links?.find((l) => !l.rel || l.rel === 'alternate')?.href);
      return [
        ...leads(site, feed.home_page_url, name),
        ...leads(site, feed.feed_url, name),
        ...(JSON.stringify(urls) === JSON.stringify(items.map((i) => i.url)) ? [] : [`${name}: other entries than the Atom feed`]),
        ...items.flatMap((i) => entry(site, { id: i.id, title: i.title, updated: i.date_modified ?? i.date_published, url: i.url, html: i.content_html }, `${name} ${i.id}`)),
      ];
    });
  });

  await check('sitemap: absolute addresses that exist, each once, every page that may be indexed', () => {
    const site = open();
    const tags = [];
    const parser = sax.parser(true);
    const locs = [];
    let loc = null;
    const wrong = [];
    parser.onopentag = ({ name }) => { tags.push(name); if (name === 'loc') loc = ''; };
    parser.ontext = (text) => {
      if (loc !== null) loc += text;
      if (tags.at(-1) === 'lastmod' && Number.isNaN(Date.parse(text))) wrong.push(`lastmod ${text}`);
    };
    parser.onclosetag = (name) => { tags.pop(); if (name === 'loc') { locs.push(loc); loc = null; } };
    parser.write(read(site, 'sitemap.xml')).close();
    wrong.push(...locs.flatMap((url) => leads(site, url, 'sitemap.xml')));
    const listed = new Set(locs);
    if (listed.size !== locs.length) wrong.push('an address twice');
    for (const name of site.html()) {
      if (name === '404.html') continue;
      const tree = document(path.join(site.root, name));
      const metas = [...elements(tree)].filter((e) => e.tagName === 'meta');
      const hidden = metas.some((m) => attribute(m, 'http-equiv') === 'refresh' || (attribute(m, 'name') === 'robots' && /noindex/.test(attribute(m, 'content'))));
      const url = ROOT + encodeURI(name.replace(/(^|\/)index\.html$/, '$1'));
      if (hidden === listed.has(url)) wrong.push(`${url} is ${hidden ? 'hidden, yet listed' : 'not listed'}`);
    }
    return wrong;
  });

  await check('robots.txt names the sitemap', () => (read(open(), 'robots.txt').includes(`Sitemap: ${ROOT}sitemap.xml`) ? [] : ['it does not']));

  await check('without an address: no feeds, no sitemap, no canonical but of large pages', () => {
    const site = new Built(shipped('relative'));
    const files = [...site.names].filter((n) => /(atom\.xml|feed\.json|sitemap.*\.xml)$/.test(n));
    // A large page names its page, wherever both lie.
    const pages = site.html().filter((n) => !n.startsWith('large/') && [...elements(site.tree(n))].some((e) => e.tagName === 'link' && attribute(e, 'rel') === 'canonical'));
    return [...files, ...pages];
  });
}
