// Collects named checks and says how each went: one line `ok NAME` or `FAIL NAME: what is wrong`.
// A check is a function that throws, or returns a list of complaints (none is good), or adds notes with `note`.

const MOST = 12;
const tally = { passed: 0, failed: 0 };

/** Runs one check and prints its line. */
export async function check(name, job) {
  const start = Date.now();
  let complaints;
  try {
    complaints = (await job()) ?? [];
  } catch (error) {
    complaints = [error.stack ?? String(error)];
  }
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  if (complaints.length === 0) {
    tally.passed += 1;
    console.log(`ok ${name} (${seconds} s)`);
  } else {
    tally.failed += 1;
    const shown = complaints.slice(0, MOST).map((c) => `\n    ${c}`).join('');
    const rest = complaints.length > MOST ? `\n    … and ${complaints.length - MOST} more` : '';
    console.log(`FAIL ${name}: ${complaints.length} (${seconds} s)${shown}${rest}`);
  }
}

/** Prints something worth reading that is no failure. */
export function note(text) {
  console.log(text.replace(/^/gm, '    '));
}

/** Prints the closing line and returns the exit code. */
export function finish() {
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0 ? 0 : 1;
}
