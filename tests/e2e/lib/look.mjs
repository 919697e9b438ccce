// Measures of the look, taken in an open page. The functions run in the page, so each is whole in itself.

/** Headings of several lines, and those of which a line ends inside one of the words. */
export const brokenWords = (words) => {
  let headings = 0;
  const wrong = [];
  for (const e of document.querySelectorAll('h1, h2, h3, h4, .title')) {
    if (!e.checkVisibility() || e.closest('.visually-hidden')) continue;
    const letters = [];
    const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      if (walk.currentNode.parentElement.closest('.visually-hidden, svg')) continue;
      for (let i = 0; i < walk.currentNode.data.length; i += 1) {
        const range = document.createRange();
        range.setStart(walk.currentNode, i);
        range.setEnd(walk.currentNode, i + 1);
        const box = range.getBoundingClientRect();
        letters.push({ letter: walk.currentNode.data[i], middle: box.top + box.height / 2, height: box.height });
      }
    }
    const text = letters.map((l) => l.letter).join('');
    const ends = letters.map((l, i) => i > 0 && l.height > 0 && letters[i - 1].height > 0 && l.middle - letters[i - 1].middle > l.height * 0.6 ? i : 0).filter(Boolean);
    if (!ends.length) continue;
    headings += 1;
    for (const word of words) {
      for (let from = text.indexOf(word); from >= 0; from = text.indexOf(word, from + 1)) {
        // A word that is part of a longer one of the list is judged with that one.
        for (const end of ends.filter((at) => at > from && at < from + word.length)) wrong.push(`${word}: ${text.slice(Math.max(0, end - 6), end)}/${text.slice(end, end + 6)}`);
      }
    }
  }
  return { headings, wrong };
};

/** Targets below 24 px, and those of actions below 44 px. Links in a sentence are as high as its lines. */
export const smallTargets = () => {
  const wrong = [];
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.visually-hidden, .skip, .ask-trap');
  for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')) {
    if (!shown(e) || e.disabled || e.matches('.anchor')) continue;
    const target = e.closest('label') && /radio|checkbox/.test(e.type) ? e.closest('label') : e;
    const after = getComputedStyle(target, '::after');
    // A link whose invisible cover is the whole card.
    const box = after.position === 'absolute' && after.inset === '0px' ? (target.offsetParent ?? target).getBoundingClientRect() : target.getBoundingClientRect();
    const style = getComputedStyle(target);
    const action = e.matches('button, input, select, summary, .button, .nav a, .strip a, .acts a, .ways > ul a');
    const inText = style.display === 'inline' && target.parentElement.closest('p, li, dd, td, th, dt, caption, figcaption, h1, h2, h3, h4');
    if (inText && !action) {
      const line = parseFloat(getComputedStyle(inText).lineHeight);
      if (line < 24) wrong.push(`lines of ${Math.round(line)} px: ${e.outerHTML.slice(0, 90)}`);
      continue;
    }
    const least = action && !e.matches('.span-bar') ? 44 : 24;
    if (box.height < least - 0.5) wrong.push(`${Math.round(box.height)} px high: ${e.outerHTML.replace(/\s+/g, ' ').slice(0, 110)}`);
  }
  return wrong;
};
