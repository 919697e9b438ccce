//! The rules of the source that no compiler checks: which room uses which, what a file may hold, who may break a ban.

mod files;
mod invariants;
mod rooms;
mod sources;
