//! What others do in the folder while an export is made, and what becomes of their files and of the export's.

use super::stage::{Answer, Moved, Role, Stage};
use crate::error::EngineError;
use crate::wire::{ExportOutcome, OnExisting};
use std::fs;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// Makes an export of three files into a folder, while `meanwhile` happens there.
fn exported(folder: &Path, answer: &Answer, meanwhile: impl Fn(&Path)) -> Result<Moved, EngineError> {
    let mut stage = Stage::new(folder).expect("a folder");
    for name in ["a", "bodies/b", "c"] {
        let role = if name == "bodies/b" { Role::Beside } else { Role::Delivery };
        stage.add(name, None, b"new", role).expect("it waits");
    }
    meanwhile(folder);
    stage.commit(answer, &CancellationToken::new())
}

fn answer(on_existing: OnExisting, asked: Option<&[&str]>) -> Answer {
    Answer { on_existing, asked: asked.map(|names| names.iter().map(|name| (*name).to_owned()).collect()) }
}

fn outcomes(moved: &Moved) -> Vec<(&str, ExportOutcome)> {
    moved.files.iter().map(|file| (file.name.as_str(), file.outcome)).collect()
}

fn content(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|_| "nothing".to_owned())
}

#[test]
fn a_file_that_comes_in_while_the_others_are_made_is_not_replaced_unasked() {
    use ExportOutcome::{Exists, Overwritten, Skipped, Unchanged, Written};
    use OnExisting::{Ask, Number, Overwrite, Skip};
    let rows = [
        ("asked about", answer(Ask, None), "mine", vec![("c", Exists)], "mine"),
        ("not the one that was asked about", answer(Overwrite, Some(&["a"])), "mine", vec![("c", Exists)], "mine"),
        (
            "the one that was asked about",
            answer(Overwrite, Some(&["c"])),
            "mine",
            vec![("a", Written), ("bodies/b", Written), ("c", Overwritten)],
            "new",
        ),
        (
            "whatever is there",
            answer(Overwrite, None),
            "mine",
            vec![("a", Written), ("bodies/b", Written), ("c", Overwritten)],
            "new",
        ),
        ("left", answer(Skip, None), "mine", vec![("a", Written), ("c", Skipped)], "mine"),
        (
            "numbered no more",
            answer(Number, None),
            "mine",
            vec![("a", Written), ("bodies/b", Written), ("c", Skipped)],
            "mine",
        ),
        ("the same", answer(Ask, None), "new", vec![("a", Written), ("bodies/b", Written), ("c", Unchanged)], "new"),
    ];
    for (name, answer, came, expected, there) in rows {
        let folder = tempfile::tempdir().expect("a folder");
        let moved =
            exported(folder.path(), &answer, |folder| fs::write(folder.join("c"), came).expect("a file")).expect(name);
        assert_eq!((outcomes(&moved), moved.broke_off.is_none()), (expected, true), "{name}");
        assert_eq!(content(folder.path(), "c"), there, "{name}");
        let written = moved.files.iter().any(|file| file.name == "a");
        assert_eq!(content(folder.path(), "a"), if written { "new" } else { "nothing" }, "{name}");
    }
}

#[test]
fn what_is_in_the_way_is_found_before_anything_is_moved() {
    let folder_at = |name: &'static str| move |folder: &Path| fs::create_dir_all(folder.join(name)).expect("a folder");
    let file_at = |name: &'static str| move |folder: &Path| fs::write(folder.join(name), "mine").expect("a file");
    type Row<'a> = (&'a str, Box<dyn Fn(&Path)>, &'a str);
    let rows: [Row<'_>; 2] = [
        ("a folder", Box::new(folder_at("c")), "c cannot be written: a folder or a link is there under this name."),
        ("no folder", Box::new(file_at("bodies")), "bodies cannot be written: something is there that is no folder."),
    ];
    for (name, meanwhile, said) in rows {
        for answer in [answer(OnExisting::Ask, None), answer(OnExisting::Overwrite, None)] {
            let folder = tempfile::tempdir().expect("a folder");
            let error = exported(folder.path(), &answer, &meanwhile).err().expect(name).to_string();
            assert!(error.contains(said), "{name}: {error}");
            assert_eq!(content(folder.path(), "a"), "nothing", "{name}");
        }
    }
    // Where files that are there stay, so does this.
    let folder = tempfile::tempdir().expect("a folder");
    let moved = exported(folder.path(), &answer(OnExisting::Skip, None), folder_at("c")).expect("the others");
    assert_eq!(outcomes(&moved), [("a", ExportOutcome::Written), ("c", ExportOutcome::Skipped)]);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_way_is_neither_followed_nor_replaced() {
    let (folder, elsewhere) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let target = elsewhere.path().join("theirs");
    fs::write(&target, "theirs").expect("a file");
    let link = |folder: &Path| std::os::unix::fs::symlink(&target, folder.join("c")).expect("a link");
    let error = exported(folder.path(), &answer(OnExisting::Overwrite, None), link).err().expect("it is in the way");
    assert!(error.to_string().contains("a folder or a link is there under this name"), "{error}");
    assert_eq!((content(folder.path(), "a"), content(elsewhere.path(), "theirs")), ("nothing".into(), "theirs".into()));
}

#[test]
fn what_was_moved_is_told_where_it_breaks_off() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("c"), "new").expect("the same");
    let moved = exported(folder.path(), &answer(OnExisting::Ask, None), |folder| {
        fs::write(folder.join("c"), "another one").expect("it is changed");
    })
    .expect("the first ones");
    let expected = [("a", ExportOutcome::Written), ("bodies/b", ExportOutcome::Written)];
    assert_eq!(outcomes(&moved), expected);
    let error = moved.broke_off.expect("a reason").to_string();
    assert!(error.contains("changed or removed while the export was made"), "{error}");
    assert_eq!((content(folder.path(), "a"), content(folder.path(), "c")), ("new".into(), "another one".into()));
}

#[test]
fn an_export_of_nothing_leaves_no_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let new = folder.path().join("new");
    for (path, left) in [(new.as_path(), false), (folder.path(), true)] {
        drop(Stage::new(path).expect("it begins"));
        assert_eq!(path.exists(), left, "{}", path.display());
    }
}
