//! `site.yaml` as written.

use super::Settings;
