//! A zip file that is the same every time: its entries have no times of their own.

use crate::error::EngineError;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A zip file on its way.
pub(super) struct Packed<'a> {
    zip: ZipWriter<BufWriter<File>>,
    /// What errors name.
    path: &'a Path,
}

impl<'a> Packed<'a> {
    pub(super) fn new(file: BufWriter<File>, path: &'a Path) -> Packed<'a> {
        Packed { zip: ZipWriter::new(file), path }
    }

    fn failed(&self, error: ZipError) -> EngineError {
        let source = match error {
            ZipError::Io(source) => source,
            other => io::Error::other(other),
        };
        EngineError::ExportFile { path: self.path.to_owned(), source }
    }

    fn begin(&mut self, name: &str) -> Result<(), EngineError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.zip.start_file(name, options).map_err(|error| self.failed(error))
    }

    /// Adds a whole file.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), EngineError> {
        self.begin(name)?;
        self.zip.write_all(bytes).map_err(|error| self.failed(error.into()))
    }

    /// Adds what a file holds.
    pub(super) fn add_file(&mut self, name: &str, file: &mut File) -> Result<(), EngineError> {
        self.begin(name)?;
        io::copy(file, &mut self.zip).map_err(|error| self.failed(error.into()))?;
        Ok(())
    }

    /// Ends it.
    pub(super) fn end(self) -> Result<BufWriter<File>, EngineError> {
        let path = self.path;
        self.zip.finish().map_err(|error| Packed::failed_at(path, error))
    }

    fn failed_at(path: &Path, error: ZipError) -> EngineError {
        EngineError::ExportFile { path: path.to_owned(), source: io::Error::other(error) }
    }
}
