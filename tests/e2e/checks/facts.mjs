// The shipped site says what the founding document says: its text, its quotations, every number and every unit.
// The document is tests/fixtures/plan-source.txt, a copy nobody edits.

import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { REPO, shipped } from '../lib/puzhi.mjs';
import { attribute, document, elements, text } from '../lib/html.mjs';
import { files } from '../lib/tree.mjs';

const PLAN = fs.readFileSync(path.join(REPO, 'tests/fixtures/plan-source.txt'), 'utf8');
const dense = (s) => s.replace(/\s+/g, '');
const content = (name) => fs.readFileSync(path.join(REPO, 'content', name), 'utf8').replace(/\r\n/g, '\n');
const body = (name) => content(name).replace(/^---\n[\s\S]*?\n---\n/, '');
const page = (name) => {
  const tree = document(path.join(shipped('relative'), name));
  return text([...elements(tree)].find((e) => e.tagName === 'main'));
};

/** The numbers the plan sets, as the plan words them; the board must show each. */
const NUMBERS = [
  ['45', '年新增长45件以上'], ['500', '实用新型专利500件以上'], ['35', '外观专利35件以上'], ['700', '累计达700件以上'], ['6500', '累计达6500件以上'],
  ['25', '25家以上'], ['30%', '转化率在30%以上'], ['5', '5家企业通过贯标审核'], ['30', '人才30人以上'], ['2—3', '2—3家'], ['1—2', '1—2家'],
  ['100%', '结案率达100%'], ['85%', '认知度达85%以上'], ['90%', '满意度超过90%'], ['1', '构建1个'], ['2', '2个端口'],
  ['2', '2倍'], ['30%', '属地企业数量的30%以上'], ['10%', '属地企业数量的10%以上'], ['5—6', '5—6家'], ['20', '20项以上'], ['20', '20人左右'],
  ['10', '不少于10余场次'], ['1500', '不少于1500多人次'], ['0.12%', '不低于0.12%'],
];

/** Every spelling of a unit in the plan: who answers for a task, who sits in the leading group. */
function unitsOfThePlan() {
  const found = new Set();
  for (const [, list] of PLAN.matchAll(/\(责任单位:([^\n]*)\)\n/g)) {
    for (const unit of list.split('、')) found.add(unit.replace(/^安宁市人民政府(知识产权战略实施工作联席会议)成员单位$/, '$1'));
  }
  const members = /成 员:(.*?)分管领导/.exec(PLAN)[1];
  for (const unit of members.split(/、(?![^(]*\))/)) found.add(unit.replace(/\(.*\)$/, ''));
  for (const unit of ['领导小组', '安宁市人民政府', '市知识产权服务中心']) found.add(unit);
  return found;
}

/** Term pages of units in Chinese: title and aliases as written in their front matter. */
function unitPages() {
  return files(path.join(REPO, 'content/units')).filter((n) => /^[^._][^.]*\.md$/.test(n)).map((name) => {
    const front = content(`units/${name}`).split('\n---')[0];
    const title = /^title: (.*)$/m.exec(front)[1];
    const inline = /^aliases: \[(.*)\]$/m.exec(front)?.[1] ?? '';
    const listed = /^aliases:\n((?: *- .*\n?)+)/m.exec(front)?.[1] ?? '';
    const aliases = [...inline.split(','), ...listed.split('\n').map((l) => l.replace(/^ *- /, ''))].map((a) => a.trim().replace(/^["']|["']$/g, '')).filter(Boolean);
    return { stem: name.replace('.md', ''), title, names: new Set([title, ...aliases]) };
  });
}

export default async function () {
  await check('plan.md without its markup is the plan, character by character', () => {
    const title = /^title: (.*)$/m.exec(content('policy/plan.md'))[1];
    const plain = body('policy/plan.md')
      .replace(/^\[\^\d+\]:.*(?:\n {2,}.*)*$/gm, '')
      .replace(/\[\^\d+\]/g, '')
      .replace(/^#+ /gm, '')
      .replace(/ *\{#[\w-]+\}/g, '')
      .replace(/\\([^\w\s])/g, '$1');
    const [a, b] = [dense(title + plain), dense(PLAN)];
    if (a === b) return [];
    let at = 0;
    while (a[at] === b[at]) at += 1;
    return [`at character ${at}: "${a.slice(at, at + 30)}" instead of "${b.slice(at, at + 30)}"`];
  });

  await check('the built original page shows the whole plan in its order', () => {
    // Marks of footnotes and of anchors are the site's, not the plan's.
    const words = (node) => (['sup', 'nav'].includes(node.tagName) || attribute(node, 'class') === 'anchor' ? '' : node.nodeName === '#text' ? node.value : (node.childNodes ?? []).map(words).join(''));
    const tree = document(path.join(shipped('relative'), 'policy/plan/index.html'));
    const shown = dense(words([...elements(tree)].find((e) => e.tagName === 'main')));
    let from = 0;
    return PLAN.split('\n').map(dense).filter(Boolean).flatMap((line) => {
      const at = shown.indexOf(line, from);
      if (at < 0) return [`not shown in its place: ${line.slice(0, 60)}`];
      from = at + line.length;
      return [];
    });
  });

  await check('every quotation in policy, campaigns and guides is the plan word for word', () => {
    const wrong = [];
    let count = 0;
    for (const folder of ['policy', 'campaigns', 'guides']) {
      for (const name of files(path.join(REPO, 'content', folder)).filter((n) => n.endsWith('.md') && !n.endsWith('.en.md'))) {
        for (const [block] of body(`${folder}/${name}`).matchAll(/(?:^>.*(?:\n|$))+/gm)) {
          const words = block.replace(/^> ?/gm, '').trim();
          if (/^\[!\w+\]/.test(words)) continue;
          for (const part of words.split(/\n\s*\n/).map((p) => p.replace(/\[\^\w+\]/g, '').replace(/\n/g, '').trim()).filter(Boolean)) {
            count += 1;
            if (!PLAN.includes(part) && !dense(PLAN).includes(dense(part))) wrong.push(`${folder}/${name}: ${part}`);
          }
        }
      }
    }
    note(`${count} quotations`);
    return count > 20 ? wrong : [`only ${count} quotations`, ...wrong];
  });

  await check('every `words` of data/targets.yaml is the plan word for word', () => {
    const data = fs.readFileSync(path.join(REPO, 'data/targets.yaml'), 'utf8');
    const words = [...data.matchAll(/^\s+words: (.*)$/gm)].map(([, w]) => w.trim().replace(/^(["'])(.*)\1$/, '$2'));
    note(`${words.length} targets`);
    return [...(words.length >= NUMBERS.length ? [] : [`${words.length} targets for ${NUMBERS.length} numbers`]), ...words.filter((w) => !PLAN.includes(w))];
  });

  await check('the board shows every number of the plan in the plan\'s words', () => {
    const shown = dense(page('progress/index.html'));
    return NUMBERS.flatMap(([number, words]) => [
      ...(PLAN.includes(words) ? [] : [`the plan has no "${words}"`]),
      ...(shown.includes(dense(words)) ? [] : [`the board lacks "${words}"`]),
      ...(shown.includes(number) || shown.includes(number.replace('%', '')) ? [] : [`the board lacks ${number}`]),
    ]);
  });

  await check('every unit of the plan has its page, and the list of units shows it', () => {
    const pages = unitPages();
    const list = page('units/index.html');
    const wrong = [];
    for (const unit of unitsOfThePlan()) {
      const home = pages.filter((p) => p.names.has(unit));
      if (home.length !== 1) wrong.push(`${unit}: ${home.length} pages`);
    }
    for (const { stem, title } of pages) {
      const file = path.join(shipped('relative'), 'units', stem, 'index.html');
      if (!fs.existsSync(file)) wrong.push(`${title}: no built page`);
      else if (!page(`units/${stem}/index.html`).includes(title)) wrong.push(`${title}: its page lacks the name`);
      if (!list.includes(title)) wrong.push(`${title}: not in the list`);
    }
    note(`${unitsOfThePlan().size} spellings in the plan, ${pages.length} pages`);
    return wrong;
  });

  await check('samples stay in their section', () => {
    const titles = files(path.join(REPO, 'content/stories')).map((n) => [n, content(`stories/${n}`)]).filter(([, t]) => /^sample: *(true|yes|是)/m.test(t))
      .map(([, t]) => /^title: (.*)$/m.exec(t)[1].trim().replace(/^["']|["']$/g, ''));
    if (titles.length < 3) return [`${titles.length} samples`];
    const out = shipped('below');
    return files(out, { skip: ['.puzhi', 'stories', 'large/stories'] }).filter((n) => /\.(html|xml|json)$/.test(n)).flatMap((name) => {
      const raw = fs.readFileSync(path.join(out, name), 'utf8');
      return titles.filter((t) => raw.includes(t)).map((t) => `${name} shows "${t}"`);
    });
  });
}
