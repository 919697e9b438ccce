// Every article of a law that a page cites stands in docs/content/legal-claims.md, in a row for that page. The table
// says where each claim comes from and how it was checked; a page that cites more than it lists was not checked.

import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { REPO } from '../lib/puzhi.mjs';
import { files } from '../lib/tree.mjs';

const TABLE = 'docs/content/legal-claims.md';
const DIGITS = '零一二三四五六七八九';

/** The number that 二十四 or 一百一十五 stands for. */
function numberOf(words) {
  const [hundreds, rest] = words.includes('百') ? words.split('百') : ['', words];
  const [tens, ones] = rest.includes('十') ? rest.split('十') : ['', rest];
  const tensValue = rest.includes('十') ? (tens === '' ? 1 : DIGITS.indexOf(tens)) : 0;
  return (hundreds ? DIGITS.indexOf(hundreds) * 100 : 0) + tensValue * 10 + (ones ? DIGITS.indexOf(ones.replace('零', '')) : 0);
}

/** The articles a text cites: 第二十四条, and "articles 65 and 68" in English. */
function articles(text) {
  const found = new Set([...text.matchAll(/第([一二三四五六七八九十百零]+)条/g)].map(([, words]) => numberOf(words)));
  for (const [, list] of text.matchAll(/\barticles? ((?:\d+(?:, | and )?)+)/g)) for (const [n] of list.matchAll(/\d+/g)) found.add(Number(n));
  return found;
}

/** The articles a row of the table lists: 专22、23, 37—40, 第19、54条. Dates and numbers of documents are none. */
function listed(cell) {
  const found = new Set();
  const plain = cell.replace(/〔\d+〕\d+号|第\d+号|\d{4}年?-?(?:\d\d-\d\d)?/g, ' ');
  for (const [, from, to] of plain.matchAll(/(\d+)(?:—(\d+))?/g)) for (let n = Number(from); n <= Number(to ?? from); n += 1) found.add(n);
  return found;
}

/** The page that the table calls `name`: a path below content/, a guide, or a name with its first words only. */
function pageCalled(name, known) {
  const last = path.posix.basename(name);
  return known.find((k) => k === name) ?? known.find((k) => k === `guides/${name}`) ?? known.find((k) => `${k}-`.includes(`/${last}-`));
}

/** The rows of all tables whose first column names pages: one for each page, with the articles the row lists. */
function rows(known) {
  const result = [];
  for (const line of fs.readFileSync(path.join(REPO, TABLE), 'utf8').split('\n').filter((l) => l.startsWith('| '))) {
    const cells = line.split('|').slice(1, -1).map((c) => c.trim());
    for (const name of cells[0].split('、')) {
      const page = pageCalled(name, known);
      if (page) result.push({ page, articles: listed(cells.slice(1).join(' ')) });
    }
  }
  return result;
}

export default async function () {
  // The plan's own text cites documents of its time; the site does not check those.
  const pages = files(path.join(REPO, 'content')).filter((n) => n.endsWith('.md') && n !== 'policy/plan.md').map((n) => n.slice(0, -3));
  const table = rows(pages);
  const text = (page) => fs.readFileSync(path.join(REPO, 'content', `${page}.md`), 'utf8');

  await check('every article of a law that a page cites is in the table of legal claims, for its page', () => {
    const wrong = [];
    let count = 0;
    for (const page of pages) {
      const known = new Set(table.filter((row) => row.page === page).flatMap((row) => [...row.articles]));
      for (const article of articles(text(page))) {
        count += 1;
        if (!known.has(article)) wrong.push(`${page}: article ${article}`);
      }
    }
    note(`${count} cited articles, ${table.length} rows`);
    return count > 100 ? wrong : [`only ${count} cited articles`, ...wrong];
  });

  await check('every page that names a law as its basis is in the table of legal claims', () => {
    const based = pages.filter((page) => /^basis:\n(?: +- .*\n)*? +- .*《/m.test(text(page)));
    note(`${based.length} pages with a legal basis`);
    return based.filter((page) => !table.some((row) => row.page === page));
  });
}
