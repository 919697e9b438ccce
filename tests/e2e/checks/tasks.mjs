// Four things that citizens come for, as docs/content/four-tasks.md lists them: each page is one click from the home
// page or the first result of a search, and has a number to dial or an official site to open. And addresses that the
// site once had still lead somewhere.

import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { REPO, shipped } from '../lib/puzhi.mjs';
import { attribute, document, elements } from '../lib/html.mjs';
import { files } from '../lib/tree.mjs';

/** Old addresses and what they lead to. */
const GONE = {
  'units/subdistricts/': ['lianran', 'jinfang', 'bajie', 'xianjie', 'wenquan', 'taiping-xincheng', 'qinglong', 'caopu', 'lubiao'].map((u) => `units/${u}/`),
  'units/other-members/': ['media-center', 'procuratorate', 'ecology', 'health', 'statistics', 'local-history', 'government-office', 'peoples-bank', 'state-capital'].map((u) => `units/${u}/`),
  'progress/': ['progress/board/'],
  'en/progress/': ['en/progress/board/', 'en/units/ip-service-center/'],
  'channels/': ['campaigns/seven-entries/'],
  'policy/measure-4-4-trade-integrity/': ['tags/信用/'],
  'surveys/satisfaction/': ['tags/满意度/'],
  'guides/geographical-indications/': ['tags/地理标志/'],
};

const read = (name) => fs.readFileSync(path.join(REPO, name), 'utf8');
const main = (tree) => [...elements(tree)].find((e) => e.tagName === 'main') ?? tree;
const links = (tree) => [...elements(main(tree))].filter((e) => e.tagName === 'a').map((e) => attribute(e, 'href') ?? '');

/** Rows of the table: the task, the page with its part, and queries with the rank that the page has. */
function tasks() {
  return read('docs/content/four-tasks.md').split('\n').filter((line) => /^\| [^-]/.test(line)).slice(1).map((line) => {
    const [task, way, , searched] = line.split('|').slice(1, -1).map((cell) => cell.trim());
    const [, page, part = ''] = /`([\w/-]+)\.md(#[\w-]+)?`/.exec(way);
    const queries = [...searched.matchAll(/“([^”]+)”第(\d+)/g)].map(([, query, rank]) => ({ query, rank: Number(rank) }));
    return { task, output: `${page.replace(/(^|\/)_index$/, '$1').replace(/([^/])$/, '$1/')}index.html`, part, queries };
  });
}

export default async function () {
  const out = shipped('relative');

  await check('each of the four tasks is one click from the home page and ends in an action', () => {
    const home = links(document(path.join(out, 'index.html'))).map((href) => href.replace(/^\.\//, ''));
    const list = tasks();
    note(`${list.length} tasks`);
    return [
      ...(list.length === 4 ? [] : [`${list.length} tasks in the table`]),
      ...list.filter(({ output, part }) => !home.includes(output + part)).map(({ task, output, part }) => `${task}: the home page has no link to ${output}${part}`),
      ...list.filter(({ output }) => !links(document(path.join(out, output))).some((href) => /^(tel:|https:\/\/)/.test(href))).map(({ task, output }) => `${task}: ${output} has no number and no official site`),
    ];
  });

  await check('each of the four tasks is found by the searches in the table', () => {
    const results = new Map(read('tests/site/search/results.tsv').split('\n').filter(Boolean).map((line) => {
      const [query, , , ...found] = line.split('\t');
      return [query, found.map((entry) => entry.split(' ')[0])];
    }));
    return tasks().flatMap(({ task, output, queries }) => [
      ...(queries.length ? [] : [`${task}: no search`]),
      ...queries.filter(({ query, rank }) => results.get(query)?.[rank - 1] !== output).map(({ query, rank }) => `${query}: not at rank ${rank}: ${output}`),
    ]);
  });

  await check('addresses that are gone lead to what replaced them', () => {
    const wrong = [];
    for (const [target, old] of Object.entries(GONE)) {
      for (const address of old) {
        const file = path.join(out, address, 'index.html');
        if (!fs.existsSync(file)) {
          wrong.push(`${address} is not there`);
          continue;
        }
        const refresh = [...elements(document(file))].find((e) => e.tagName === 'meta' && attribute(e, 'http-equiv') === 'refresh');
        const url = /url=(.*)$/.exec(attribute(refresh ?? {}, 'content') ?? '')?.[1] ?? '';
        const leads = path.posix.join('/', address, url).slice(1);
        if (leads !== `${target}index.html`) wrong.push(`${address} leads to ${leads}, not to ${target}`);
      }
    }
    // What is listed as gone must not be a page again.
    const pages = new Set(files(path.join(REPO, 'content')).map((n) => n.replace(/\.md$/, '/')));
    return [...wrong, ...Object.values(GONE).flat().filter((address) => pages.has(address)).map((address) => `${address} is a page`)];
  });
}
