// Resolves every address of a built site the way a server and a browser would, under any base path, without a server.

import fs from 'node:fs';
import path from 'node:path';
import { addresses, attribute, cssAddresses, document, elements, ids } from './html.mjs';
import { files } from './tree.mjs';

const HOST = 'http://site.invalid';
const OUT = /^(https?|mailto|tel):/i;

/** The pages and files of one built site, parsed once. */
export class Built {
  /** With `disk`, links must work where pages are opened from disk: a folder shows no page there. */
  constructor(root, { disk = false } = {}) {
    this.root = root;
    this.disk = disk;
    this.names = new Set(files(root, { skip: ['.puzhi'] }));
    this.trees = new Map();
    this.anchors = new Map();
  }

  html() {
    return [...this.names].filter((name) => name.endsWith('.html'));
  }

  tree(name) {
    if (!this.trees.has(name)) this.trees.set(name, document(path.join(this.root, name)));
    return this.trees.get(name);
  }

  ids(name) {
    if (!this.anchors.has(name)) this.anchors.set(name, ids(this.tree(name)));
    return this.anchors.get(name);
  }

  /** Where a page is seen when the site lies under `prefix`. */
  address(name, prefix) {
    return HOST + prefix + encodeURI(this.disk ? name : name.replace(/(^|\/)index\.html$/, '$1'));
  }

  /** The file behind an address of the site, or why there is none. `served` says that a server answers, even for a page on disk. */
  target(url, prefix, served = !this.disk) {
    let below;
    try {
      below = decodeURIComponent(url.pathname);
    } catch {
      return { why: 'is no proper percent-encoding' };
    }
    if (!below.startsWith(prefix)) return { why: `leaves ${prefix}` };
    below = below.slice(prefix.length);
    const folder = below === '' || below.endsWith('/');
    if (folder && !served) return { why: 'is a folder, of which a browser lists the files' };
    const name = folder ? `${below}index.html` : below;
    return this.names.has(name) ? { name } : { why: 'does not exist' };
  }

  /** Complaints about the addresses of one page seen at `seen`. `base` is the absolute address the site was built for. */
  page(name, prefix, base, seen = this.address(name, prefix)) {
    const wrong = [];
    const say = (url, why) => wrong.push(`${name}: ${url} ${why}`);
    for (const { url, tag, loads, rel } of addresses(this.tree(name))) {
      if (url === '' && tag !== 'a') { say(`<${tag}>`, 'has an empty address'); continue; }
      // An anchor alone stays on the page that is shown, wherever that is.
      if (url.startsWith('#')) {
        if (url.length > 1 && url !== '#top' && !this.ids(name).has(decodeURIComponent(url.slice(1)))) say(url, 'has no such anchor on the page');
        continue;
      }
      let full, absolute;
      try {
        // A calendar is subscribed to at its own address under another scheme.
        const fetched = url.replace(/^webcal:/, base?.split(':')[0] + ':');
        if (fetched !== url && !fetched.endsWith('.ics')) say(url, 'is no calendar');
        absolute = base && fetched.startsWith(base);
        full = new URL(absolute ? HOST + prefix + fetched.slice(base.length) : url, seen);
      } catch {
        say(url, 'is no address');
        continue;
      }
      if (full.origin !== HOST) {
        if (loads && full.protocol !== 'data:') say(url, 'is loaded from another host');
        else if (!loads && !OUT.test(url)) say(url, 'has a strange scheme');
        continue;
      }
      const { name: file, why } = this.target(full, prefix, !this.disk || absolute);
      if (why) { say(url, why); continue; }
      const anchor = decodeURIComponent(full.hash.slice(1));
      if (anchor && anchor !== 'top' && file.endsWith('.html') && !this.ids(file).has(anchor)) say(url, `has no such anchor in ${file}`);
      if (tag === 'link' && rel.includes('stylesheet') && !file.endsWith('.css')) say(url, 'is no style sheet');
    }
    for (const element of elements(this.tree(name))) {
      if (element.tagName === 'base') say('<base>', 'is not wanted');
      const forms = element.tagName === 'meta' && /^og:(url|image)$/.test(attribute(element, 'property') ?? '');
      if (forms) {
        const url = attribute(element, 'content');
        if (!base || !url.startsWith(base)) say(url, `in ${attribute(element, 'property')} is not under ${base ?? 'any base'}`);
        else if (this.target(new URL(HOST + prefix + url.slice(base.length)), prefix, true).why) say(url, 'does not exist');
      }
    }
    return wrong;
  }

  /** Complaints about what style sheets load. */
  styles() {
    const wrong = [];
    for (const name of [...this.names].filter((n) => n.endsWith('.css'))) {
      for (const url of cssAddresses(fs.readFileSync(path.join(this.root, name), 'utf8'))) {
        if (url.startsWith('data:')) continue;
        const full = new URL(url, this.address(name, '/'));
        if (full.origin !== HOST) wrong.push(`${name}: ${url} is loaded from another host`);
        else if (this.target(full, '/').why) wrong.push(`${name}: ${url} does not exist`);
      }
    }
    return wrong;
  }

  /** Complaints about all pages when the site lies under `prefix`. */
  all(prefix, base) {
    return [...this.html().flatMap((name) => (/^(large\/)?404\.html$/.test(name) ? [] : this.page(name, prefix, base))), ...this.styles()];
  }
}
