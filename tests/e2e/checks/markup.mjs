// The Nu HTML checker reads every page: no errors; its warnings are listed.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { check, note } from '../lib/report.mjs';
import { REPO, WORK, mustBuild, shipped } from '../lib/puzhi.mjs';

const JAR = String(createRequire(import.meta.url)('vnu-jar'));

function nu(folder) {
  const run = spawnSync('java', ['-Xss2m', '-jar', JAR, '--format', 'json', '--skip-non-html', '--exit-zero-always', folder], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.error) throw run.error;
  const { messages } = JSON.parse(run.stderr);
  // A linked copy of one complaint per page says no more than one.
  const kinds = new Map();
  for (const m of messages) {
    const key = `${m.subType ?? m.type}: ${m.message}`;
    const kind = kinds.get(key) ?? { ...m, count: 0 };
    kind.count += 1;
    kinds.set(key, kind);
  }
  return [...kinds.values()];
}

const tell = (m, folder) => {
  const file = path.relative(folder, decodeURIComponent(new URL(m.url).pathname));
  return `${m.count}× ${file}:${m.lastLine}:${m.lastColumn} ${m.message}\n      ${(m.extract ?? '').replace(/\s+/g, ' ').trim()}`;
};

export default async function () {
  const second = () => mustBuild(path.join(REPO, 'tests/fixtures/second-site'), path.join(WORK, 'markup-second'));
  for (const [name, folder] of [['relative', () => shipped('relative')], ['with an address', () => shipped('below')], ['second site', second]]) {
    await check(`Nu HTML checker: no errors, ${name}`, () => {
      const root = folder();
      if (!fs.existsSync(path.join(root, 'index.html'))) throw new Error('nothing was built');
      const messages = nu(root);
      const errors = messages.filter((m) => m.type !== 'info');
      const warnings = messages.filter((m) => m.type === 'info');
      if (warnings.length) note(`${warnings.length} kinds of warnings:\n${warnings.map((m) => tell(m, root)).join('\n')}`);
      return errors.map((m) => tell(m, root));
    });
  }
}
