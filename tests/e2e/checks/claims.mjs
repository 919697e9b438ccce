// Every article of a law that a page cites stands in docs/content/legal-claims.md, in a row for that page. The table
// says where each claim comes from and how it was checked; a page that cites more than it lists was not checked.
// Every sentence with an article, a fee, a share or a period is a row of docs/content/legal-sentences.tsv with its sources, which
// docs/content/legal-sources.md describes; a row whose sentence was edited fails until somebody has checked it again.

import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { sentencesWithFigures } from '../lib/figures.mjs';
import { REPO } from '../lib/puzhi.mjs';
import { files } from '../lib/tree.mjs';

const TABLE = 'docs/content/legal-claims.md';
const SENTENCES = 'docs/content/legal-sentences.tsv';
const SOURCES = 'docs/content/legal-sources.md';

/** Words of the second column that are no source: computed, made up, advice, the plan's numbers, an option of a question. */
const NO_SOURCE = ['算', '例', '建议', '方案', '问卷'];

/** Pages whose figures are the plan's, which `facts` holds, and samples, which are marked as none. */
const OF_THE_PLAN = /^(?:progress|stories)\/|^policy\/(?:plan|plan-in-brief|plan-in-brief\.en|aims|safeguards|principles)$/;
const DIGITS = '零一二三四五六七八九';

/** The number that 二十四, 一百一十五 or 一千一百八十五 stands for. */
function numberOf(words) {
  if (words.includes('千')) {
    const [thousands, below] = words.split('千');
    return DIGITS.indexOf(thousands) * 1000 + (below ? numberOf(below.replace(/^零/, '')) : 0);
  }
  const [hundreds, rest] = words.includes('百') ? words.split('百') : ['', words];
  const [tens, ones] = rest.includes('十') ? rest.split('十') : ['', rest];
  const tensValue = rest.includes('十') ? (tens === '' ? 1 : DIGITS.indexOf(tens)) : 0;
  return (hundreds ? DIGITS.indexOf(hundreds) * 100 : 0) + tensValue * 10 + (ones ? DIGITS.indexOf(ones.replace('零', '')) : 0);
}

/** The articles a text cites: 第二十四条, and "articles 65 and 68" in English. */
function articles(text) {
  const found = new Set([...text.matchAll(/第([一二三四五六七八九十百千零]+)条/g)].map(([, words]) => numberOf(words)));
  for (const [, list] of text.matchAll(/\barticles? ((?:\d+(?:, | and )?)+)/g)) for (const [n] of list.matchAll(/\d+/g)) found.add(Number(n));
  return found;
}

/** The articles a row of the table lists: 专22、23, 37—40, 第19、54条. Dates and numbers of documents are none. */
function listed(cell) {
  const found = new Set();
  const plain = cell.replace(/〔\d+〕\d+号|第\d+号|\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{4}-\d\d-\d\d/g, ' ');
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

/** The table of sources: for each short name, the full name and the day from which it is in force. */
function sources() {
  const lines = fs.readFileSync(path.join(REPO, SOURCES), 'utf8').split('\n').filter((line) => line.split('|').length === 8);
  return new Map(lines.map((line) => line.split('|').map((cell) => cell.trim())).map(([, key, name, , day]) => [key, { name, day }]));
}

/** Rows of the file of sentences: page, sources with the articles of each, sentence. */
function sentences() {
  return fs.readFileSync(path.join(REPO, SENTENCES), 'utf8').split('\n').filter(Boolean).slice(1).map((line) => {
    const [page, keys, words] = line.split('\t');
    return { page, words, keys: keys.split(' ').map((key) => key.split(':')) };
  });
}

/** The documents under `basis` of a page with the days that it gives: 《X》（…自2021年6月1日起施行）. */
function basis(text) {
  const list = /^basis:\n((?: +- .*\n)+)/m.exec(text)?.[1] ?? '';
  return list.split('\n').flatMap((line) => {
    const names = [...line.matchAll(/《([^》]+)》/g)].map(([, name]) => name);
    const days = [...line.matchAll(/自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:施行|执行|实施)/g)].map(([, y, m, d]) => `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`);
    return names.map((name) => ({ name, days }));
  });
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

  const rowsOfSentences = sentences();
  const known = sources();

  await check('every sentence with an article, a fee, a share or a period is in the file of sentences, and every row stands on its page', () => {
    const key = (page, words) => `${page}: ${words}`;
    const listed = new Set(rowsOfSentences.map((row) => key(row.page, row.words)));
    const standing = new Set(pages.filter((page) => !OF_THE_PLAN.test(page)).flatMap((page) => sentencesWithFigures(text(page), page.endsWith('.en')).map((words) => key(page, words))));
    note(`${standing.size} sentences`);
    return [
      ...(standing.size > 300 ? [] : [`only ${standing.size} sentences`]),
      ...[...standing].filter((sentence) => !listed.has(sentence)).map((sentence) => `not in the file: ${sentence}`),
      ...[...listed].filter((sentence) => !standing.has(sentence)).map((sentence) => `no longer on the page: ${sentence}`),
    ];
  });

  await check('every row of sentences names its sources, and the articles that it cites are among them', () =>
    rowsOfSentences.flatMap(({ page, keys, words }) => {
      const given = new Set(keys.flatMap(([, list = '']) => list.split(',').map(Number)));
      return [
        ...keys.filter(([source]) => !known.has(source) && !NO_SOURCE.includes(source)).map(([source]) => `${page}: unknown source "${source}": ${words}`),
        ...[...articles(words)].filter((article) => !given.has(article)).map((article) => `${page}: article ${article} is not in the sources: ${words}`),
      ];
    }));

  await check('every document under basis is in the table of sources, with the day from which it is in force', () => {
    let count = 0;
    const wrong = pages.flatMap((page) => basis(text(page)).flatMap(({ name, days }) => {
      count += 1;
      const entries = [...known.values()].filter((source) => source.name === name);
      if (!entries.length) return [`${page}: 《${name}》 is not in the table`];
      return days.filter((day) => !entries.some((source) => source.day.startsWith(day))).map((day) => `${page}: 《${name}》 from ${day}, not as in the table`);
    }));
    note(`${count} documents`);
    return count > 100 ? wrong : [`only ${count} documents`, ...wrong];
  });

  await check('every host and every telephone number of a page is in the table of claims', () => {
    const table = fs.readFileSync(path.join(REPO, TABLE), 'utf8');
    return pages.flatMap((page) => {
      const places = [...text(page).matchAll(/https?:\/\/([\w.-]+)|\]\(tel:([\d-]+)\)/g)].map(([, host, number]) => host ?? number);
      return [...new Set(places)].filter((place) => !table.includes(place)).map((place) => `${page}: ${place}`);
    });
  });
}
