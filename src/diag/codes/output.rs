//! Writing the site.

use super::{Code, Severity};

codes! {
    /// No base_url: absolute addresses are left out.
    NO_BASE_URL "no-base-url" Note {
        zh: "没有设置 base_url，所以不生成 sitemap、订阅源和规范网址", "知道网址后在 site.yaml 里写 base_url，或用 --base-url";
        en: "base_url is not set, so sitemap, feeds and canonical addresses are left out", "set base_url in site.yaml or give --base-url once the address is known";
    }
    /// The output folder cannot be used.
    OUT_UNUSABLE "out-unusable" Error {
        zh: "不能把站点写到 {folder}：{cause}", "换一个 --out，或检查磁盘空间和写入权限";
        en: "cannot write the site to {folder}: {cause}", "choose another --out, or check disk space and permissions";
    }
    /// A file that no build wrote stands where an output belongs.
    OUT_OCCUPIED "out-occupied" Error {
        zh: "输出文件夹里的 {path} 不是以前的构建写的，不能覆盖", "确认 --out 指对了地方；要是不需要它，先把它移走";
        en: "{path} in the output folder was not written by an earlier build and is not overwritten", "check that --out is right; if the file is not needed, move it away";
    }
    /// A folder that holds the site's own files was given as output folder.
    OUT_IN_SITE "out-in-site" Error {
        zh: "--out 指向了站点自己的文件夹 {folder}", "换一个文件夹，例如 public";
        en: "--out is one of the site's own folders: {folder}", "choose another folder, such as public";
    }
    /// Another build holds the output folder.
    OUT_LOCKED "out-locked" Error {
        zh: "另一个 puzhi 正在写 {folder}", "等它结束再试";
        en: "another puzhi is writing to {folder}", "wait until it is done";
    }
    /// One page's output is too large.
    OUTPUT_TOO_LARGE "output-too-large" Error {
        zh: "这一页生成的网页有 {size}，超过上限 {limit}", "把内容拆成几页，或在 site.yaml 的 limits.output 里调高上限";
        en: "this page's output is {size}, more than the limit of {limit}", "split the page, or raise limits.output in site.yaml";
    }
}
