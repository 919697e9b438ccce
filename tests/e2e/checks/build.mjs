// The shipped site: builds without a single finding, says what it did, and gives the same bytes whatever surrounds it.

import fs from 'node:fs';
import path from 'node:path';
import { check } from '../lib/report.mjs';
import { BASE, DATE, FOLDER, REPO, WORK, build, ended, say } from '../lib/puzhi.mjs';
import { copySite, differences, files, hashes } from '../lib/tree.mjs';

export default async function () {
  await check('the shipped site builds with --strict and no finding', () => {
    const run = build(['--root', REPO, '--out', path.join(WORK, 'strict'), '--strict']);
    const notes = run.findings.filter((f) => !(f.severity === 'note' && f.code === 'no-base-url'));
    return [...ended(run, 0), ...notes.map(say)];
  });

  await check('at least 55 pages of content', () => {
    const pages = files(path.join(REPO, 'content')).filter((name) => name.endsWith('.md') && !/(^|\/)_index(\.\w+)?\.md$/.test(name));
    return pages.length >= 55 ? [] : [`${pages.length} pages`];
  });

  await check('jobs, folders, time zones and languages leave the bytes as they are', () => {
    const here = path.join(WORK, 'same', 'a');
    const there = path.join(WORK, 'same', '另一个 文件夹', 'b');
    copySite(REPO, here);
    copySite(REPO, there);
    const common = ['--date', DATE, '--base-url', `${BASE}${FOLDER}`];
    const one = build(['--root', here, '--jobs', '1', ...common], { env: { TZ: 'Pacific/Kiritimati', LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8' } });
    const two = build(['--root', '.', '--jobs', '2', ...common], { cwd: there, env: { TZ: 'America/Los_Angeles', LANG: 'tr_TR.UTF-8', LC_ALL: 'C' } });
    return [...ended(one, 0), ...ended(two, 0), ...differences(hashes(path.join(here, 'public')), hashes(path.join(there, 'public')))];
  });

  await check('a second build rewrites nothing', () => {
    const out = path.join(WORK, 'strict');
    const times = () => new Map(files(out, { skip: ['.puzhi'] }).map((name) => [name, String(fs.statSync(path.join(out, name), { bigint: true }).mtimeNs)]));
    const before = times();
    const run = build(['--root', REPO, '--out', out, '--strict']);
    return [...ended(run, 0), ...differences(before, times())];
  });

  await check('strangers in the output folder survive, pages that went are removed', () => {
    const site = path.join(WORK, 'strangers');
    copySite(REPO, site);
    const out = path.join(site, 'public');
    fs.mkdirSync(out);
    fs.writeFileSync(path.join(out, '.gitignore'), '*\n');
    fs.writeFileSync(path.join(site, 'content/about/gone.md'), '# 将删除的一页\n');
    const first = build(['--root', site]);
    const gone = path.join(out, 'about/gone/index.html');
    const wrong = [...ended(first, 0), ...(fs.existsSync(gone) ? [] : ['the page was not built'])];
    fs.writeFileSync(path.join(out, 'about/by-hand.txt'), 'x');
    fs.rmSync(path.join(site, 'content/about/gone.md'));
    wrong.push(...ended(build(['--root', site]), 0));
    if (fs.existsSync(gone)) wrong.push('the page is still there');
    for (const name of ['.gitignore', 'about/by-hand.txt']) if (!fs.existsSync(path.join(out, name))) wrong.push(`${name} went`);
    return wrong;
  });

  await check('with an error the last good site stays; --keep-going leaves out the bad page alone', () => {
    const site = path.join(WORK, 'errors');
    copySite(REPO, site);
    const out = path.join(site, 'public');
    const wrong = ended(build(['--root', site, '--date', DATE]), 0);
    const good = hashes(out);
    fs.writeFileSync(path.join(site, 'content/about/bad.md'), '---\ntitle: 坏页\ndate: 2025-02-30\n---\n正文。\n');
    const run = build(['--root', site, '--date', DATE]);
    wrong.push(...ended(run, 1), ...differences(good, hashes(out), 'before', 'after'));
    if (!run.findings.some((f) => f.code === 'bad-date' && f.file === 'content/about/bad.md' && f.line === 3 && f.column === 7)) {
      wrong.push(`no bad-date at content/about/bad.md:3:7, but ${run.findings.map(say).join('; ')}`);
    }
    wrong.push(...ended(build(['--root', site, '--date', DATE, '--keep-going']), 1), ...differences(good, hashes(out), 'before', 'after').filter((d) => !d.startsWith('.puzhi')));
    return wrong;
  });

  await check('exit codes: 2 for usage and settings, 3 for reading and writing', () => {
    const empty = path.join(WORK, 'no-site');
    fs.mkdirSync(empty);
    const wrong = [
      ...ended(build(['--root', empty]), 2),
      ...ended(build(['--no-such-option']), 2),
      ...ended(build(['--root', REPO, '--out', path.join(WORK, 'date'), '--date', 'tomorrow']), 2),
    ];
    fs.writeFileSync(path.join(WORK, 'a-file'), 'x');
    return [...wrong, ...ended(build(['--root', REPO, '--out', path.join(WORK, 'a-file', 'public')]), 3)];
  });
}
