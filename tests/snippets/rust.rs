//! The Rust snippets, compiled with this test from `rust/*.rs`, which are what core writes, word for word:
//! `UPDATE_SNIPPETS=1 cargo test -p countersign-tests --test snippets rust` writes them anew.

use countersign_tests::root;

macro_rules! snippets {
    ($($id:ident)*) => {
        $(pub(super) mod $id {
            #[allow(unused_imports, reason = "the clock that stands, where there is one")]
            use super::std;
            include!(concat!("rust/", stringify!($id), ".rs"));

            pub(crate) fn run() {
                main().expect("it serves");
            }
        })*
    };
}

/// With the clock at the fixtures' capture: in these modules `std` is this one.
mod frozen {
    mod std {
        pub(super) use ::std::*;

        pub(super) mod time {
            pub(crate) use ::std::time::UNIX_EPOCH;
            use ::std::time::{Duration, SystemTime as Real};

            pub(crate) struct SystemTime;

            impl SystemTime {
                pub(crate) fn now() -> Real {
                    UNIX_EPOCH + Duration::from_secs(1_795_176_000)
                }
            }
        }
    }

    snippets!(pptvideo videopilot ihateppt pollo firebirdgen);
}

/// As they are.
mod real {
    mod std {
        pub(super) use ::std::*;
    }

    snippets!(ihateppt);
}

/// The process that a receiver is: what `SNIPPET` and `FROZEN` name.
#[test]
#[ignore = "a server, started by the others"]
fn serve() {
    let id = std::env::var("SNIPPET").expect("a provider");
    match (id.as_str(), std::env::var("FROZEN").as_deref()) {
        ("pptvideo", Ok("true")) => frozen::pptvideo::run(),
        ("videopilot", Ok("true")) => frozen::videopilot::run(),
        ("ihateppt", Ok("true")) => frozen::ihateppt::run(),
        ("pollo", Ok("true")) => frozen::pollo::run(),
        ("firebirdgen", Ok("true")) => frozen::firebirdgen::run(),
        ("ihateppt", _) => real::ihateppt::run(),
        _ => panic!("no snippet of {id}"),
    }
}

/// Holds the code that was compiled against the code that core writes.
pub(crate) fn same_as_compiled(id: &str, code: &str) {
    let file = root().join("tests/snippets/rust").join(format!("{id}.rs"));
    if std::env::var_os("UPDATE_SNIPPETS").is_some() {
        std::fs::write(&file, code).expect("a file");
    }
    let compiled = std::fs::read_to_string(&file).expect("a file");
    assert!(compiled == code, "{} is not what core writes: UPDATE_SNIPPETS=1 writes it anew", file.display());
}
