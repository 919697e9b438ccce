// Debian's Chromium, driven headless; every request of a page is recorded.

import fs from 'node:fs';
import { chromium } from 'playwright-core';

const CANDIDATES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function launch() {
  const executablePath = CANDIDATES.find((path) => path && fs.existsSync(path));
  if (!executablePath) throw new Error('no Chromium; install the package chromium or set CHROMIUM');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A page of one width and colour scheme; `strangers` lists requests to anywhere but `origin`. */
export async function open(browser, { width, height = 800, dark = false, origin }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale: 'zh-CN', bypassCSP: true });
  const page = await context.newPage();
  const strangers = [];
  const broken = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) strangers.push(url);
  });
  page.on('response', (response) => response.status() >= 400 && broken.push(`${response.status()} ${response.url()}`));
  return { page, strangers, broken, close: () => context.close() };
}
