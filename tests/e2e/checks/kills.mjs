// Twenty builds of an edited site are killed at random moments. Each file is then old or new, never torn; and after the
// edit is taken back, a plain build gives a clean build's bytes.

import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { BASE, DATE, REPO, WORK, build, ended, started } from '../lib/puzhi.mjs';
import { copySite, differences, files, hashes } from '../lib/tree.mjs';

const SEED = Number(process.env.SEED ?? 20250426);
const ROUNDS = 20;

/** Small, known and enough: mulberry32. */
function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A random edit: what it is, and how to do it and take it back, as often as wanted. */
function edit(site, pick) {
  const articles = files(path.join(site, 'content/guides')).filter((n) => n.endsWith('.md') && !n.startsWith('_index'));
  const [what, name, change] = pick([
    ['the title of the site', 'site.yaml', (before) => before.toString().replace(/^title: .*$/m, 'title: 改过的名字')],
    ['a body', `content/guides/${pick(articles)}`, (before) => `${before}\n\n新加的一段。\n`],
    ['a new page', 'content/guides/added-page.md', () => '---\ntitle: 新加的一页\ndate: 2024-01-01\n---\n\n正文。\n'],
    ['a page less', 'content/stories/sample-mediation.md', () => null],
    ['a new attachment', 'content/guides/big.bin', () => Buffer.alloc(4 << 20, 7)],
  ]);
  const full = path.join(site, name);
  const before = fs.existsSync(full) ? fs.readFileSync(full) : null;
  const put = (bytes) => (bytes === null ? fs.rmSync(full) : fs.writeFileSync(full, bytes));
  return { what, apply: () => put(change(before)), revert: () => put(before) };
}

export default async function () {
  await check(`${ROUNDS} kills at random moments (seed ${SEED})`, async () => {
    const next = random(SEED);
    const pick = (list) => list[Math.floor(next() * list.length)];
    const site = path.join(WORK, 'kills', 'site');
    copySite(REPO, site);
    const out = path.join(site, 'public');
    const clean = path.join(WORK, 'kills', 'clean');
    const plain = ['--root', site, '--date', DATE, '--base-url', `${BASE}/`];
    const skip = { skip: ['.puzhi'] };
    const first = build([...plain, '--out', clean]);
    const wrong = [...ended(first, 0), ...ended(build(plain), 0)];
    const good = hashes(clean, skip);
    const around = fs.readdirSync(site).sort().join();
    let inTime = 0;
    let mixed = 0;
    let usual = (await started(plain)).took;
    for (let round = 0; round < ROUNDS && wrong.length === 0; round += 1) {
      const { what, apply, revert } = edit(site, pick);
      apply();
      const fresh = path.join(WORK, 'kills', `new-${round}`);
      wrong.push(...ended(build([...plain, '--out', fresh]), 0));
      const after = hashes(fresh, skip);
      // Every other kill is aimed: the program has just noted what it is about to change, and files are being moved.
      const mark = round % 2 ? path.join(out, '.puzhi/files') : undefined;
      let span = mark ? 20 : usual;
      // One that comes after the end is tried again, sooner.
      for (let attempt = 0; attempt < 10; attempt += 1) {
        const { killed, took } = await started(plain, { delay: span * next(), mark });
        if (killed) { inTime += 1; break; }
        wrong.push(...differences(after, hashes(out, skip), 'clean', 'built in full').map((d) => `round ${round} (${what}): ${d}`));
        revert();
        usual = (await started(plain)).took;
        apply();
        span = mark ? span / 2 : Math.min(took, usual) * 0.8;
      }
      const left = hashes(out, skip);
      for (const [name, hash] of left) {
        if (hash !== good.get(name) && hash !== after.get(name)) wrong.push(`round ${round} (${what}): ${name} is neither old nor new`);
      }
      for (const name of good.keys()) if (after.has(name) && !left.has(name)) wrong.push(`round ${round} (${what}): ${name} went`);
      if (differences(good, left).length && differences(after, left).length) mixed += 1;
      revert();
      wrong.push(...ended(build(plain), 0), ...differences(good, hashes(out, skip), 'clean', 'after the kill').map((d) => `round ${round} (${what}): ${d}`));
      if (fs.readdirSync(site).sort().join() !== around) wrong.push(`round ${round}: left beside the output: ${fs.readdirSync(site)}`);
      fs.rmSync(fresh, { recursive: true });
    }
    note(`${inTime} of ${ROUNDS} kills in time, ${mixed} left a mix of old and new`);
    return inTime === ROUNDS || wrong.length ? wrong : [`only ${inTime} of ${ROUNDS} kills came in time`];
  });
}
