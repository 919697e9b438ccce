// The measures of how the site looks that have a number: lengths of pages, what the first screen shows, sizes of targets, where headings
// break, and that the header stays in its place.

import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { FOLDER, shipped } from '../lib/puzhi.mjs';
import { launch, open } from '../lib/browser.mjs';
import { Built } from '../lib/links.mjs';
import { PAGES } from '../lib/pages.mjs';
import { serve } from '../lib/serve.mjs';
import { brokenWords, smallTargets } from '../lib/look.mjs';

/** Words that a reader must find whole in a heading, beside the names of the site's terms. */
const WORDS = ['知识产权', '专利', '专利权', '商标', '著作权', '版权', '质押', '融资', '质押融资', '侵权', '假冒', '举报', '抢注', '企业', '申请', '登记', '注册',
  '保护', '活动', '宣传', '方案', '目标', '措施', '街道', '市场监管局', '安宁市', '世界知识产权日', '消费者权益日', '商业秘密', '地理标志', '怎么', '什么', '为什么'];
/** The most characters that fit a line of a heading on the narrowest phone. */
const LINE = 8;
/** A phone of 360 × 745, of which the browser's own bars leave 740. */
const PHONE = 745;
const DESK = 800;

const htmlOf = (root) => new Built(root).html().filter((name) => !/<meta http-equiv="refresh"/.test(fs.readFileSync(path.join(root, name), 'utf8')));

/** The names of the site's terms that fit a line. */
function terms(root) {
  const names = new Set(WORDS);
  for (const file of new Built(root).html().filter((name) => /^(units|audiences|channels|campaigns)\/[^/]+\/index\.html$/.test(name))) {
    const name = /<h1[^>]*>(.*?)<\/h1>/s.exec(fs.readFileSync(path.join(root, file), 'utf8'))?.[1].replace(/<[^>]*>/g, '').trim();
    if (name && /^\p{Script=Han}{2,}$/u.test(name) && name.length <= LINE) names.add(name);
  }
  return [...names];
}

export default async function () {
  const root = shipped('below');
  const site = await serve(root, FOLDER);
  const browser = await launch();
  const at = (name) => `${site.origin}${FOLDER}${encodeURI(name.replace(/(^|\/)index\.html$/, '$1'))}`;
  const pages = htmlOf(root).filter((name) => !name.startsWith('large/') && name !== '404.html');
  const on = async (width, names, measure, argument) => {
    const view = await open(browser, { width, height: width < 500 ? PHONE : DESK, origin: site.origin });
    const found = [];
    for (const name of names) {
      await view.page.goto(at(name));
      found.push([name, await view.page.evaluate(measure, argument)]);
    }
    await view.close();
    return found;
  };
  const bottom = () => document.documentElement.scrollHeight;

  try {
    for (const width of [360, 768, 1280]) {
      await check(`no heading breaks inside a word, ${width} px, on every page`, async () => {
        const found = await on(width, pages, brokenWords, terms(root));
        note(`${found.reduce((sum, [, { headings }]) => sum + headings, 0)} headings of several lines at ${width} px`);
        return found.flatMap(([name, { wrong }]) => wrong.map((line) => `${name}: ${line}`));
      });
    }

    await check('the board is at most 6 screens at 1280 and 9 at 360', async () => {
      const [[, wide]] = await on(1280, ['progress/index.html'], bottom);
      const [[, narrow]] = await on(360, ['progress/index.html'], bottom);
      note(`board: ${(wide / DESK).toFixed(1)} screens at 1280, ${(narrow / PHONE).toFixed(1)} at 360`);
      return [wide > 6 * DESK && `${wide} px at 1280`, narrow > 9 * PHONE && `${narrow} px at 360`].filter(Boolean);
    });

    await check('guides begin within the first screen and a half of a phone', async () => {
      const guides = pages.filter((name) => /^guides\/[^/]+\/index\.html$/.test(name));
      const found = await on(360, guides, () => Math.round((document.querySelector('.prose h2, .prose h3') ?? document.querySelector('.prose'))?.getBoundingClientRect().top ?? 0));
      found.sort((a, b) => b[1] - a[1]);
      note(`first section of ${guides.length} guides at 360 px: the lowest ${found.slice(0, 3).map(([name, y]) => `${name} ${y}`).join(', ')}`);
      return found.filter(([, y]) => y > 1110).map(([name, y]) => `${name}: ${y} px`);
    });

    await check('home: one sentence and three tasks with pictures stand in the first screen of a phone', async () => {
      const [[, seen]] = await on(360, ['index.html'], () => ({
        ends: [...document.querySelectorAll('.acts li')].map((e) => Math.round(e.getBoundingClientRect().bottom)),
        pictures: document.querySelectorAll('.acts li svg').length,
        heading: document.querySelector('h1').getBoundingClientRect().top,
      }));
      note(`tasks end at ${seen.ends.join(', ')} of 740`);
      return [seen.ends.length < 3 && 'fewer than three tasks', seen.pictures < 3 && 'a task without a picture', ...seen.ends.filter((y) => y > 740).map((y) => `a task ends at ${y}`)].filter(Boolean);
    });

    await check('the header has one height and its parts one place, on home and inner pages', async () => {
      const wrong = [];
      for (const width of [360, 768, 1280]) {
        const names = Object.values(PAGES).filter((a) => !a.startsWith('en/') && a !== 'search/' && a !== '404.html');
        const found = await on(width, names, () => ['header', '.name', '.nav', '.find'].map((part) => {
          const box = document.querySelector(part).getBoundingClientRect();
          return `${part} ${Math.round(box.top)} ${Math.round(box.left)} ${Math.round(box.height)}`;
        }).join('; '));
        const home = found.find(([name]) => name === '')[1];
        wrong.push(...found.filter(([, header]) => header !== home).map(([name, header]) => `${width} px, ${name}: ${header}; home has ${home}`));
      }
      return wrong;
    });

    await check('targets are 24 px and more, those of actions 44 px and more, on every template', async () => {
      const wrong = [];
      for (const width of [360, 1280]) {
        for (const [name, lines] of await on(width, Object.values(PAGES), smallTargets)) wrong.push(...lines.map((line) => `${width} px, ${name}: ${line}`));
      }
      return wrong;
    });

    await check('long pages lead back to the top; no month is empty', async () => {
      const wrong = [];
      for (const [name, long] of await on(360, pages, (screen) => document.documentElement.scrollHeight > 8 * screen && !document.querySelector('a[href="#top"]'), PHONE)) if (long) wrong.push(`${name}: no way back to the top`);
      for (const name of pages.filter((n) => /calendar\/\d{4}-\d{2}\/index\.html$/.test(n))) if (!/class="(span-bar|items occasions)/.test(fs.readFileSync(path.join(root, name), 'utf8'))) wrong.push(`${name}: no event`);
      return wrong;
    });
  } finally {
    await browser.close();
    site.close();
  }
}
