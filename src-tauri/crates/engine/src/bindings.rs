//! The TypeScript side of the boundary, generated from the wire types and the command list.

use crate::commands::{COMMANDS, Described};
use crate::wire::EventBatch;
use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use ts_rs::{Config, TS, TypeVisitor};

/// Gathers every type that a command or an event mentions.
pub(crate) struct Collector {
    config: Config,
    seen: HashSet<TypeId>,
    declarations: BTreeMap<String, String>,
}

impl Collector {
    fn new() -> Self {
        // 64-bit ids cross as strings; what is left of 64 bits are counts and sizes, far below 2^53.
        Collector {
            config: Config::new().with_large_int("number"),
            seen: HashSet::new(),
            declarations: BTreeMap::new(),
        }
    }

    pub(crate) fn name_of<T: TS + 'static + ?Sized>(&mut self) -> String {
        self.visit::<T>();
        T::name(&self.config)
    }
}

impl TypeVisitor for Collector {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
        if T::output_path().is_some() {
            let mut text = T::docs().unwrap_or_default();
            let _ = writeln!(text, "export {}", T::decl(&self.config));
            self.declarations.insert(T::ident(&self.config), text);
        }
    }
}

/// The whole of `ui/src/bindings/index.ts`.
#[must_use]
pub fn typescript() -> String {
    let mut collector = Collector::new();
    collector.name_of::<EventBatch>();
    collector.name_of::<crate::wire::CommandError>();
    let mut map =
        String::from("/** Every command with its arguments and its result. */\nexport interface Commands {\n");
    for command in COMMANDS {
        let Described { args, result } = (command.describe)(&mut collector);
        let docs: Vec<&str> = command.docs.iter().map(|line| line.trim()).collect();
        let args: Vec<String> = args.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
        let args =
            if args.is_empty() { "Record<string, never>".to_owned() } else { format!("{{ {} }}", args.join("; ")) };
        let _ = writeln!(map, "  /** {} */\n  {}: {{ args: {args}; result: {result} }};", docs.join(" "), command.name);
    }
    map.push_str("}\n");
    let mut out = String::from(
        "// Generated from the engine's types by `cargo xtask bindings`. Do not edit.\n/* eslint-disable */\n\n",
    );
    for declaration in collector.declarations.values() {
        out.push_str(declaration);
        out.push('\n');
    }
    out.push_str(&map);
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// The committed bindings are what the types say. `UPDATE_BINDINGS=1` writes them.
    #[test]
    fn committed_bindings_are_fresh() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/bindings/index.ts");
        let fresh = super::typescript();
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            std::fs::create_dir_all(path.parent().expect("the file has a folder")).expect("the folder can be made");
            std::fs::write(&path, &fresh).expect("the bindings can be written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == fresh, "ui/src/bindings/index.ts is stale: run `cargo xtask bindings`");
    }
}
