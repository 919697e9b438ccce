// The collector under load, killed at random moments and stopped in order, on SQLite and PostgreSQL: every answer that was
// acknowledged is in the database exactly once, and nothing in settled rows tells which code brought which.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { REPO, WORK } from '../lib/puzhi.mjs';
import { SITE, send, startCollector, submission, survey } from '../lib/collector.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { plant } from '../lib/tree.mjs';

const KILLS = 20;
const CLIENTS = 24;
const CODES = 4000;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Reads an SQLite file without the program under test. */
function sqlite(file) {
  const script = 'import sqlite3,sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(*row, sep="\\t")';
  return (sql) => {
    const run = spawnSync('python3', ['-c', script, file, sql], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.status !== 0) throw new Error(run.stderr);
    return run.stdout.split('\n').filter(Boolean);
  };
}

/** People who answer at any of `ports()` until `stop`, each again under the same key when the connection broke. */
function load(ports, codes) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
  const seen = { sent: new Set(), acknowledged: new Set(), coded: new Set(), broken: 0, again: 0, odd: [] };
  let number = 0;
  let going = true;
  async function person() {
    while (going) {
      number += 1;
      const code = number % 10 === 0 ? codes.pop() : undefined;
      const sheet = submission(number, code);
      seen.sent.add(sheet.number);
      // Some press the button twice, some of those reach two collectors.
      const twice = number % 7 === 0;
      for (let tries = 0; tries < 200; tries += 1) {
        const all = ports();
        try {
          const chosen = twice ? [all[0], all.at(-1)] : [all[number % all.length]];
          const statuses = await Promise.all(chosen.map((port) => send(port, sheet, agent)));
          if (twice) seen.again += 1;
          for (const status of statuses) if (status !== 303) seen.odd.push(`${status} for ${sheet.number}`);
          if (statuses.includes(303)) {
            seen.acknowledged.add(sheet.number);
            if (code) seen.coded.add(sheet.number);
          }
          break;
        } catch {
          seen.broken += 1;
          // A third never try again.
          if (!going || number % 3 === 0) break;
          await wait(20);
        }
      }
    }
  }
  const people = Array.from({ length: CLIENTS }, person);
  return {
    seen,
    stop: async () => {
      going = false;
      await Promise.all(people);
      agent.destroy();
    },
  };
}

/** What the database holds against what people were told. */
function held(query, seen) {
  const wrong = [...seen.odd];
  const counts = new Map();
  for (const line of query('SELECT answers, wave FROM puzhi_responses UNION ALL SELECT answers, wave FROM puzhi_held_responses')) {
    const [answers, wave] = line.split('\t');
    const { years } = JSON.parse(answers);
    counts.set(years, (counts.get(years) ?? 0) + 1);
    if (wave !== (seen.coded.has(years) ? 'drawn' : 'everyone') && seen.acknowledged.has(years)) wrong.push(`${years} is in wave ${wave}`);
    if (!seen.sent.has(years)) wrong.push(`${years} was never sent`);
  }
  for (const number of seen.acknowledged) if (counts.get(number) !== 1) wrong.push(`${number} was acknowledged and is there ${counts.get(number) ?? 0} times`);
  for (const [number, count] of counts) if (count !== 1) wrong.push(`${number} is there ${count} times`);
  const count = (sql) => Number(query(`SELECT COUNT(*) FROM ${sql}`)[0]);
  const drawn = count("puzhi_responses WHERE wave = 'drawn'");
  const used = count('puzhi_codes WHERE state > 0');
  if (drawn !== used) wrong.push(`${drawn} sheets of drawn people, ${used} codes used`);
  const waiting = count('puzhi_held_responses');
  if (waiting !== count('puzhi_held_codes')) wrong.push(`${waiting} sheets are held, with another number of codes`);
  if (seen.acknowledged.size < 500) wrong.push(`only ${seen.acknowledged.size} acknowledged: no load`);
  return { wrong, rows: counts.size, drawn: drawn + waiting };
}

/** Twenty kills under load. */
async function kills(root, db, query) {
  const codes = survey('codes', 'awareness', '--wave', 'drawn', '--count', String(CODES), '--db', db, '--root', root).split('\n').filter(Boolean);
  let running = await startCollector(root, db);
  const { port } = running;
  const { seen, stop } = load(() => [port], codes);
  const wrong = [];
  for (let round = 0; round < KILLS; round += 1) {
    await wait(60 + Math.random() * 400);
    running.child.kill('SIGKILL');
    const { signal } = await running.ended;
    if (signal !== 'SIGKILL') wrong.push(`round ${round}: ended by itself`);
    running = await startCollector(root, db, port);
  }
  await wait(300);
  running.child.kill('SIGTERM');
  const { code } = await running.ended;
  await stop();
  if (code !== 0) wrong.push(`stopping ended with ${code}: ${running.said}`);
  const { wrong: more, rows, drawn } = held(query, seen);
  note(`${seen.acknowledged.size} acknowledged, ${rows} stored (${drawn} with codes), ${seen.broken} connections broken`);
  if (seen.broken < KILLS) wrong.push(`only ${seen.broken} connections broke: the kills came between requests`);
  return [...wrong, ...more];
}

/** One answer with a code, alone: a kill loses nothing of it, a backup does not tell whose it is, and at the end of the wave it joins the rest. */
async function lone(folder, db, query) {
  const root = path.join(folder, 'lone');
  plant(root, SITE);
  const wrong = [];
  const expect = (what, got, wanted) => { if (got !== wanted) wrong.push(`${what}: ${got} instead of ${wanted}`); };
  const counts = (read) => ['puzhi_responses', 'puzhi_held_responses', 'puzhi_codes WHERE state > 0', 'puzhi_held_codes'].map((of) => read(`SELECT COUNT(*) FROM ${of}`)[0]).join();
  const [code] = survey('codes', 'awareness', '--wave', 'drawn', '--count', '3', '--db', db, '--root', root).split('\n');
  const sheet = submission(1, code);
  let running = await startCollector(root, db);
  expect('the first answer', await send(running.port, sheet), 303);
  running.child.kill('SIGKILL');
  await running.ended;
  expect('after the kill', counts(query), '0,1,0,1');
  running = await startCollector(root, db);
  expect('the same again', await send(running.port, sheet), 303);
  expect('another with the same code', await send(running.port, submission(2, code)), 422);
  const copy = path.join(folder, `lone-${db.slice(0, 4)}.db`);
  fs.rmSync(copy, { force: true });
  survey('backup', copy, '--db', db);
  expect('the backup', counts(sqlite(copy)), '0,0,0,0');
  if (fs.readFileSync(copy).includes('"years":1}')) wrong.push('the bytes of the backup hold the answer');
  running.child.kill('SIGTERM');
  await running.ended;
  expect('after the stop', counts(query), '0,1,0,1');
  const page = path.join(root, 'content/surveys/awareness.md');
  fs.writeFileSync(page, fs.readFileSync(page, 'utf8').replace('2099-12-31', '2020-12-31'));
  running = await startCollector(root, db);
  for (let tries = 0; tries < 100 && counts(query) !== '1,0,1,0'; tries += 1) await wait(50);
  expect('after the end of the wave', counts(query), '1,0,1,0');
  running.child.kill('SIGTERM');
  await running.ended;
  return wrong;
}

/** Two collectors under one load, stopped in order while it goes on. */
async function together(root, db, query) {
  const codes = survey('codes', 'awareness', '--wave', 'drawn', '--count', '2000', '--db', db, '--root', root).split('\n').filter(Boolean);
  const both = await Promise.all([startCollector(root, db), startCollector(root, db)]);
  let ports = both.map((c) => c.port);
  const { seen, stop } = load(() => ports, codes);
  await wait(2500);
  ports = [both[0].port];
  both[1].child.kill('SIGTERM');
  const second = await both[1].ended;
  await wait(500);
  both[0].child.kill('SIGTERM');
  const start = Date.now();
  const first = await both[0].ended;
  await stop();
  const wrong = [first, second].filter((e) => e.code !== 0).map((e) => `ended with ${e.code ?? e.signal}`);
  if (Date.now() - start > 12000) wrong.push('stopping took too long');
  const { wrong: more, rows } = held(query, seen);
  note(`${seen.acknowledged.size} acknowledged by two, ${rows} stored, ${seen.again} sent to both`);
  if (seen.again < 50) wrong.push('hardly any was sent to both');
  return [...wrong, ...more];
}

/** PostgreSQL knows the transaction and place of a row; after settling neither joins a code to a sheet. */
function traces(query) {
  // The server looks for free space block by block, so only inside a block do rows stand as they were written.
  const select = (key) => `SELECT xmin::text, encode(${key}, 'hex'), (ctid::text::point)[0]::int`;
  const rows = (table, key, where) => query(`${select(key)} FROM ${table} WHERE ${where} ORDER BY ctid`).map((line) => line.split('\t'));
  const sheets = rows('puzhi_responses', 'id', "wave = 'drawn'");
  const codes = rows('puzhi_codes', 'hash', 'state > 0');
  const wrong = [];
  const transactions = new Set(sheets.map(([xmin]) => xmin));
  for (const [xmin] of codes) if (transactions.has(xmin)) wrong.push(`transaction ${xmin} wrote a code and a sheet`);
  if (transactions.size > sheets.length / 20 + 5) wrong.push(`${transactions.size} transactions wrote ${sheets.length} sheets`);
  for (const list of [sheets, codes]) {
    const written = new Map();
    for (const [xmin, key, block] of list) written.set(`${xmin}, block ${block}`, [...(written.get(`${xmin}, block ${block}`) ?? []), key]);
    for (const [where, keys] of written) {
      if (keys.join() !== [...keys].sort().join()) wrong.push(`rows of transaction ${where} stand in the order they came`);
    }
  }
  if (sheets.length < 20 || codes.length < 20) wrong.push('too few to tell');
  // What is held is written anew with each answer, all of it together.
  for (const table of ['puzhi_held_responses', 'puzhi_held_codes']) {
    const writers = Number(query(`SELECT COUNT(DISTINCT xmin::text) FROM ${table}`)[0]);
    if (writers > 1) wrong.push(`${writers} transactions wrote ${table}`);
  }
  return wrong;
}

/** A body of ten megabytes over a real connection: an answer, not a broken pipe. */
function tooLarge(port) {
  return new Promise((resolve, reject) => {
    const body = Buffer.alloc(10 << 20, 'a');
    const request = http.request({ port, host: '127.0.0.1', path: '/surveys/awareness', method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length, 'x-forwarded-for': '198.51.100.7' } }, (response) => {
      let text = '';
      response.on('data', (chunk) => { text += chunk; });
      response.on('end', () => resolve(response.statusCode === 413 && text.includes('太大') ? [] : [`${response.statusCode} ${text.slice(0, 200)}`]));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Copies while people answer; and what the collector says all that time. */
async function copies(root, folder, db) {
  const running = await startCollector(root, db);
  const { seen, stop } = load(() => [running.port], []);
  await wait(800);
  const wrong = [];
  for (const name of ['one.db', 'two.db']) {
    const before = new Set(seen.acknowledged);
    const file = path.join(folder, name);
    survey('backup', file, '--db', db);
    const query = sqlite(file);
    if (query('PRAGMA integrity_check').join() !== 'ok') wrong.push(`${name} is damaged`);
    const there = new Set(query('SELECT answers FROM puzhi_responses').map((answers) => JSON.parse(answers).years));
    for (const number of before) if (!there.has(number)) wrong.push(`${name} lacks ${number}, acknowledged before it was begun`);
    if (fs.statSync(file).mode & 0o077) wrong.push(`${name} can be read by others`);
  }
  wrong.push(...await tooLarge(running.port));
  await stop();
  running.child.kill('SIGTERM');
  await running.ended;
  const lines = running.said.split('\n').filter(Boolean);
  if (lines.length !== 1) wrong.push(`it said ${lines.length} lines: ${running.said.slice(0, 300)}`);
  return wrong;
}

/** New definitions while it runs, and none that cannot be read. */
async function anew(folder, db) {
  const root = path.join(folder, 'changing');
  plant(root, SITE);
  const page = path.join(root, 'content/surveys/awareness.md');
  const running = await startCollector(root, db);
  const wrong = [];
  const told = async (text, said, status) => {
    fs.writeFileSync(page, text);
    running.child.kill('SIGHUP');
    for (let tries = 0; tries < 100 && !running.said.includes(said); tries += 1) await wait(50);
    const got = await send(running.port, submission(1));
    if (got !== status) wrong.push(`${got} instead of ${status}: ${running.said}`);
  };
  const good = fs.readFileSync(page, 'utf8');
  if (await send(running.port, submission(1)) !== 303) wrong.push('not open');
  await told(good.replace('2099-12-31', '2020-12-31'), '重新读取', 403);
  fs.writeFileSync(path.join(root, 'site.yaml'), 'title: [');
  await told(good, 'site.yaml:1', 403);
  running.child.kill('SIGINT');
  if ((await running.ended).code !== 0) wrong.push('stopping failed');
  return wrong;
}

/** The Rust tests of the store, which know SQLite alone unless they are told of a PostgreSQL. */
function storeTests(address) {
  const run = spawnSync('cargo', ['test', '--quiet', '--locked', '--package', 'puzhi-survey', '--lib', 'store::'], { cwd: REPO, encoding: 'utf8', env: { ...process.env, PUZHI_TEST_POSTGRES: address } });
  return run.status === 0 && /[1-9]\d* passed/.test(run.stdout) ? [] : [`${run.error ?? run.stdout.slice(-3000)}`];
}

export default async function () {
  const root = path.join(WORK, 'collector', 'site');
  plant(root, SITE);
  const folder = path.join(WORK, 'collector');
  const file = (name) => path.join(folder, name);
  await check(`${KILLS} kills of the collector under load, SQLite`, () => kills(root, `sqlite:${file('kills.db')}`, sqlite(file('kills.db'))));
  await check('a lone answer with a code, SQLite', () => lone(folder, `sqlite:${file('lone.db')}`, sqlite(file('lone.db'))));
  await check('backups while people answer', () => copies(root, folder, `sqlite:${file('copies.db')}`));
  await check('surveys are read anew on request', () => anew(folder, `sqlite:${file('anew.db')}`));
  let postgres;
  try {
    await check(`${KILLS} kills of the collector under load, PostgreSQL`, async () => {
      postgres = await startPostgres();
      return kills(root, postgres.address, postgres.query);
    });
    if (!postgres) return;
    await check('settled rows tell nothing, PostgreSQL', () => traces(postgres.query));
    const empty = () => postgres.query('TRUNCATE puzhi_responses, puzhi_codes, puzhi_held_responses, puzhi_held_codes');
    empty();
    await check('a lone answer with a code, PostgreSQL', () => lone(folder, postgres.address, postgres.query));
    empty();
    await check('two collectors on one PostgreSQL', () => together(root, postgres.address, postgres.query));
    await check('tables and their migrations, PostgreSQL', () => storeTests(postgres.address));
  } finally {
    postgres?.stop();
  }
}
