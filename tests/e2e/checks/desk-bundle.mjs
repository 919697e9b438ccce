// The bundle of the desk that is committed: what its sources give, byte for byte, with no address of another host in it.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { check, note } from '../lib/report.mjs';
import { REPO, WORK } from '../lib/puzhi.mjs';
import { differences, files, hashes } from '../lib/tree.mjs';

const DESK = path.join(REPO, 'desk');
const ASSETS = path.join(REPO, 'src/desk/assets');

/** Most bytes of script, style and page as they travel. */
const MOST_BYTES = 250 * 1024;

/** Addresses that are names and are never asked: namespaces of SVG and of HTML. */
const NAMES = /^http:\/\/www\.w3\.org\/(2000\/svg|1999\/xhtml)$/;

/** Installs the packages by the lock file, only when it changed. */
function install() {
  const lock = path.join(DESK, 'package-lock.json');
  const stamp = path.join(DESK, 'node_modules/.locked');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp).equals(fs.readFileSync(lock))) return;
  execFileSync('npm', ['ci', '--silent'], { cwd: DESK, stdio: 'inherit' });
  fs.copyFileSync(lock, stamp);
}

export default async function run() {
  await check('desk bundle: a rebuild gives the committed files', () => {
    install();
    const out = path.join(WORK, 'desk-bundle');
    execFileSync(process.execPath, [path.join(DESK, 'build.mjs'), out], { stdio: 'inherit' });
    return differences(hashes(ASSETS), hashes(out), 'src/desk/assets', 'a rebuild (node desk/build.mjs)');
  });

  await check('desk bundle: small, without addresses of other hosts, and with the licences of its packages', () => {
    const wrong = [];
    let sum = 0;
    for (const name of files(ASSETS)) {
      const bytes = fs.readFileSync(path.join(ASSETS, name));
      if (name !== 'licences.txt') {
        sum += gzipSync(bytes, { level: 9 }).length;
        for (const [address] of bytes.toString().matchAll(/https?:\/\/[a-z0-9.-]+\.[a-z]{2,}[^\s"'`)<>\\]*/gi)) if (!NAMES.test(address)) wrong.push(`${name} has ${address}`);
      }
    }
    note(`desk bundle: ${Math.round(sum / 1024)} KB as it travels`);
    if (sum > MOST_BYTES) wrong.push(`${sum} bytes`);
    const licences = fs.readFileSync(path.join(ASSETS, 'licences.txt'), 'utf8');
    for (const name of ['@codemirror/view', '@lezer/markdown', 'style-mod']) if (!licences.includes(`${name} `)) wrong.push(`no licence of ${name}`);
    return wrong;
  });

  await check('desk sources: text only as text nodes, and exact versions of packages without a registry', () => {
    const wrong = [];
    const lock = fs.readFileSync(path.join(DESK, 'package-lock.json'), 'utf8');
    if (/"resolved"|registry\./.test(lock)) wrong.push('package-lock.json names a registry');
    const { dependencies, devDependencies } = JSON.parse(fs.readFileSync(path.join(DESK, 'package.json'), 'utf8'));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) if (!/^\d+\.\d+\.\d+$/.test(version)) wrong.push(`${name} ${version}`);
    for (const name of files(path.join(DESK, 'src'))) {
      const text = fs.readFileSync(path.join(DESK, 'src', name), 'utf8');
      if (!text.startsWith('// ')) wrong.push(`${name} does not open with its job`);
      if (text.split('\n').length > 600) wrong.push(`${name} has more than 600 lines`);
      for (const mark of ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write', 'eval(', 'new Function', 'createContextualFragment', 'setHTML', "setAttribute('style'", 'localStorage']) if (text.includes(mark)) wrong.push(`${name} has ${mark}`);
    }
    return wrong;
  });
}
