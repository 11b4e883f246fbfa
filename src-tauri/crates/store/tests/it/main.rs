//! The log from outside: real files, real processes.

mod crash;
mod filters;
mod log;
mod make;
mod trouble;
