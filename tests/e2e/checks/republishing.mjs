// What leaves the site, as independent programs read it: feeds in all formats, ninjs by its published schema, data blocks, lists for
// other sites.

import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { check, note } from '../lib/report.mjs';
import { BASE, FOLDER, REPO, WORK, mustBuild } from '../lib/puzhi.mjs';

const E2E = path.join(REPO, 'tests/e2e');
const PYTHON = process.env.PYTHON ?? path.join(E2E, '.venv/bin/python');
const SCHEMA = path.join(REPO, 'tests/fixtures/ninjs/ninjs-schema_3.2.json');

/** The shipped site with everything on that can leave it. */
function everything() {
  const root = path.join(WORK, 'republishing');
  fs.mkdirSync(root, { recursive: true });
  for (const folder of ['content', 'data', 'i18n']) fs.cpSync(path.join(REPO, folder), path.join(root, folder), { recursive: true });
  const settings = fs.readFileSync(path.join(REPO, 'site.yaml'), 'utf8');
  fs.writeFileSync(path.join(root, 'site.yaml'), `${settings}\nrepublish: {ninjs: true, embeds: true}\nfeed_formats: [atom, json, rss]\n`);
  return mustBuild(root, path.join(WORK, 'republished'), '--strict', '--base-url', `${BASE}${FOLDER}`);
}

const below = (root) => fs.readdirSync(root, { recursive: true }).map((name) => name.split(path.sep).join('/'));

export default async function () {
  let root;
  await check('feeds and ninjs files pass independent validators', () => {
    root = everything();
    const run = spawnSync(PYTHON, [path.join(E2E, 'lib/republishing.py'), root, SCHEMA], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.status !== 0) return [run.stderr.slice(-2000)];
    const { counts, wrong } = JSON.parse(run.stdout);
    note(`${counts.feeds} feeds with ${counts.entries} entries, ${counts.articles} articles and ${counts.lists} lists in ninjs`);
    return counts.feeds > 20 && counts.articles > 60 && counts.lists === 2 ? wrong : ['too few files', ...wrong];
  });

  await check('data blocks are JSON with a context and types', () => {
    let count = 0;
    const wrong = below(root).filter((name) => name.endsWith('index.html')).flatMap((name) => {
      const html = fs.readFileSync(path.join(root, name), 'utf8');
      return [...html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)].flatMap(([, text]) => {
        count += 1;
        const data = JSON.parse(text);
        const things = data['@graph'] ?? [data];
        return data['@context'] === 'https://schema.org' && things.every((thing) => thing['@type']) ? [] : [`${name}: ${text.slice(0, 100)}`];
      });
    });
    note(`${count} data blocks`);
    return count > 100 ? wrong : ['too few', ...wrong];
  });

  await check('lists for other sites: absolute addresses, no style, no script', () => below(root).filter((name) => /(^|\/)embed[a-z-]*\.(html|json)$/.test(name)).flatMap((name) => {
    const text = fs.readFileSync(path.join(root, name), 'utf8');
    if (name.endsWith('.json')) return JSON.parse(text).version === 1 ? [] : [name];
    const relative = [...text.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, url]) => url).filter((url) => !url.startsWith(BASE));
    return [...relative.map((url) => `${name}: ${url}`), ...(/<(script|style|link)|style=/.test(text) ? [`${name}: a style or a script`] : [])];
  }));
}
