// What stands on a content page: its words, and its sentences with a figure of the law (an article, a fee, a fine, a share, a period).
// In: the text of the page. Out: a number, or plain sentences.

const COUNT = '(?:[一二两三四五六七八九十百千零半]+|\\d[\\d,.]*(?:[—－]\\d+)?)(?:万|亿)?';
const CHINESE = new RegExp(
  `第[一二三四五六七八九十百千零]+条|${COUNT}(?:元|个?工作日|日(?=内|以?前|答辩|的|才|改)|天(?=内|里)|个月|年|倍|%|％)|(?:十四|14)周岁|\\d+[页行]|\\|\\s*(?!110|123)\\d{2,5}\\s*(?=\\|)`);
const ENGLISH = /\barticles? \d|\b(?:\d[\d,.]*|two|three|five|ten) (?:yuan|days?|months?|years?|times)\b|\d%|\b\d+ and \d+ years/;

/** Dates of documents and days of the calendar are no periods. */
const DATES = /\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?(?:[—到至]\d{4}年)?|\d{1,2}月\d{1,2}日(?:[至到—]\d{1,2}日)?|20\d\d—20\d\d年/g;

/** The words without marks of Markdown: links by their text, no emphasis, anchors or list marks. */
export function plain(text) {
  return text.replace(/\{#[\w-]+\}/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\*\*/g, '').replace(/^(?:#+|[-*]|\d+\.)\s+(?:\[ \]\s+)?/, '').trim();
}

/** The sentences of a page that have such a figure; a row of a table is one sentence. Quotations of the plan are the plan's. */
export function sentencesWithFigures(text, english) {
  const pattern = english ? ENGLISH : CHINESE;
  const found = [];
  for (const line of text.split('\n').filter((l) => !l.startsWith('>'))) {
    const parts = line.startsWith('|') ? [line.trim()] : line.split(english ? /(?<=[.;!?]) / : /(?<=[。；！？])/);
    for (const part of parts) {
      const words = plain(part);
      if (pattern.test(words.replace(DATES, ' '))) found.push(words);
    }
  }
  return found;
}

/** How many words a reader of a page sees: Chinese characters, Latin words and numbers in title, summary and body. */
export function wordsOf(text) {
  const [, front = '', body = text] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text.replace(/\r\n/g, '\n')) ?? [];
  const head = front.split('\n').filter((line) => /^(?:title|summary): /.test(line)).map((line) => line.replace(/^\w+: /, ''));
  const seen = body.split('\n').filter((line) => !/^(?:```|:[\w-]+:)/.test(line)).map((line) => plain(line.replace(/^> ?/, '')));
  return ([...head, ...seen].join('\n').match(/\p{Script=Han}|[\p{Script=Latin}\d][\p{Script=Latin}\d.,'’-]*/gu) ?? []).length;
}
