//! Diagnostics about the kinds of pages that a site defines in `kinds/`, and about kinds and taxonomies that it hides.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// A name of a kind with other characters than letters, digits, `-` and `_`, or too long.
    BAD_KIND_NAME "bad-kind-name" Error {
        zh: "“{value}”不能做类型的名字", "用汉字、字母、数字、- 和 _，最多 {limit} 个字，例如 {example}";
        en: "\"{value}\" cannot be the name of a kind", "use letters of any script, digits, - and _, at most {limit} of them, such as {example_en}";
    }
    /// A name of a kind that another kind has, or that the program uses.
    KIND_NAME_TAKEN "kind-name-taken" Error {
        zh: "类型的名字“{value}”已经有了：{other}", "换一个名字";
        en: "the name \"{value}\" of a kind is taken: {other}", "choose another name";
    }
    /// More files in `kinds/` than a site may have.
    TOO_MANY_KINDS "too-many-kinds" Error {
        zh: "这个站点自己的类型多于 {limit} 种，这一种没有用上", "把相近的合成一种，用一个“单选”的键来区分";
        en: "the site defines more than {limit} kinds; this one is not used", "join similar kinds into one with a choice that tells them apart";
    }
    /// A file in `kinds/` that defines no kind.
    KIND_FILE_UNUSED "kind-file-unused" Warning {
        zh: "kinds 里的这个文件没有用上", "一种类型一个文件，直接放在 kinds 里，文件名写成 名字.yaml";
        en: "this file in kinds/ is not used", "write one kind into each file NAME.yaml, directly in kinds/";
    }
    /// A name of a key with characters that front matter cannot have.
    BAD_KIND_KEY "bad-kind-key" Error {
        zh: "“{value}”不能做键名", "用汉字、字母、数字、- 和 _，以汉字或字母开头，最多 {limit} 个字；英文名只用 a–z、0–9 和 _";
        en: "\"{value}\" cannot be a key", "use letters of any script, digits, - and _, beginning with a letter, at most {limit} of them; in English only a-z, 0-9 and _";
    }
    /// A key that every page has, or that a taxonomy has.
    KIND_KEY_RESERVED "kind-key-reserved" Error {
        zh: "键“{key}”是各种页面通用的，类型里不能再定义", "删掉这一项，页面里直接写“{key}”；意思不同，或者站点隐藏了它，就换一个名字";
        en: "pages of all kinds share the key \"{key}\", so a kind cannot define it", "delete it and use \"{key}\" in pages as it is; choose another name if it means something else, or if the site hides it";
    }
    /// Two keys of one kind with the same name.
    KIND_KEY_TWICE "kind-key-twice" Error {
        zh: "这个类型有两个键都叫“{key}”", "给其中一个换个名字";
        en: "two keys of this kind are called \"{key}\"", "rename one of them";
    }
    /// More keys than a kind may have.
    TOO_MANY_KIND_KEYS "too-many-kind-keys" Error {
        zh: "一层里有 {count} 个键，最多 {limit} 个", "删掉用不着的，或者把几个合成“一组”";
        en: "there are {count} keys on one level; at most {limit} are allowed", "remove some, or put several into a group";
    }
    /// A group within a group.
    KIND_TOO_DEEP "kind-too-deep" Error {
        zh: "一组里面不能再有一组", "把里面的键放到外面一层";
        en: "a group cannot contain another group", "move the inner keys one level up";
    }
    /// Something that is said of a key but has no effect for its type.
    KIND_KEY_UNUSED "kind-key-unused" Error {
        zh: "“{part}”对“{kind}”的键不起作用", "删掉“{part}”，或者改“类型”";
        en: "\"{part}\" has no effect on a key of the type {kind_en}", "delete \"{part}\", or change the type";
    }
    /// The keys of a kind are no list of mappings.
    KIND_KEYS_NO_LIST "kind-keys-no-list" Error {
        zh: "“{key}”要写成列表，每个键一条", "写成：\n{yaml}";
        en: "\"{key}\" takes a list with one entry for each key", "write:\n{yaml}";
    }
    /// A key that a page must have and that has a default.
    KIND_REQUIRED_DEFAULT "kind-required-default" Warning {
        zh: "“{key}”有“缺省”，页面里不写也有值，所以“必填”不起作用", "“必填”和“缺省”只留一个";
        en: "\"{key}\" has a default, so pages need not have it and \"required\" has no effect", "keep either required or default";
    }
    /// Something that is said of a key of a group and holds for whole groups only.
    KIND_INNER_PART "kind-inner-part" Error {
        zh: "“{part}”对组里的键不起作用", "写到外面一层，对整组起作用；或者删掉它";
        en: "\"{part}\" has no effect on a key of a group", "write it one level up, for the whole group, or delete it";
    }
    /// A folder for new pages in which pages of another sort lie.
    KIND_FOLDER_TAKEN "kind-folder-taken" Warning {
        zh: "文件夹“{folder}”是{other}用的", "给这种页面换一个文件夹，例如 文件夹: scams；不写就用英文名";
        en: "the folder \"{folder}\" is that of {other_en}", "choose another folder, such as folder: scams; by default it is the English name";
    }
    /// A choice with more words than it may have, or with one word twice.
    BAD_KIND_CHOICES "bad-kind-choices" Error {
        zh: "“{key}”的选项有重复的“{value}”，或者多于 {limit} 个", "每个选项写一次";
        en: "the choices of \"{key}\" have \"{value}\" twice, or are more than {limit}", "write each choice once";
    }
    /// `dated` or `expires` names no key that is a date.
    KIND_DATE_KEY "kind-date-key" Error {
        zh: "“{value}”不是这个类型里日期类的键", "写一个类型是“日期”的键名，例如 {nearest}";
        en: "\"{value}\" is no key of this kind that takes a date", "name a key of the type date, such as {nearest}";
    }
    /// A folder for new pages that `content/` cannot have.
    BAD_KIND_FOLDER "bad-kind-folder" Error {
        zh: "“{value}”不能做文件夹", "写 content 里面的一个文件夹，例如 {example}，不以 . 开头，不用 ..";
        en: "\"{value}\" cannot be a folder", "name a folder inside content/, such as {example}, without a leading . and without ..";
    }
    /// A page of a kind that the settings hide.
    HIDDEN_KIND "hidden-kind" Error {
        zh: "这个站点不用“{kind}”这种页面", "换一种类型，或者从 site.yaml 的“隐藏类型”里去掉它";
        en: "this site does not use pages of the kind {name}", "choose another kind, or remove it from hidden_kinds in site.yaml";
    }
    /// A taxonomy that the settings hide.
    HIDDEN_TAXONOMY "hidden-taxonomy" Error {
        zh: "这个站点不用“{key}”这个分类", "删掉这一行，或者从 site.yaml 的“隐藏分类”里去掉它";
        en: "this site does not use the taxonomy \"{key}\"", "delete the line, or remove it from hidden_taxonomies in site.yaml";
    }
}
