//! The listener and the sender over real sockets, with requests written byte for byte.

mod bodies;
mod faults;
mod fronts;
mod heads;
mod lives;
mod sends;
mod support;
mod tls;
