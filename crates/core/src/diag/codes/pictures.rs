//! Diagnostics about pictures.
//!
//! Contains only data. The modules that find these problems set the arguments of the messages.

use super::{DiagnosticCode, Severity};

codes! {
    /// A file that should be a picture and cannot be read as one.
    BROKEN_PICTURE "broken-picture" Error {
        zh: "这张图片坏了，或者根本不是图片，打不开", "在电脑上打开看看；打得开就另存为 JPG 再放进来，打不开就找原图重新拷贝一次";
        en: "this picture is damaged or no picture at all ({why})", "open it on a computer; if that works, save it again as a JPEG, otherwise copy the original once more";
    }
    /// A picture with more pixels, or more memory needed, than is allowed.
    PICTURE_TOO_LARGE "picture-too-large" Error {
        zh: "这张图片太大：{size_zh}", "用看图软件把它缩小（长边 6000 像素足够了），再放进来";
        en: "this picture is too large: {size_en}", "make it smaller (6000 pixels on the long side are plenty) and put it in again";
    }
    /// A format whose metadata cannot be removed, and that many browsers do not show.
    PICTURE_FORMAT "picture-format" Error {
        zh: "这张图片是 {format} 格式，很多浏览器不显示，里面的拍摄地点也去不掉，所以没有发布", "另存为 JPG 再放进来；苹果手机可在“设置—相机—格式”里选“兼容性最佳”";
        en: "this picture is in {format}, which many browsers do not show and whose metadata, such as the place, cannot be removed; it is not published", "save it as a JPEG and put that in; on an iPhone choose Settings, Camera, Formats, Most Compatible";
    }
    /// A drawing with a script.
    SVG_SCRIPT "svg-script" Warning {
        zh: "这张图里有脚本，公布的副本里去掉了", "打开生成的网站看看这张图还对不对；最好从画图软件里另存一份不带脚本的";
        en: "this drawing holds scripts, which were taken out of the published copy", "look whether it still shows what it should; better save it again from the drawing program without scripts";
    }
    /// A file that runs scripts in the site's origin when a visitor opens it.
    ACTIVE_ATTACHMENT "active-attachment" Warning {
        zh: "这个文件会原样公布，打开时浏览器会运行里面的脚本，就像网站自己的一样", "是文章就改写成 .md 页面；是给人下载的就压缩成 .zip 或者换成 PDF";
        en: "this file is published as it is, and browsers run its scripts as if they were the site's own", "make a page (.md) of it, or for a download pack it as .zip or use a PDF";
    }
}
