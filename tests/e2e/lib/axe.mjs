// axe-core in an open page.

import fs from 'node:fs';
import { createRequire } from 'node:module';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations of one open page, all rules on, best practices too. */
export async function axe(page, where) {
  await page.evaluate(AXE);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations', 'incomplete'] }));
  const tell = (v) => `${where}: ${v.id} (${v.impact}) ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.html.slice(0, 120)} ${n.any?.[0]?.message ?? ''}`).join(' | ')}`;
  return { violations: result.violations.map(tell), unsure: result.incomplete.map((v) => `${v.id}: ${v.nodes.length} on ${where}`) };
}
