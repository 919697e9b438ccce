// Counts what a person does at the desk: clicks, keys pressed, characters typed; and collects the words that are shown.

import fs from 'node:fs';
import path from 'node:path';

/** Words that somebody who knows WPS and a browser has not met, or that say nothing to him. */
const JARGON = /Markdown|YAML|front ?matter|HTML|URL|slug|alias|UTF-?8|Git\b|commit|token|hash|缓存|渲染|编译|部署|端口|正则|元数据|语法|源文|源码|锚点|别名|字段|布尔|字符串|数组|键名|命令行|根目录|路径|\.md\b|\.yaml\b|content\/|draft|true|false|\w+_\w+/gi;

export class Walk {
  constructor(page, folder) {
    Object.assign(this, { page, folder, tasks: [], jargon: new Map(), pictures: 0 });
    if (folder) fs.mkdirSync(folder, { recursive: true });
  }

  /** Begins the next task. */
  task(name) {
    this.now = { name, clicks: 0, keys: 0, typed: 0 };
    this.tasks.push(this.now);
  }

  async click(target, options) {
    this.now.clicks += 1;
    await target.click(options);
  }

  async choose(target, value) {
    this.now.clicks += 2;
    await target.selectOption(value);
  }

  async press(...keys) {
    for (const key of keys) {
      this.now.keys += 1;
      await this.page.page.keyboard.press(key);
    }
  }

  async type(words) {
    this.now.typed += [...words].length;
    for (const [n, line] of words.split('\n').entries()) {
      if (n) await this.page.page.keyboard.press('Enter');
      await this.page.page.keyboard.insertText(line);
    }
  }

  /** Words of jargon that are seen now outside the text itself. A picture is kept if there is a folder. */
  async look(name) {
    const words = await this.page.page.evaluate(() => {
      const top = document.querySelector('dialog[open]') ?? document.body;
      const seen = [];
      const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const box = node.parentElement.checkVisibility?.() && node.parentElement.closest('option, select, .tree, .difference, .page-title-now') === null;
        if (box) seen.push(node.nodeValue);
      }
      return seen.join('\n');
    });
    for (const [word] of words.matchAll(JARGON)) this.jargon.set(word, this.jargon.get(word) ?? name);
    this.pictures += 1;
    if (!this.folder) return;
    for (const [width, height] of [[1280, 800], [1024, 768]]) {
      await this.page.page.setViewportSize({ width, height });
      await this.page.page.waitForTimeout(250);
      await this.page.page.screenshot({ path: path.join(this.folder, `${String(this.pictures).padStart(2, '0')}-${name}-${width}.png`) });
    }
  }

  /** One line a task. */
  report() {
    return this.tasks.map(({ name, clicks, keys, typed }) => `${name}: ${clicks} clicks, ${keys} keys, ${typed} characters`);
  }
}
