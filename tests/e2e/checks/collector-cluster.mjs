// Collectors beyond one machine: several behind nginx, PgBouncer in transaction mode, a PostgreSQL primary with a synchronous standby. The
// primary is killed under load and the standby promoted: every answer that was acknowledged is there. And TLS to PostgreSQL.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { BINARY, WORK } from '../lib/puzhi.mjs';
import { SITE, send, startCollector, submission, survey } from '../lib/collector.mjs';
import { freePort, startPgBouncer, startPostgres, startStandby } from '../lib/postgres.mjs';
import { plant } from '../lib/tree.mjs';

const CLIENTS = 16;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** nginx before the collectors, with what docs/collector/nginx.conf says of headers. */
async function balancer(folder, ports) {
  const program = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find((file) => fs.existsSync(file));
  if (!program) throw new Error('no nginx; install the package nginx-light');
  const port = await freePort();
  const home = path.join(folder, 'nginx');
  fs.mkdirSync(home, { recursive: true });
  const config = path.join(home, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${home}/${name};`).join(' ');
  const upstream = ports.map((of) => `server 127.0.0.1:${of} max_fails=0;`).join(' ');
  fs.writeFileSync(config, `${process.getuid() === 0 ? 'user root;' : ''} daemon off; master_process off; pid ${home}/pid; error_log ${home}/error.log; events {}
http { access_log off; ${temporary} upstream collectors { ${upstream} keepalive 32; }
server { listen 127.0.0.1:${port}; location / { proxy_pass http://collectors; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
proxy_set_header X-Forwarded-For $http_x_forwarded_for; proxy_read_timeout 60s; } } }\n`);
  const child = spawn(program, ['-p', home, '-e', `${home}/error.log`, '-c', config], { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries += 1) {
    if (await fetch(`http://127.0.0.1:${port}/healthz`).then(() => true, () => false)) return { port, stop: () => child.kill('SIGKILL') };
    await wait(50);
  }
  child.kill('SIGKILL');
  throw new Error(`nginx does not answer: ${fs.readFileSync(`${home}/error.log`, 'utf8')}`);
}

/** People who answer until `stop`, each the same again until it is acknowledged. */
function load(port, codes) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
  const seen = { acknowledged: new Map(), refused: 0 };
  let number = 0;
  let going = true;
  const person = async () => {
    while (going) {
      number += 1;
      const sheet = submission(number, number % 10 === 0 ? codes.pop() : undefined);
      while (going) {
        const status = await send(port, sheet, agent).catch(() => 0);
        if (status === 303) {
          seen.acknowledged.set(sheet.number, Date.now());
          break;
        }
        seen.refused += 1;
        await wait(50);
      }
    }
  };
  const people = Array.from({ length: CLIENTS }, person);
  return { seen, stop: async () => { going = false; await Promise.all(people); agent.destroy(); } };
}

/** What is missing or double of what was acknowledged. */
function held(query, acknowledged) {
  const counts = new Map();
  for (const answers of query('SELECT answers FROM puzhi_responses UNION ALL SELECT answers FROM puzhi_held_responses')) {
    const { years } = JSON.parse(answers);
    counts.set(years, (counts.get(years) ?? 0) + 1);
  }
  const wrong = [...acknowledged.keys()].filter((number) => counts.get(number) !== 1).map((number) => `${number} was acknowledged and is there ${counts.get(number) ?? 0} times`);
  const count = (sql) => Number(query(`SELECT COUNT(*) FROM ${sql}`)[0]);
  if (count("puzhi_responses WHERE wave = 'drawn'") !== count('puzhi_codes WHERE state > 0')) wrong.push('codes and sheets of drawn people differ');
  if (count('puzhi_held_responses') !== count('puzhi_held_codes')) wrong.push('held codes and held sheets differ');
  return wrong;
}

/** The whole of it, and the loss of the primary. */
async function failover(root, folder) {
  const ends = [];
  const wrong = [];
  try {
    const primary = await startPostgres();
    ends.push(primary.stop);
    const standby = await startStandby(primary);
    ends.push(standby.stop);
    primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.query('SELECT pg_reload_conf()');
    for (let tries = 0; tries < 100 && primary.query('SELECT sync_state FROM pg_stat_replication')[0] !== 'sync'; tries += 1) await wait(50);
    if (primary.query('SELECT sync_state FROM pg_stat_replication')[0] !== 'sync') throw new Error('the standby does not become synchronous');
    const pool = await startPgBouncer(primary);
    ends.push(pool.stop);
    const codes = survey('codes', 'awareness', '--wave', 'drawn', '--count', '2000', '--db', pool.address, '--root', root).split('\n').filter(Boolean);
    const collectors = [];
    for (let n = 0; n < 3; n += 1) {
      const collector = await startCollector(root, pool.address);
      ends.push(() => collector.child.kill('SIGKILL'));
      collectors.push(collector);
    }
    const front = await balancer(folder, collectors.map((collector) => collector.port));
    ends.push(front.stop);
    const { seen, stop } = load(front.port, codes);
    await wait(4000);
    const before = seen.acknowledged.size;
    if (seen.refused) wrong.push(`${seen.refused} refused before anything happened: ${collectors.map((c) => c.said).join('')}`);
    const named = primary.query('SELECT COUNT(*) FROM pg_prepared_statements')[0];
    if (named !== '0') wrong.push(`${named} named statements`);
    if (/prepared statement/.test(primary.log())) wrong.push(`the server speaks of prepared statements: ${primary.log().slice(-500)}`);
    primary.kill();
    const killed = Date.now();
    await wait(200);
    standby.promote();
    // A standby of its own comes later; until then the new primary commits alone, which is the decision of whoever promotes it.
    pool.lead(standby);
    for (let tries = 0; tries < 600 && ![...seen.acknowledged.values()].some((at) => at > killed + 200); tries += 1) await wait(50);
    const again = [...seen.acknowledged.values()].filter((at) => at > killed + 200).sort((a, b) => a - b)[0];
    await wait(1500);
    await stop();
    if (again === undefined) wrong.push(`no answer was acknowledged after the promotion: ${collectors.map((c) => c.said).join('')}`);
    wrong.push(...held(standby.query, seen.acknowledged));
    for (const collector of collectors) {
      const healthy = await fetch(`http://127.0.0.1:${collector.port}/healthz`).then((reply) => reply.status);
      if (healthy !== 200) wrong.push(`/healthz says ${healthy} after all`);
      collector.child.kill('SIGTERM');
      const { code } = await collector.ended;
      if (code !== 0) wrong.push(`a collector ended with ${code}`);
    }
    note(`${before} acknowledged before the kill, ${seen.acknowledged.size - before} after it; answers again ${((again - killed) / 1000).toFixed(1)} s after the kill`);
    if (before < 200) wrong.push('no load');
  } finally {
    for (const end of ends.reverse()) end();
  }
  return wrong;
}

/** A root certificate and a server's certificate of it for 127.0.0.1. */
function certificates(folder, name) {
  const run = (...words) => {
    const done = spawnSync('openssl', words, { encoding: 'utf8', cwd: folder });
    if (done.status !== 0) throw new Error(`openssl ${words.join(' ')}: ${done.error ?? done.stderr}`);
  };
  fs.mkdirSync(folder, { recursive: true });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  run('req', '-x509', ...key, '-keyout', `${name}-ca.key`, '-out', `${name}-ca.pem`, '-days', '3', '-subj', `/CN=${name}`, '-addext', 'basicConstraints=critical,CA:TRUE');
  run('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/CN=db');
  fs.writeFileSync(path.join(folder, `${name}.ext`), 'subjectAltName=IP:127.0.0.1\n');
  run('x509', '-req', '-in', `${name}.csr`, '-CA', `${name}-ca.pem`, '-CAkey', `${name}-ca.key`, '-CAcreateserial', '-days', '3', '-out', `${name}.pem`, '-extfile', `${name}.ext`);
}

/** Encrypted connections: the right authority, a wrong one, another name, and a server without TLS. */
async function tls(root, folder) {
  const wrong = [];
  certificates(folder, 'right');
  certificates(folder, 'wrong');
  const at = (name) => path.join(folder, name);
  const secured = await startPostgres({
    settings: (home) => ['ssl=on', `ssl_cert_file=${home}/server.pem`, `ssl_key_file=${home}/server.key`],
    prepare: (home) => {
      fs.copyFileSync(at('right.pem'), `${home}/server.pem`);
      fs.copyFileSync(at('right.key'), `${home}/server.key`);
      fs.chmodSync(`${home}/server.key`, 0o600);
    },
  });
  const plain = await startPostgres();
  try {
    const status = (db) => spawnSync(BINARY, ['survey', 'codes', 'awareness', '--wave', 'drawn', '--count', '1', '--db', db, '--root', root], { encoding: 'utf8' });
    const verified = `${secured.address}?sslmode=verify-full&sslrootcert=${at('right-ca.pem')}`;
    const running = await startCollector(root, verified);
    if (await send(running.port, submission(1)) !== 303) wrong.push('no answer is taken over TLS');
    const encrypted = secured.query("SELECT COUNT(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND usename = 'puzhi' AND client_port IS NOT NULL")[0];
    if (Number(encrypted) < 1) wrong.push('no connection to the server is encrypted');
    running.child.kill('SIGTERM');
    await running.ended;
    const refused = [
      ['a wrong authority', `${secured.address}?sslmode=verify-full&sslrootcert=${at('wrong-ca.pem')}`, /UnknownIssuer/],
      ['another name', `${verified.replace('127.0.0.1', 'localhost')}`, /not valid for (any )?name|NotValidForName/],
      ['a server without TLS', `${plain.address}?sslmode=verify-full&sslrootcert=${at('right-ca.pem')}`, /does not support TLS/],
      ['no such certificate', `${secured.address}?sslmode=verify-full&sslrootcert=${at('none.pem')}`, /sslrootcert/],
    ];
    for (const [what, db, reason] of refused) {
      const run = status(db);
      if (run.status === 0 || !run.stderr.includes('加密') || !reason.test(run.stderr)) wrong.push(`${what}: ${run.status} ${run.stderr}`);
    }
    const far = status('postgres://puzhi@192.0.2.1/answers');
    if (far.status === 0 || !far.stderr.includes('sslmode=verify-full')) wrong.push(`another machine without sslmode: ${far.status} ${far.stderr}`);
  } finally {
    secured.stop();
    plain.stop();
  }
  return wrong;
}

export default async function () {
  const folder = path.join(WORK, 'collector-cluster');
  const root = path.join(folder, 'site');
  plant(root, SITE);
  await check('TLS to PostgreSQL: verified, or refused with the reason', () => tls(root, path.join(folder, 'tls')));
  await check('three collectors behind nginx, PgBouncer and a synchronous standby: the primary dies, nothing acknowledged is lost', () => failover(root, folder));
}
