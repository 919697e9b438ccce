// Hostile sites: each ends in a diagnostic or inert output, soon, in little memory, and touches nothing outside --out.
// A case gives its files, the codes that must be reported, and what must never be printed anywhere in the output.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseAtomFeed } from 'feedsmith';
import { check, note } from '../lib/report.mjs';
import { BASE, DATE, WORK, build, say } from '../lib/puzhi.mjs';
import { document, fragment, live } from '../lib/html.mjs';
import { differences, files, hashes, plant } from '../lib/tree.mjs';

const SECONDS = 20;
const LIMITS = `ulimit -v ${4 * 1024 * 1024}; ulimit -t ${SECONDS * 2};`;
const SCRIPT = '<script>alert(1)</script>';
const BREAK = '"\'><script>alert(1)</script><img src=x onerror=alert(1)>';
const MANY = 100_000;
const MB50 = 50 << 20;

const yaml = (s) => `'${s.replace(/'/g, "''")}'`;
const md = (front, body = '正文。') => `---\n${front.trim()}\n---\n\n${body}\n`;

const SPELLINGS = [
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'javascript&colon;alert(1)', '&#106;avascript:alert(1)', '&#x6A;&#x61;vascript:alert(1)',
  'java&#x09;script:alert(1)', 'java&Tab;script:alert(1)', 'java&NewLine;script:alert(1)', '&#1;javascript:alert(1)', '%20javascript:alert(1)',
  'javascript%3Aalert(1)', 'java\u200Bscript:alert(1)', '\u00A0javascript:alert(1)', 'vbscript:msgbox(1)', 'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  'data:image/svg+xml,<svg/onload=alert(1)>', 'file:///etc/passwd', 'blob:https://a/b', 'feed:javascript:alert(1)', 'view-source:javascript:alert(1)',
  'javascript://%0aalert(1)', 'jav\\ascript:alert(1)', '\\javascript:alert(1)', 'ｊavascript:alert(1)', 'javascript：alert(1)',
];

const RAW_HTML = [
  SCRIPT, '<SCRIPT SRC=//evil.example/x.js></SCRIPT>', '<scr<script>ipt>alert(1)</script>', '<script\n>alert(1)</script\n>', '<script/x>alert(1)',
  '<img src=x onerror=alert(1)>', '<img src="x" ONERROR="alert(1)" alt="x">', '<svg onload=alert(1)>', '<svg><script>alert(1)</script></svg>', '<svg><animate href=#x attributeName=href values=javascript:alert(1) /></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;"></table></mtext></math>', '<math href="javascript:alert(1)">x</math>',
  '<iframe src="javascript:alert(1)"></iframe>', '<iframe srcdoc="<script>alert(1)</script>"></iframe>', '<object data="data:text/html,x"></object>', '<embed src="//evil.example/">',
  '<base href="//evil.example/">', '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">', '<link rel="stylesheet" href="//evil.example/x.css">', '<style>@import url(//evil.example/x.css);</style>',
  '<a href="jav&#x09;ascript:alert(1)">x</a>', '<a href="&#14;  javascript:alert(1)">x</a>', '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button></form>',
  '<details open ontoggle=alert(1)>x</details>', '<div style="background:url(javascript:alert(1))">x</div>', '<p style="position:fixed;inset:0">x</p>', '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>', '<!--><script>alert(1)</script>-->', '<![CDATA[<script>alert(1)</script>]]>', '<?xml x><script>alert(1)</script>?>', '</main></body></html><script>alert(1)</script>',
  '<x-foo onclick=alert(1)>x</x-foo>', '<video><source onerror=alert(1)></video>', '<input autofocus onfocus=alert(1)>', '<a href="https://ok.example/" target=_blank onclick="alert(1)">x</a>',
];

/** GBK bytes of a front matter and a body: 标题: 专利 / 商标注册。 */
const GBK = Buffer.concat([
  Buffer.from('---\n'), Buffer.from('b1eacce2', 'hex'), Buffer.from(': '), Buffer.from('d7a8c0fb', 'hex'), Buffer.from('\n---\n\n'),
  Buffer.from('c9ccb1ead7a2b2e1a1a3', 'hex'), Buffer.from('\n'),
]);

const BOMB = Array.from({ length: 12 }, (_, i) => `k${i}: &a${i} [${Array(10).fill(i ? `*a${i - 1}` : 'x').join(', ')}]`).join('\n');

const page = (body) => ({ 'content/a.md': `# 甲\n\n${body}\n` });

const CASES = [
  { name: 'raw HTML of every kind', files: page(RAW_HTML.join('\n\n文字 ')), codes: ['html-removed'] },
  { name: 'raw HTML inside inline text, tables, lists, headings', files: page(RAW_HTML.filter((h) => !h.includes('\n')).map((h) => `- 项 ${h}\n\n## 节 ${h}\n\n| a |\n|---|\n| ${h.replace(/\|/g, '')} |\n`).join('\n')) },
  {
    name: 'script in every field of front matter',
    files: {
      'content/policy/_index.md': md(`kind: policy\ntitle: ${yaml(BREAK)}\nsummary: ${yaml(BREAK)}`),
      'content/policy/a.md': md(['title', 'summary', 'author', 'source', 'document_number', 'issuer', 'tags', 'units', 'audience', 'campaign', 'channel'].map((k) => `${k}: ${yaml(BREAK)}`).join('\n')),
      'content/guides/_index.md': md('kind: guide'),
      'content/guides/a.md': md(`title: x\nitem: ${yaml(BREAK)}\nbasis: [${yaml(BREAK)}]\nconditions: [${yaml(BREAK)}]\nmaterials: [${yaml(BREAK)}]\nsteps: [${yaml(BREAK)}]\ntime_limit: ${yaml(BREAK)}\nfee: ${yaml(BREAK)}\nwindow: {place: ${yaml(BREAK)}, phone: ${yaml(BREAK)}, hours: ${yaml(BREAK)}}`),
      'content/events/_index.md': md('kind: event'),
      'content/events/a.md': md(`title: x\nid: e1\nstart: 2025-04-26\nplace: ${yaml(BREAK)}\nstreet: ${yaml(BREAK)}\norganisers: [${yaml(BREAK)}]`),
      'content/stories/_index.md': md('kind: story'),
      'content/stories/a.md': md(`title: x\norganisation: ${yaml(BREAK)}\nindustry: ${yaml(BREAK)}\nip_type: ${yaml(BREAK)}\nfigures: [{label: ${yaml(BREAK)}, value: ${yaml(BREAK)}, unit: ${yaml(BREAK)}, source: ${yaml(BREAK)}}]`),
      'content/surveys/_index.md': md('kind: survey'),
      'content/surveys/a.md': md(`title: x\nid: s1\npurpose: ${yaml(BREAK)}\nconductor: ${yaml(BREAK)}\npopulation: ${yaml(BREAK)}\nretention: ${yaml(BREAK)}\nquestions:\n  - {id: q, type: single, text: ${yaml(BREAK)}, hint: ${yaml(BREAK)}, options: [{id: o, text: ${yaml(BREAK)}}]}`),
    },
  },
  {
    name: 'script in settings',
    files: { 'site.yaml': ['title', 'promise', 'description', 'organiser', 'undertaker', 'copyright'].map((k) => `${k}: ${yaml(BREAK)}`).join('\n') + `\nregistration: {icp: ${yaml(BREAK)}, police: ${yaml(BREAK)}, site_id: ${yaml(BREAK)}}\ncontact: {name: ${yaml(BREAK)}, phone: ${yaml(BREAK)}, email: ${yaml(BREAK)}, address: ${yaml(BREAK)}}\nextra: {mark: ${yaml(BREAK)}}\n`, ...page('x') },
  },
  { name: 'a colour that leaves its style element', files: { 'site.yaml': `title: x\ncolour: ${yaml('red}</style><script>alert(1)</script>')}\n`, ...page('x') }, exit: 2, codes: ['bad-colour'] },
  { name: 'javascript: in the settings\' links', files: { 'site.yaml': 'title: x\nnavigation: [{title: a, link: "javascript:alert(1)"}]\nfooter: [{title: a, link: "JAVASCRIPT:alert(1)"}]\nentries: [{title: a, link: "data:text/html,x"}]\n', ...page('x') }, failing: true, codes: ['bad-scheme'] },
  { name: 'javascript: as the organiser\'s address', files: { 'site.yaml': 'title: x\norganiser_url: "javascript:alert(1)"\n', ...page('x') }, failing: true },
  { name: 'javascript: as the site\'s address', files: { 'site.yaml': 'title: x\nbase_url: "javascript:alert(1)"\n', ...page('x') }, address: false, exit: 2, codes: ['bad-base-url'] },
  {
    name: 'script in targets and tables',
    files: {
      'data/targets.yaml': `- id: t\n  title: ${yaml(BREAK)}\n  group: ${yaml(BREAK)}\n  words: ${yaml(BREAK)}\n  value: {min: 1, op: "≥", relative_to: ${yaml(BREAK)}}\n  unit: ${yaml(BREAK)}\n  per: end\n  by: 2025-07-31\n  units: [${yaml(BREAK)}]\n`,
      'data/t.csv': `名称,"${BREAK.replace(/"/g, '""')}"\n${SCRIPT},1\n`,
      'data/t.yaml': `- 名称: ${yaml(BREAK)}\n- 名称: ${yaml(SCRIPT)}\n`,
      ...page(`\`\`\`{targets}\n\`\`\`\n\n\`\`\`{target} t\n\`\`\`\n\n\`\`\`{table} /data/t.csv\n:caption: ${BREAK}\n\`\`\`\n\n\`\`\`{table} /data/t.yaml\n\`\`\``),
    },
  },
  {
    name: 'script in directives',
    files: {
      'content/p.png': Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b4944415478da636000020000050001e9fadcd80000000049454e44ae426082', 'hex'),
      ...page(['note', 'tip', 'warning', 'details'].map((d) => `\`\`\`{${d}} ${BREAK}\n${SCRIPT}\n\`\`\``).join('\n\n')
        + `\n\n\`\`\`{figure} p.png\n:alt: ${BREAK}\n:caption: ${BREAK}\n:credit: ${BREAK}\n\`\`\`\n\n\`\`\`{gallery}\n![${BREAK}](p.png "${SCRIPT}")\n\`\`\`\n\n\`\`\`{download} p.png\n:title: ${BREAK}\n\`\`\``
        + `\n\n\`\`\`{contacts}\n- {name: ${yaml(BREAK)}, place: ${yaml(BREAK)}, phone: ${yaml(BREAK)}, hours: ${yaml(BREAK)}, note: ${yaml(BREAK)}}\n\`\`\``
        + `\n\n\`\`\`{timeline}\n- {date: 2022-08-01, end: 2022-10-01, title: ${yaml(BREAK)}, text: ${yaml(BREAK)}, link: "https://ok.example/"}\n\`\`\``
        + `\n\n\`\`\`{steps}\n1. **${SCRIPT}** x\n\`\`\`\n\n\`\`\`{faq}\n### ${SCRIPT}\n${SCRIPT}\n\`\`\`\n\n\`\`\`{no-such} ${BREAK}\n${SCRIPT}\n\`\`\`\n\n\`\`\`js "><script>alert(1)</script>\n${SCRIPT}\n\`\`\`\n\n\`${SCRIPT}\`\n\n$\\text{${SCRIPT}}$ $\\href{javascript:alert(1)}{x}$`),
    },
  },
  { name: 'javascript: plainly, as a link', files: page('[x](javascript:alert(1))'), codes: ['bad-scheme'] },
  { name: 'javascript: in all spellings, as links, references and pictures', files: page(SPELLINGS.map((s, i) => `[a](${s}) [b](<${s}>) ![c](<${s}>) <${s}> [d][r${i}]\n\n[r${i}]: <${s}>`).join('\n\n')), failing: true },
  { name: 'javascript: split by a tab and by control characters', files: page('[a](<java\tscript:alert(1)>) [b](<\u0001javascript:alert(1)>) [c](<\u000bjavascript:alert(1)>) <java\tscript:alert(1)>') },
  { name: 'javascript: in pictures and directives', files: { 'content/a.md': md('title: x\nimage: {src: "javascript:alert(1)", alt: x}', '```{figure} javascript:alert(1)\n:alt: x\n```\n\n```{download} javascript:alert(1)\n```\n\n```{timeline}\n- {date: 2022-08-01, title: x, link: "javascript:alert(1)"}\n```\n\n```{gallery}\n![x](javascript:alert(1))\n```') }, failing: true },
  { name: 'javascript: in a policy\'s links and a target\'s', files: { 'content/a.md': md('title: x\nkind: policy\nexplains: "javascript:alert(1)"\noriginal: "javascript:alert(1)"', '```{targets}\n```'), 'data/targets.yaml': '- id: t\n  title: t\n  group: g\n  words: w\n  value: {min: 1}\n  by: 2025-07-31\n  clause: {text: c, link: "javascript:alert(1)"}\n  explainer: "javascript:alert(1)"\n' }, failing: true },
  { name: 'a picture from another host', files: page('![x](https://evil.example/x.png)'), codes: ['remote-image'], never: ['src="https://evil'] },
  { name: '../../ in a slug', files: { 'content/a.md': md('title: x\nslug: "../../outside/evil"') }, codes: ['bad-slug'] },
  { name: 'slugs of dots, backslashes and devices', files: { 'content/a.md': md('title: x\nslug: ".."'), 'content/b.md': md('title: x\nslug: "..\\\\..\\\\outside"'), 'content/c.md': md('title: x\nslug: "C:evil"'), 'content/d.md': md('title: x\nslug: ".puzhi"'), 'content/e.md': md('title: x\nslug: "con"') }, codes: ['bad-slug'] },
  { name: '../../ in aliases', files: { 'content/a.md': md('title: x\naliases: ["/../../outside/evil/", "../../../outside/evil", "/a/../../../outside/", "/%2e%2e/%2e%2e/outside/", "//evil.example/", "/..\\\\..\\\\outside\\\\", "https://evil.example/"]') }, codes: ['bad-alias'] },
  { name: 'aliases on the program\'s own files', files: { 'content/a.md': md('title: x\naliases: ["/.puzhi/", "/.puzhi/list", "/404.html", "/index.html", "/", "/.gitignore", "/.git/config", "/robots.txt"]') }, failing: true },
  { name: '../../ in pictures, links and downloads', files: page('![x](../../outside/secret.txt) [y](../../../../../../etc/passwd) [z](/../../outside/secret.txt)\n\n```{download} ../../outside/secret.txt\n```\n\n```{figure} ../../outside/secret.txt\n:alt: x\n```'), failing: true, codes: ['link-escapes'] },
  { name: '../../ in a front matter picture', files: { 'content/a.md': md('title: x\nimage: {src: "../../outside/secret.txt", alt: x}') }, strict: true, failing: true },
  { name: '../../ in data', files: page('```{table} ../../outside/secret.csv\n```\n\n```{table} /../outside/secret.csv\n```\n\n```{table} /etc/passwd\n```\n\n```{table} /data/../../outside/secret.csv\n```'), failing: true },
  { name: '../../ in a page\'s template', files: { 'content/a.md': md('title: x\ntemplate: "../../outside/secret.txt"') }, failing: true },
  { name: '../../ in templates\' includes', files: { 'templates/page.html': '{% include "../../outside/secret.txt" %}', ...page('x') }, failing: true },
  { name: '../../ in the theme\'s name', files: { 'site.yaml': 'title: x\ntheme: "../outside"\n', ...page('x') }, exit: 2 },
  { name: 'templates that read files or the environment', files: { 'templates/page.html': '{{ get_env(name="HOME") }}', ...page('x') }, failing: true },
  {
    name: 'symbolic links out of the site',
    files: {
      ...page('[x](secret.md) [y](dir/secret.txt)\n\n```{table} /data/secret.csv\n```'), 'content/secret.md': { link: '../../outside/secret.txt' }, 'content/dir': { link: '../../outside' }, 'content/passwd.txt': { link: '/etc/passwd' },
      'static/secret.txt': { link: '../../outside/secret.txt' }, 'data/secret.csv': { link: '../../outside/secret.csv' }, 'templates/404.html': { link: '../../outside/secret.txt' }, 'i18n/zh.yaml': { link: '../../outside/secret.txt' },
      'content/loop': { link: '.' }, 'content/nowhere.md': { link: 'no-such-file' },
    },
    codes: ['symlink-escapes'],
  },
  { name: 'a symbolic link inside the output folder', files: { ...page('x'), 'public/a': { link: '../../outside' }, 'public/index.html': { link: '../../outside/secret.txt' }, 'public/.puzhi': { link: '../../outside' } }, exit: 3, codes: ['out-unusable'] },
  { name: 'site.yaml is a link out of the site', files: { 'site.yaml': { link: '../outside/site.yaml' }, ...page('x') } },
  { name: 'a YAML alias bomb in front matter', files: { 'content/a.md': md(`title: x\nextra:\n  ${BOMB.replace(/\n/g, '\n  ')}`) }, codes: ['yaml-alias'] },
  { name: 'a YAML alias bomb in settings', files: { 'site.yaml': `title: x\nextra:\n  ${BOMB.replace(/\n/g, '\n  ')}\n`, ...page('x') }, exit: 2, codes: ['yaml-alias'] },
  { name: 'a YAML alias bomb in targets', files: { 'data/targets.yaml': `- id: t\n  title: x\n${BOMB.replace(/^/gm, '  ')}\n`, ...page('x') }, codes: ['yaml-alias'] },
  { name: 'a YAML alias bomb in a table', files: { 'data/t.yaml': `- a: 1\n${BOMB.replace(/^/gm, '  ')}\n`, ...page('```{table} /data/t.yaml\n```') }, codes: ['yaml-alias'] },
  { name: 'YAML nested 20,000 deep in front matter', files: { 'content/a.md': md(`title: x\nextra: ${'['.repeat(20_000)}${']'.repeat(20_000)}`) }, failing: true },
  { name: 'YAML nested 100,000 deep in targets', files: { 'data/targets.yaml': `- extra: ${'['.repeat(MANY)}`, ...page('x') }, failing: true },
  { name: 'YAML nested 2,000 deep by indentation', files: { 'data/targets.yaml': `- a:\n${Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i + 3)}a:`).join('\n')} 1\n`, ...page('x') }, failing: true },
  { name: 'JSON nested 100,000 deep', files: { 'data/t.json': '['.repeat(MANY) + ']'.repeat(MANY), ...page('```{table} /data/t.json\n```') }, failing: true },
  { name: 'a 50 MB article', files: { 'content/a.md': () => Buffer.alloc(MB50, '一句话。\n') }, codes: ['too-large'] },
  { name: 'a 50 MB data file', files: { 'data/t.csv': () => Buffer.alloc(MB50, 'a,b\n'), ...page('```{table} /data/t.csv\n```') }, codes: ['too-large'] },
  { name: 'a 50 MB site.yaml', files: { 'site.yaml': () => Buffer.concat([Buffer.from('title: x\n'), Buffer.alloc(MB50, '# x\n')]), ...page('x') }, exit: 2 },
  { name: '50 MB of front matter', files: { 'content/a.md': () => Buffer.concat([Buffer.from('---\ntitle: x\n'), Buffer.alloc(MB50, 'x: y\n')]) }, codes: ['too-large'] },
  { name: 'a front matter of 100 KB', files: { 'content/a.md': md(`title: x\nsummary: ${'长'.repeat(35_000)}`) }, codes: ['too-large'] },
  { name: 'a 50 MB attachment', files: { ...page('[x](big.bin)'), 'content/big.bin': () => Buffer.alloc(MB50, 1) }, exit: 0 },
  { name: 'an article of 8 MB on one line', files: { 'content/a.md': () => Buffer.alloc(8_000_010, '很长的一行') } },
  ...[
    ['quotes', '>'.repeat(MANY)], ['quotes with spaces', '> '.repeat(MANY) + 'x'], ['brackets', '['.repeat(MANY)], ['closed brackets', '['.repeat(MANY) + ']'.repeat(MANY)], ['pictures', '!['.repeat(MANY)], ['links in links', '[a]('.repeat(MANY)],
    ['stars', '*'.repeat(MANY)], ['opened emphasis', '**a '.repeat(MANY)], ['emphasis by turns', '*a **a '.repeat(MANY / 2)], ['underscores', '_a'.repeat(MANY)], ['tildes', '~a'.repeat(MANY)], ['carets', '^a'.repeat(MANY)], ['backticks', Array.from({ length: 900 }, (_, i) => '`'.repeat(i + 1)).join(' ')],
    ['elements', '<div>'.repeat(MANY)], ['inline elements', `x ${'<b>'.repeat(MANY)}`], ['comments', '<!--'.repeat(MANY)], ['half tags', '<a '.repeat(MANY)], ['quotes in tags', '<a b="'.repeat(MANY)], ['declarations', '<!A '.repeat(MANY)], ['entities', '&#x'.repeat(MANY)],
    ['lists', Array.from({ length: 1500 }, (_, i) => `${'  '.repeat(i)}- x`).join('\n')], ['lists on one line', '- '.repeat(MANY) + 'x'], ['numbered lists on one line', '1. '.repeat(MANY) + 'x'], ['dollar signs', '$'.repeat(MANY)], ['formulas', '$a$ '.repeat(MANY)], ['TeX braces', `$${'{'.repeat(MANY)}$`], ['TeX fractions', `$$${'\\frac{1}{'.repeat(20_000)}x${'}'.repeat(20_000)}$$`],
    ['directives', Array.from({ length: 2000 }, (_, i) => `${'`'.repeat(2003 - i)}{note}`).join('\n')], ['open fences', '```{note}\n'.repeat(10_000)], ['alerts', '> [!NOTE]\n'.repeat(20_000)],
    ['headings of one name', '## 同名\n\n'.repeat(MANY / 2)], ['headings', `${'#'.repeat(MANY)} x`], ['footnotes', '[^a]'.repeat(MANY) + '\n\n[^a]: x'], ['footnote definitions', Array.from({ length: 20_000 }, (_, i) => `[^${i}]: [^${i + 1}]`).join('\n\n')], ['references', Array.from({ length: 20_000 }, (_, i) => `[r${i}]: /x${i}`).join('\n') + '\n\n' + '[r1]'.repeat(20_000)],
    ['table columns', `${'|a'.repeat(5000)}|\n${'|-'.repeat(5000)}|\n`], ['table rows of wide tables', `${'|a'.repeat(300)}|\n${'|-'.repeat(300)}|\n${'|x\n'.repeat(3000)}`], ['bare addresses', 'http://a.cn/'.repeat(20_000)], ['at signs', 'a@'.repeat(MANY)], ['www', 'www.'.repeat(MANY)], ['definition lists', 'a\n: b\n\n'.repeat(20_000)], ['attributes', `## x {${'#a '.repeat(30_000)}}`], ['code in a language', `\`\`\`js\n${'('.repeat(MANY)}\n\`\`\``], ['code on one line', `\`\`\`html\n${'<a b="'.repeat(30_000)}\n\`\`\``],
    ['broken links', Array.from({ length: MANY }, (_, i) => `[a](x${i}.md)`).join('\n')], ['missing pictures', Array.from({ length: MANY }, (_, i) => `![a](x${i}.png)`).join('\n\n')], ['missing anchors', Array.from({ length: MANY }, (_, i) => `[a](#x${i})`).join('\n')], ['unknown directives', '```{no-such}\n```\n\n'.repeat(MANY)], ['forbidden links', '[a](javascript:x) '.repeat(MANY)],
    ['Chinese marks', '**“'.repeat(MANY / 2)], ['full-width look-alikes', '【a】（b）'.repeat(MANY / 4)], ['ideographic commas', '、x\n'.repeat(MANY / 4)], ['dashes', '—'.repeat(MANY)],
  ].map(([what, text]) => ({ name: `100,000 ${what}`, files: page(text) })),
  { name: 'NUL bytes in an article', files: page('a\0b'), codes: ['nul-byte'] },
  { name: 'NUL bytes in settings', files: { 'site.yaml': 'title: a\0b\n', ...page('x') }, exit: 2, codes: ['nul-byte'] },
  { name: 'NUL bytes in data', files: { 'data/t.csv': 'a,b\n1,\0\n', 'data/targets.yaml': '- id: "\0"\n', ...page('```{table} /data/t.csv\n```') }, codes: ['nul-byte'] },
  { name: 'NUL and control characters by escapes', files: { 'content/a.md': md('title: "a\\0b\\x01\\u001b\\ufffe"\nsummary: "\\0"', '&#0; &#1; &#xFFFE; &#xD800;') } },
  { name: 'a GBK file', files: { 'content/a.md': GBK }, exit: 0, codes: ['not-utf8'], shows: ['专利', '商标注册。'] },
  { name: 'bytes of no encoding', files: { 'content/a.md': Buffer.from('正文\xff\xff', 'latin1') }, codes: ['bad-encoding'] },
  { name: 'file names of other systems and of attackers', files: { ...page('x'), 'content/<img src=x onerror=alert(1)>.md': '# x\n', 'content/con.md': '# x\n', 'content/a:b.md': '# x\n', 'content/dot..md': '# x\n', 'content/new\nline.md': '# x\n', 'content/..%2fevil.md': '# x\n', 'content/%3Cscript%3E.md': '# x\n', "content/quo'te&amp;.md": '# x\n' } },
  { name: 'a name that is not Unicode', files: { ...page('x') }, before: (site) => fs.writeFileSync(Buffer.concat([Buffer.from(`${site}/content/`), Buffer.from([0xff, 0xfe]), Buffer.from('.md')]), '# x\n'), codes: ['bad-file-name'] },
  { name: 'a named pipe among the articles', files: page('x'), before: (site) => spawnSync('mkfifo', [`${site}/content/pipe.md`]), exit: 3, codes: ['unreadable'] },
  { name: 'a folder named like an article', files: { 'content/folder.md/x.md': '# x\n', ...page('[x](folder.md)') } },
  { name: 'folders nested 200 deep', files: { [`content/${'d/'.repeat(200)}x.md`]: '# x\n' } },
  { name: 'a term named like a path', files: { 'content/a.md': md('title: x\ntags: ["../../outside/evil", "/etc/passwd", "..", ".", "a/b", "<script>alert(1)</script>", "con", "a\\\\b", "%2e%2e%2fevil"]') } },
  { name: 'redirects and feeds of a title with markup', files: { 'content/a.md': md(`title: ${yaml(`]]>${BREAK}`)}\ndate: 2024-01-01\naliases: ["/old/'\\"><script>/", "/old/&amp;/"]`, ']]> &lt;script&gt;') } },
];

/** Complaints about anything live in what was written. */
function inert(out, never) {
  return files(out, { skip: ['.puzhi'] }).flatMap((name) => {
    const full = path.join(out, name);
    if (!/\.(html|xml|json|txt)$/.test(name) || fs.lstatSync(full).isSymbolicLink()) return [];
    const raw = fs.readFileSync(full, 'utf8');
    const wrong = never.filter((words) => raw.includes(words)).map((words) => `${name} holds "${words}"`);
    if (name.endsWith('.html')) wrong.push(...live(document(full), name));
    if (name.endsWith('atom.xml')) {
      for (const entry of parseAtomFeed(raw).entries ?? []) wrong.push(...live(fragment(entry.content?.value ?? entry.content ?? ''), name));
    }
    if (name.endsWith('feed.json')) {
      for (const item of JSON.parse(raw).items) wrong.push(...live(fragment(item.content_html ?? ''), name));
    }
    return wrong;
  });
}

function attack(test, number) {
  const folder = path.join(WORK, 'hostile', String(number));
  const site = path.join(folder, 'site');
  plant(folder, { 'outside/secret.txt': 'TOP-SECRET\n', 'outside/secret.csv': 'TOP-SECRET,b\n1,2\n', 'outside/site.yaml': 'title: x\n' });
  const contents = Object.fromEntries(Object.entries({ 'site.yaml': 'title: 试验\n', ...test.files }).map(([n, c]) => [n, typeof c === 'function' ? c() : c]));
  plant(site, contents);
  test.before?.(site);
  const out = path.join(site, 'public');
  const seen = () => hashesOfRegular(folder, out);
  const before = seen();
  const args = ['--root', site, '--date', DATE, '--keep-going', '--lang', 'en', ...(test.address === false ? [] : ['--base-url', `${BASE}/`]), ...(test.strict ? ['--strict'] : [])];
  const run = build(args, { limits: LIMITS, wrap: `timeout -s KILL ${SECONDS}` });
  const wrong = [];
  const codes = new Set(run.findings.map((f) => f.code));
  if (process.env.VERBOSE) note(`${test.name}: exit ${run.code}, ${run.seconds.toFixed(1)} s, ${[...codes].join(' ')}`);
  const told = () => `${run.findings.slice(0, 3).map(say).join(' | ') || 'no finding'}${run.stderr ? ` | ${run.stderr.slice(0, 300)}` : ''}`;
  const good = test.exit !== undefined ? [test.exit] : test.failing ? [1, 2] : [0, 1];
  if (!good.includes(run.code)) wrong.push(`exit ${run.code ?? run.signal} after ${run.seconds.toFixed(1)} s, not ${good.join(' or ')}: ${told()}`);
  if (/panick|overflow|SIG|abort/i.test(run.stderr)) wrong.push(run.stderr.slice(0, 300));
  for (const code of test.codes ?? []) if (!codes.has(code)) wrong.push(`no ${code}, but ${told()}`);
  wrong.push(...differences(before, seen(), 'before', 'after').map((d) => `outside --out: ${d}`));
  wrong.push(...inert(out, ['TOP-SECRET', 'root:x:0', ...(test.never ?? [])]));
  const shown = test.shows && files(out).filter((n) => n.endsWith('.html')).map((n) => fs.readFileSync(path.join(out, n), 'utf8')).join('');
  for (const words of test.shows ?? []) if (!shown.includes(words)) wrong.push(`"${words}" is not shown`);
  if (!process.env.KEEP) fs.rmSync(folder, { recursive: true });
  return { wrong: wrong.map((w) => `${test.name}: ${w}`), seconds: run.seconds };
}

/** Hashes of everything below `folder` but `out`'s own tree; pipes and names that are not Unicode are left out. */
function hashesOfRegular(folder, out) {
  // What is kept between builds is the site's own, beside site.yaml.
  const skip = [path.relative(folder, out), 'site/.puzhi'];
  const kept = files(folder, { skip }).filter((n) => {
    const stat = fs.lstatSync(path.join(folder, n), { throwIfNoEntry: false });
    return stat && (stat.isFile() || stat.isSymbolicLink());
  });
  return hashes(folder, { skip: [...skip, ...files(folder, { skip }).filter((n) => !kept.includes(n))] });
}

export default async function () {
  const named = process.env.CASE ? CASES.filter((c) => c.name.includes(process.env.CASE)) : CASES;
  const groups = [['hostile sites', named.filter((c) => !c.name.startsWith('100,000'))], ['hostile nesting and repetition', named.filter((c) => c.name.startsWith('100,000'))]];
  let number = 0;
  for (const [group, cases] of groups) {
    await check(`${group}: ${cases.length} cases end in a finding or inert output within ${SECONDS} s and 4 GB`, () => {
      const results = cases.map((test) => ({ test, ...attack(test, number++) }));
      const slow = results.filter((r) => r.seconds > 2).sort((a, b) => b.seconds - a.seconds).map((r) => `${r.seconds.toFixed(1)} s ${r.test.name}`);
      if (slow.length) note(`slowest: ${slow.slice(0, 8).join('; ')}`);
      return results.flatMap((r) => r.wrong);
    });
  }
}
