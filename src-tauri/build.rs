//! Embeds the built page and the capabilities.

fn main() {
    // A tree whose page is not built yet must still compile, so that checks need no npm; `cargo xtask run` builds it.
    if let Err(error) = std::fs::create_dir_all("../ui/dist") {
        println!("cargo::warning=ui/dist cannot be made: {error}");
    }
    // The page is part of the binary: a new one makes a new binary.
    println!("cargo::rerun-if-changed=../ui/dist");
    tauri_build::build();
}
