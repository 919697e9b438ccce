// A collector whose disk fills up, or whose database is locked, and which has room again: it refuses while it must, says so at
// `/healthz`, answers again within seconds of the cause ending, and has lost nothing that it acknowledged.
// The disk is a small file system in memory, in a namespace of the check's own.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { BINARY, WORK } from '../lib/puzhi.mjs';
import { SITE, send, submission } from '../lib/collector.mjs';
import { plant } from '../lib/tree.mjs';

const SMALL = '480k';
const LARGE = '16m';
/** How long the collector may take to answer again, in ms. */
const HEALED = 5000;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** A shell in a namespace of its own with a small disk, where the collector runs; `tell` has the shell run a line. */
function onSmallDisk(root, disk) {
  fs.mkdirSync(disk, { recursive: true });
  const shell = spawn('unshare', ['--user', '--map-root-user', '--mount', 'bash'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const running = { said: '', port: 0, ended: new Promise((done) => shell.on('exit', done)) };
  let done = 0;
  const tell = async (line) => {
    done += 1;
    const mark = `done-${done}:`;
    shell.stdin.write(`${line}; echo ${mark}$?\n`);
    for (let tries = 0; tries < 400 && !running.said.includes(mark); tries += 1) await wait(25);
    const status = new RegExp(`${mark}(\\d+)`).exec(running.said)?.[1];
    if (status !== '0') throw new Error(`${line}: ${status}\n${running.said.slice(-2000)}`);
  };
  const heard = (chunk) => {
    running.said += chunk;
    running.port ||= Number(/http:\/\/127\.0\.0\.1:(\d+)\//.exec(running.said)?.[1] ?? 0);
  };
  shell.stdout.on('data', heard);
  shell.stderr.on('data', heard);
  return {
    running,
    tell,
    async start() {
      await tell(`mount -t tmpfs -o size=${SMALL},mode=700 tmpfs '${disk}'`);
      await tell(`'${BINARY}' survey serve --root '${root}' --db 'sqlite:${disk}/answers.db' --listen 127.0.0.1:0 --site-origin http://127.0.0.1 --trusted-proxy 127.0.0.1 & collector=$!`);
      for (let tries = 0; tries < 200 && !running.port; tries += 1) await wait(50);
      if (!running.port) throw new Error(`the collector does not start: ${running.said}`);
    },
    async stop(copy) {
      await tell('kill -TERM $collector');
      await tell('wait $collector');
      await tell(`cp '${disk}/answers.db' '${copy}'`);
      shell.stdin.end('exit\n');
      await running.ended;
    },
    end: () => shell.kill('SIGKILL'),
  };
}

/** The status of a post, 0 when there was no reply. */
const post = (port, sheet) => send(port, sheet).catch(() => 0);
const health = (port) => fetch(`http://127.0.0.1:${port}/healthz`).then((reply) => reply.status, () => 0);

/** Posts until one is answered as `wanted` says, at most `most`; what was acknowledged goes into `kept`. */
async function postUntil(port, kept, wanted, most) {
  for (let tries = 0; tries < most; tries += 1) {
    const sheet = submission(kept.next);
    kept.next += 1;
    const status = await post(port, sheet);
    if (status === 303) kept.acknowledged.push(sheet.number);
    if (wanted(status)) return { status, sheet };
  }
  return undefined;
}

/** Milliseconds until a post is stored again; `undefined` after a minute. */
async function heals(port, kept) {
  const start = Date.now();
  while (Date.now() - start < 60000) {
    if (await postUntil(port, kept, (status) => status === 303, 1)) return Date.now() - start;
    await wait(100);
  }
  return undefined;
}

/** One cause after the other. */
async function causes(root, folder) {
  const wrong = [];
  const kept = { next: 1, acknowledged: [] };
  const disk = path.join(folder, 'disk');
  const held = onSmallDisk(root, disk);
  const { tell, running } = held;
  /** The cause begins with `begin` and ends with `end`. */
  const cause = async (name, begin, end, until = 1) => {
    await begin();
    const refused = await postUntil(running.port, kept, (status) => status !== 303, until);
    if (!refused) {
      wrong.push(`${name}: everything was stored, so the cause did not act`);
      return;
    }
    if (refused.status !== 503) wrong.push(`${name}: refused with ${refused.status}`);
    const ill = await health(running.port);
    if (ill !== 503) wrong.push(`${name}: /healthz says ${ill} while answers are refused`);
    await end();
    // A balancer that asks only `/healthz` sends people again.
    const start = Date.now();
    while (await health(running.port) !== 200 && Date.now() - start < 60000) await wait(100);
    const well = Date.now() - start;
    const took = await heals(running.port, kept);
    if (took === undefined || took > HEALED) wrong.push(`${name}: not healed after ${took ?? 60000} ms`);
    if (well > HEALED) wrong.push(`${name}: /healthz is well only after ${well} ms`);
    // The respondent who was refused sends the same form again.
    if (await post(running.port, refused.sheet) === 303) kept.acknowledged.push(refused.sheet.number);
    else wrong.push(`${name}: the refused answer is not taken afterwards`);
    note(`${name}: /healthz well after ${well} ms, an answer stored after ${took} ms`);
  };
  try {
    await held.start();
    await cause('disk full', async () => {}, () => tell(`mount -o remount,size=${LARGE} '${disk}'`), 5000);
    await cause('disk filled by others', () => tell(`dd if=/dev/zero of='${disk}/filler' bs=64k 2>/dev/null || true`), () => tell(`rm '${disk}/filler'`), 5000);
    const lock = `import sqlite3,sys,time\nc=sqlite3.connect(sys.argv[1],isolation_level=None)\nc.execute("BEGIN IMMEDIATE")\nprint("locked",flush=True)\ntime.sleep(600)`;
    await cause('locked by another program', async () => {
      fs.writeFileSync(path.join(folder, 'lock.py'), lock);
      await tell(`python3 '${folder}/lock.py' '${disk}/answers.db' & locker=$!; sleep 1`);
    }, () => tell('kill -KILL $locker'));
    const copy = path.join(folder, 'kept.db');
    fs.rmSync(copy, { force: true });
    await held.stop(copy);
    const query = spawnSync('python3', ['-c', 'import sqlite3,sys,json\nprint(json.dumps([json.loads(r[0])["years"] for r in sqlite3.connect(sys.argv[1]).execute("SELECT answers FROM puzhi_responses")]))', copy], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (query.status !== 0) throw new Error(query.stderr);
    const counts = new Map();
    for (const number of JSON.parse(query.stdout)) counts.set(Number(number), (counts.get(Number(number)) ?? 0) + 1);
    const lost = kept.acknowledged.filter((number) => counts.get(number) !== 1);
    if (lost.length) wrong.push(`${lost.length} acknowledged answers are not there once: ${lost.slice(0, 10)}`);
    note(`${kept.acknowledged.length} acknowledged, ${counts.size} stored`);
  } finally {
    held.end();
  }
  return wrong;
}

export default async function () {
  const folder = path.join(WORK, 'disk-full');
  const root = path.join(folder, 'site');
  plant(root, SITE);
  await check('a full disk and a locked database: the collector heals and loses nothing', () => causes(root, folder));
}
