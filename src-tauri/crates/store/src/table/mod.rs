//! One file per table: what creates it, what writes it, what reads it.

pub(crate) mod attempts;
pub(crate) mod contents;
pub(crate) mod deliveries;
pub(crate) mod expected_ids;
pub(crate) mod groups;
pub(crate) mod meta;
pub(crate) mod path_pins;
pub(crate) mod runs;
pub(crate) mod saved_filters;
pub(crate) mod settings;
pub(crate) mod templates;
pub(crate) mod totals;
