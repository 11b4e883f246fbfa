//! The log from outside: real files, real processes.

mod attempts;
mod crash;
mod filters;
mod groups;
mod log;
mod make;
mod runs;
mod trouble;
