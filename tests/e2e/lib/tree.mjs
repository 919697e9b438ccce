// Folders as maps from relative path to bytes or hash; copies, generated sites, and comparisons of two trees.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Relative paths of all files below `root`, sorted. Symbolic links are listed, never followed. */
export function files(root, { skip = [] } = {}) {
  const found = [];
  const walk = (below) => {
    for (const entry of fs.readdirSync(path.join(root, below), { withFileTypes: true })) {
      const name = below ? `${below}/${entry.name}` : entry.name;
      if (skip.includes(name)) continue;
      if (entry.isDirectory()) walk(name);
      else found.push(name);
    }
  };
  if (fs.existsSync(root)) walk('');
  return found.sort();
}

/** Path to hash of content (of the target's name for a symbolic link), for comparing trees. */
export function hashes(root, options) {
  const map = new Map();
  for (const name of files(root, options)) {
    const full = path.join(root, name);
    const link = fs.lstatSync(full).isSymbolicLink();
    map.set(name, createHash('sha256').update(link ? fs.readlinkSync(full) : fs.readFileSync(full)).digest('hex'));
  }
  return map;
}

/** Complaints about every difference between two maps of `hashes`. */
export function differences(a, b, nameA = 'first', nameB = 'second') {
  const wrong = [];
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    if (!a.has(name)) wrong.push(`${name} only in ${nameB}`);
    else if (!b.has(name)) wrong.push(`${name} only in ${nameA}`);
    else if (a.get(name) !== b.get(name)) wrong.push(`${name} differs`);
  }
  return wrong;
}

/** Writes a site: path to text, bytes, or `{ link: target }` for a symbolic link. */
export function plant(root, contents) {
  for (const [name, content] of Object.entries(contents)) {
    const full = path.join(root, name);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    if (typeof content === 'object' && !Buffer.isBuffer(content)) fs.symlinkSync(content.link, full);
    else fs.writeFileSync(full, content);
  }
}

/** What a site consists of, for copying it without its output. */
export const SITE_PARTS = ['site.yaml', 'content', 'data', 'static', 'templates', 'i18n', 'themes'];

/** Copies a site's own files. */
export function copySite(from, to) {
  fs.mkdirSync(to, { recursive: true });
  for (const part of SITE_PARTS) {
    if (fs.existsSync(path.join(from, part))) fs.cpSync(path.join(from, part), path.join(to, part), { recursive: true });
  }
}
