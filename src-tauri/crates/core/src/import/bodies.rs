//! Bodies that an export put beside its file.
//!
//! Invariants: nothing is asked for but what an export of Countersign would have named so, and nothing is taken but what that
//! name says; a file is read once, however many items name it; what the items of a file take from beside it is no more
//! than [`FILE_LIMIT`] in sum. A stranger's file can neither bring in another file of its folder nor grow in the log.

use super::{Beside, FILE_LIMIT, Unread};
use crate::export::names;
use bytes::Bytes;
use std::collections::HashMap;

/// Why a file gives no body.
#[derive(Debug, Clone, Copy)]
enum Wrong {
    Missing,
    /// It holds something else than its name says.
    Another,
    TooMuch,
}

/// The bodies beside the file that is being read.
pub(super) struct Bodies<'a> {
    beside: Option<Beside<'a>>,
    read: HashMap<String, Result<Bytes, Wrong>>,
    /// What the items may still take, in bytes.
    left: u64,
}

impl<'a> Bodies<'a> {
    pub(super) fn new(beside: Option<Beside<'a>>) -> Bodies<'a> {
        Bodies { beside, read: HashMap::new(), left: FILE_LIMIT }
    }

    /// The body of that name, or why there is none, in a sentence or two.
    pub(super) fn take(&mut self, name: &str) -> Result<Bytes, String> {
        let shown = || crate::shorten(name, 100);
        if !names::is_body(name) {
            return Err(format!(
                "It says that its body is in the file “{}”, which is no name that an export gives to a body. That file \
                 was not read.",
                shown()
            ));
        }
        let read = match self.read.get(name) {
            Some(read) => read.clone(),
            None => {
                let read = self.read(name);
                self.read.insert(name.to_owned(), read.clone());
                read
            }
        };
        match read {
            Ok(body) if body.len() as u64 > self.left => Err(Wrong::TooMuch),
            Ok(body) => {
                self.left -= body.len() as u64;
                Ok(body)
            }
            Err(wrong) => Err(wrong),
        }
        .map_err(|wrong| wrong.words(&shown()))
    }

    /// Reads a file, and keeps its bytes only where they are what its name says.
    fn read(&mut self, name: &str) -> Result<Bytes, Wrong> {
        let Some(beside) = self.beside else { return Err(Wrong::Missing) };
        let body = beside(name, self.left).map_err(|why| match why {
            Unread::Missing => Wrong::Missing,
            Unread::TooLarge => Wrong::TooMuch,
        })?;
        if names::names_body(name, &body) {
            return Ok(body);
        }
        // Reading it was work too.
        self.left = self.left.saturating_sub(body.len() as u64);
        Err(Wrong::Another)
    }
}

impl Wrong {
    fn words(self, file: &str) -> String {
        match self {
            Wrong::Missing => format!(
                "Its body is in the file “{file}” beside this one, which cannot be read. Import the file in its folder, \
                 with the bodies that were exported with it."
            ),
            Wrong::Another => format!(
                "The file “{file}” beside this one does not hold the body that was exported: it was changed, or is \
                 another one. Export the delivery again."
            ),
            Wrong::TooMuch => format!(
                "With the file “{file}” the bodies beside this one are over 100 MB together, which is more than is read at \
                 once. Export fewer deliveries together, or as NDJSON, which is read line by line."
            ),
        }
    }
}
