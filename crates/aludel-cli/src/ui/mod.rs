//! What a person reads: the printer, the colours, the problems, and the JSON that programs read instead.

pub(crate) mod exit;
pub(crate) mod json;
pub(crate) mod printer;
pub(crate) mod problem;
pub(crate) mod progress;
pub(crate) mod snippet;
pub(crate) mod theme;
