// The search client of the theme, run in Node on the files of a built site: what a browser would load is read from disk.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';

// `folder` is the folder of a search page; `client` the file of the script.
export function searchClient(folder, client) {
  const script = readFileSync(client, 'utf8');
  const window = {};
  const context = { window, puzhiSearch: undefined };
  runInNewContext(script, context);
  context.puzhiSearch = window.puzhiSearch;
  const sizes = new Map();
  const load = (name) => {
    if (sizes.has(name)) return;
    const text = readFileSync(join(folder, name));
    sizes.set(name, gzipSync(text, { level: 9 }).length);
    runInNewContext(text.toString(), context);
  };
  load('i.js');
  const { parse, evaluate, filesOf, positionFilesOf, wrongPlaces, corrected, termsOf, pieceOf, index, files } = window.puzhiSearch.internals;
  const clientBytes = gzipSync(script, { level: 9 }).length;
  // What a query finds, with the ten first pages' addresses, and the compressed bytes of all that it loads.
  return function search(text) {
    const loaded = new Set(['i.js']);
    const need = (names) => names.forEach((name) => { load(name); loaded.add(name); });
    const query = parse(text);
    need(filesOf(query));
    const places = wrongPlaces(query.units);
    let better = '';
    if (places.length) {
      need(['w.js']);
      const units = corrected(query.units, places, files['w.js'].split(' '));
      if (units) {
        better = units.map((unit, i) => (unit.joined || !i ? '' : ' ') + unit.text).join('');
        query.groups.push({ weight: 1, ways: [termsOf(units)] });
        need(filesOf(query));
      }
    }
    need(positionFilesOf(query));
    const found = evaluate(query);
    const first = found.slice(0, 10).map(({ page, score }) => {
      const group = Math.floor(page / index().group), name = `d/${group}-${pieceOf(page, query)}.js`;
      need([name]);
      const [title, url] = files[name][page % index().group];
      return { title, url, score, page };
    });
    const bytes = clientBytes + [...loaded].reduce((sum, name) => sum + sizes.get(name), 0);
    return { count: found.length, first, better, bytes, files: loaded.size, loaded: [...loaded] };
  };
}
