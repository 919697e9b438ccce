// The collector as a process, a small site for it, and people who answer.

import { spawn, spawnSync } from 'node:child_process';
import http from 'node:http';
import { randomBytes } from 'node:crypto';
import { BINARY } from './puzhi.mjs';

/** A site with one open survey and one wave for people who were drawn. The answer to `years` tells sheets apart. */
export const SITE = {
  'site.yaml': 'title: 站\nbase_url: http://127.0.0.1/\n',
  'content/surveys/_index.md': '---\ntitle: 问卷\nkind: survey\n---\n',
  'content/surveys/awareness.md': `---
title: 知晓情况调查
id: awareness
opens: 2020-01-01
closes: 2099-12-31
questions:
  - {id: heard, type: single, required: true, text: 听说过吗？, options: [{id: know, text: 知道}, {id: never, text: 没有}]}
  - {id: years, type: number, text: 第几份？, min: 0, max: 1000000000}
waves:
  - {id: everyone, sample: voluntary}
  - {id: drawn, sample: probability, mode: web}
---
`,
};

/** Starts a collector and waits until it listens. `said` grows with what it prints. */
export function startCollector(root, db, port = 0) {
  return new Promise((resolve, reject) => {
    const words = ['survey', 'serve', '--root', root, '--db', db, '--listen', `127.0.0.1:${port}`, '--site-origin', 'http://127.0.0.1', '--trusted-proxy', '127.0.0.1'];
    const child = spawn(BINARY, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const running = { child, said: '', port: 0, ended: new Promise((done) => child.on('exit', (code, signal) => done({ code, signal }))) };
    const heard = (chunk) => {
      running.said += chunk;
      const found = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(running.said);
      if (found && !running.port) {
        running.port = Number(found[1]);
        resolve(running);
      }
    };
    child.stdout.on('data', heard);
    child.stderr.on('data', heard);
    child.on('error', reject);
    running.ended.then(({ code, signal }) => running.port || reject(new Error(`the collector ended with ${code ?? signal}: ${running.said}`)));
  });
}

/** Runs another command of the survey. */
export function survey(...words) {
  const run = spawnSync(BINARY, ['survey', ...words], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`survey ${words.join(' ')}: ${run.status} ${run.stderr}`);
  return run.stdout;
}

/** One respondent's submission: a number of its own, a key, perhaps a code. */
export function submission(number, code) {
  return { number, code, key: randomBytes(16).toString('hex'), from: Array.from(randomBytes(4)).join('.') };
}

/** Sends it; resolves to the status, or throws when the connection broke. */
export function send(port, { number, code, key, from }, agent) {
  const body = `q.heard=know&q.years=${number}&consent=yes&key=${key}${code ? `&code=${code}` : ''}`;
  return new Promise((resolve, reject) => {
    const request = http.request({
      port, agent, host: '127.0.0.1', path: '/surveys/awareness', method: 'POST', timeout: 20000,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length, origin: 'http://127.0.0.1', 'x-forwarded-for': from },
    }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}
