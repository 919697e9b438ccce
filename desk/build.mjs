// Bundles the desk into src/desk/assets, or into the folder named as first argument: one script, one style sheet, the page, and the
// licences of the packages that the script contains. The same inputs give the same bytes.

import * as esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, '../src/desk/assets'));
fs.mkdirSync(out, { recursive: true });

const common = { absWorkingDir: here, bundle: true, minify: true, target: ['chrome90', 'firefox90', 'safari15'], charset: 'utf8', legalComments: 'none', logLevel: 'warning' };
const script = await esbuild.build({ ...common, entryPoints: ['src/main.js'], outfile: path.join(out, 'desk.js'), format: 'iife', metafile: true, alias: { '@codemirror/lang-html': './src/no-html.js' } });
await esbuild.build({ ...common, entryPoints: ['desk.css'], outfile: path.join(out, 'desk.css') });
for (const file of ['index.html', 'icon.svg']) fs.copyFileSync(path.join(here, file), path.join(out, file));

/** The packages of which the script has code, by name. */
const packages = new Set(Object.values(script.metafile.outputs).flatMap((output) => Object.entries(output.inputs))
  .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  .map(([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean));
const texts = [...packages].sort().map((name) => {
  const folder = path.join(here, 'node_modules', name);
  const { version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (license !== 'MIT') throw new Error(`${name} is under ${license}; see whether its licence may be shipped`);
  const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence text`);
  return `${name} ${version} (${license})\n\n${fs.readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
});
fs.writeFileSync(path.join(out, 'licences.txt'), `The script of the desk contains code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`);
