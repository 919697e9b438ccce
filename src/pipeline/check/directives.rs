//! Follows what directives name: files, tables, and terms, targets, sections and surveys by name.

use super::page::PageChecker;
use super::reference_key::{FileContent, NameOf, NamedThing};
use super::reference_kind::ReferenceKind;
use super::suggestions::{AllNames, Suggestions};
use crate::markdown::{DirectiveData, LinkTarget};
use crate::view::ReferencedFile;
use puzhi_core::base::{Route, SitePath, Span, closest_match};
use puzhi_core::diag::{Diagnostic, codes};

impl PageChecker<'_> {
    /// Checks the names and files of directive number `n` of the page.
    pub(super) fn directive(&mut self, n: u32, data: &DirectiveData, span: Span) {
        match data {
            DirectiveData::Download { target, written, .. } => self.download(n, target, written, span),
            DirectiveData::Table { target, written, columns, .. } => self.table(n, target, written, columns, span),
            DirectiveData::Target { id } => self.name(ReferenceKind::Target, id, span),
            DirectiveData::Targets { group, unit, .. } => {
                self.optional_names(&[(ReferenceKind::Unit, unit), (ReferenceKind::Group, group)], span);
            }
            DirectiveData::Events { campaign, channel, unit, .. } => {
                let names = [
                    (ReferenceKind::Campaign, campaign),
                    (ReferenceKind::Channel, channel),
                    (ReferenceKind::Unit, unit),
                ];
                self.optional_names(&names, span);
            }
            DirectiveData::Pages { section, tag, unit, campaign, .. } => {
                let names = [
                    (ReferenceKind::Tag, tag),
                    (ReferenceKind::Unit, unit),
                    (ReferenceKind::Campaign, campaign),
                    (ReferenceKind::Section, section),
                ];
                self.optional_names(&names, span);
            }
            DirectiveData::Survey { id, .. } => self.name(ReferenceKind::Survey, id, span),
            DirectiveData::Contacts { .. } | DirectiveData::Timeline { .. } | DirectiveData::Toc { .. } => {}
            DirectiveData::Flow(_) | DirectiveData::Decision(_) => {}
            DirectiveData::Bars(_) | DirectiveData::Line(_) | DirectiveData::Gauge(_) => {}
        }
    }

    fn download(&mut self, n: u32, target: &LinkTarget, written: &str, span: Span) {
        let LinkTarget::Internal { path, .. } = target else { return };
        let Some((file, route)) = self.file(path, written, span, &codes::links::BROKEN_LINK) else { return };
        let size = self.collector.read::<FileContent>(&self.checker, file.clone()).size();
        self.out.resolved.files.insert(n, ReferencedFile { path: file, route, size });
    }

    /// A table's file is looked for in `data/` first, then as any link.
    fn table(&mut self, n: u32, target: &LinkTarget, written: &str, columns: &[String], span: Span) {
        let LinkTarget::Internal { path, .. } = target else { return };
        let data_file = path.strip_prefix("/data/").and_then(|below| SitePath::new(&format!("data/{below}")).ok());
        let in_data = |path: &SitePath| self.collector.read::<FileContent>(&self.checker, path.clone()).exists();
        let found = match data_file.filter(in_data) {
            Some(file) => {
                let route = Route::file(&file);
                Some((file, route))
            }
            None => match self.data_file_near(path) {
                Some(near) => {
                    let diag = Diagnostic::new(&codes::links::BROKEN_LINK).arg("target", written);
                    self.collector.report(diag.arg("nearest", near), span);
                    return;
                }
                None => self.file(path, written, span, &codes::links::BROKEN_LINK),
            },
        };
        let Some((file, route)) = found else { return };
        let content = self.collector.read::<FileContent>(&self.checker, file.clone());
        match content.table() {
            Ok(table) => {
                for column in columns.iter().filter(|column| !table.columns.contains(column)) {
                    let near = closest_match(column, table.columns.iter().map(String::as_str));
                    self.collector.report(unknown_name(ReferenceKind::Column, column, near), span);
                }
                let size = content.size();
                self.out.resolved.tables.insert(n, table);
                self.out.resolved.files.insert(n, ReferencedFile { path: file, route, size });
            }
            Err(found) => self.collector.diags.extend(found),
        }
    }

    /// The address of the file in `data/` that is probably meant, if there is no file at the address that is written.
    fn data_file_near(&mut self, path: &str) -> Option<String> {
        if self.is_file(path) {
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or_default().to_string();
        let lower = name.to_lowercase();
        let mut exists = |file: String| {
            let file = SitePath::new(&file).ok()?;
            self.collector.read::<FileContent>(&self.checker, file.clone()).exists().then_some(file)
        };
        [name, lower].into_iter().find_map(|name| exists(format!("data/{name}"))).map(|file| format!("/{file}"))
    }

    fn optional_names(&mut self, names: &[(ReferenceKind, &Option<String>)], span: Span) {
        for (kind, name) in names {
            if let Some(name) = name {
                self.name(*kind, name, span);
            }
        }
    }

    /// Records that the page depends on whether something has this name, and reports a name that nothing has.
    pub(super) fn name(&mut self, kind: ReferenceKind, name: &str, span: Span) {
        let of = NameOf { kind, lang: self.lang, name: name.to_string() };
        if !self.collector.read::<NamedThing>(&self.checker, of) {
            let near = self.collector.read::<Suggestions>(&self.checker, AllNames).name(kind, self.lang, name);
            self.collector.report(unknown_name(kind, name, near), span);
        }
    }
}

/// The finding for a name that nothing has; `near` is a similar name that exists.
fn unknown_name(kind: ReferenceKind, name: &str, near: Option<&str>) -> Diagnostic {
    Diagnostic::new(&codes::links::UNKNOWN_REFERENCE)
        .arg("what_zh", kind.zh())
        .arg("what_en", kind.en())
        .arg("name", name)
        .optional_arg("nearest", near)
}
