// Compares HTML of the program with that of markdown-it (cjk-friendly) and cmark-gfm, file by file.
// Input: a folder with NUMBER.md, NUMBER.html (ours) and NUMBER.gfm. Output: counts of structure, equal files, and the files that
// differ by the first class that explains them; what no class explains is shown as `unexplained`.
import fs from 'node:fs';
import path from 'node:path';
import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import { decodeHTML } from 'entities';

const [folder, shown = '3'] = process.argv.slice(2);
const markdownIt = new MarkdownIt({ html: true, linkify: false }).use(cjkFriendly);

const ELEMENTS = {
  headings: 'h[1-6]', lists: '(?:ul|ol)', items: 'li', tables: 'table', cells: '(?:td|th)', code: 'pre', links: 'a', pictures: 'img',
  emphasis: '(?:em|strong)',
};

// What only we write: slots, anchors of headings, back links; and what only they write.
const plain = (html) => html
  .replace(/⟦img [^“]*“([^”]*)”⟧/g, '<img>$1')
  .replace(/<img\b[^>]*?\balt="([^"]*)"[^>]*>/g, '<img>$1')
  .replace(/⟦a [^⟧]*⟧/g, '<a>').replace(/⟦\/a⟧/g, '</a>')
  .replace(/<a class="anchor"[^>]*><\/a>/g, '')
  .replace(/<a class="footnote-back"[^>]*>↩<\/a>/g, '')
  .replace(/<!--[\s\S]*?-->/g, '')
  .replace(/<(script|style|iframe|svg|textarea|video|select|object)\b[\s\S]*?<\/\1>/gi, '');
const text = (html) => decodeHTML(plain(html).replace(/<math[\s\S]*?<\/math>/g, '').replace(/<[^>]*>/g, ''))
  .replace(/[\s\u00a0\u200b\ufeff\u0000-\u001f]/g, '');
const counts = (html) => {
  const of = plain(html);
  return Object.fromEntries(Object.entries(ELEMENTS).map(([name, tag]) =>
    [name, (of.match(new RegExp(`<${tag}[ >/]`, 'g')) ?? []).length]));
};

// Classes in order: the first whose sign is in the source explains a difference.
const CLASSES = [
  ['formulas', /\$[^$\n]+\$|\$\$/],
  ['footnotes', /\[\^[^\]]+\]/],
  ['alerts and callouts', /^\s*>\s*\[![^\]]+\]/m],
  ['Obsidian links', /\[\[[^\]]+\]\]/],
  ['definition lists', /^:[ \t]/m],
  ['sub- and superscript', /~[^~\s]+~|\^[^^\s]+\^/],
  ['raw HTML that is not allowed, or that is completed', /<\/?[a-zA-Z][^>]*>|<[!?]/],
  ['definitions of links that no link uses, or comments', /^\s{0,3}\[[^\]]+\]:/m],
  ['heading attributes', /^#+ .*\{[^}]*\}\s*$/m],
  ['addresses in the text', /(https?:\/\/|www\.|@)/],
  ['lines that keep their breaks', /^[ \t>*_\u3000]*(?:[（(]?[0-9０-９一二三四五六七八九十]+[、．.）)，。 ]|[①-⑳•·●■◆]|[-－]\S|[^：\n]{1,8}[：:])/m],
  ['file names with spaces', /\]\([^)<]* [^)]*\)/],
  ['wide spaces behind marks', /^[ \t>]*(?:#{1,6}|[-*+]|\d+[.)])[\u3000\u00a0\u2002-\u2005]/m],
  ['emphasis beside Chinese punctuation (cmark-gfm)', /\*\*|__|\*/],
  ['task lists', /^\s*(?:[-*+]|\d+[.)]) \[[ xX]\]/m],
];

const files = fs.readdirSync(folder).filter((name) => name.endsWith('.md'));
const total = { ours: {}, 'markdown-it': {}, 'cmark-gfm': {} };
const result = { 'markdown-it': new Map(), 'cmark-gfm': new Map() };
const equal = { 'markdown-it': 0, 'cmark-gfm': 0 };
for (const name of files) {
  const read = (extension) => fs.readFileSync(path.join(folder, name.replace(/md$/, extension)), 'utf8');
  const source = read('md');
  const html = { ours: read('html'), 'markdown-it': markdownIt.render(source), 'cmark-gfm': read('gfm') };
  const found = Object.fromEntries(Object.entries(html).map(([key, value]) => [key, { text: text(value), counts: counts(value) }]));
  for (const [key, value] of Object.entries(found))
    for (const [element, count] of Object.entries(value.counts)) total[key][element] = (total[key][element] ?? 0) + count;
  for (const other of ['markdown-it', 'cmark-gfm']) {
    // A picture of another site is shown as its text.
    const hasRemote = /!\[[^\]]*\](?:\(<?https?:|\[)|<img/.test(source);
    const differs = Object.keys(ELEMENTS).filter((element) =>
      found.ours.counts[element] !== found[other].counts[element] && !(element === 'pictures' && hasRemote));
    if (found.ours.text === found[other].text && differs.length === 0) { equal[other] += 1; continue; }
    const outside = source.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
    const kind = CLASSES.find(([, sign]) => sign.test(outside))?.[0] ?? 'unexplained';
    const list = result[other].get(kind) ?? [];
    let at = 0;
    const [ours, theirs] = [found.ours.text, found[other].text];
    while (at < ours.length && ours[at] === theirs[at]) at += 1;
    const part = (value) => value.slice(Math.max(0, at - 12), at + 30);
    list.push(`${name} ${differs.join(', ')} | ${part(ours)} | ${part(theirs)}`);
    result[other].set(kind, list);
  }
}
console.log(`${files.length} files`);
for (const [key, value] of Object.entries(total)) console.log(key.padEnd(12), Object.entries(value).map(([k, n]) => `${k} ${n}`).join(', '));
for (const other of ['markdown-it', 'cmark-gfm']) {
  console.log(`${other}: ${equal[other]} equal`);
  for (const [kind, list] of [...result[other]].sort((a, b) => b[1].length - a[1].length)) {
    console.log(`  ${kind}: ${list.length}`);
    list.slice(0, Number(shown)).forEach((line) => console.log(`    ${line}`));
  }
}
