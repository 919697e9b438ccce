// Calendar files as two other programs read them, Python's icalendar and ical.js: no warning, the same words, the right days.

import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import ICAL from 'ical.js';
import { check } from '../lib/report.mjs';
import { BASE, REPO, WORK, build, ended, mustBuild, shipped } from '../lib/puzhi.mjs';
import { files, plant } from '../lib/tree.mjs';

const E2E = path.join(REPO, 'tests/e2e');
const PYTHON = process.env.PYTHON ?? path.join(E2E, '.venv/bin/python');
const [FIRST, LAST] = [2026, 2035];
const YEARS = Array.from({ length: LAST - FIRST + 1 }, (_, i) => FIRST + i);
/** 200 Han characters with emoji of one, two and several code points between them. */
const LONG = '知识产权宣传进市场🏅'.repeat(22).slice(0, 196) + '👩‍🔬国旗🇨🇳';
const ODD = 'a\\b; c, d: "e" <f> & g\\n — 全角；，：';
const md = (front) => `---\n${front}\n---\n\n正文。\n`;

/** A site with every sort of event. */
const EVENTS = {
  'site.yaml': 'title: "日历, 试验; 站"\ncolour: "#1b5e3a"\n',
  'content/events/_index.md': md('title: 活动\nkind: event'),
  'content/events/long.md': md(`title: ${LONG}\nid: long\nstart: 2027-05-08 9:30\nend: 11:30\nsummary: ${LONG}${LONG}\nplace: ${LONG}`),
  'content/events/odd.md': md(`title: '${ODD}'\nid: 编号-1\nstart: 2027-05-09\nend: 2027-05-11\nplace: '${ODD}'\nsummary: '${ODD}'`),
  'content/events/off.md': md('title: 取消的\nid: off\nstart: 2027-06-01 14:00\nend: 2027-06-02\nstatus: 取消\nreason: 下雨'),
  'content/events/yearly.md': md('title: 每年\nid: yearly\nstart: 2020-12-30\nend: 2021-01-02\nrepeats: yearly\nexcept: [2028, 2030]'),
  'content/events/timed.md': md('title: 每年几点\nid: timed\nstart: 2021-04-26 9:30\nend: 2021-04-26 11:30\nrepeats: yearly\nexcept: 2029'),
  'content/events/leap.md': md('title: 闰日\nid: leap\nstart: 2024-02-29\nrepeats: yearly'),
  'content/events/held.md': md('title: 办过的\nid: held\nstart: 2026-03-01 9:30\nstatus: 已举办\nattendance: 3\nevidence: {sign_in: 3}'),
};

const found = (root) => files(root, { skip: ['.puzhi'] }).filter((name) => name.endsWith('.ics')).map((name) => path.join(root, name));

function python(paths) {
  const run = spawnSync(PYTHON, ['-W', 'error', path.join(E2E, 'lib/calendars.py')], { input: paths.join('\n'), encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(run.stderr || String(run.error));
  return JSON.parse(run.stdout);
}

/** The same facts as lib/calendars.py gives. */
function icaljs(file) {
  ICAL.design.strict = true;
  const root = new ICAL.Component(ICAL.parse(fs.readFileSync(file, 'utf8')));
  const zone = root.getFirstSubcomponent('vtimezone');
  if (zone) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  return root.getAllSubcomponents('vevent').map((part) => {
    const event = new ICAL.Event(part, { strictExceptions: true });
    const days = [];
    const next = event.iterator();
    for (let at = next.next(); at && at.year <= LAST; at = event.isRecurring() ? next.next() : null) if (at.year >= FIRST) days.push(at.toString().slice(0, 10));
    const text = (name) => String(part.getFirstPropertyValue(name) ?? '');
    return { uid: text('uid'), summary: text('summary'), description: text('description'), location: text('location'), status: text('status'), sequence: text('sequence'), days };
  });
}

/** Complaints where one of the two refuses a file or they differ. */
function agree(paths, read) {
  const shared = ['uid', 'summary', 'description', 'location', 'status', 'sequence', 'days'];
  return paths.flatMap((file) => {
    const wrong = read[file].errors.map((error) => `icalendar: ${error}`);
    try {
      const other = icaljs(file);
      const only = (events) => JSON.stringify(events.map((e) => shared.map((key) => e[key])));
      if (other.length === 0) wrong.push('no event');
      if (only(other) !== only(read[file].events)) wrong.push(`icalendar ${only(read[file].events).slice(0, 300)}, ical.js ${only(other).slice(0, 300)}`);
    } catch (error) {
      wrong.push(`ical.js: ${error.message}`);
    }
    return wrong.map((w) => `${path.relative(WORK, file)}: ${w}`);
  });
}

export default async function () {
  const root = path.join(WORK, 'calendar');
  const out = path.join(root, 'public');
  let read;

  await check('calendar files of the shipped site: both parsers read them alike without a warning', () => {
    const paths = ['below', 'relative'].flatMap((form) => found(shipped(form)));
    read = python(paths);
    return [...(paths.length > 10 ? [] : [`${paths.length} files`]), ...agree(paths, read)];
  });

  await check('3·15, 4·26 and the publicity week fall on the right days for ten years', () => {
    const file = path.join(shipped('below'), 'events/calendar/calendar.ics');
    const got = Object.fromEntries(read[file].events.map((e) => [e.uid.split('@')[0], e.days]));
    const want = { 'yearly-3-15': '03-15', 'yearly-4-26': '04-26', 'yearly-publicity-week': '04-20' };
    const week = read[file].events.find((e) => e.uid.startsWith('yearly-publicity-week'));
    return [
      ...Object.entries(want).filter(([id, day]) => JSON.stringify(got[id]) !== JSON.stringify(YEARS.map((y) => `${y}-${day}`))).map(([id]) => `${id}: ${got[id]}`),
      ...(week?.start === '2023-04-20' && week.end === '2023-04-27' ? [] : [`the week is ${week?.start} to ${week?.end}`]),
    ];
  });

  for (const zone of ['Asia/Shanghai', 'America/New_York']) {
    await check(`events of every sort, ${zone}: both parsers read them alike without a warning`, () => {
      fs.rmSync(root, { recursive: true, force: true });
      plant(root, { ...EVENTS, 'site.yaml': `${EVENTS['site.yaml']}time_zone: ${zone}\n` });
      mustBuild(root, out, '--base-url', `${BASE}/`);
      const paths = found(out);
      read = python(paths);
      return agree(paths, read);
    });
  }

  await check('titles, exceptions, leap days and cancellations come through', () => {
    const events = Object.fromEntries(read[path.join(out, 'events/calendar/calendar.ics')].events.map((e) => [e.uid.split('@')[0], e]));
    const days = (id, day, except = []) => (JSON.stringify(events[id].days) === JSON.stringify(YEARS.filter((y) => !except.includes(y)).map(day)) ? [] : [`${id}: ${events[id].days}`]);
    const leap = (y) => `${y}-02-${new Date(Date.UTC(y, 1, 29)).getUTCDate() === 29 ? 29 : 28}`;
    const same = (what, got, want) => (got === want ? [] : [`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`]);
    return [
      ...same('200 characters', events.long.summary, LONG), ...same('their place', events.long.location, LONG),
      ...same('odd characters', events['编号-1'].summary, ODD),
      ...same('status', events.off.status, 'CANCELLED'), ...same('end', events['编号-1'].end, '2027-05-12'),
      ...days('yearly', (y) => `${y}-12-30`, [2028, 2030]), ...days('timed', (y) => `${y}-04-26`, [2029]), ...days('leap', leap),
    ];
  });

  await check('every line of every calendar file: at most 75 octets, CRLF, whole characters', () => found(out).flatMap((file) => {
    const bytes = fs.readFileSync(file);
    const wrong = [];
    let start = 0;
    for (let i = 0; i < bytes.length; i += 1) {
      if (bytes[i] === 0x0a && bytes[i - 1] !== 0x0d) wrong.push(`a bare line feed at ${i}`);
      if (bytes[i] !== 0x0d) continue;
      if (bytes[i + 1] !== 0x0a) wrong.push(`a bare carriage return at ${i}`);
      const line = bytes.subarray(start, i);
      if (line.length > 75) wrong.push(`${line.length} octets: ${line}`);
      if (!Buffer.from(line.toString('utf8')).equals(line)) wrong.push(`a character is cut: ${line}`);
      start = i + 2;
    }
    return [...wrong, ...(start === bytes.length ? [] : ['no CRLF at the end'])].map((w) => `${path.relative(out, file)}: ${w}`);
  }));

  await check('a change that is not recorded is said with the command; strict builds wait for it', () => {
    const strict = () => build(['--root', root, '--out', out, '--base-url', `${BASE}/`, '--strict']);
    const before = strict();
    const record = spawnSync(process.env.PUZHI ?? path.join(REPO, 'target/quick/puzhi'), ['events', 'record', '--root', root], { encoding: 'utf8' });
    return [
      ...ended(before, 1), ...(before.findings.some((f) => f.code === 'events-changed' && f.hint.includes('puzhi events record')) ? [] : ['no word of the command']),
      ...(record.status === 0 ? [] : [record.stderr]), ...ended(strict(), 0),
    ];
  });
}
