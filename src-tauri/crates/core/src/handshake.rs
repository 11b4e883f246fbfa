//! Answering a provider's check that the endpoint is yours.

use crate::rule::{Handshake, HandshakeAnswer};
use serde_json::Value;

impl Handshake {
    /// The JSON body to answer with, where the delivery is such a check.
    #[must_use]
    pub fn answer(&self, body: Option<&Value>) -> Option<String> {
        let body = body?;
        if !self.when.fits(body) {
            return None;
        }
        match &self.answer {
            HandshakeAnswer::JsonEcho { pointer, field } => {
                let value = body.pointer(pointer)?.clone();
                Some(Value::Object([(field.clone(), value)].into_iter().collect()).to_string())
            }
        }
    }
}
