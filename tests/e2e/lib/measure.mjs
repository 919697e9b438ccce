// What a reader sees, measured in an open page: sizes of text and targets, contrast, movement, and where lines break. The functions
// run in the page, so each is whole in itself.

/** Complaints about text and targets of a large page: text of 24 px, lines 1.8 times as high, targets of 44 px, contrast of 7 to 1. */
export const largeness = () => {
  const wrong = new Set();
  const tell = (e) => e.outerHTML.replace(/\s+/g, ' ').slice(0, 90);
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(colour);
  };
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !e.closest('.visually-hidden, .skip, .ask-trap, thead, svg, math, noscript');
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let least = { size: Infinity, contrast: Infinity, line: Infinity, target: Infinity };
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !shown(e)) continue;
    const style = getComputedStyle(e);
    const size = parseFloat(style.fontSize);
    // Numbers of notes and readings of characters stand beside the text.
    if (!e.closest('sup, sub, rt')) {
      least.size = Math.min(least.size, size);
      if (size < 23.9) wrong.add(`text of ${size} px: ${tell(e)}`);
      const block = e.closest('p, li, dd, td');
      if (block && block === e && !e.closest('h1, h2, h3, h4, button, .button, .goal, .share, .day, nav, .pager, .chips')) {
        const line = parseFloat(style.lineHeight) / size;
        least.line = Math.min(least.line, line);
        if (line < 1.79) wrong.add(`lines ${line.toFixed(2)} times the text: ${tell(e)}`);
      }
    }
    const [a, b] = [luminance(rgba(style.color)), luminance(ground(e))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    least.contrast = Math.min(least.contrast, contrast);
    if (contrast < 7) wrong.add(`contrast ${contrast.toFixed(2)}: ${tell(e)}`);
  }
  for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')) {
    if (!shown(e) || e.disabled) continue;
    // A box that is chosen by its label is as large as the label.
    const target = e.closest('label') && /radio|checkbox/.test(e.type) ? e.closest('label') : e;
    const boxes = [...target.getClientRects()].filter((box) => box.width && box.height);
    const height = Math.max(...boxes.map((box) => box.height));
    const width = Math.max(...boxes.map((box) => box.width));
    least.target = Math.min(least.target, height);
    if (height < 43.9) wrong.add(`${Math.round(height)} px high: ${tell(e)}`);
    if (width < 43.9 && getComputedStyle(target).display !== 'inline') wrong.add(`${Math.round(width)} px wide: ${tell(e)}`);
  }
  if (document.getAnimations().length) wrong.add('something moves');
  return { wrong: [...wrong], least };
};

/** Complaints about lines that begin with a closing sign or end with an opening one. */
export const lineBreaks = () => {
  const closing = new Set('，。、；：？！）》」』】〉〕”’…%');
  const opening = new Set('（《「『【〈〔“‘');
  const wrong = [];
  const blocks = [...document.querySelectorAll('p, li, dd, dt, td, th, h1, h2, h3, h4, summary, figcaption, caption, label, legend')];
  const range = document.createRange();
  for (const block of blocks) {
    if (!block.checkVisibility() || block.closest('.visually-hidden, pre, svg')) continue;
    const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    let before = null;
    while (walk.nextNode()) {
      const node = walk.currentNode;
      const parent = node.parentElement;
      if (parent.closest('p, li, dd, dt, td, th, h1, h2, h3, h4, summary, figcaption, caption, label, legend') !== block) { before = null; continue; }
      if (parent.closest('.visually-hidden, rt, svg') || !parent.checkVisibility()) continue;
      for (let i = 0; i < node.data.length; i += 1) {
        if (/\s/.test(node.data[i])) continue;
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        const box = range.getClientRects()[0];
        if (!box || !box.width) continue;
        const sign = node.data[i];
        if (before && box.top > before.box.top + before.box.height * 0.6 && box.left < before.box.right) {
          if (closing.has(sign)) wrong.push(`a line begins with ${sign}: ${block.textContent.trim().replace(/\s+/g, ' ').slice(0, 60)}`);
          if (opening.has(before.sign)) wrong.push(`a line ends with ${before.sign}: ${block.textContent.trim().replace(/\s+/g, ' ').slice(0, 60)}`);
        }
        before = { box, sign };
      }
    }
  }
  return wrong;
};

/** What scrolls sideways, or is cut off, on a page as narrow as 400 % zoom makes it. */
export const sideways = () => {
  const wrong = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth) wrong.push(`the page is ${root.scrollWidth} px wide in ${root.clientWidth}`);
  for (const e of document.body.querySelectorAll('*')) {
    if (e.closest('.table, math, svg, .visually-hidden') || e.clientWidth <= 1) continue;
    const over = getComputedStyle(e).overflowX;
    if (over !== 'visible' && e.scrollWidth > e.clientWidth + 1) wrong.push(`${over === 'hidden' || over === 'clip' ? 'cut off' : 'scrolls'}: ${e.outerHTML.slice(0, 100)} ${e.scrollWidth} in ${e.clientWidth}`);
  }
  return wrong;
};
