// Counts the pages of the site's content and their words: `node words.mjs [COMMIT …]`; without a commit, the files as they are.
// A Chinese character is a word, and so is a Latin word or a number. Counted is what a reader sees: title, summary and body, with what stands in
// blocks, but not marks of Markdown, keys of front matter or addresses of links. `--thin N` also lists the pages with fewer than N words.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { REPO } from './lib/puzhi.mjs';
import { wordsOf } from './lib/figures.mjs';
import { files } from './lib/tree.mjs';

const git = (...args) => execFileSync('git', args, { cwd: REPO, encoding: 'utf8', maxBuffer: 1 << 28 });

/** The Markdown files below content/ by name: of a commit, or of the working copy. */
function content(commit) {
  if (!commit) return files(path.join(REPO, 'content')).filter((n) => n.endsWith('.md')).map((n) => [n, fs.readFileSync(path.join(REPO, 'content', n), 'utf8')]);
  const names = git('-c', 'core.quotePath=off', 'ls-tree', '-r', '--name-only', commit, 'content').split('\n').filter((n) => n.endsWith('.md'));
  return names.map((n) => [n.slice('content/'.length), git('show', `${commit}:${n}`)]);
}

function report(commit, thin) {
  const counted = content(commit).map(([name, text]) => ({ name, words: wordsOf(text), unknown: (text.match(/^.*(?:暂未公布|暂无数据).*$/gm) ?? []).length }));
  const sorted = counted.map((page) => page.words).sort((a, b) => a - b);
  const sum = (key) => counted.reduce((total, page) => total + page[key], 0);
  console.log(`${commit ?? 'now'}: ${counted.length} pages, ${sum('words')} words, median ${sorted[Math.floor(sorted.length / 2)]}, 暂未公布/暂无数据 on ${sum('unknown')} lines`);
  counted.filter((page) => page.words < thin).sort((a, b) => a.words - b.words).forEach((page) => console.log(`  ${page.words} ${page.name}`));
}

const args = process.argv.slice(2);
const at = args.indexOf('--thin');
const thin = at < 0 ? 0 : Number(args.splice(at, 2)[1]);
for (const commit of args.length ? args : [undefined]) report(commit, thin);
