//! Files that are copied as they are and run scripts in the site's origin when a visitor opens them: HTML, and XML that holds HTML or
//! drawings. In: the files of `content/`. Out: their paths. Files of `static/` belong to the site's makers and are not looked at.

use std::io::Read;

use crate::source::FileSnapshot;
use puzhi_core::base::SitePath;

/// Extensions that servers send as documents in which scripts run.
const DOCUMENTS: [&str; 5] = ["html", "htm", "xhtml", "xht", "shtml"];
/// Extensions that servers send as XML.
const XML: [&str; 4] = ["xml", "xsl", "xslt", "rdf"];
/// What makes XML a document in which scripts run.
const MARKS: [&str; 3] = ["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg", "<?xml-stylesheet"];
/// Bytes of an XML file that are looked at.
const MAX_BYTES: u64 = 4 << 20;

/// The page of the site's own for addresses that do not exist.
const NOT_FOUND: &str = "content/404.html";

/// Attachments that run scripts, in path order.
pub(super) fn active_attachments(files: &FileSnapshot) -> Vec<&SitePath> {
    let attachments = files.paths_in("content").filter(|path| path.as_str() != NOT_FOUND);
    attachments.filter(|path| path.has_extension(&DOCUMENTS) || is_active_xml(files, path)).collect()
}

fn is_active_xml(files: &FileSnapshot, path: &SitePath) -> bool {
    if !path.has_extension(&XML) {
        return false;
    }
    let mut bytes = Vec::new();
    // A file that cannot be read is found when it is copied.
    let read = files.open(path).map(|file| file.take(MAX_BYTES).read_to_end(&mut bytes));
    let text = String::from_utf8_lossy(&bytes);
    read.is_ok() && MARKS.iter().any(|mark| text.contains(mark))
}
