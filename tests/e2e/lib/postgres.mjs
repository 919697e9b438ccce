// A throw-away PostgreSQL on loopback, run by an ordinary user: by whoever runs the tests, or by Debian's `postgres` when that is root.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const USER = 'puzhi';

/** Where the server's programs are; Debian keeps them out of the way. */
function programs() {
  const versions = fs.existsSync('/usr/lib/postgresql') ? fs.readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((v) => `/usr/lib/postgresql/${v}/bin`), ...process.env.PATH.split(':')];
  const folder = folders.find((f) => fs.existsSync(path.join(f, 'initdb')) && fs.existsSync(path.join(f, 'pg_ctl')));
  if (!folder) throw new Error('no PostgreSQL; install the package postgresql');
  return folder;
}

function freePort() {
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

/** Starts a cluster; `address` is its empty database, `query` reads from it, `stop` ends and removes it. */
export async function startPostgres() {
  const bin = programs();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'puzhi-pg-'));
  const root = process.getuid() === 0;
  if (root) run('chown', ['postgres', folder]);
  const as = (program, words, options) =>
    root
      ? run('setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', path.join(bin, program), ...words], options)
      : run(path.join(bin, program), words, options);
  const data = path.join(folder, 'data');
  as('initdb', ['-D', data, '-U', USER, '--auth=trust', '-E', 'UTF8', '--no-locale', '--no-instructions']);
  const port = await freePort();
  const flags = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=60`;
  // The server must not hold this program's pipes open.
  as('pg_ctl', ['-D', data, '-o', flags, '-l', path.join(folder, 'log'), '-w', 'start'], { stdio: 'ignore' });
  const psql = path.join(bin, 'psql');
  return {
    address: `postgres://${USER}@127.0.0.1:${port}/postgres`,
    query: (sql) => run(psql, ['-h', '127.0.0.1', '-p', String(port), '-U', USER, '-At', '-F', '\t', '-c', sql, 'postgres']).split('\n').filter(Boolean),
    stop: () => {
      as('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop'], { stdio: 'ignore' });
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
