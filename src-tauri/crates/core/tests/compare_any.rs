//! What holds of every comparison.

use countersign_core::compare::{BodyChanges, ChangeKind, HunkKind, Line, bodies};
use proptest::prelude::*;

/// JSON by chance, from few parts, so that much of it is the same.
fn some_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("1".to_owned()),
        Just("1.0".to_owned()),
        Just("true".to_owned()),
        Just("\"a long text\"".to_owned()),
        Just("\"\\u0061\"".to_owned()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let member = (prop_oneof![Just("\"a\""), Just("\"\\u0061\""), Just("\"b\""), Just("\"id\"")], inner.clone());
        prop_oneof![
            proptest::collection::vec(inner, 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec(member, 0..6).prop_map(|members| {
                let members: Vec<String> = members.into_iter().map(|(name, value)| format!("{name}:{value}")).collect();
                format!("{{{}}}", members.join(", "))
            }),
        ]
    })
}

/// Few lines, often the same.
fn some_lines() -> impl Strategy<Value = String> {
    proptest::collection::vec(prop_oneof![Just("x=1\n"), Just("y\r\n"), Just("z\n"), Just("é\n"), Just("w")], 0..40)
        .prop_map(|lines| lines.concat())
}

/// What was taken out and put in, by kind: what must change sides when the bodies do.
fn sides(kind: &BodyChanges, turned: bool) -> Vec<String> {
    let mut out: Vec<String> = match kind {
        BodyChanges::Json(found) => found
            .changes
            .iter()
            .map(|change| {
                let (sign, a, b) = match &change.kind {
                    ChangeKind::Added if turned => ("removed", &change.b, &change.a),
                    ChangeKind::Removed if turned => ("added", &change.b, &change.a),
                    ChangeKind::Added => ("added", &change.a, &change.b),
                    ChangeKind::Removed => ("removed", &change.a, &change.b),
                    _ if turned => ("both", &change.b, &change.a),
                    _ => ("both", &change.a, &change.b),
                };
                format!("{sign} {a:?} {b:?}")
            })
            .collect(),
        BodyChanges::Lines(found) => found
            .hunks
            .iter()
            .map(|hunk| {
                let kind = match hunk.kind {
                    HunkKind::Added if turned => HunkKind::Removed,
                    HunkKind::Removed if turned => HunkKind::Added,
                    kind => kind,
                };
                let (a, b) = if turned { (hunk.b_line, hunk.a_line) } else { (hunk.a_line, hunk.b_line) };
                format!("{kind:?} {a} {b} {}", hunk.count)
            })
            .collect(),
        BodyChanges::Bytes(found) => vec![format!("{:?} {} {}", found.ranges, found.same_start, found.same_end)],
        BodyChanges::None => Vec::new(),
    };
    out.sort();
    out
}

proptest! {
    #[test]
    fn swapping_the_bodies_swaps_the_sides(
        (a, b) in prop_oneof![(some_json(), some_json()), (some_lines(), some_lines())],
    ) {
        let (one, other) = (bodies(a.as_bytes(), b.as_bytes()), bodies(b.as_bytes(), a.as_bytes()));
        prop_assert_eq!(sides(&one.kind, false), sides(&other.kind, true));
        prop_assert_eq!(one.equal, a == b);
        prop_assert_eq!(one.first.is_none(), a == b);
    }

    #[test]
    fn the_rows_of_a_comparison_make_both_texts_again(a in some_lines(), b in some_lines()) {
        if let BodyChanges::Lines(found) = bodies(a.as_bytes(), b.as_bytes()).kind {
            let (mut at_a, mut at_b) = (1, 1);
            for hunk in &found.hunks {
                prop_assert_eq!((hunk.a_line, hunk.b_line), (at_a, at_b));
                if hunk.kind == HunkKind::Folded {
                    (at_a, at_b) = (at_a + hunk.count, at_b + hunk.count);
                }
                let text = |line: &Option<Line>| line.clone().map(|l| l.text);
                for row in &hunk.rows {
                    if let Some(shown) = text(&row.a) {
                        prop_assert_eq!(a.lines().nth(at_a - 1), Some(shown.as_str()));
                        at_a += 1;
                    }
                    if let Some(shown) = text(&row.b) {
                        prop_assert_eq!(b.lines().nth(at_b - 1), Some(shown.as_str()));
                        at_b += 1;
                    }
                    let same = row.a == row.b;
                    prop_assert!(hunk.kind != HunkKind::Equal || same);
                }
            }
            prop_assert_eq!((at_a, at_b), (a.lines().count() + 1, b.lines().count() + 1));
        }
    }

    #[test]
    fn no_bytes_are_refused(a: Vec<u8>, b: Vec<u8>) {
        prop_assert_eq!(bodies(&a, &b).equal, a == b);
        prop_assert!(bodies(&a, &a).equal);
    }
}
