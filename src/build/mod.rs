//! From a site's files to the written site.

pub mod sink;
