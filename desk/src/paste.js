// Turns what was copied from Word, WPS or a web page into clean Markdown. In: HTML of the clipboard, which is parsed into a document
// of its own that nothing runs in. Out: Markdown, or null where the plain text says as much.

const SKIP = new Set(['STYLE', 'SCRIPT', 'HEAD', 'TITLE', 'META', 'LINK', 'IMG', 'SVG', 'OBJECT', 'IFRAME', 'TEMPLATE', 'O:P']);
const BLOCKS = new Set(['P', 'DIV', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'UL', 'OL', 'LI', 'TABLE', 'BLOCKQUOTE', 'SECTION', 'ARTICLE', 'PRE', 'HR']);

const squeeze = (text) => text.replace(/[\s\u00a0]+/g, ' ');
const escape = (text) => text.replace(/([\\`*_\[\]<>])/g, '\\$1');

function isBold(element) {
  if (element.tagName === 'B' && /font-weight:\s*normal/i.test(element.getAttribute('data-style') || '')) return false;
  return ['B', 'STRONG'].includes(element.tagName) || /font-weight:\s*(bold|[6-9]00)/i.test(element.getAttribute('data-style') || '');
}

function inline(node) {
  if (node.nodeType === Node.TEXT_NODE) return escape(squeeze(node.data));
  if (node.nodeType !== Node.ELEMENT_NODE || SKIP.has(node.tagName.toUpperCase())) return '';
  if (node.tagName === 'BR') return '\n';
  // Word writes the mark of a list item as text that "mso-list: Ignore" hides from itself.
  if (/mso-list:\s*ignore/i.test(node.getAttribute('data-style') || '')) return '';
  const text = [...node.childNodes].map(inline).join('');
  const href = node.tagName === 'A' ? node.getAttribute('href') || '' : '';
  if (/^(https?:|mailto:|tel:)/i.test(href) && text.trim()) return `[${text.trim()}](${href.replace(/[()\s]/g, encodeURIComponent)})`;
  if (isBold(node) && text.trim() && !text.includes('**')) return text.replace(/^(\s*)([\s\S]*?)(\s*)$/, '$1**$2**$3');
  return text;
}

function cellText(cell) {
  const parts = [...cell.childNodes].map(inline).map((text) => squeeze(text).trim()).filter(Boolean);
  const together = [...cell.children].some((child) => BLOCKS.has(child.tagName)) ? parts.join(' ') : squeeze(inline(cell)).trim();
  return together.replace(/\|/g, '\\|');
}

function table(element) {
  const rows = [...element.querySelectorAll('tr')].map((row) => [...row.children].filter((c) => /^T[DH]$/.test(c.tagName)).map(cellText)).filter((row) => row.length);
  if (!rows.length) return '';
  const width = Math.max(...rows.map((row) => row.length));
  if (width === 1) return rows.map((row) => row[0]).join('\n\n');
  const line = (row) => `| ${Array.from({ length: width }, (_, i) => row[i] || '').join(' | ')} |`;
  return [line(rows[0]), `|${' --- |'.repeat(width)}`, ...rows.slice(1).map(line)].join('\n');
}

function list(element, depth) {
  let number = 0;
  const lines = [];
  for (const item of element.children) {
    if (item.tagName === 'UL' || item.tagName === 'OL') { lines.push(list(item, depth + 1)); continue; }
    if (item.tagName !== 'LI') continue;
    number += 1;
    const inner = [...item.childNodes].filter((n) => !/^(UL|OL)$/.test(n.tagName || '')).map(inline).join('').trim().replace(/\n+/g, ' ');
    lines.push(`${'   '.repeat(depth)}${element.tagName === 'OL' ? `${number}.` : '-'} ${inner}`);
    for (const below of item.children) if (/^(UL|OL)$/.test(below.tagName)) lines.push(list(below, depth + 1));
  }
  return lines.join('\n');
}

function blocks(node, out) {
  let text = '';
  const flush = () => {
    const paragraph = text.split('\n').map((line) => line.trim()).join('\n').trim();
    // Marks at the start of a line that were words there.
    if (paragraph) out.push(paragraph.replace(/^(\d+)([.)])(?=\s)/gm, '$1\\$2').replace(/^(?=(?:#{1,6}|[-+])\s)/gm, '\\').replace(/\n/g, '  \n'));
    text = '';
  };
  for (const child of node.childNodes) {
    const tag = child.tagName?.toUpperCase() || '';
    if (!BLOCKS.has(tag)) {
      if (child.nodeType === Node.ELEMENT_NODE && [...child.querySelectorAll('*')].some((e) => BLOCKS.has(e.tagName))) { flush(); blocks(child, out); } else text += inline(child);
      continue;
    }
    flush();
    const style = child.getAttribute('data-style') || '';
    const level = /^H([1-6])$/.exec(tag)?.[1] || /MsoHeading(\d)|mso-outline-level:\s*(\d)/i.exec(`${child.className} ${style}`)?.slice(1).find(Boolean);
    if (level) {
      const words = inline(child).replace(/\*\*/g, '').replace(/\s+/g, ' ').trim();
      if (words) out.push(`${'#'.repeat(Math.min(4, Math.max(2, Number(level) + (level === '1' ? 1 : 0))))} ${words}`);
    } else if (tag === 'TABLE') out.push(table(child));
    else if (tag === 'UL' || tag === 'OL') out.push(list(child, 0));
    else if (tag === 'HR') out.push('---');
    else if (tag === 'BLOCKQUOTE') {
      const inner = [];
      blocks(child, inner);
      out.push(inner.join('\n\n').replace(/^/gm, '> '));
    } else if (/mso-list:\s*l\d/i.test(style) && /^P$/.test(tag)) {
      const mark = squeeze(child.textContent).trim();
      const item = `${/^\(?\d/.test(mark) ? '1.' : '-'} ${inline(child).trim()}`;
      if (/^(1\.|-) /.test(out[out.length - 1] || '')) out[out.length - 1] += `\n${item}`; else out.push(item);
    } else blocks(child, out);
  }
  flush();
}

/** The HTML without styles and scripts, of which the desk's policy would complain; inline styles under another name, since Word says much by them. */
function harmless(html) {
  return html.replace(/<!--[\s\S]*?-->/g, '').replace(/<(style|script|xml)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'])(style|on[a-z]+|srcdoc)\s*=/gi, '$1data-$2='));
}

/** Markdown of copied HTML; null if it has nothing that plain text lacks. */
export function markdownOf(html) {
  const page = new DOMParser().parseFromString(harmless(html), 'text/html');
  const { body } = page;
  if (!body.querySelector('h1,h2,h3,h4,h5,h6,b,strong,ul,ol,table,a[href],blockquote,p,[data-style*="mso-list"],[data-style*="font-weight"]')) return null;
  const out = [];
  blocks(body, out);
  return out.filter(Boolean).join('\n\n') || null;
}
