// Runs the end-to-end checks, all of them or those named: `node run.mjs [links markup …]`.
// Each check prints one line; the last line is `N passed, N failed`.

import { check, finish } from './lib/report.mjs';

const ALL = ['build', 'links', 'disk', 'hosting', 'markup', 'feeds', 'republishing', 'press', 'copying', 'calendar', 'events', 'weight', 'search', 'facts', 'claims', 'wording', 'tasks', 'second-site', 'folders', 'hostile', 'kills', 'collector', 'collector-cluster', 'disk-full', 'survey', 'field', 'browser', 'look', 'large', 'serve', 'desk', 'desk-walk', 'desk-bundle'];

const named = process.argv.slice(2);
for (const name of named.length ? named : ALL) {
  try {
    const { default: run } = await import(`./checks/${name}.mjs`);
    await run();
  } catch (error) {
    await check(`${name} runs to its end`, () => { throw error; });
  }
}
process.exitCode = finish();
