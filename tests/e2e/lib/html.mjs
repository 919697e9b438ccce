// HTML as a browser's parser sees it: elements, ids, text, addresses, and whatever would run as a script.

import fs from 'node:fs';
import { parse, parseFragment } from 'parse5';

const ADDRESSES = ['href', 'src', 'action', 'formaction', 'poster', 'data', 'cite', 'xlink:href', 'background', 'ping', 'longdesc'];
/** Elements that load what they point to. */
const LOADING = ['img', 'link', 'script', 'iframe', 'frame', 'audio', 'video', 'source', 'track', 'embed', 'object', 'input', 'image', 'use', 'feImage'];
const LIVE = ['script', 'iframe', 'frame', 'object', 'embed', 'applet', 'base', 'portal', 'animate', 'set', 'foreignObject'];

/** Walks all elements of a parsed tree, templates' contents included. */
export function* elements(node) {
  if (node.tagName) yield node;
  for (const child of node.content?.childNodes ?? node.childNodes ?? []) yield* elements(child);
}

export const document = (file) => parse(fs.readFileSync(file, 'utf8'));
export const fragment = (text) => parseFragment(text);

export function attribute(element, name) {
  return element.attrs?.find((a) => (a.prefix ? `${a.prefix}:${a.name}` : a.name) === name)?.value;
}

/** The text of a tree, styles and scripts left out. */
export function text(node) {
  if (node.nodeName === '#text') return node.value;
  if (['style', 'script'].includes(node.tagName)) return '';
  return (node.content?.childNodes ?? node.childNodes ?? []).map(text).join('');
}

/** All values people can link to. */
export function ids(root) {
  const found = new Set();
  for (const element of elements(root)) {
    for (const name of ['id', ...(element.tagName === 'a' ? ['name'] : [])]) {
      const value = attribute(element, name);
      if (value) found.add(value);
    }
  }
  return found;
}

/** All addresses of a tree: `{ url, tag, loads, rel }`. */
export function* addresses(root) {
  for (const element of elements(root)) {
    const tag = element.tagName;
    const rel = (attribute(element, 'rel') ?? '').split(/\s+/);
    for (const name of ADDRESSES) {
      const url = attribute(element, name);
      if (url === undefined) continue;
      const loads = LOADING.includes(tag) && !(tag === 'link' && !rel.some((r) => ['stylesheet', 'icon', 'preload', 'manifest'].includes(r)));
      yield { url, tag, loads, rel };
    }
    for (const part of (attribute(element, 'srcset') ?? '').split(',').filter((p) => p.trim())) {
      yield { url: part.trim().split(/\s+/)[0], tag, loads: true, rel };
    }
    const styles = (attribute(element, 'style') ?? '') + (tag === 'style' ? text({ childNodes: element.childNodes }) : '');
    for (const url of cssAddresses(styles)) yield { url, tag, loads: true, rel };
    if (tag === 'meta' && /refresh/i.test(attribute(element, 'http-equiv') ?? '')) {
      const url = /url\s*=\s*['"]?([^'"]+)/i.exec(attribute(element, 'content') ?? '')?.[1];
      if (url) yield { url: url.trim(), tag, loads: false, rel: ['refresh'] };
    }
  }
}

/** What a style sheet loads. */
export function* cssAddresses(css) {
  for (const [, url] of css.matchAll(/url\(\s*['"]?([^'")]+)['"]?\s*\)/g)) yield url;
  for (const [, url] of css.matchAll(/@import\s+['"]([^'"]+)['"]/g)) yield url;
}

/** Whether a `<script>` is a block of data that parses; browsers run none of it. */
function isData(element) {
  if (element.tagName !== 'script' || attribute(element, 'type') !== 'application/ld+json' || element.attrs.length !== 1) return false;
  try {
    return typeof JSON.parse(element.childNodes.map((child) => child.value ?? '').join('')) === 'object';
  } catch {
    return false;
  }
}

/** Addresses of the theme's own scripts, and of the data of the search page, which are scripts so that they load from disk. */
const OWN_SCRIPT = String.raw`(?:(?:\.\/|(?:\.\.\/)+|\/)js\/(?:aging|open|search)\.[0-9a-f]{8}\.js|(?:(?:\.\.\/)+(?:[a-z-]+\/)?search\/)?i\.js\?[0-9a-f]{8})`;

/** A `<script` in a page's text that is neither one of those nor a block of data. */
export const FOREIGN_SCRIPT = new RegExp(`<script(?! type="application/ld\\+json">| src="${OWN_SCRIPT}")`, 'i');

/** Whether a `<script>` is one of them, which pages do without: nothing inside it, run after the page is there. */
function isOwn(element) {
  const known = new RegExp(`^${OWN_SCRIPT}$`).test(attribute(element, 'src') ?? '') && element.attrs.some((a) => a.name === 'defer');
  return element.tagName === 'script' && known && element.childNodes.length === 0;
}

/** Complaints about everything in a tree that a browser would run. */
export function live(root, where) {
  const wrong = [];
  for (const element of elements(root)) {
    if (LIVE.includes(element.tagName) && !isData(element) && !isOwn(element)) wrong.push(`${where}: <${element.tagName}>`);
    for (const { name, value } of element.attrs ?? []) {
      if (/^on/i.test(name)) wrong.push(`${where}: <${element.tagName} ${name}="${value}">`);
      if (name === 'srcdoc') wrong.push(`${where}: srcdoc`);
      const url = value.replace(/[\u0000-\u0020\u007f-\u00a0\u200b\ufeff]/g, '');
      if (ADDRESSES.includes(name) && /^(javascript|vbscript|data|livescript|file|blob|filesystem):/i.test(url)) {
        wrong.push(`${where}: <${element.tagName} ${name}="${value}">`);
      }
      if (name === 'style' && /expression|javascript|url\(/i.test(value)) wrong.push(`${where}: style="${value}"`);
    }
  }
  for (const { url, rel } of addresses(root)) {
    if (rel.includes('refresh') && !/^(\.{0,2}\/|[^:]*$|https?:)/.test(url)) wrong.push(`${where}: refresh to ${url}`);
  }
  return wrong;
}
