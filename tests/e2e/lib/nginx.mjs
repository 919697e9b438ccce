// Runs the real nginx with docs/hosting/nginx.conf: its text as it is, but for address, certificate, log and folder.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { REPO, WORK } from './puzhi.mjs';

const EXAMPLE = path.join(REPO, 'docs/hosting/nginx.conf');

/** A port that nothing listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The example's text with what a test must change. Each change must find its line. */
function example(changes) {
  let text = fs.readFileSync(EXAMPLE, 'utf8');
  for (const [from, to] of changes) {
    if (!from.test(text)) throw new Error(`docs/hosting/nginx.conf has no line like ${from}`);
    text = text.replace(from, to);
  }
  return text;
}

/** Serves what lies in `www` by nginx; `precompressed` turns on `gzip_static`. Returns its origin and a way to stop it. */
export async function nginx(www, { precompressed = false } = {}) {
  const program = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'].find((file) => fs.existsSync(file));
  if (!program) throw new Error('no nginx; install the package nginx-light');
  const folder = fs.mkdtempSync(path.join(WORK, 'nginx-'));
  const port = await freePort();
  const site = example([
    [/^ *listen 443 ssl;$/m, `listen 127.0.0.1:${port};`],
    [/^ *ssl_certificate(_key)? .*\n *ssl_certificate.*$/m, ''],
    [/^ *root \/srv\/www;$/m, `root ${www};`],
    [/access_log \/var\/log\/nginx\/zscq\.log puzhi;/, `access_log ${folder}/access.log puzhi;`],
    ...(precompressed ? [[/# gzip_static on;/, 'gzip_static on;']] : []),
  ]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n');
  // Its workers may read what this process may. The types are those of the package where it has them.
  const types = ['/etc/nginx/mime.types', '/usr/local/etc/nginx/mime.types', '/opt/homebrew/etc/nginx/mime.types'].find((file) => fs.existsSync(file));
  const user = process.getuid() === 0 ? 'user root;' : '';
  const config = path.join(folder, 'nginx.conf');
  fs.writeFileSync(config, `${user}\ndaemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log ${folder}/error.log;\nevents {}\nhttp {\ninclude ${types};\ndefault_type application/octet-stream;\n${temporary}\n${site}\n}\n`);
  const words = ['-p', folder, '-e', `${folder}/error.log`, '-c', config];
  const tried = spawnSync(program, ['-t', ...words], { encoding: 'utf8' });
  if (tried.status !== 0) throw new Error(`nginx refuses docs/hosting/nginx.conf: ${tried.stderr}`);
  const child = spawn(program, words, { stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  const close = () => new Promise((done) => {
    if (child.exitCode !== null) return done();
    child.on('exit', done);
    child.kill('SIGTERM');
  });
  for (let i = 0; i < 100; i += 1) {
    try {
      await fetch(`${origin}/`);
      return { origin, close, log: () => fs.readFileSync(`${folder}/access.log`, 'utf8') };
    } catch {
      await new Promise((next) => setTimeout(next, 50));
    }
  }
  await close();
  throw new Error(`nginx does not answer: ${fs.readFileSync(`${folder}/error.log`, 'utf8')}`);
}
