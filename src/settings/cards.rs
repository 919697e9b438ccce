//! The keys of `site.yaml` about the pictures that are shown with shared pages.

use puzhi_core::yaml::{Field, Type};

pub(super) const SHARE_CARDS_FIELD: Field = Field::new(
    "share_cards",
    "分享图",
    Type::Flag,
    "每篇文章做一张分享到微信等处时显示的图（1200×630，约20 KB；一千篇约3秒），写了网址才做；缺省是",
    "a picture for each article, shown where people share it (1200 × 630, about 20 KB; a thousand take about 3 seconds), once base_url is set; yes by default",
);

pub(super) const FONT_FIELD: Field = Field::new(
    "card_font",
    "分享图字体",
    Type::Link,
    "分享图和图标上的字体，OTF、TTF 或 TTC，放在 data/ 里不会公开，如 /data/fonts/song.otf；缺省用自带的思源黑体",
    "font of share cards and icons: OTF, TTF or TTC; in data/ it is not published, as in /data/fonts/song.otf; Noto Sans CJK by default",
);
