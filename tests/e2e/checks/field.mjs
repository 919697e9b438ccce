// Interviews on a device without network: thirty people asked in the browser, a kill in the middle, reasons why others were not asked,
// hand-over, import once and twice, a revoked device; a call sheet; nothing readable in any file of the device.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { axe } from '../lib/axe.mjs';
import { launch, open } from '../lib/browser.mjs';
import { check, note } from '../lib/report.mjs';
import { BINARY, WORK } from '../lib/puzhi.mjs';
import { plant } from '../lib/tree.mjs';

const INTERVIEWS = 30;
const KILL_AFTER = 12;
/** What answers look like where they can be read. */
const READABLE = ['zhidaoanswer', 'meiyouanswer', '76543'];

const page = (field) => `---
title: 入户试用问卷
date: 2020-01-01
summary: 只用来检验，不是真的调查。
id: probe
opens: 2020-01-01
closes: 2099-12-31
questions:
  - {id: heard, type: single, required: true, text: 您听说过吗？, options: [{id: zhidaoanswer, text: 知道}, {id: meiyouanswer, text: 没有}]}
  - {id: years, type: number, text: 第几位？, min: 0, max: 100000000}
waves:
  - {id: street, mode: 面访, sample: 配额, field: ${field}}
  - {id: calls, mode: 电话, sample: 概率, field: ${field}}
---

正文。
`;

const SITE = (field) => ({
  'site.yaml': 'title: 站\nbase_url: http://127.0.0.1/\n',
  'content/surveys/_index.md': '---\ntitle: 问卷\nkind: survey\n---\n',
  'content/surveys/probe.md': page(field),
});

function run(...words) {
  const done = spawnSync(BINARY, ['survey', ...words], { encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** Starts the service and waits until it listens; `said` is what it printed. */
function start(root, dir, wave, ...more) {
  return new Promise((resolve, reject) => {
    const words = ['survey', 'field', 'probe', '--wave', wave, '--dir', dir, '--port', '0', '--root', root, ...more];
    const child = spawn(BINARY, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const running = { child, said: '', ended: new Promise((done) => child.on('exit', (code, signal) => done(code ?? signal))) };
    const heard = (chunk) => {
      running.said += chunk;
      const found = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(running.said);
      if (found) {
        running.origin = `http://127.0.0.1:${found[1]}`;
        resolve(running);
      }
    };
    child.stdout.on('data', heard);
    child.stderr.on('data', heard);
    running.ended.then((how) => reject(new Error(`ended with ${how}: ${running.said}`)));
  });
}

async function stop(running, signal = 'SIGINT') {
  running.child.kill(signal);
  await running.ended;
}

const press = (tab, name) => Promise.all([tab.waitForNavigation(), tab.getByRole('button', { name, exact: true }).first().click()]);
const status = (tab) => tab.locator('[role="status"]').innerText();
/** The counts of the first page by their labels. */
const counts = (tab) => tab.$$eval('.field-counts div', (rows) => Object.fromEntries(rows.map((row) => [row.children[0].textContent, Number(row.children[1].textContent)])));

async function interview(tab, number) {
  await press(tab, '开始访问');
  await tab.locator(`input[name="q.heard"][value="${number % 3 ? 'zhidaoanswer' : 'meiyouanswer'}"]`).check();
  await tab.locator('input[name="q.years"]').fill(String(7654300 + number));
  await tab.locator('input[name="consent"]').check();
  await press(tab, '提交答卷');
}

/** Complaints about answers that can be read in a folder's files. */
function readable(dir, more = []) {
  const wrong = [];
  for (const name of fs.readdirSync(dir)) {
    const bytes = fs.readFileSync(path.join(dir, name)).toString('latin1');
    for (const text of [...READABLE, ...more]) if (bytes.includes(Buffer.from(text).toString('latin1'))) wrong.push(`${text} is readable in ${name}`);
  }
  return wrong;
}

const shot = async (tab, name) => process.env.SHOTS && tab.screenshot({ path: path.join(process.env.SHOTS, `field-${name}.png`), fullPage: true });

/** One page of every sort under axe-core, and without a bar to scroll sideways, at the widths of a tablet and a phone. */
async function looks(browser, running, wrong) {
  for (const width of [768, 360]) {
    const { page: tab, strangers, close } = await open(browser, { width, height: 1024, origin: running.origin });
    const look = async (name) => {
      const { violations } = await axe(tab, `${name} at ${width}`);
      wrong.push(...violations);
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) wrong.push(`${name} at ${width} is ${wide} px too wide`);
      await shot(tab, `${name}-${width}`);
    };
    await tab.goto(`${running.origin}/`);
    await look('first');
    await press(tab, '开始访问');
    await look('form');
    await press(tab, '提交答卷');
    await look('problems');
    await press(tab, '不愿意答，或者中途不答了');
    await look('recorded');
    wrong.push(...strangers.map((url) => `a request to ${url}`));
    await close();
  }
}

/** An interview with the keyboard alone. */
async function byKeyboard(tab) {
  const press1 = async (key, until) => {
    for (let tries = 0; tries < 40; tries += 1) {
      await tab.keyboard.press(key);
      if (await tab.evaluate(until)) return;
    }
    throw new Error(`the keyboard does not reach ${until}`);
  };
  const go = (key) => Promise.all([tab.waitForNavigation(), tab.keyboard.press(key)]);
  await press1('Tab', "document.activeElement?.textContent === '开始访问'");
  await go('Enter');
  await press1('Tab', "document.activeElement?.name === 'q.heard'");
  await tab.keyboard.press('Space');
  await press1('Tab', "document.activeElement?.name === 'q.years'");
  await tab.keyboard.type('7654399');
  await press1('Tab', "document.activeElement?.name === 'consent'");
  await tab.keyboard.press('Space');
  await press1('Tab', "document.activeElement?.textContent === '提交答卷'");
  await go('Enter');
}

export default async function field() {
  const root = path.join(WORK, 'field');
  const dir = path.join(root, '设备');
  const key = path.join(root, 'office.key');
  const db = `sqlite:${path.join(root, 'answers.db')}`;
  const bring = (file, wave = 'street') => run('import', 'probe', file, '--wave', wave, '--db', db, '--office-key', key, '--root', root);
  fs.mkdirSync(root, { recursive: true });
  const browser = await launch();
  let device;
  let office;
  let handed;
  try {
    await check('field: a device is used only when it is enrolled', async () => {
      const wrong = [];
      office = run('office-key', key).out.trim();
      if (run('office-key', key).code === 0) wrong.push('an office key was replaced');
      plant(root, SITE(`{office_key: ${office}}`));
      const running = await start(root, dir, 'street');
      device = /puzhi-device1\w+/.exec(running.said)?.[0];
      const { page: tab, close } = await open(browser, { width: 768, origin: running.origin });
      await tab.goto(`${running.origin}/`);
      if (!(await tab.getByRole('alert').innerText()).includes(device)) wrong.push('the first page does not show the public key');
      if (await tab.getByRole('button', { name: '开始访问' }).count()) wrong.push('an interview can be started');
      wrong.push(...(await axe(tab, 'not enrolled')).violations);
      await shot(tab, 'not-enrolled');
      await close();
      await stop(running);
      return wrong;
    });
    plant(root, SITE(`{office_key: ${office}, devices: [{name: 平板1, key: ${device}}]}`));

    await check(`field: ${INTERVIEWS} interviews without network, a kill after ${KILL_AFTER}`, async () => {
      const wrong = [];
      let running = await start(root, dir, 'street');
      let { page: tab, strangers, broken, close } = await open(browser, { width: 768, height: 1024, origin: running.origin });
      await tab.goto(`${running.origin}/`);
      for (let n = 1; n <= KILL_AFTER; n += 1) await interview(tab, n);
      if (!(await status(tab)).includes('封好了')) wrong.push(`after an interview it says ${await status(tab)}`);
      await tab.goBack();
      for (const text of READABLE) if ((await tab.content()).includes(`${text}" checked`) || (await tab.locator('input:checked').count())) wrong.push(`going back shows answers on ${tab.url()}`);
      // A form that is half filled when the program is killed.
      await tab.goto(`${running.origin}/`);
      await press(tab, '开始访问');
      await tab.locator('input[name="q.heard"][value="zhidaoanswer"]').check();
      await stop(running, 'SIGKILL');
      wrong.push(...readable(dir), ...strangers.map((url) => `a request to ${url}`), ...broken);
      await close();
      running = await start(root, dir, 'street');
      ({ page: tab, strangers, broken, close } = await open(browser, { width: 768, height: 1024, origin: running.origin }));
      await tab.goto(`${running.origin}/`);
      if ((await counts(tab))['答完了'] !== KILL_AFTER) wrong.push(`after the kill there are ${(await counts(tab))['答完了']} interviews`);
      for (let n = KILL_AFTER + 1; n < INTERVIEWS; n += 1) await interview(tab, n);
      await byKeyboard(tab);
      for (const reason of ['家里没有人', '家里没有人', '不是调查对象', '不知道是不是调查对象']) await press(tab, reason);
      await press(tab, '按错了，撤销');
      await looks(browser, running, wrong);
      await tab.goto(`${running.origin}/`);
      const told = await counts(tab);
      const wanted = { 答完了: INTERVIEWS, '不愿意答，或者中途不答了': 2, 家里没有人: 2, '生病、语言不通等，答不了': 0, 不知道是不是调查对象: 0, 不是调查对象: 1 };
      if (JSON.stringify(told) !== JSON.stringify(wanted)) wrong.push(`the counts are ${JSON.stringify(told)}`);
      await press(tab, '存成交回的文件');
      handed = path.join(dir, await tab.locator('code').innerText());
      wrong.push(...(await axe(tab, 'handed over')).violations);
      await shot(tab, 'handed-over');
      wrong.push(...readable(dir), ...strangers.map((url) => `a request to ${url}`), ...broken);
      await close();
      await stop(running);
      return wrong;
    });

    await check('field: the office imports each interview once', async () => {
      const wrong = [];
      const say = (what, got, wanted) => got.out.includes(wanted) || wrong.push(`${what}: ${got.code} ${got.out}${got.err}`);
      const outcomes = `{complete: ${INTERVIEWS}, refusal: 2, noncontact: 2, other: 0, unknown: 0, ineligible: 1}`;
      const once = bring(handed);
      say('once', once, `导入 ${INTERVIEWS} 份`);
      say('outcomes', once, outcomes);
      const twice = bring(handed);
      say('twice', twice, `导入 0 份，到“street”；${INTERVIEWS} 份以前已经导入`);
      say('outcomes', twice, outcomes);
      const script = 'import sqlite3,sys\nfor row in sqlite3.connect(sys.argv[1]).execute("SELECT answers FROM puzhi_responses"): print(row[0])';
      const lines = spawnSync('python3', ['-c', script, db.slice('sqlite:'.length)], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
      const years = lines.map((line) => /"years":"?(\d+)/.exec(line)?.[1]).sort();
      if (new Set(years).size !== INTERVIEWS) wrong.push(`${new Set(years).size} different interviews are in the store`);
      if (lines.filter((line) => line.includes('meiyouanswer')).length < 9) wrong.push('answers got lost');
      const refused = (what, got, text) => (got.code !== 0 && got.err.includes(text)) || wrong.push(`${what}: ${got.code} ${got.out}${got.err}`);
      const cut = path.join(root, 'cut.puzhi-field');
      fs.writeFileSync(cut, fs.readFileSync(handed).subarray(0, 5000));
      refused('a batch that is cut off', bring(cut), '不完整');
      refused('without the key', run('import', 'probe', handed, '--wave', 'street', '--db', db, '--root', root), '--office-key');
      const other = path.join(root, 'other.key');
      run('office-key', other);
      refused('with another key', run('import', 'probe', handed, '--wave', 'street', '--db', db, '--office-key', other, '--root', root), '不是封给这把钥匙');
      plant(root, SITE(`{office_key: ${office}, devices: [{name: 平板1, key: ${device}, revoked: 是}]}`));
      refused('a revoked device', bring(handed), '已经作废');
      plant(root, SITE(`{office_key: ${office}}`));
      refused('a device that is not enrolled', bring(handed), device);
      return wrong;
    });

    await check('field: by phone with a call sheet, which goes with no answer', async () => {
      const wrong = [];
      plant(root, { ...SITE(`{office_key: ${office}, devices: [{name: 平板1, key: ${device}}]}`), '名单.csv': '编号,电话,抽样单位\nA-01,13800001111,四方街\nA-02,13800002222,连然\n' });
      const without = run('field', 'probe', '--wave', 'calls', '--dir', path.join(root, '电话'), '--root', root);
      if (without.code === 0 || !without.err.includes('--call-sheet')) wrong.push(`without a call sheet: ${without.code} ${without.err}`);
      const phone = path.join(root, '电话');
      fs.mkdirSync(phone, { recursive: true });
      fs.copyFileSync(path.join(dir, 'device.key'), path.join(phone, 'device.key'));
      const running = await start(root, phone, 'calls', '--call-sheet', path.join(root, '名单.csv'));
      const { page: tab, strangers, broken, close } = await open(browser, { width: 768, height: 1024, origin: running.origin });
      const enter = (name) => Promise.all([tab.waitForNavigation(), tab.getByRole('link', { name: new RegExp(name) }).click()]);
      await tab.goto(`${running.origin}/`);
      wrong.push(...(await axe(tab, 'the call sheet')).violations);
      await shot(tab, 'sheet');
      await enter('A-01');
      if (!(await tab.content()).includes('13800001111')) wrong.push('the number to call is not shown');
      wrong.push(...(await axe(tab, 'a case')).violations);
      await shot(tab, 'case');
      await interview(tab, 1);
      await enter('A-02');
      await press(tab, '没有人接');
      await press(tab, '存成交回的文件');
      const batch = path.join(phone, await tab.locator('code').innerText());
      const text = fs.readFileSync(batch, 'utf8');
      for (const secret of ['A-01', '13800001111', '四方街']) if (text.includes(secret)) wrong.push(`${secret} is in the batch`);
      wrong.push(...readable(phone, ['13800001111', '四方街']), ...strangers, ...broken);
      await close();
      await stop(running);
      const got = bring(batch, 'calls');
      if (!got.out.includes('导入 1 份') || !got.out.includes('noncontact: 1')) wrong.push(`${got.code} ${got.out}${got.err}`);
      return wrong;
    });
  } finally {
    await browser.close();
  }
  note(`${INTERVIEWS} interviews, killed after ${KILL_AFTER}`);
}
