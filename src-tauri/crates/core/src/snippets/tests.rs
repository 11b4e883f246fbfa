//! Every snippet of every provider.

use super::{Language, Topic, snippet, topics};
use crate::catalogue::Catalogue;

#[test]
fn print_one() {
    let catalogue = Catalogue::builtin().unwrap();
    for language in Language::all() {
        for provider in catalogue.iter() {
            let s = snippet(&provider.rule, language);
            std::fs::create_dir_all("/tmp/w4/out").unwrap();
            std::fs::write(format!("/tmp/w4/out/{}-{}", provider.id(), language.id()), &s.code).unwrap();
            for topic in topics(&provider.rule) { assert!(s.marks.iter().any(|(t, _)| *t == topic), "{:?} {:?}", topic, language); }
        }
    }
    let _ = Topic::all();
}
