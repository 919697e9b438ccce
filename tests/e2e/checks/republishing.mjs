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

/** Articles whose past is said: one corrected, one withdrawn. */
const PAST = {
  corrected: '---\n标题: 改过的一篇\n日期: 2026-01-02\n更正: [{时间: 2026-01-03 14:05, 内容: 三成改为两成, 原因: 抄错了}]\n---\n正文。\n',
  withdrawn: '---\n标题: 撤下的一篇\n日期: 2026-01-02\n撤稿: {时间: 2026-01-04, 原因: 数字有误}\n---\n撤下的正文。\n',
};

/** The shipped site with everything on that can leave it, and the articles above. */
function everything() {
  const root = path.join(WORK, 'republishing');
  fs.mkdirSync(root, { recursive: true });
  for (const folder of ['content', 'data', 'i18n']) fs.cpSync(path.join(REPO, folder), path.join(root, folder), { recursive: true });
  for (const [name, text] of Object.entries(PAST)) fs.writeFileSync(path.join(root, `content/about/${name}.md`), text);
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

  await check('a correction and a withdrawal are in ninjs and in feeds of each format', () => {
    const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');
    const [corrected, withdrawn] = ['corrected', 'withdrawn'].map((name) => JSON.parse(read(`about/${name}/ninjs.json`)));
    const wrong = [];
    if (corrected.pubStatus !== 'usable' || !corrected.edNote.includes('三成改为两成')) wrong.push(`corrected: ${corrected.edNote}`);
    if (withdrawn.pubStatus !== 'canceled' || withdrawn.bodies || !withdrawn.edNote.includes('数字有误')) wrong.push(`withdrawn: ${withdrawn.edNote}`);
    for (const feed of ['atom.xml', 'feed.json', 'rss.xml']) {
      const text = read(`corrections/${feed}`);
      wrong.push(...['三成改为两成', '数字有误'].filter((words) => !text.includes(words)).map((words) => `corrections/${feed}: no ${words}`));
    }
    const holding = below(root).filter((name) => /\.(html|json|xml|js)$/.test(name) && read(name).includes('撤下的正文'));
    return [...wrong, ...holding.map((name) => `${name} has the withdrawn text`)];
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
