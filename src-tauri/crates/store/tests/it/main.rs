//! The log from outside: real files, real processes.

mod attempts;
mod crash;
mod filters;
mod log;
mod make;
mod trouble;
