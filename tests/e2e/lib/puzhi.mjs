// Runs the program under test: the one named by PUZHI, or target/quick/puzhi.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPO = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const BINARY = path.resolve(process.env.PUZHI ?? path.join(REPO, 'target/quick/puzhi'));
export const BASE = 'https://www.example.gov.cn';
export const FOLDER = '/ztzl/zscq/';

/** One day for the whole run, so that midnight changes nothing. */
export const DATE = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date());

/** A folder for this run; removed at the end unless KEEP is set. */
export const WORK = fs.mkdtempSync(path.join(os.tmpdir(), 'puzhi-e2e-'));
process.on('exit', () => process.env.KEEP || fs.rmSync(WORK, { recursive: true, force: true }));

/** Runs `puzhi build`; returns exit code, findings (from --format json) and the rest. */
export function build(args, { cwd = WORK, env = {}, limits = '', wrap = '' } = {}) {
  const words = ['build', '--format', 'json', ...args];
  const start = Date.now();
  const run = spawnSync('bash', ['-c', `${limits} exec ${wrap} "$0" "$@"`, BINARY, ...words], {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const findings = [];
  const other = [];
  for (const line of run.stdout.split('\n').filter(Boolean)) {
    try {
      findings.push(JSON.parse(line));
    } catch {
      other.push(line);
    }
  }
  return { code: run.status, signal: run.signal, findings, other, stderr: run.stderr, seconds: (Date.now() - start) / 1000 };
}

/** Complaints when a run did not end with `code`. */
export function ended(run, code) {
  if (run.code === code) return [];
  const said = run.findings.map(say).join('\n      ');
  return [`exit ${run.code ?? run.signal} instead of ${code}\n      ${said}${run.stderr.slice(0, 2000)}`];
}

/** A finding on one line. */
export function say(f) {
  return `${f.file ?? ''}:${f.line ?? ''}:${f.column ?? ''} ${f.severity} ${f.code}: ${f.message}`;
}

/** Builds and returns the output folder, or throws what the program said. */
export function mustBuild(root, out, ...args) {
  const run = build(['--root', root, '--out', out, '--date', DATE, ...args]);
  const wrong = ended(run, 0);
  if (wrong.length) throw new Error(`build of ${path.relative(REPO, root)}: ${wrong[0]}`);
  return out;
}

const built = new Map();

/** The shipped site, built once a run: `relative` without an address, `top` at the root of a host, `below` under a folder. */
export function shipped(form) {
  if (!built.has(form)) {
    const address = { relative: [], top: ['--base-url', `${BASE}/`], below: ['--base-url', `${BASE}${FOLDER}`] }[form];
    built.set(form, mustBuild(REPO, path.join(WORK, `shipped-${form}`), '--strict', ...address));
  }
  return built.get(form);
}

/**
 * Starts a build; tells whether it was killed and how long it ran. With `delay` it is killed after so many milliseconds,
 * counted from the start or, with `mark`, from the moment that file is written.
 */
export function started(args, { delay, mark } = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(BINARY, ['build', ...args], { stdio: 'ignore' });
    const kill = () => setTimeout(() => child.kill('SIGKILL'), delay);
    const timer = delay === undefined || mark ? undefined : kill();
    const watch = mark && fs.watch(path.dirname(mark), (_, name) => name === path.basename(mark) && kill());
    child.on('error', reject);
    child.on('exit', (_, signal) => {
      clearTimeout(timer);
      watch?.close();
      resolve({ killed: signal === 'SIGKILL', took: performance.now() - start });
    });
  });
}
