// The example settings of docs/hosting with the real nginx: every address of the site below a folder, caching, types, compression, the
// page for missing addresses, and a browser under the strict Content-Security-Policy.

import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { launch } from '../lib/browser.mjs';
import { addresses, document } from '../lib/html.mjs';
import { nginx } from '../lib/nginx.mjs';
import { PAGES } from '../lib/pages.mjs';
import { BASE, FOLDER, REPO, WORK, shipped } from '../lib/puzhi.mjs';
import { check, note } from '../lib/report.mjs';
import { files } from '../lib/tree.mjs';

const UNSAFE = /unsafe-|'sha256-|'nonce-|\*/;

/** A copy of the site at its path below a server's root. */
function published() {
  const www = path.join(WORK, 'www');
  fs.cpSync(shipped('below'), path.join(www, FOLDER), { recursive: true });
  return www;
}

export default async function () {
  const www = published();
  const server = await nginx(www);
  const at = (below, options) => fetch(`${server.origin}${FOLDER}${below}`, { redirect: 'manual', ...options });
  const names = files(path.join(www, FOLDER), { skip: ['.puzhi'] });

  await check('hosting: from the home page nginx answers every address, and every page is reached or asked for by name', async () => {
    const wrong = [];
    const seen = new Set();
    const queue = [`${server.origin}${FOLDER}`, ...names.map((name) => `${server.origin}${FOLDER}${encodeURI(name)}`)];
    while (queue.length) {
      const url = queue.pop();
      if (seen.has(url)) continue;
      seen.add(url);
      const response = await fetch(url, { redirect: 'manual' });
      const body = Buffer.from(await response.arrayBuffer());
      if (response.status !== 200) { wrong.push(`${response.status} ${url}`); continue; }
      if (!/^text\/html/.test(response.headers.get('content-type')) || url.endsWith('/404.html')) continue;
      const file = path.join(WORK, 'answer.html');
      fs.writeFileSync(file, body);
      for (const { url: written } of addresses(document(file))) {
        const own = written.replace(/^webcal:/, 'https:').replace(`${BASE}${FOLDER}`, `${server.origin}${FOLDER}`);
        const full = new URL(own, url);
        full.hash = '';
        if (full.origin === server.origin) queue.push(full.href);
      }
    }
    note(`${seen.size} addresses`);
    return wrong;
  });

  await check('hosting: fingerprinted files are kept, pages are asked for again and not sent again', async () => {
    const wrong = [];
    const kept = (response) => response.headers.get('cache-control');
    for (const name of names.filter((n) => /^(css|js)\//.test(n))) {
      if (!/immutable/.test(kept(await at(name)))) wrong.push(`${name}: ${kept(await at(name))}`);
    }
    for (const name of ['', 'guides/', 'guides/index.html', 'search/i.js', 'search/t/0.js', 'sitemap.xml', 'feed.json', 'no/such/page/']) {
      const first = await at(name);
      if (kept(first) !== 'no-cache') wrong.push(`${name}: ${kept(first)}`);
      if (first.status === 404) continue;
      const again = await at(name, { headers: { 'if-none-match': first.headers.get('etag') } });
      if (again.status !== 304) wrong.push(`${name}: ${again.status} although nothing changed`);
    }
    return wrong;
  });

  await check('hosting: types, characters, folders, hidden files and missing pages', async () => {
    const wrong = [];
    const types = { '': 'text/html', 'css/': 'text/css', 'js/': 'javascript', 'sitemap.xml': 'xml', 'feed.json': 'application/json', 'robots.txt': 'text/plain', 'events/calendar/calendar.ics': 'text/calendar' };
    for (const [start, type] of Object.entries(types)) {
      const name = start.endsWith('/') ? names.find((n) => n.startsWith(start)) : start;
      const response = await at(name);
      const sent = response.headers.get('content-type');
      if (response.status !== 200 || !sent.includes(type) || !/charset=utf-8/i.test(sent)) wrong.push(`${name}: ${response.status} ${sent}`);
    }
    const table = names.find((n) => n.endsWith('.csv'));
    if (table && !/^text\/csv/.test((await at(table)).headers.get('content-type'))) wrong.push(`${table} has no type`);
    const folder = await fetch(`${server.origin}${FOLDER.slice(0, -1)}`, { redirect: 'manual' });
    if (folder.status !== 301 || folder.headers.get('location') !== FOLDER) wrong.push(`the folder without its slash: ${folder.status} ${folder.headers.get('location')}`);
    for (const hidden of ['.puzhi/files', '.gitignore']) {
      if ((await at(hidden)).status !== 404) wrong.push(`${hidden} is shown`);
    }
    const missing = await at('no/such/page/');
    if (missing.status !== 404 || (await missing.text()) !== fs.readFileSync(path.join(www, FOLDER, '404.html'), 'utf8')) wrong.push('a missing page is not answered by 404.html');
    const large = await at('large/no/such/page/');
    if (large.status !== 404 || (await large.text()) !== fs.readFileSync(path.join(www, FOLDER, 'large/404.html'), 'utf8')) wrong.push('a missing large page is not answered by large/404.html');
    for (const response of [await at(''), missing]) {
      const policy = response.headers.get('content-security-policy') ?? '';
      if (!/default-src 'none'/.test(policy) || UNSAFE.test(policy)) wrong.push(`policy: ${policy}`);
      for (const header of ['x-content-type-options', 'referrer-policy', 'permissions-policy']) response.headers.get(header) ?? wrong.push(`no ${header}`);
    }
    if ((await at('search/?q=%E8%B4%A8%E6%8A%BC')).status !== 200) wrong.push('the search with a query is not answered');
    if (/%E8|质押|\?q/.test(server.log())) wrong.push('the log has what was searched');
    return wrong;
  });

  await check('hosting: sent compressed, and as compressed beforehand if that is asked for', async () => {
    const wrong = [];
    const name = 'guides/index.html';
    const raw = (origin, headers) => new Promise((resolve, reject) => {
      import('node:http').then(({ get }) => get(`${origin}${FOLDER}${name}`, { headers }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part)).on('end', () => resolve({ encoding: response.headers['content-encoding'], vary: response.headers.vary, body: Buffer.concat(parts) }));
      }).on('error', reject));
    });
    const plain = fs.readFileSync(path.join(www, FOLDER, name));
    const live = await raw(server.origin, { 'accept-encoding': 'gzip' });
    if (live.encoding !== 'gzip' || live.vary !== 'Accept-Encoding' || !gunzipSync(live.body).equals(plain)) wrong.push(`sent as ${live.encoding}, ${live.vary}`);
    const stored = gzipSync(plain, { level: 9 });
    fs.writeFileSync(path.join(www, FOLDER, `${name}.gz`), stored);
    const second = await nginx(www, { precompressed: true });
    const found = await raw(second.origin, { 'accept-encoding': 'gzip' });
    if (found.encoding !== 'gzip' || !found.body.equals(stored)) wrong.push('the file compressed beforehand is not sent');
    const without = await raw(second.origin, {});
    if (without.encoding || !without.body.equals(plain)) wrong.push('not sent plain to who wants it so');
    await second.close();
    fs.rmSync(path.join(www, FOLDER, `${name}.gz`));
    return wrong;
  });

  const browser = await launch();
  try {
    await check('hosting: no violation of the policy, no message and no failed request on a page of every template, also in large mode', async () => {
      const wrong = [];
      const page = await (await browser.newContext({ viewport: { width: 360, height: 800 } })).newPage();
      let where = '';
      // Without an icon in the page, the browser asks the host for one: that is not the site's.
      const icon = `${server.origin}/favicon.ico`;
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && message.location().url !== icon && wrong.push(`${where}: ${message.text()}`));
      page.on('pageerror', (error) => wrong.push(`${where}: ${error.message}`));
      page.on('response', (response) => response.status() >= 400 && response.url() !== icon && wrong.push(`${where}: ${response.status()} ${response.url()}`));
      page.on('request', (request) => request.url().startsWith(server.origin) || wrong.push(`${where}: asks ${request.url()}`));
      for (const mode of ['', 'large/']) {
        for (const [name, address] of Object.entries(PAGES)) {
          where = `${mode}${name}`;
          await page.goto(`${server.origin}${FOLDER}${mode}${address}`);
          const styled = await page.evaluate(() => ({
            colour: getComputedStyle(document.documentElement).getPropertyValue('--main').trim(),
            size: parseFloat(getComputedStyle(document.querySelector('main')).fontSize),
          }));
          if (styled.colour !== '#9b1c1c' || styled.size >= 24 !== (mode !== '')) wrong.push(`${where}: no styles ${JSON.stringify(styled)}`);
        }
        where = `${mode}search`;
        await page.goto(`${server.origin}${FOLDER}${mode}search/?q=${encodeURIComponent('商标被人抢注')}`);
        await page.waitForSelector('[data-search=results] li');
      }
      await page.context().close();
      return wrong;
    });
  } finally {
    await browser.close();
    await server.close();
  }

  await check('hosting: the examples for nginx and Caddy have the same policy', () => {
    const policies = ['nginx.conf', 'Caddyfile'].map((name) => /Content-Security-Policy "([^"]*)"/.exec(fs.readFileSync(path.join(REPO, 'docs/hosting', name), 'utf8'))?.[1]);
    return policies[0] && policies[0] === policies[1] ? [] : policies;
  });
}
