// Pages of events in a real browser: a site full of them before axe-core, and what ages, opened at other times and in other zones.

import path from 'node:path';
import { axe } from '../lib/axe.mjs';
import { launch, open } from '../lib/browser.mjs';
import { check } from '../lib/report.mjs';
import { BASE, WORK, build, ended } from '../lib/puzhi.mjs';
import { serve } from '../lib/serve.mjs';
import { plant } from '../lib/tree.mjs';

/** The build is of this day, whatever day it is. */
const DAY = '2026-11-22';
const md = (front, body = '正文。') => `---\n${front}\n---\n\n${body}\n`;
const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`content/events/many-${i}.md`,
  md(`title: 第${i + 1}场：商标、专利、著作权一起讲\nid: many-${i}\nstart: 2026-12-08 ${8 + i}:30\nend: ${9 + i}:30\nplace: 市场${i}号厅\nstatus: ${i === 3 ? '取消\nreason: 停电' : '确认'}\ncampaign: 宣传周`)]));

const SITE = {
  ...many,
  'site.yaml': 'title: 试验站\nledger: {sessions: 10, people: 1500}\nlanguages:\n  - {code: zh, tag: zh-CN, name: 中文}\n  - {code: en, name: English, title: Trial}\n',
  'content/_index.md': md('title: 首页'),
  'content/_index.en.md': md('title: Home', 'Home.'),
  'content/events/_index.md': md('title: 活动\nkind: event'),
  'content/events/_index.en.md': md('title: Events\nkind: event', 'Events.'),
  'content/events/first.md': md('title: 头一场\nid: first\nstart: 2026-11-30 14:00\nend: 16:00\nstatus: 确认\nregistration: {phone: "0871-1234567 转 8", link: https://example.com/}\ncapacity: 40\nplace: 会场\ncampaign: 宣传周'),
  'content/events/first.en.md': md('title: The first\nid: first\nstart: 2026-11-30 14:00\nend: 16:00\nstatus: confirmed\nplace: Hall', 'Text.'),
  'content/events/days.md': md('title: 连着几天\nid: days\nstart: 2026-12-29 9:00\nend: 2027-01-02 12:00'),
  'content/events/yearly.md': md('title: 每年\nid: yearly\nstart: 2020-03-15\nrepeats: yearly'),
  'content/events/held.md': md('title: 办过的\nid: held\nstart: 2026-03-01 9:30\nstatus: 已举办\nattendance: 3\nevidence: {sign_in: 3, confirmed_by: 某局}\ncampaign: 宣传周'),
};

const PAGES = ['', 'events/', 'events/first/', 'events/many-3/', 'events/days/', 'events/held/', 'events/yearly/', 'events/calendar/', 'events/calendar/2026-12/',
  'events/calendar/2026-11/', 'events/calendar/2026/', 'events/calendar/2021/', 'campaigns/宣传周/', 'campaigns/宣传周/calendar/', 'progress/ledger/', 'en/events/first/', 'en/events/calendar/2026-11/'];

/** What a reader sees of what ages. */
const seen = () => ({
  next: document.querySelector('.next-day')?.checkVisibility() ? [...document.querySelectorAll('.next-day .dated')].filter((e) => e.checkVisibility()).map((e) => e.innerText.replace(/\s+/g, ' ')).join('; ') : null,
  says: document.querySelector('.occasion p')?.innerText.replace(/\s+/g, ' '),
  open: [...document.querySelectorAll('.subscribe, .facts a[href^="tel:"]')].filter((e) => e.checkVisibility()).length,
});

export default async function () {
  const root = path.join(WORK, 'events');
  const out = path.join(root, 'public');
  plant(root, SITE);
  await check('a site full of events builds', () => ended(build(['--root', root, '--out', out, '--base-url', `${BASE}/`, '--date', DAY]), 0));
  const site = await serve(out);
  const browser = await launch();
  try {
    for (const width of [1280, 360]) {
      await check(`a site full of events: axe finds nothing, nothing scrolls sideways, ${width} px`, async () => {
        const view = await open(browser, { width, origin: site.origin });
        const wrong = [];
        for (const name of PAGES) {
          const response = await view.page.goto(`${site.origin}/${name}`);
          if (response.status() !== 200) wrong.push(`${name}: ${response.status()}`);
          wrong.push(...(await axe(view.page, name)).violations);
          const [whole, shown] = await view.page.evaluate(() => [document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]);
          if (whole > shown) wrong.push(`${name}: ${whole} px in ${shown}`);
        }
        await view.close();
        return [...wrong, ...view.strangers, ...view.broken];
      });
    }

    const at = async (time, timezoneId, name, js = true) => {
      const context = await browser.newContext({ viewport: { width: 360, height: 800 }, timezoneId, javaScriptEnabled: js });
      const page = await context.newPage();
      // What the server says of the files' age would be the time of this run.
      await page.route('**/*', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), 'last-modified': new Date(`${DAY}T01:00:00Z`).toUTCString() } });
      });
      if (js) await page.clock.setFixedTime(new Date(time));
      const errors = [];
      page.on('pageerror', (error) => errors.push(`${name} at ${time}: ${error.message}`));
      await page.goto(`${site.origin}/${name}`);
      const found = await page.evaluate(seen);
      // The icon may still be on its way.
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await context.close();
      return { ...found, errors };
    };

    await check('the next event, its days and its end are those of the site\'s zone, wherever the reader is', async () => {
      const wrong = [];
      const expect = (got, what, want) => (want === null ? got === null : got?.includes(want)) || wrong.push(`${what}: ${JSON.stringify(got)} instead of ${want}`);
      for (const zone of ['Asia/Shanghai', 'America/Los_Angeles']) {
        for (const [time, next, says, open] of [
          ['2026-11-22T02:00:00Z', '头一场 已确认 还有8天', '还有8天', 2],
          ['2026-11-28T16:01:00Z', '头一场 已确认 明天', '明天', 2],
          ['2026-11-30T15:59:00Z', '头一场 已确认 今天', '今天', 2],
          ['2026-11-30T16:01:00Z', '第1场', '日期已过', 0],
          ['2026-12-08T15:59:00Z', '第1场：商标、专利、著作权一起讲 已确认 今天', '日期已过', 0],
          ['2026-12-31T00:00:00Z', null, '日期已过', 0],
          // A clock that was never set is behind the page and changes nothing.
          ['2015-01-01T00:00:00Z', '头一场 已确认 14:00', '已确认', 2],
        ]) {
          const home = await at(time, zone, '');
          const event = await at(time, zone, 'events/first/');
          expect(home.next, `${zone} ${time} home`, next);
          expect(event.says, `${zone} ${time} event`, says);
          if (event.open !== open) wrong.push(`${zone} ${time}: ${event.open} ways to come`);
          wrong.push(...home.errors, ...event.errors);
        }
        // The third of five days; a year that was not built knows nothing of the next time.
        expect((await at('2026-12-30T16:01:00Z', zone, 'events/days/')).says, 'several days', '待定');
        expect((await at('2027-03-14T16:01:00Z', zone, 'events/yearly/')).says, 'observance', '今天');
        const later = await at('2027-03-16T16:01:00Z', zone, 'events/yearly/');
        if (/天|日期已过/.test(later.says.replace('每年的日子', ''))) wrong.push(`observance after its day: ${later.says}`);
      }
      return wrong;
    });

    await check('without a script the pages say what held on the day they were built', async () => {
      const home = await at('', 'Asia/Shanghai', '', false);
      const event = await at('', 'Asia/Shanghai', 'events/first/', false);
      const right = home.next?.startsWith('2026年11月 30') && !home.next.includes('第1场') && event.says === '已确认' && event.open === 2;
      return right ? [] : [JSON.stringify({ home, event })];
    });

    await check('printed, a list of events is an A4 notice with a code and without what is for the screen alone', async () => {
      const view = await open(browser, { width: 680, origin: site.origin });
      const wrong = [];
      await view.page.emulateMedia({ media: 'print' });
      for (const name of ['events/', 'events/first/', 'events/calendar/', 'events/calendar/2026/', 'campaigns/宣传周/', 'campaigns/宣传周/calendar/']) {
        await view.page.goto(`${site.origin}/${name}`);
        const found = await view.page.evaluate(() => {
          const shown = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
          const code = shown('svg.qr').map((e) => e.getBoundingClientRect());
          return { codes: code.length, cut: code.some((b) => b.left < 0 || b.right > innerWidth || b.width < 90), screen: shown('.nav, .crumbs, .button, details, [data-days]').length };
        });
        if (found.codes !== 1 || found.cut || found.screen) wrong.push(`${name}: ${JSON.stringify(found)}`);
      }
      await view.close();
      return wrong;
    });
  } finally {
    await browser.close();
    site.close();
  }
}
