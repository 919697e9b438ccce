//! Diagnostics about writing the site.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// `base_url` is missing, so absolute addresses are left out.
    NO_BASE_URL "no-base-url" Note {
        zh: "没有设置 base_url，所以不生成 sitemap、订阅源和规范网址", "知道网址后在 site.yaml 里写 base_url，或用 --base-url";
        en: "base_url is not set, so sitemap, feeds and canonical addresses are left out", "set base_url in site.yaml or give --base-url once the address is known";
    }
    /// The output folder cannot be used.
    OUT_UNUSABLE "out-unusable" Error {
        zh: "不能把站点写到 {folder}：{cause_zh}", "换一个 --out，或检查磁盘空间和写入权限";
        en: "cannot write the site to {folder}: {cause_en}", "choose another --out, or check disk space and permissions";
    }
    /// A file that was not written by a build is at the path of an output.
    OUT_OCCUPIED "out-occupied" Error {
        zh: "输出文件夹里的 {path} 不是以前的构建写的，不能覆盖", "确认 --out 指对了地方；要是不需要它，先把它移走";
        en: "{path} in the output folder was not written by an earlier build and is not overwritten", "check that --out is right; if the file is not needed, move it away";
    }
    /// One output is a file, and other outputs need a folder of the same name.
    OUT_CLASH "out-clash" Error {
        zh: "{path} 既要作文件，又要作 {other} 的文件夹", "改掉其中一个的网址或文件名";
        en: "{path} would have to be a file and also the folder of {other}", "change the address or file name of one of the two";
    }
    /// A file of an earlier build that is no longer needed, but was edited since and is therefore kept.
    STALE_KEPT "stale-kept" Note {
        zh: "输出文件夹里的 {path} 已经不属于站点，但构建之后有人改过，所以没有删除", "不再需要就手工删除；需要的话，把它放进 static 文件夹";
        en: "{path} in the output folder no longer belongs to the site, but was changed after it was built and is left alone", "delete it by hand if it is not needed; if it is, put it into the static folder";
    }
    /// A page or file that is not to be published and lies in the output folder all the same.
    UNPUBLISHED_LEFT "unpublished-left" Warning {
        zh: "输出文件夹里还有 {path}，可是 {page} {why_zh}", "{todo_zh}";
        en: "{path} is still in the output folder, and {page} {why_en}", "{todo_en}";
    }
    /// The list of files written by earlier builds is damaged.
    OUT_LIST_LOST "out-list-lost" Note {
        zh: "读不懂 {folder} 里以前构建的记录（.puzhi/files），已重新建立；以前构建留下的多余文件不会自动删除", "想要彻底干净，清空输出文件夹后再构建一次";
        en: "the record of earlier builds in {folder} (.puzhi/files) could not be understood and was made anew; leftovers of earlier builds are not removed", "for a clean start empty the output folder and build again";
    }
    /// The output folder contains source files of the site.
    OUT_IN_SITE "out-in-site" Error {
        zh: "--out 指向了站点自己的文件夹 {folder}", "换一个文件夹，例如 public";
        en: "--out is one of the site's own folders: {folder}", "choose another folder, such as public";
    }
    /// The files on disk differ from those of a clean build.
    VERIFY_DIFFERS "verify-differs" Error {
        zh: "{path} 与全新生成的不同", "请把这个网站发给 puzhi 的作者，并用 --clean 重新生成";
        en: "{path} is not what a clean build gives", "send the site to puzhi's authors, and build with --clean";
    }
    /// `--verify` was given, and there is nothing to verify.
    VERIFY_SKIPPED "verify-skipped" Note {
        zh: "没有核对：这次没有写出网站", "先改好错误，再带 --verify 运行";
        en: "nothing was verified, because no site was written", "correct the errors, then run with --verify again";
    }
    /// Another build of the site is running.
    SITE_LOCKED "site-locked" Error {
        zh: "另一个 puzhi 正在生成 {folder} 里的网站", "等它结束再试";
        en: "another puzhi is building the site in {folder}", "wait until it is done";
    }
    /// The saved state of the last build cannot be read or written.
    STATE_UNUSABLE "state-unusable" Note {
        zh: "用不了 .puzhi 里的记录（{cause_zh}），这次全部重新生成", "";
        en: "the records in .puzhi cannot be used ({cause_en}); everything is made anew", "";
    }
    /// Another build holds the output folder.
    OUT_LOCKED "out-locked" Error {
        zh: "另一个 puzhi 正在写 {folder}", "等它结束再试";
        en: "another puzhi is writing to {folder}", "wait until it is done";
    }
    /// An article has what one of the media it is sent to does not take.
    OUTLET_REFUSES "outlet-refuses" Note {
        zh: "{outlet}：{what_zh}", "{todo_zh}";
        en: "{outlet}: {what_en}", "{todo_en}";
    }
    /// An article for a WeChat account is over one of WeChat's limits.
    WECHAT_LIMIT "wechat-limit" Warning {
        zh: "公众号装不下：{what_zh} {value}，最多 {most}", "{todo_zh}";
        en: "too much for WeChat: {value} {what_en}, {most} at most", "{todo_en}";
    }
    /// A page is marked for a WeChat account, and nobody may republish it.
    WECHAT_NOT_REPUBLISHED "wechat-not-republished" Warning {
        zh: "这一页要发公众号，可是不让转载，所以没有复制到公众号的那一页", "要发，写“转载: 注明来源”；不发，删去“公众号: 是”";
        en: "the page goes to WeChat, but nobody may republish it, so it has no page to copy it", "to send it, write `republish: with-credit`; if not, remove `wechat: true`";
    }
    /// No press pack is made of a page by hand.
    PRESS_REFUSED "press-refused" Error {
        zh: "不能给 {page} 做稿件包：{why_zh}", "{todo_zh}";
        en: "no press pack is made of {page}: {why_en}", "{todo_en}";
    }
    /// One page's output is too large.
    OUTPUT_TOO_LARGE "output-too-large" Error {
        zh: "这一页生成的网页有 {size}，超过上限 {limit}", "把内容拆成几页，或在 site.yaml 的 limits.output 里调高上限";
        en: "this page's output is {size}, more than the limit of {limit}", "split the page, or raise limits.output in site.yaml";
    }
}
