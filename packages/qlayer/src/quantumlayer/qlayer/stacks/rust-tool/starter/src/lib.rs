//! The tool: `command` speaks with its user, the other modules do the work.

pub mod command;
pub mod counting;
