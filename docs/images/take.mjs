// Takes the pictures of README.md and of the handbook from a site built now.
//
//   node docs/images/take.mjs            all of them
//   node docs/images/take.mjs handbook   only those of docs/handbook/04-块.md; `readme` for the others
//
// Needs a build of the profile `quick` (or PUZHI=path of the program), Chromium (CHROMIUM=path) and what scripts/test installs.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createRequire } from "node:module";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const { chromium } = createRequire(join(root, "tests/e2e/package.json"))("playwright-core");
const program = process.env.PUZHI ?? join(root, process.env.CARGO_TARGET_DIR ?? "target", "release/puzhi");
const what = process.argv[2] ?? "all";

const site = mkdtempSync(join(tmpdir(), "puzhi-pictures-"));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

/** Runs the program on the copy of the site. */
function build() {
    execFileSync(program, ["build", "--root", site, "--strict", "--date", "2026-11-30"], { stdio: "pipe" });
}

async function open(path, width, height) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: "light" });
    const url = pathToFileURL(join(site, "public", path, "index.html"));
    await page.goto(url.href);
    return page;
}

/** A drawing that stands for a photograph. */
async function drawing(path, title, colour) {
    const page = await browser.newPage({ viewport: { width: 800, height: 450 } });
    await page.setContent(`<body style="margin:0;background:#efe9df;font:48px sans-serif;display:grid;place-items:center;height:450px">
        <div style="background:${colour};color:#fff;padding:1em 2em">${title}</div></body>`);
    mkdirSync(dirname(join(site, path)), { recursive: true });
    await page.screenshot({ path: join(site, path) });
    await page.close();
}

/** The pieces of 04-块.md with the pictures that follow them; files they need are put into the site. */
async function pieces() {
    const file = readdirSync(join(root, "docs/handbook")).find((name) => name.startsWith("04"));
    const lines = readFileSync(join(root, "docs/handbook", file), "utf8").split(/\r?\n/);
    const found = [];
    let said = "";
    for (let i = 0; i < lines.length; i++) {
        const fence = /^`{3,}/.exec(lines[i])?.[0];
        if (fence) {
            const end = lines.indexOf(fence, i + 1);
            const body = lines.slice(i + 1, end).join("\n") + "\n";
            const path = /^文件：`(.+)`$/.exec(said)?.[1];
            if (path) writeFileSync(join(site, path), body);
            if (said === "这样写：") found.push({ body });
            i = end;
            said = "";
            continue;
        }
        const picture = /^!\[.*\]\(\.\.\/images\/(.+)\)$/.exec(lines[i])?.[1];
        if (picture) found.at(-1).picture = picture;
        const put = /^(图片|附件)：`(.+)`$/.exec(lines[i]);
        if (put?.[1] === "图片") await drawing(put[2], put[2].includes("desk") ? "咨询台" : "展板", put[2].includes("desk") ? "#7a1f1f" : "#35506b");
        if (put?.[1] === "附件") writeFileSync(join(site, put[2]), "x".repeat(18_000));
        if (lines[i].trim()) said = lines[i];
    }
    return found.filter((piece) => piece.picture);
}

async function handbook() {
    const all = await pieces();
    all.forEach(({ body }, i) => writeFileSync(join(site, `content/guides/piece-${i}.md`), `---\ntitle: 片段\nkind: page\nslug: piece-${i}\n---\n\n${body}`));
    build();
    for (const [i, { picture }] of all.entries()) {
        const page = await open(`guides/piece-${i}`, 720, 900);
        const box = await page.locator(".prose").boundingBox();
        const clip = { x: Math.max(0, box.x - 12), y: box.y - 8, width: Math.min(720, box.width + 24), height: box.height + 16 };
        await page.screenshot({ path: join(here, picture), clip, fullPage: true });
        await page.close();
    }
    all.forEach((_, i) => rmSync(join(site, `content/guides/piece-${i}.md`)));
}

async function readme() {
    build();
    for (const [name, path] of [["home", ""], ["board", "progress"]]) {
        const page = await open(path, 1280, 820);
        await page.screenshot({ path: join(here, `${name}.png`) });
        await page.close();
    }
}

try {
    for (const name of ["content", "data", "static", "templates", "i18n", "themes", "site.yaml"]) {
        if (existsSync(join(root, name))) cpSync(join(root, name), join(site, name), { recursive: true });
    }
    if (what !== "readme") await handbook();
    if (what !== "handbook") await readme();
} finally {
    await browser.close();
    rmSync(site, { recursive: true, force: true });
}
