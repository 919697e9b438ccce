// Rules of the shipped site's wording: an unknown is said once, notes on the original stand at the original, clauses
// of the plan are named in words, phrases that an editor has struck out do not come back, and a short page says why it is one.

import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { wordsOf } from '../lib/figures.mjs';
import { REPO } from '../lib/puzhi.mjs';
import { files } from '../lib/tree.mjs';

/** The most lines of content that may say that something is not known. */
const MOST_UNKNOWN = 40;

/** A page with fewer words needs a reason in docs/content/pages.md; fronts of sections are lists and need none. */
const SHORT = 200;

/** Phrases that were rewritten: officialese, riddles, words for insiders. */
const STRUCK_OUT = ['盼的结果是', '还有一句硬话', '先别急着算钱', '要害在这一句', '传话、办事的人', '的一头', '画在板上', '钱和力气', '最常问', '方案让', '谁也不藏', '站不站得住',
  '不生钱', '才会去用', '就讲到哪里'];

/** A clause of the plan as a code: 四（二）3. */
const CODE = /[一二三四五六][（(][一二三四五六][）)]\s*\d?/;

export default async function () {
  const lines = files(path.join(REPO, 'content')).filter((n) => n.endsWith('.md')).flatMap((name) =>
    fs.readFileSync(path.join(REPO, 'content', name), 'utf8').split('\n').map((text, i) => ({ name, text, at: `${name}:${i + 1}` })));
  const outside = lines.filter((line) => line.name !== 'policy/plan.md');

  await check(`at most ${MOST_UNKNOWN} lines of content say that something is not known`, () => {
    const unknown = lines.filter((line) => /暂未公布|暂无数据/.test(line.text));
    note(`${unknown.length} lines`);
    return unknown.length > MOST_UNKNOWN ? unknown.map((line) => line.at) : [];
  });

  await check('原文如此 stands in the original only', () => outside.filter((line) => line.text.includes('原文如此')).map((line) => line.at));

  await check('clauses of the plan are named in words', () => outside.filter((line) => CODE.test(line.text)).map((line) => `${line.at} ${CODE.exec(line.text)[0]}`));

  await check('phrases that were struck out do not come back', () =>
    outside.flatMap((line) => STRUCK_OUT.filter((phrase) => line.text.includes(phrase)).map((phrase) => `${line.at} ${phrase}`)));

  await check(`every page of fewer than ${SHORT} words has its reason in docs/content/pages.md`, () => {
    const reasons = fs.readFileSync(path.join(REPO, 'docs/content/pages.md'), 'utf8').split('\n').map((line) => /^\| (\w[\w-]*\/[\w.-]+) \| \S/.exec(line)?.[1]).filter(Boolean);
    const text = (page) => fs.readFileSync(path.join(REPO, 'content', `${page}.md`), 'utf8');
    const pages = files(path.join(REPO, 'content')).filter((n) => n.endsWith('.md') && !/(?:^|\/)_index\./.test(n)).map((n) => n.slice(0, -3));
    const short = pages.filter((page) => wordsOf(text(page)) < SHORT);
    note(`${short.length} short pages`);
    return [
      ...short.filter((page) => !reasons.includes(page)).map((page) => `${page}: no reason`),
      ...reasons.filter((page) => !short.includes(page)).map((page) => `${page}: is not short, or is gone`),
    ];
  });
}
