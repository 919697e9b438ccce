// Throw-away PostgreSQL servers on loopback, and a PgBouncer before them, run by an ordinary user: by whoever runs the tests, or by
// Debian's `postgres` when that is root.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const USER = 'puzhi';
const ROOT = process.getuid() === 0;

/** Where the server's programs are; Debian keeps them out of the way. */
function programs() {
  const versions = fs.existsSync('/usr/lib/postgresql') ? fs.readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((v) => `/usr/lib/postgresql/${v}/bin`), ...process.env.PATH.split(':')];
  const folder = folders.find((f) => fs.existsSync(path.join(f, 'initdb')) && fs.existsSync(path.join(f, 'pg_ctl')));
  if (!folder) throw new Error('no PostgreSQL; install the package postgresql');
  return folder;
}

/** A port that nothing listens on. */
export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function run(command, words, options = {}) {
  const done = spawnSync(command, words, { encoding: 'utf8', cwd: '/', maxBuffer: 1 << 28, ...options });
  if (done.status !== 0) throw new Error(`${command} ${words.join(' ')}: ${done.error ?? `${done.stdout}${done.stderr}`}`);
  return done.stdout;
}

/** The command and its words as the ordinary user runs it. */
const asUser = (program, words) => (ROOT ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', program, ...words]] : [program, words]);

/** A new folder of the ordinary user. */
function userFolder(prefix) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), prefix));
  if (ROOT) run('chown', ['postgres', folder]);
  return folder;
}

/** Starts the server whose files `make` puts into `data`. */
async function server(make, settings) {
  const bin = programs();
  const folder = userFolder('puzhi-pg-');
  const as = (program, words, options) => run(...asUser(path.join(bin, program), words), options);
  const data = path.join(folder, 'data');
  make(as, data, folder);
  const port = await freePort();
  const flags = [`-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=60`, ...settings(folder).map((set) => `-c ${set}`)].join(' ');
  // The server must not hold this program's pipes open.
  as('pg_ctl', ['-D', data, '-o', flags, '-l', path.join(folder, 'log'), '-w', 'start'], { stdio: 'ignore' });
  const psql = path.join(bin, 'psql');
  return {
    port,
    address: `postgres://${USER}@127.0.0.1:${port}/postgres`,
    query: (sql) => run(psql, ['-h', '127.0.0.1', '-p', String(port), '-U', USER, '-At', '-F', '\t', '-c', sql, 'postgres']).split('\n').filter(Boolean),
    log: () => fs.readFileSync(path.join(folder, 'log'), 'utf8'),
    promote: () => as('pg_ctl', ['-D', data, '-w', 'promote'], { stdio: 'ignore' }),
    /** Ends all its processes at once, as a loss of power would. */
    kill: () => process.kill(-Number(fs.readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL'),
    stop: () => {
      spawnSync(...asUser(path.join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop']), { stdio: 'ignore', cwd: '/' });
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a cluster; `address` is its empty database, `query` reads from it, `stop` ends and removes it. `prepare` may put files into its folder. */
export function startPostgres({ settings = () => [], prepare = () => {} } = {}) {
  return server((as, data, folder) => {
    as('initdb', ['-D', data, '-U', USER, '--auth=trust', '-E', 'UTF8', '--no-locale', '--no-instructions']);
    fs.appendFileSync(path.join(data, 'pg_hba.conf'), 'host replication all 127.0.0.1/32 trust\n');
    prepare(folder);
    if (ROOT) run('chown', ['-R', 'postgres', folder]);
  }, settings);
}

/** Starts a standby of `primary`. */
export function startStandby(primary) {
  return server((as, data) => as('pg_basebackup', ['-D', data, '-R', '-X', 'stream', '-c', 'fast', '-h', '127.0.0.1', '-p', String(primary.port), '-U', USER]), () => []);
}

/** Starts PgBouncer in transaction mode before a server; `lead` makes it lead to another one. */
export async function startPgBouncer(to) {
  const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find((file) => fs.existsSync(file));
  if (!program) throw new Error('no PgBouncer; install the package pgbouncer');
  const folder = userFolder('puzhi-pgbouncer-');
  const port = await freePort();
  const config = path.join(folder, 'pgbouncer.ini');
  // Fewer connections to the server than the collectors have, so that each is shared.
  const write = ({ port: server }) => fs.writeFileSync(config, `[databases]
postgres = host=127.0.0.1 port=${server} dbname=postgres user=${USER}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 5
max_client_conn = 100
server_login_retry = 1
server_connect_timeout = 2
logfile = ${folder}/log
`);
  write(to);
  const child = spawn(...asUser(program, [config]), { stdio: 'ignore', cwd: '/' });
  for (let tries = 0; ; tries += 1) {
    const open = await new Promise((done) => {
      const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true); }).on('error', () => done(false));
    });
    if (open) break;
    if (tries === 100) throw new Error('PgBouncer does not answer');
    await new Promise((next) => setTimeout(next, 50));
  }
  return {
    address: `postgres://${USER}@127.0.0.1:${port}/postgres`,
    log: () => fs.readFileSync(`${folder}/log`, 'utf8'),
    lead: (server) => { write(server); child.kill('SIGHUP'); },
    stop: () => {
      child.kill('SIGKILL');
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
