//! Interviews in the field: the form on an interviewer's device without network, sealed answers, and the batch that is handed over.
//!
//! On the device: `service` shows the form and takes dispositions, `record` and `age` seal each interview to the office's public key,
//! `device_store` keeps what is sealed. On the way: `batch`. In the office: `opening` makes responses of a batch. `keys` has the keys of
//! both sides. Knows no files but the device's database, and no pages of the site.

pub(crate) mod age;
mod batch;
mod call_sheet;
mod device_store;
mod keys;
mod messages;
mod opening;
mod pages;
mod record;
mod service;
#[cfg(test)]
mod tests;

pub use age::OpenError;
pub use batch::{BatchError, FieldBatch, MAX_BATCH_BYTES, is_batch};
pub use call_sheet::{CallSheet, CallSheetError, SheetCase};
pub use device_store::{DeviceStore, DeviceStoreError};
pub use keys::{DeviceKey, OfficeIdentity};
pub use messages::outcomes_yaml;
pub use opening::{OpenedBatch, RefusedInterview, WhyRefused, open_batch};
pub use record::{Disposition, SealedInterview, outcomes_of};
pub use service::{FieldConfig, FieldService, SaveBatch};
