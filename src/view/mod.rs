//! What a template may see, made per purpose and recorded as it is handed over; placeholders filled.
//!
//! In: the catalog, settings, data and assets. Out: template contexts and filled HTML. Knows no files and no output paths.

mod model;
