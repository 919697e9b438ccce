//! The default theme, embedded into the binary at compile time. Output: its files by path. Does not know templates or
//! sites.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "themes/civic"]
struct EmbeddedTheme;

/// All files of the theme by their path in the theme's folder.
pub fn files() -> &'static BTreeMap<String, Cow<'static, [u8]>> {
    static FILES: OnceLock<BTreeMap<String, Cow<'static, [u8]>>> = OnceLock::new();
    FILES.get_or_init(|| {
        EmbeddedTheme::iter().filter_map(|path| Some((path.to_string(), EmbeddedTheme::get(&path)?.data))).collect()
    })
}
