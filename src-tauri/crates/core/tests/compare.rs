//! Two bodies and two lists of headers side by side: exact outcomes.
#![expect(clippy::expect_used, reason = "a test ends where something is wrong")]

use countersign_core::compare::{
    BodyChanges, Change, ChangeKind, HeaderChange, Hunk, HunkKind, JsonChanges, Line, bodies, first_difference, headers,
};
use countersign_core::request::{Headers, text};

#[test]
fn the_first_difference_is_named_in_words() {
    let rows: [(&[u8], &[u8], &str); 11] = [
        (
            b"{\n    \"a\": 1",
            b"{\n    \n\"a\": 1",
            "Byte 7 (line 2, column 5): here 0x22 (“\"”), there 0x0A (line feed).",
        ),
        (b"a b", b"a\tb", "Byte 2 (line 1, column 2): here 0x20 (space), there 0x09 (tab)."),
        (
            b"ab",
            b"ab\n",
            "The first ends after byte 2; the second goes on with 0x0A (line feed) at byte 3 (line 1, column 3).",
        ),
        (
            b"ab\r\n",
            b"ab",
            "The second ends after byte 2; the first goes on with 0x0D (carriage return) at byte 3 (line 1, column 3).",
        ),
        (b"", b"x", "The first is empty; the second begins with 0x78 (“x”)."),
        (
            "né".as_bytes(),
            "nè".as_bytes(),
            "Byte 3 (line 1, column 2): here 0xA9 (in “é”, U+00E9), there 0xA8 (in “è”, U+00E8).",
        ),
        ("ééx".as_bytes(), "ééy".as_bytes(), "Byte 5 (line 1, column 3): here 0x78 (“x”), there 0x79 (“y”)."),
        (
            "a\u{202e}".as_bytes(),
            b"ab",
            "Byte 2 (line 1, column 2): here 0xE2 (begins U+202E, right-to-left override), there 0x62 (“b”).",
        ),
        (
            "\u{5d0}".as_bytes(),
            b"\xff",
            "Byte 1 (line 1, column 1): here 0xD7 (begins U+05D0), there 0xFF (not UTF-8).",
        ),
        ("e\u{301}".as_bytes(), b"e\0", "Byte 2 (line 1, column 2): here 0xCC (begins U+0301), there 0x00 (NUL)."),
        (b"\xff\xfe1", b"\xff\xfe2", "Byte 3 (line 1, column 3): here 0x31 (“1”), there 0x32 (“2”)."),
    ];
    for (a, b, words) in rows {
        assert_eq!(first_difference(a, b).expect("they differ").words, words);
    }
    assert_eq!(first_difference(b"same", b"same"), None);
}

fn head(fields: &[(&str, &str)]) -> Headers {
    let mut headers = Headers::new();
    fields.iter().for_each(|(name, value)| headers.push((*name).to_owned(), (*value).to_owned()));
    headers
}

#[test]
fn headers_are_matched_by_name_in_order() {
    use HeaderChange::{Changed, Moved, OnlyA, OnlyB, Same, Spelling};
    type Fields = &'static [(&'static str, &'static str)];
    type Row = (&'static str, Fields, Fields, &'static [(HeaderChange, &'static str)]);
    let rows: [Row; 6] = [
        (
            "kinds",
            &[("Host", "a"), ("X-A", "1"), ("X-B", "2")],
            &[("host", "a"), ("X-A", "2"), ("X-B", "2")],
            &[(Spelling, "Host"), (Changed, "X-A"), (Same, "X-B")],
        ),
        (
            "only one side",
            &[("A", "1"), ("B", "1")],
            &[("C", "1"), ("B", "1"), ("D", "1")],
            &[(OnlyB, "C"), (OnlyA, "A"), (Same, "B"), (OnlyB, "D")],
        ),
        (
            "moved",
            &[("A", "1"), ("B", "1"), ("C", "1")],
            &[("B", "1"), ("C", "1"), ("a", "1")],
            &[(Moved, "A"), (Same, "B"), (Same, "C")],
        ),
        ("a duplicate is gone", &[("S", "x"), ("S", "y")], &[("S", "y")], &[(OnlyA, "S"), (Same, "S")]),
        (
            "duplicates in order",
            &[("S", "x"), ("S", "y")],
            &[("S", "p"), ("s", "q")],
            &[(Changed, "S"), (Changed, "S")],
        ),
        ("none", &[], &[], &[]),
    ];
    for (name, a, b, expected) in rows {
        let found = headers(&head(a), &head(b));
        let found: Vec<(HeaderChange, String)> = found
            .iter()
            .map(|row| (row.change, text(row.name_a.as_ref().or(row.name_b.as_ref()).expect("a name"))))
            .collect();
        let found: Vec<(HeaderChange, &str)> = found.iter().map(|(change, name)| (*change, name.as_str())).collect();
        assert_eq!(found, expected, "{name}");
    }
}

fn json(a: &str, b: &str) -> JsonChanges {
    match bodies(a.as_bytes(), b.as_bytes()).kind {
        BodyChanges::Json(changes) => changes,
        other => panic!("{a} and {b} were not read as JSON: {other:?}"),
    }
}

/// `~ /path 1 → 2`, with + - ~ > # ' " for added, removed, changed, moved, reordered, respelled, name respelled.
fn told(change: &Change) -> String {
    let (sign, from) = match &change.kind {
        ChangeKind::Added => ("+", ""),
        ChangeKind::Removed => ("-", ""),
        ChangeKind::Changed => ("~", ""),
        ChangeKind::Moved { from } => (">", from.as_str()),
        ChangeKind::Reordered => ("#", ""),
        ChangeKind::Respelled => ("'", ""),
        ChangeKind::RespelledName => ("\"", ""),
    };
    let nth = change.nth.map(|nth| format!("({nth})")).unwrap_or_default();
    let values = [change.a.as_deref().unwrap_or(""), change.b.as_deref().unwrap_or("")].join("→");
    format!("{sign}{from} {}{nth} {values}", change.path)
}

#[test]
fn json_is_compared_by_what_it_means() {
    let rows: &[(&str, &str, &str, bool, &[&str])] = &[
        ("white space alone", "{\"a\":1}", "{ \"a\": 1 }\n", true, &[]),
        ("a mark alone", "{\"a\":1}", "\u{feff}{\"a\":1}", true, &[]),
        (
            "a member",
            "{\"a\":1,\"b\":2}",
            "{\"a\":3,\"c\":\"new member\"}",
            false,
            &["~ /a 1→3", "- /b 2→", "+ /c →\"new member\""],
        ),
        ("spelling of a number", "[1.0,100,-0]", "[1,1e2,0]", true, &["' /0 1.0→1", "' /1 100→1e2", "' /2 -0→0"]),
        (
            "spelling of a text",
            r#"["\u00e9","\/"]"#,
            r#"["é","/"]"#,
            true,
            &[r#"' /0 "\u00e9"→"é""#, r#"' /1 "\/"→"/""#],
        ),
        ("an escaped escape", r#"["\\u00e9"]"#, r#"["\u00e9"]"#, false, &[r#"~ /0 "\\u00e9"→"\u00e9""#]),
        ("half a pair", r#"["\ud800"]"#, r#"["\ud801"]"#, false, &[r#"~ /0 "\ud800"→"\ud801""#]),
        (
            "long numbers",
            "[9007199254740992,1e400]",
            "[9007199254740993,2e400]",
            false,
            &["~ /0 9007199254740992→9007199254740993", "~ /1 1e400→2e400"],
        ),
        (
            "small parts",
            "[0.10,0.1]",
            "[0.1,0.10000000000000000001]",
            false,
            &["' /0 0.10→0.1", "~ /1 0.1→0.10000000000000000001"],
        ),
        ("order of members", "{\"a\":1,\"b\":{}}", "{\"b\":{},\"a\":1}", true, &["#  \"a\", \"b\"→\"b\", \"a\""]),
        ("spelling of a name", "{\"\\u0061\":1}", "{\"a\":1}", true, &["\" /a \"\\u0061\"→\"a\""]),
        ("names twice", "{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":3}", false, &["~ /a(2) 2→3"]),
        ("a name less often", "{\"a\":1,\"a\":2}", "{\"a\":1}", false, &["- /a(2) 2→"]),
        (
            "names twice, in another order",
            "{\"a\":1,\"a\":2}",
            "{\"a\":2,\"a\":1}",
            false,
            &["~ /a(1) 1→2", "~ /a(2) 2→1"],
        ),
        ("names in a pointer", "{\"a/b~c\":{\"\":1}}", "{\"a/b~c\":{\"\":2}}", false, &["~ /a~1b~0c/ 1→2"]),
        ("an inserted element", "[1,2,3,4]", "[1,9,2,3,4]", false, &["+ /1 →9"]),
        ("removed elements", "[1,2,1,2,3]", "[1,2,3]", false, &["- /2 1→", "- /3 2→"]),
        (
            "swapped elements",
            "[\"a\",\"b\",\"c\"]",
            "[\"c\",\"b\",\"a\"]",
            false,
            &[">/2 /0 \"c\"→\"c\"", ">/0 /2 \"a\"→\"a\""],
        ),
        (
            "elements with ids",
            r#"[{"id":1,"s":1},{"id":2,"s":1}]"#,
            r#"[{"id":2,"s":9},{"id":3,"s":1}]"#,
            false,
            &[r#"- /0 {"id":1,"s":1}→"#, "~ /0/s 1→9", r#"+ /1 →{"id":3,"s":1}"#],
        ),
        (
            "a part of what is gone, in what is new, is no move",
            r#"{"old":{"deep":[1,2]},"x":1}"#,
            r#"{"x":1,"new":{"here":{"deep":[1,2]}}}"#,
            false,
            &[r#"- /old {"deep":[1,2]}→"#, r#"+ /new →{"here":{"deep":[1,2]}}"#],
        ),
        (
            "a member moved",
            r#"{"a":{"deep":[1,2]},"b":{}}"#,
            r#"{"a":{},"b":{"deep":[1,2]}}"#,
            false,
            &[">/a/deep /b/deep [1,2]→[1,2]"],
        ),
        ("a member renamed", r#"{"a":true}"#, r#"{"b":true}"#, false, &[">/a /b true→true"]),
        (
            "true in two places is no move",
            r#"{"a":{"x":true},"b":{}}"#,
            r#"{"a":{},"b":{"y":true}}"#,
            false,
            &["- /a/x true→", "+ /b/y →true"],
        ),
        ("another kind", "[1]", "{\"a\":1}", false, &["~  [1]→{\"a\":1}"]),
    ];
    for (name, a, b, same_value, expected) in rows {
        let found = json(a, b);
        let found: (Vec<String>, usize, bool) =
            (found.changes.iter().map(told).collect(), found.more, found.same_value);
        let expected: Vec<String> = expected.iter().map(|s| (*s).to_owned()).collect();
        assert_eq!(found, (expected, 0, *same_value), "{name}");
    }
}

#[test]
fn lists_of_changes_and_values_are_bounded() {
    let list = |from: usize| format!("[{}]", (from..from + 3000).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
    let found = json(&list(0), &list(5000));
    assert_eq!((found.changes.len(), found.more), (2000, 1000));

    let long = |end: &str| format!("[\"{}{end}\"]", "é".repeat(1000));
    let found = json(&long("1"), &long("2"));
    let (a, b) = (found.changes[0].a.as_deref(), found.changes[0].b.as_deref());
    let shown = |end: &str| format!("…{}{end}\"", "é".repeat(60));
    assert_eq!((a, b), (Some(shown("1").as_str()), Some(shown("2").as_str())));

    // A pointer may be as long as the body: what is listed is bounded in bytes, too.
    let wide = |n: usize| format!("{{\"{}\":[{}]}}", "k".repeat(1 << 20), format!("{n},").repeat(99) + "0");
    let found = json(&wide(1), &wide(2));
    assert_eq!((found.changes.len(), found.more), (3, 96));

    let deep = |n: u8| format!("{}{n}{}", "[".repeat(10_000), "]".repeat(10_000));
    let found = bodies(deep(1).as_bytes(), deep(2).as_bytes());
    assert!(matches!(found.kind, BodyChanges::Lines(_)), "{:?}", found.first);
    let fits = |n: u8| format!("{}{n}{}", "[".repeat(128), "]".repeat(128));
    assert_eq!(json(&fits(1), &fits(2)).changes.len(), 1);
}

/// Nothing in the list is there once, so it is the rows of elements by which the two are matched.
#[test]
fn a_long_list_of_few_values_is_matched_beyond_an_inserted_element() {
    let mut state = 1u32;
    let mut digit = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) % 10
    };
    let list: Vec<String> = (0..30_000).map(|_| digit().to_string()).collect();
    let mut longer = list.clone();
    longer.insert(29_000, "77".to_owned());
    longer.insert(100, "88".to_owned());
    let found = json(&format!("[{}]", list.join(",")), &format!("[{}]", longer.join(",")));
    assert_eq!(found.changes.iter().map(told).collect::<Vec<_>>(), ["+ /100 →88", "+ /29001 →77"]);
}

/// `=3` for equal, `.9` for folded, `+ - ~` with the rows, from its lines.
fn lines(a: &str, b: &str) -> Vec<String> {
    let BodyChanges::Lines(found) = bodies(a.as_bytes(), b.as_bytes()).kind else { panic!("they are texts") };
    let hunk = |hunk: &Hunk| {
        let sign = match hunk.kind {
            HunkKind::Equal => "=",
            HunkKind::Folded => ".",
            HunkKind::Added => "+",
            HunkKind::Removed => "-",
            HunkKind::Changed => "~",
        };
        let line = |line: &Option<Line>| line.as_ref().map_or("", |l| &l.text).to_owned();
        let rows: Vec<String> = hunk.rows.iter().map(|row| format!("{}|{}", line(&row.a), line(&row.b))).collect();
        format!("{sign}{} {},{} {}", hunk.count, hunk.a_line, hunk.b_line, rows.join(" ")).trim_end().to_owned()
    };
    found.hunks.iter().map(hunk).collect()
}

#[test]
fn texts_are_compared_line_by_line() {
    let numbered = |range: std::ops::Range<usize>| range.map(|n| format!("n{n}\n")).collect::<String>();
    let rows: Vec<(&str, String, String, Vec<&str>)> = vec![
        ("changed", "a\nb\nc".into(), "a\nx\nc".into(), vec!["=1 1,1 a|a", "~1 2,2 b|x", "=1 3,3 c|c"]),
        ("added", "a\nb\n".into(), "a\nx\nb\n".into(), vec!["=1 1,1 a|a", "+1 2,2 |x", "=1 2,3 b|b"]),
        ("removed", "a\nx\nb\n".into(), "a\nb\n".into(), vec!["=1 1,1 a|a", "-1 2,2 x|", "=1 3,2 b|b"]),
        ("line ends", "a=1\r\n".into(), "a=1\n".into(), vec!["~1 1,1 a=1|a=1"]),
        ("the last line's end", "a=1\n".into(), "a=1".into(), vec!["~1 1,1 a=1|a=1"]),
        (
            "folded",
            format!("{}old\n{}", numbered(0..20), numbered(20..40)),
            format!("{}new\n{}", numbered(0..20), numbered(20..40)),
            vec![
                ".17 1,1",
                "=3 18,18 n17|n17 n18|n18 n19|n19",
                "~1 21,21 old|new",
                "=3 22,22 n20|n20 n21|n21 n22|n22",
                ".17 25,25",
            ],
        ),
        ("nothing and something", String::new(), "a=1\nb".into(), vec!["+2 1,1 |a=1 |b"]),
    ];
    for (name, a, b, expected) in rows {
        assert_eq!(lines(&a, &b), expected, "{name}");
    }
}

#[test]
fn other_bytes_are_compared_place_by_place() {
    let a: Vec<u8> = (0..=255).collect();
    let mut b = a.clone();
    (b[40], b[41], b[200]) = (0, 0, 0);
    b.push(7);
    let BodyChanges::Bytes(found) = bodies(&a, &b).kind else { panic!("they are bytes") };
    let ranges: Vec<(usize, usize)> = found.ranges.iter().map(|r| (r.offset, r.len)).collect();
    assert_eq!(ranges, [(40, 2), (200, 1), (256, 1)]);
    assert_eq!((found.a_len, found.b_len, found.same_start, found.same_end, found.more), (256, 257, 40, 0, 0));
    let rows: Vec<(usize, usize, usize)> = found.rows.iter().map(|r| (r.offset, r.a.len(), r.b.len())).collect();
    let expected = [
        (16, 16, 16),
        (32, 16, 16),
        (48, 16, 16),
        (176, 16, 16),
        (192, 16, 16),
        (208, 16, 16),
        (240, 16, 16),
        (256, 0, 1),
    ];
    assert_eq!(rows, expected);
}
