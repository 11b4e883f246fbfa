//! The checks that stand in for a signature: the body against a JSON Schema.

use crate::json::parse_body;
use crate::request::Request;
use serde_json::Value;

/// A JSON Schema, compiled once.
pub struct Shape(jsonschema::Validator);

impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shape")
    }
}

impl Shape {
    /// Compiles a schema.
    ///
    /// # Errors
    /// What is wrong with it, in one sentence.
    pub fn new(schema: &str) -> Result<Shape, String> {
        let schema: Value = serde_json::from_str(schema).map_err(|e| format!("the schema is not JSON: {e}"))?;
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .map_err(|e| format!("the schema is not a JSON Schema: {e}"))?;
        Ok(Shape(validator))
    }

    /// Holds a request's body against it. `Err` is one sentence that names the first failing field and says how many more fail.
    ///
    /// # Errors
    /// That sentence.
    pub fn check(&self, request: &Request) -> Result<(), String> {
        let Some(body) = parse_body(request) else {
            return Err("The body is not a JSON object.".to_owned());
        };
        let faults: Vec<String> = self.0.iter_errors(&body).map(|error| sentence(&error)).collect();
        match faults.as_slice() {
            [] => Ok(()),
            [one] => Err(format!("{one}.")),
            [one, more @ ..] => {
                Err(format!("{one}; {} more {}.", more.len(), if more.len() == 1 { "fault" } else { "faults" }))
            }
        }
    }
}

fn sentence(error: &jsonschema::ValidationError<'_>) -> String {
    let field = error.instance_path().to_string();
    let field = field.trim_start_matches('/').replace('/', ".");
    let what = crate::shorten(&error.to_string(), 160);
    if field.is_empty() { what } else { format!("{field}: {what}") }
}
