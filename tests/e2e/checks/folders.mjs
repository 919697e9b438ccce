// Any folder of Markdown is a site: 400 Chinese files without front matter, and a documentation folder with index.md and README.md.

import fs from 'node:fs';
import path from 'node:path';
import { check, note } from '../lib/report.mjs';
import { DATE, WORK, build, ended, say } from '../lib/puzhi.mjs';
import { Built } from '../lib/links.mjs';
import { document, elements, text } from '../lib/html.mjs';
import { plant } from '../lib/tree.mjs';

const FOLDERS = ['', '通知公告', '政策法规/国家', '政策法规/本市', '工作动态/2023年', '工作动态/2024年/上半年', '经验 交流', '问答（常见）', 'docs'];
const OPENINGS = [
  (n) => `# 第${n}篇：关于做好“宣传周”工作的通知\n\n各单位：\n\n现将有关事项通知如下。`,
  (n) => `第${n}篇 没有标题的文章，第一行就是正文\n第二行接着写，中间不应有空格。`,
  (n) => `## 从二级标题开始的第${n}篇\n\n　　全角空格缩进的段落，**“重点”**内容，以及**85%**以上。`,
  (n) => `第${n}篇\n====\n\n- 一、项目\n- 二、项目\n  - （一）下级\n\n1. 第一步\n2. 第二步`,
  (n) => `---\n\n# 第${n}篇以分隔线开头\n\n> 引用一句话。\n>\n> ——出处`,
  (n) => `\uFEFF# 第${n}篇有字节顺序标记\r\n\r\n| 项目 | 数量 |\r\n|---|---|\r\n| 甲 | 1 |\r\n`,
  (n) => `# 第${n}篇有代码和公式\n\n\`\`\`python\nprint("你好")\n\`\`\`\n\n价格 $5 和 $6，公式 $a^2+b^2=c^2$，见脚注[^1]。\n\n[^1]: 脚注内容。`,
  (n) => `# 第${n}篇\n\n访问http://www.example.gov.cn/a/b。咨询时间（周一至周五）请见<https://www.example.gov.cn>，邮箱office@example.gov.cn。\n\n~~旧的~~ H~2~O、x^2^`,
];

/** 400 files; each links to the next in its folder and to one elsewhere, plainly and percent-encoded by turns. */
function articles() {
  const names = Array.from({ length: 400 }, (_, i) => path.posix.join(FOLDERS[(i * 7) % FOLDERS.length], i % 3 ? `${i + 1}-宣传文章.md` : `第 ${i + 1} 号文章.md`));
  return Object.fromEntries(names.map((name, i) => {
    const to = (other) => path.posix.relative(path.posix.dirname(name) || '.', other);
    const [near, far] = [to(names[(i + 1) % 400]), to(names[(i * 13 + 5) % 400])];
    const links = `\n\n下一篇见[这里](<${near}>)，相关的见[那里](${encodeURI(far)})。\n\n## 附则\n\n本文自印发之日起施行。回到[附则](#附则)。\n`;
    return [`content/${name}`, OPENINGS[i % OPENINGS.length](i + 1) + links];
  }));
}

const DOCUMENTATION = {
  'site.yaml': 'title: 使用手册\n',
  'content/README.md': '# 手册首页\n\n从[安装](install/README.md)或[进阶](advanced/index.md)开始，也可看[常见问题](faq.md)。\n',
  'content/faq.md': '# 常见问题\n\n回[首页](README.md)，看[安装](install/)。\n',
  'content/install/README.md': '# 安装\n\n见 [Windows](windows.md) 和 [Linux](linux.md#安装步骤)。\n',
  'content/install/windows.md': '# 在 Windows 上安装\n\n回[上一级](README.md)。\n',
  'content/install/linux.md': '# 在 Linux 上安装\n\n## 安装步骤\n\n1. 下载\n2. 解压\n',
  'content/advanced/index.md': '# 进阶\n\n见[主题](themes/index.md)。\n',
  'content/advanced/themes/index.md': '# 主题\n\n![界面](look.svg "界面")\n',
  'content/advanced/themes/look.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>\n',
  'content/advanced/templates.md': '# 模板\n\n见[进阶](index.md)。\n',
};

const heading = (root, name) => {
  const tree = document(path.join(root, name));
  return text([...elements(tree)].find((e) => e.tagName === 'h1') ?? { childNodes: [] }).trim();
};

export default async function () {
  await check('400 Chinese Markdown files without front matter build', () => {
    const site = path.join(WORK, 'articles');
    plant(site, { 'site.yaml': 'title: 文章汇编\n', ...articles() });
    const run = build(['--root', site, '--date', DATE]);
    note(`${run.seconds.toFixed(2)} s, ${run.findings.length} findings: ${[...new Set(run.findings.map((f) => `${f.severity} ${f.code}`))].join(', ')}`);
    const wrong = [...ended(run, 0), ...run.findings.filter((f) => ['broken-link', 'broken-anchor'].includes(f.code) || f.severity === 'error').map(say)];
    if (run.code !== 0) return wrong;
    const built = new Built(path.join(site, 'public'));
    const shown = built.html().map((name) => fs.readFileSync(path.join(built.root, name), 'utf8')).join('\n');
    const lost = Array.from({ length: 400 }, (_, i) => `第${i + 1}篇`).filter((mark) => !shown.includes(mark));
    return [...wrong, ...lost.map((mark) => `${mark} is nowhere`), ...built.all('/', undefined), ...built.all('/a/b/', undefined)];
  });

  await check('a documentation folder with index.md and README.md builds as sections', () => {
    const site = path.join(WORK, 'documentation');
    plant(site, DOCUMENTATION);
    const run = build(['--root', site, '--date', DATE, '--strict']);
    const wrong = [...ended(run, 0), ...run.findings.filter((f) => f.severity !== 'note').map(say)];
    if (run.code !== 0) return wrong;
    const out = path.join(site, 'public');
    const built = new Built(out);
    for (const [name, want] of [['install/index.html', '安装'], ['advanced/index.html', '进阶'], ['advanced/themes/index.html', '主题'], ['faq/index.html', '常见问题']]) {
      if (!built.names.has(name)) wrong.push(`${name} is missing`);
      else if (heading(out, name) !== want) wrong.push(`${name} is headed "${heading(out, name)}"`);
    }
    const links = (name) => [...elements(built.tree(name))].filter((e) => e.tagName === 'a').map((e) => e.attrs.find((a) => a.name === 'href')?.value);
    if (built.names.has('install/index.html') && !links('install/index.html').some((l) => l?.includes('windows'))) wrong.push('the section does not list its pages');
    if (!built.names.has('advanced/themes/look.svg')) wrong.push('the file beside the page was not copied');
    return [...wrong, ...built.all('/', undefined)];
  });
}
