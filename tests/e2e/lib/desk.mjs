// The desk as a process, a site for it, and its page in a browser, driven as a person would.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { BINARY, REPO, WORK } from './puzhi.mjs';
import { axe } from './axe.mjs';
import { copySite, plant } from './tree.mjs';

/** A copy of the shipped site with a few pages more, which may be edited. */
export function siteForDesk(name, more = {}) {
  const root = path.join(WORK, name);
  copySite(REPO, root);
  plant(root, more);
  return root;
}

/** Starts `puzhi desk` on a folder; resolves when it has said its address. */
export function startDesk(root, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(BINARY, ['desk', '--root', root, '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the desk ended with ${code}: ${said}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        said += data;
        const found = /(http:\/\/127\.0\.0\.1:\d+)\/#([0-9a-f]{64})/.exec(said);
        if (found) resolve({ root, address: found[0], origin: found[1], token: found[2], child, close: () => child.kill('SIGKILL') });
      });
    }
  });
}

/** Texts that the desk keeps for files that are not saved. */
export function unsavedTexts(root) {
  const folder = path.join(root, 'history/unsaved');
  return fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8').split('\n')[1]).text) : [];
}

/** Asks the desk's program as its page does. */
export async function api(desk, name, body) {
  const answer = await fetch(`${desk.origin}/api/${name}`, {
    method: body ? 'POST' : 'GET', body: body && JSON.stringify(body),
    headers: { 'X-Desk-Token': desk.token, Origin: desk.origin, ...(body ? { 'Content-Type': 'application/json' } : {}) },
  });
  return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
}

/** The desk's page in a browser of its own context. What a person must never meet is collected in `wrong`. */
export class DeskPage {
  static async open(browser, desk, { width = 1024, height = 768, start = true } = {}) {
    const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', acceptDownloads: true });
    const page = await context.newPage();
    const self = Object.assign(new DeskPage(), { context, page, desk, wrong: [], expected: [] });
    page.on('pageerror', (error) => self.wrong.push(`script error: ${error.message}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (/^https?:$/.test(url.protocol) && url.hostname !== '127.0.0.1') self.wrong.push(`request to ${request.url()}`);
      if (/^data:/.test(request.url()) && request.frame() === page.mainFrame()) self.wrong.push(`data address: ${request.url().slice(0, 80)}`);
    });
    await page.exposeFunction('tellViolation', (words) => self.wrong.push(`policy: ${words}`));
    await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (e) => window.tellViolation?.(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`)));
    await page.goto(desk.address);
    if (start) await page.locator('.cm-content').waitFor();
    return self;
  }

  /** Closes the window; what was typed last has arrived before, so that it does not come in the middle of what follows. */
  async close() {
    await this.page.waitForTimeout(50);
    await this.rest(2000).catch(() => {});
    await this.context.close();
    return this.wrong;
  }

  file(name) {
    return path.join(this.desk.root, name);
  }

  read(name) {
    return fs.readFileSync(this.file(name), 'utf8');
  }

  /** Opens a page of the list by its title. */
  async go(title) {
    await this.page.locator('.tree button.page', { hasText: title }).first().click();
    await this.page.locator('.page-title-now', { hasText: title }).waitFor();
    await this.rest();
  }

  /** Waits until everything typed has arrived. */
  async rest(timeout = 10000) {
    await this.page.waitForFunction(() => !/正在保存/.test(document.querySelector('.status')?.textContent ?? '') && document.querySelector('.status')?.textContent !== '有未保存的修改', undefined, { timeout });
  }

  /** Puts the cursor into the text. */
  async cursor(...keys) {
    await this.page.locator('.cm-content').click();
    for (const key of keys) await this.page.keyboard.press(key);
    // The editor tells the browser its selection with the next frame.
    await this.page.waitForTimeout(60);
  }

  /** Types words; lines are pasted, since typed line ends continue lists. */
  type(words) {
    return words.includes('\n') ? this.paste({ 'text/plain': words }) : this.page.keyboard.insertText(words);
  }

  paste(data) {
    return this.page.evaluate((given) => {
      const clipboardData = new DataTransfer();
      for (const [type, words] of Object.entries(given)) clipboardData.setData(type, words);
      document.querySelector('.editor-host').shadowRoot.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true, composed: true }));
    }, data);
  }

  /** The text of the editor as it is shown. */
  text() {
    return this.page.evaluate(() => [...document.querySelector('.editor-host').shadowRoot.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'));
  }

  /** Puts a text in place of the body. */
  async body(words) {
    await this.cursor('Control+a');
    await this.page.keyboard.press('Delete');
    await this.type(words);
  }

  async save() {
    await this.page.keyboard.press('Control+s');
    await this.page.waitForFunction(() => /^已保存/.test(document.querySelector('.status').textContent), undefined, { timeout: 10000 });
  }

  status() {
    return this.page.locator('.status').textContent();
  }

  button(words) {
    return this.page.getByRole('button', { name: words, exact: true });
  }

  dialog() {
    return this.page.locator('dialog[open]');
  }

  /** Presses the main button of the dialog that is open, once `ready` is seen in it. */
  async confirm() {
    await this.dialog().locator('button.main').click();
  }

  /** Complaints of axe on what is shown, and of a page that scrolls sideways. */
  async look(where) {
    const { violations } = await axe(this.page, where);
    const wide = await this.page.evaluate(() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth);
    return wide > 0 ? [...violations, `${where}: scrolls sideways by ${wide} px`] : violations;
  }

  /** Types `word` through an input method, letter by letter of what is spelled. */
  async compose(spelled, word, pace = 40) {
    this.cdp ??= await this.context.newCDPSession(this.page);
    for (let n = 1; n <= spelled.length; n += 1) {
      await this.cdp.send('Input.imeSetComposition', { text: spelled.slice(0, n), selectionStart: n, selectionEnd: n });
      await this.page.waitForTimeout(pace);
    }
    if (word !== null) await this.cdp.send('Input.insertText', { text: word });
  }
}
