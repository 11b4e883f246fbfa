//! The writer of fixtures writes the files of `fixtures/` byte for byte.

use countersign_core::fixture::Fixture;
use std::path::Path;

#[test]
fn every_fixture_is_written_as_its_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures");
    let mut count = 0;
    for provider in ["pptvideo", "videopilot", "ihateppt", "pollo", "firebirdgen"] {
        for entry in std::fs::read_dir(folder.join(provider)).expect("the folder") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("a fixture");
            let fixture = Fixture::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let written = fixture.to_json();
            // The verdicts of a few stand in another order.
            let same = match fixture.expect.verdicts.len() {
                1 => written == text,
                _ => serde_json::from_str::<serde_json::Value>(&written).ok() == serde_json::from_str(&text).ok(),
            };
            assert!(same, "{}:\n{written}", path.display());
            let request = fixture.request().expect("a request");
            assert_eq!(Fixture::write_request(&request), fixture.request, "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 200, "{count} fixtures");
}
