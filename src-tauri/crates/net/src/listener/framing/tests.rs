use super::{Head, Scanner};
use proptest::prelude::*;

const LIMIT: usize = 64 << 10;

fn scan(wire: &[u8], cuts: impl IntoIterator<Item = usize>) -> (Vec<Head>, Scanner) {
    let (mut scanner, mut heads) = (Scanner::new(LIMIT), Vec::new());
    let mut from = 0;
    for cut in cuts.into_iter().chain([wire.len()]) {
        if cut > from {
            scanner.feed(&wire[from..cut], |head| heads.push(head));
            from = cut;
        }
    }
    (heads, scanner)
}

#[derive(Debug, Clone)]
struct Message {
    lead: &'static str,
    head: Vec<u8>,
    fields: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

fn body() -> impl Strategy<Value = (Option<(String, Vec<u8>)>, Vec<u8>)> {
    // Bodies look like heads and chunk lines, so that a scanner that loses count finds something to mistake.
    let bytes = || "(\r\n|\n|GET / HTTP/1.1|0|a|: ){0,12}".prop_map(String::into_bytes);
    let extension = prop::sample::select(vec!["", ";a=b", " ; x=\"0\"", ";"]);
    let chunk = (bytes().prop_filter("a chunk has bytes", |b| !b.is_empty()), extension, any::<bool>());
    let trailer = prop::sample::select(vec!["", "X-Sum: 1\r\n", "A: b\r\nC:\r\n"]);
    let spelled = prop::sample::select(vec!["chunked", "gzip, chunked", "CHUNKED"]);
    prop_oneof![
        Just((None, Vec::new())),
        bytes().prop_map(|b| (Some(("Content-LENGTH".to_owned(), b.len().to_string().into_bytes())), b)),
        (prop::collection::vec(chunk, 0..4), trailer, spelled).prop_map(|(chunks, trailer, spelled)| {
            let mut wire = Vec::new();
            for (data, extension, upper) in chunks {
                let size = if upper { format!("{:04X}", data.len()) } else { format!("{:x}", data.len()) };
                wire.extend_from_slice(format!("{size}{extension}\r\n").as_bytes());
                wire.extend_from_slice(&data);
                wire.extend_from_slice(b"\r\n");
            }
            wire.extend_from_slice(format!("0\r\n{trailer}\r\n").as_bytes());
            (Some(("tRANSFER-eNCODING".to_owned(), spelled.as_bytes().to_vec())), wire)
        }),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    let field = ("x-[a-zA-Z0-9]{1,6}", "([a-z\u{e9},;=]( [a-z])?){0,5}");
    let fields = prop::collection::vec(field.prop_map(|(n, v)| (n, v.into_bytes())), 0..6);
    let end = prop::sample::select(vec!["\r\n", "\n"]);
    let colon = prop::sample::select(vec![":", ": ", ":\t  "]);
    let lead = prop::sample::select(vec!["", "", "\r\n", "\n\r\n"]);
    (fields, body(), end, colon, lead, any::<prop::sample::Index>()).prop_map(
        |(mut fields, (framing, body), end, colon, lead, at)| {
            if let Some(framing) = framing {
                fields.insert(at.index(fields.len() + 1), framing);
            }
            let mut head = format!("PoST /a?b=%20&c HTTP/1.1{end}").into_bytes();
            for (name, value) in &fields {
                head.extend_from_slice(name.as_bytes());
                head.extend_from_slice(colon.as_bytes());
                head.extend_from_slice(value);
                head.extend_from_slice(end.as_bytes());
            }
            head.extend_from_slice(end.as_bytes());
            Message { lead, head, fields, body }
        },
    )
}

proptest! {
    #[test]
    fn every_head_comes_back_however_the_reads_are_cut(
        messages in prop::collection::vec(message(), 1..6),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let mut wire = Vec::new();
        for message in &messages {
            wire.extend_from_slice(message.lead.as_bytes());
            wire.extend_from_slice(&message.head);
            wire.extend_from_slice(&message.body);
        }
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(wire.len())).collect();
        cuts.sort_unstable();
        for cuts in [cuts, (0..wire.len()).collect()] {
            let (heads, scanner) = scan(&wire, cuts);
            let raw: Vec<_> = heads.iter().map(|h| h.raw.to_vec()).collect();
            prop_assert_eq!(raw, messages.iter().map(|m| m.head.clone()).collect::<Vec<_>>());
            for (head, message) in heads.iter().zip(&messages) {
                let fields: Vec<_> = head
                    .headers
                    .iter()
                    .map(|f| (String::from_utf8(f.name.to_vec()).unwrap(), f.value.to_vec()))
                    .collect();
                prop_assert_eq!(&fields, &message.fields);
            }
            prop_assert!(scanner.between_messages());
        }
    }
}

#[test]
fn what_hyper_refuses_ends_the_scan() {
    let after = "GET /after HTTP/1.1\r\n\r\n";
    let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (name, wire, heads_before) in [
        ("a line without a colon", "GET / HTTP/1.1\r\nnothing\r\n\r\n".to_owned(), 0),
        ("a folded header line", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n".to_owned(), 0),
        ("two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n".to_owned(), 0),
        ("a signed length", "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n".to_owned(), 0),
        ("chunked is not last", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n".to_owned(), 0),
        ("chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(), 0),
        ("a chunk without a size", format!("{chunked};x\r\n"), 1),
        ("a line feed in an extension", format!("{chunked}1;x\n"), 1),
        ("a chunk longer than said", format!("{chunked}1\r\nab\r\n0\r\n\r\n"), 1),
        ("a size beyond 64 bits", format!("{chunked}11111111111111111\r\n"), 1),
        ("an endless head", format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(LIMIT)), 0),
    ] {
        let (heads, scanner) = scan(format!("{wire}{after}").as_bytes(), [wire.len()]);
        assert_eq!((heads.len(), scanner.between_messages()), (heads_before, false), "{name}");
        assert_eq!(scanner.gatherer.held(), 0, "{name}: nothing is held");
    }
}

#[test]
fn a_length_beside_a_transfer_coding_and_repeated_lengths_are_counted_as_hyper_does() {
    for (fields, folded) in [
        ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", 1),
        ("Transfer-Encoding: chunked\r\nContent-Length: x\r\n", 1),
        ("Content-Length: 5\r\nContent-Length: 5\r\ncontent-length: 5\r\n", 2),
    ] {
        let wire = format!("POST / HTTP/1.1\r\n{fields}\r\n0\r\n\r\nGET /after HTTP/1.1\r\n\r\n");
        let (heads, _) = scan(wire.as_bytes(), []);
        assert_eq!((heads.len(), heads[0].folded), (2, folded), "{fields}");
        assert_eq!(&heads[1].target[..], b"/after", "{fields}");
    }
}
