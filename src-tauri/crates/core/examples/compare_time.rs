//! Prints how long comparing two bodies takes, in milliseconds: the best of five. Nothing is asserted.
//!
//! `cargo run --release -p countersign-core --example compare_time`
#![expect(clippy::print_stdout, reason = "it prints what it measured")]

use countersign_core::compare::{BodyChanges, bodies};
use std::fmt::Write as _;
use std::time::Instant;

/// Numbers that look like chance and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % most
    }

    fn shuffled<T>(&mut self, mut list: Vec<T>) -> Vec<T> {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
        list
    }
}

fn array(items: &[String]) -> String {
    format!("[{}]", items.join(","))
}

fn object(members: &[String]) -> String {
    format!("{{{}}}", members.join(","))
}

fn main() {
    let mut chance = Numbers(1);
    let item = |id: usize, state: &str| {
        format!("{{\"id\":{id},\"state\":\"{state}\",\"amount\":{}.50,\"list\":[1,2]}}", id * 7)
    };
    let items = |state: &str| (0..20_000).map(|id| item(id, state)).collect::<Vec<_>>();
    let (done, open) = (items("done"), items("open"));
    let mut one = done.clone();
    one[10_000] = item(10_000, "late");
    let mut inserted = done.clone();
    inserted.insert(500, item(99_999, "new"));
    let every_second: Vec<String> =
        (0..20_000).map(|at| if at % 2 == 0 { done[at].clone() } else { open[at].clone() }).collect();
    let new_ids: Vec<String> = (0..20_000).map(|id| item(id + 50_000, "new")).collect();
    let members = |value: usize| (0..50_000).map(|n| format!("\"name_{n}\":{}", n * value)).collect::<Vec<_>>();
    let digits = |chance: &mut Numbers, most: usize, len: usize| {
        (0..len).map(|_| chance.below(most).to_string()).collect::<Vec<_>>()
    };
    let lines = |chance: &mut Numbers, most: usize, len: usize| {
        let letters = (0..len).map(|_| char::from(b'a' + u8::try_from(chance.below(most)).unwrap_or(0)));
        letters.flat_map(|c| [c, '\n']).collect::<String>()
    };
    let numbered = |mark: &str| {
        (0..60_000).fold(String::new(), |mut out, n| {
            let _ = writeln!(out, "{mark} line {n}");
            out
        })
    };
    let mixed = |chance: &mut Numbers, own: char| {
        (0..250_000)
            .map(|_| if chance.below(2) == 0 { format!("{own}\n") } else { "x\n".to_owned() })
            .collect::<String>()
    };
    let deep = |n: usize| format!("{}{n}{}", "[".repeat(10_000), "]".repeat(10_000));
    let long = |c: &str| c.repeat(1 << 20);
    let rows: Vec<(&str, String, String)> = vec![
        ("20,000 objects, one changed", array(&done), array(&one)),
        ("20,000 objects, one inserted", array(&done), array(&inserted)),
        ("20,000 objects, all changed", array(&done), array(&open)),
        ("20,000 objects, every second changed", array(&done), array(&every_second)),
        ("20,000 objects, all others", array(&done), array(&new_ids)),
        ("20,000 objects, shuffled", array(&done), array(&chance.shuffled(done.clone()))),
        ("20,000 objects, shuffled and changed", array(&done), array(&chance.shuffled(open.clone()))),
        ("50,000 members, all changed", object(&members(1)), object(&members(2))),
        ("50,000 members, shuffled", object(&members(1)), object(&chance.shuffled(members(1)))),
        (
            "100,000 numbers, all different",
            array(&(0..100_000).map(|n| n.to_string()).collect::<Vec<_>>()),
            array(&(100_000..200_000).map(|n| n.to_string()).collect::<Vec<_>>()),
        ),
        (
            "100,000 numbers, shuffled",
            array(&(0..100_000).map(|n| n.to_string()).collect::<Vec<_>>()),
            array(&chance.shuffled((0..100_000).map(|n| n.to_string()).collect::<Vec<_>>())),
        ),
        (
            "500,000 digits by chance",
            array(&digits(&mut chance, 10, 500_000)),
            array(&digits(&mut chance, 10, 500_000)),
        ),
        (
            "100,000 of 1,000 numbers",
            array(&digits(&mut chance, 1000, 100_000)),
            array(&digits(&mut chance, 1000, 100_000)),
        ),
        ("10,000 deep", deep(1), deep(2)),
        ("1 MB of lines of one letter, of 26", lines(&mut chance, 26, 500_000), lines(&mut chance, 26, 500_000)),
        ("1 MB of lines of one letter, of 2", lines(&mut chance, 2, 500_000), lines(&mut chance, 2, 500_000)),
        ("1 MB of empty lines, and half of it", long("\n"), long("\n")[..1 << 19].to_owned()),
        ("500,000 lines, half of them common", mixed(&mut chance, 'a'), mixed(&mut chance, 'b')),
        ("60,000 lines, all different", numbered("a"), numbered("b")),
        ("one line of 1 MB", long("a") + "1", long("a") + "2"),
        ("1 MB of bytes, every second different", long("\u{0}a"), long("\u{0}b")),
    ];
    for (name, a, b) in rows {
        let mut best = f64::MAX;
        let mut told = String::new();
        for _ in 0..5 {
            let start = Instant::now();
            let found = bodies(a.as_bytes(), b.as_bytes());
            best = best.min(start.elapsed().as_secs_f64() * 1000.0);
            told = match found.kind {
                BodyChanges::None => "the same".to_owned(),
                BodyChanges::Json(c) => format!("JSON, {} changes and {} more", c.changes.len(), c.more),
                BodyChanges::Lines(c) => format!("lines, {} hunks and {} more rows", c.hunks.len(), c.more),
                BodyChanges::Bytes(c) => format!("bytes, {} ranges and {} more", c.ranges.len(), c.more),
            };
        }
        println!("{best:8.1} ms  {:8} bytes  {name}: {told}", a.len());
    }
}
