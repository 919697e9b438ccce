//! Diagnostics about the preview, new pages and new sites.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// The preview cannot run, most often because the port is taken.
    PREVIEW_UNUSABLE "preview-unusable" Error {
        zh: "不能在端口 {port} 上预览：{cause_zh}", "关掉占用它的程序，或用 --port 换一个，例如 --port 4100；--port 0 由系统选";
        en: "no preview on port {port}: {cause_en}", "end the program that holds it, or choose another with --port, such as --port 4100; --port 0 takes any";
    }
    /// The new page already exists.
    PAGE_EXISTS "page-exists" Error {
        zh: "已经有 {path}，没有覆盖", "直接改那一页；要另写一页，用 --slug 换一个文件名";
        en: "{path} is there already and was left alone", "edit that page, or give another name with --slug";
    }
    /// The title contains no characters for a file name.
    NO_SLUG "no-slug" Error {
        zh: "从标题“{title}”定不出文件名", "用 --slug 写一个，例如 --slug market-talk";
        en: "no file name can be made of the title \"{title}\"", "give one with --slug, such as --slug market-talk";
    }
    /// `--slug` or `--section` is not a valid name.
    BAD_NEW_NAME "bad-new-name" Error {
        zh: "{option}“{value}”不能用", "只用字母、数字、汉字和连字符，例如 {example}";
        en: "{option} \"{value}\" cannot be used", "use letters, digits and hyphens only, such as {example}";
    }
    /// A word that names no kind of the site.
    UNKNOWN_KIND "unknown-kind" Error {
        zh: "没有“{value}”这种页面", "写其中一种：{kinds}；自己的类型放在 kinds 文件夹里";
        en: "there is no kind \"{value}\" of page", "use one of: {kinds}; define others in kinds/";
    }
    /// An option that only events accept.
    NEW_OPTION "new-option" Error {
        zh: "{option} 只用于活动，这一页是{kind}", "去掉 {option}，或者写 puzhi new 活动 标题";
        en: "{option} is for events only, and this page is a {name}", "leave {option} out, or use puzhi new event TITLE";
    }
    /// The folder for a new site is not empty.
    FOLDER_IN_USE "folder-in-use" Error {
        zh: "{folder} 里已经有东西，没有动它", "换一个空的或者还没有的文件夹";
        en: "{folder} is not empty and was left alone", "choose an empty folder or one that does not exist yet";
    }
    /// A file of the theme was there with another text, so the export left it alone.
    THEME_FILE_KEPT "theme-file-kept" Warning {
        zh: "{path} 改过了，没有覆盖", "要自带的那一份，先把它改名或者移走，再导出一次";
        en: "{path} was changed and was left alone", "to get the embedded one, rename or move it, then export again";
    }
    /// `puzhi fix` was given a code that no kind of findings has, or one without fixes.
    NO_FIX "no-fix" Error {
        zh: "没有代号是“{name}”的自动改法", "最接近的是 {nearest}";
        en: "nothing with the code \"{name}\" can be fixed by itself", "the nearest is {nearest}";
    }
    /// A file that `puzhi fix` has left alone.
    FILE_NOT_FIXED "file-not-fixed" Error {
        zh: "这个文件没有动：{why_zh}", "看看这个文件，再运行一次";
        en: "this file was left alone: {why_en}", "look at the file, then run the command again";
    }
    /// A new file cannot be written.
    NEW_UNWRITABLE "new-unwritable" Error {
        zh: "写不了 {path}：{cause_zh}", "检查磁盘空间和写入权限";
        en: "{path} cannot be written: {cause_en}", "check disk space and permissions";
    }
}
