//! The sender against endpoints that speak raw TCP and record every byte.

mod broken;
pub(crate) mod endpoint;
mod leaves;
mod limits;
mod replies;
mod secure;
