// Another county, another campaign: site.yaml and Markdown alone, with the theme the binary carries. Nothing of the first site may show.

import fs from 'node:fs';
import path from 'node:path';
import { check } from '../lib/report.mjs';
import { BASE, DATE, REPO, WORK, build, ended, say } from '../lib/puzhi.mjs';
import { Built } from '../lib/links.mjs';
import { files } from '../lib/tree.mjs';

const FIXTURE = path.join(REPO, 'tests/fixtures/second-site');
const FIRST = /安宁|知识产权|专利|商标|强县|anning|zscq|intellectual|9b1c1c/i;

export default async function () {
  const out = path.join(WORK, 'second-site');

  await check('the second site builds with --strict from site.yaml and Markdown alone', () => {
    const strange = files(FIXTURE, { skip: ['.puzhi'] }).filter((n) => n !== 'site.yaml' && !/^content\/.*\.md$/.test(n));
    // Its own copy far from the repository, so that no theme lies beside it.
    const site = path.join(WORK, 'second-root');
    fs.cpSync(FIXTURE, site, { recursive: true });
    const run = build(['--root', site, '--out', out, '--strict', '--date', DATE, '--base-url', `${BASE}/spaq/`]);
    return [...strange, ...ended(run, 0), ...run.findings.map(say)];
  });

  await check('nothing of the first site shows in the second', () => files(out, { skip: ['.puzhi'] }).flatMap((name) => {
    const hit = FIRST.exec(`${name}\n${fs.readFileSync(path.join(out, name), 'utf8')}`);
    return hit ? [`${name}: "${hit[0]}"`] : [];
  }));

  await check('the second site\'s own name, organiser and colour show, and its links resolve', () => {
    const home = fs.readFileSync(path.join(out, 'index.html'), 'utf8');
    const lacking = ['示例县食品安全宣传', '示例县食品安全委员会办公室', '#1b5e3a'].filter((words) => !home.includes(words));
    return [...lacking, ...new Built(out).all('/spaq/', `${BASE}/spaq/`)];
  });
}
