//! Filling a template and taking its marks out.

use super::facts::{Choice, Facts, Lookup, Path};
use super::{Language, Topic, notes, quote};
use crate::rule::ProviderRule;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;
use std::ops::Range;

/// Stands before the topics at the end of a marked line: `@@key,missing`.
const MARK: &str = "@@";

const TEMPLATES: [(&str, &str); 15] = [
    ("node", include_str!("templates/node.mjs")),
    ("node_http", include_str!("templates/node_http.mjs")),
    ("node_start", include_str!("templates/node_start.mjs")),
    ("node_verify", include_str!("templates/node_verify.mjs")),
    ("python_flask", include_str!("templates/python_flask.py")),
    ("python_fastapi", include_str!("templates/python_fastapi.py")),
    ("python_imports", include_str!("templates/python_imports.py")),
    ("python_start", include_str!("templates/python_start.py")),
    ("python_verify", include_str!("templates/python_verify.py")),
    ("go", include_str!("templates/go.go")),
    ("rust", include_str!("templates/rust.rs")),
    ("php", include_str!("templates/php.php")),
    ("ruby", include_str!("templates/ruby.rb")),
    ("java", include_str!("templates/java.java")),
    ("csharp", include_str!("templates/csharp.cs")),
];

/// The code for a provider and its marked lines.
pub(super) fn render(rule: &ProviderRule, facts: &Facts, language: Language) -> (String, Vec<(Topic, Range<usize>)>) {
    let name = language.id().replace('-', "_");
    // The templates are part of the program, and the tests render each of them for every kind of rule: none fails.
    let text = environment(language)
        .and_then(|environment| environment.get_template(&name)?.render(Serde(Words::of(rule, facts, language))))
        .unwrap_or_else(|error| panic!("the template {name}: {error:#}"));
    take_marks(&text)
}

fn environment(language: Language) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment
        .set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_filter("lit", move |text: String| quote::literal(language, &text));
    environment.add_filter("lits", move |texts: Vec<String>| quote::literals(language, &texts));
    environment.add_filter(
        "row",
        move |items: Vec<String>, head: String, tail: String, width: usize, topics: String| {
            quote::row(language, &items, &head, &tail, width, &format!("{MARK}{topics}"))
        },
    );
    environment.add_filter("key", move |text: String| quote::js_key(&text));
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// What a template may name: the facts, and what of them is an expression of the language.
#[derive(Serialize)]
struct Words<'a> {
    #[serde(flatten)]
    facts: &'a Facts,
    /// What is signed, part by part; the raw body is none.
    signed: Vec<Option<String>>,
    /// What together names an event; each must be a text that is not empty.
    names: Vec<String>,
    /// The event's id.
    id: String,
    /// What must have one of some values.
    choices: Vec<OneOf<'a>>,
    handshake: Option<Handshake<'a>>,
    /// What counts as delivered, one sentence.
    success: String,
    /// Where the tolerance comes from, one sentence.
    tolerance: String,
}

#[derive(Serialize)]
struct OneOf<'a> {
    value: String,
    list: &'a [String],
}

#[derive(Serialize)]
struct Handshake<'a> {
    /// What marks the request.
    marks: Vec<OneOf<'a>>,
    /// What is repeated.
    from: String,
    /// The field of the answer.
    field: &'a str,
}

impl<'a> Words<'a> {
    fn of(rule: &ProviderRule, facts: &'a Facts, language: Language) -> Words<'a> {
        let value = |lookup: &Lookup| quote::value(language, lookup);
        let at = |path: &Path| value(&Lookup { paths: vec![path.clone()], header: None });
        let one_of = |choice: &'a Choice| OneOf { value: at(&choice.path), list: &choice.values };
        let content = facts.scheme.iter().flat_map(|scheme| &scheme.content);
        Words {
            facts,
            signed: content.map(|chunk| (!chunk.body).then(|| quote::joined(language, &chunk.text))).collect(),
            names: facts.identity.iter().map(value).collect(),
            id: value(&facts.id),
            choices: facts.choices.iter().map(one_of).collect(),
            handshake: facts.handshake.as_ref().map(|handshake| Handshake {
                marks: handshake.marks.iter().map(one_of).collect(),
                from: at(&handshake.from),
                field: &handshake.field,
            }),
            success: notes::success(rule, facts),
            tolerance: notes::tolerance(facts),
        }
    }
}

/// The text without its marks, and the marks as ranges of lines.
fn take_marks(text: &str) -> (String, Vec<(Topic, Range<usize>)>) {
    let mut code = String::with_capacity(text.len());
    let mut marks: Vec<(Topic, Range<usize>)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let (line, topics) = line.split_once(MARK).unwrap_or((line, ""));
        for topic in topics.split(',').filter_map(|word| Topic::from_id(word.trim())) {
            match marks.iter_mut().find(|(known, lines)| *known == topic && lines.end == at) {
                Some((_, lines)) => lines.end = at + 1,
                None => marks.push((topic, at..at + 1)),
            }
        }
        code.push_str(line.trim_end());
        code.push('\n');
    }
    marks.sort_by_key(|(topic, lines)| (lines.start, *topic));
    (code, marks)
}
