//! What is copied as curl is read as the same draft.

use countersign_core::draft::copies::{BODY_FILE, CopyForm, copy_as};
use countersign_core::draft::credentials::HeaderMask;
use countersign_core::draft::{Draft, paste};
use countersign_core::request::{Header, Headers};
use proptest::prelude::*;

fn headers() -> impl Strategy<Value = Headers> {
    let name = prop_oneof![
        2 => "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}",
        2 => prop::sample::select(&["Accept", "user-agent", "Content-Type", "content-type", "Cookie", "Authorization", "X-A", "Referer"][..])
            .prop_map(str::to_owned),
    ];
    let value = prop::collection::vec(any::<u8>().prop_filter("HTTP allows it", |b| *b >= b' ' && *b != 0x7f), 0..16);
    let value = prop_oneof![value, "[ -~à-ü'\\\\$`\"]{0,20}".prop_map(String::into_bytes)];
    let header =
        (name, value).prop_map(|(name, value)| Header { name: name.into(), value: value.trim_ascii().to_vec().into() });
    // These are the sender's to set: the copy says what it sets.
    let set = ["host", "content-length", "transfer-encoding", "expect"];
    let header = header.prop_filter("free", move |h| !set.iter().any(|n| h.name.eq_ignore_ascii_case(n.as_bytes())));
    prop::collection::vec(header, 0..6).prop_map(|list| list.into_iter().collect())
}

fn drafts() -> impl Strategy<Value = Draft> {
    let method = prop_oneof![
        prop::sample::select(&["GET", "POST", "PUT", "DELETE", "HEAD", "get"][..]).prop_map(str::to_owned),
        "[A-Z'$^`!-]{1,8}"
    ];
    let origin = prop::sample::select(
        &["http://example.com", "https://example.com:8443", "http://[::1]:8080", "http://127.0.0.1:1"][..],
    );
    let body = prop_oneof![
        Just(Vec::new()),
        prop::collection::vec(any::<u8>(), 0..64),
        any::<String>().prop_map(String::into_bytes),
        "[@'\\\\$`!\"\n\r\t a-z]{0,40}".prop_map(String::into_bytes),
    ];
    (method, origin, "/[!-\"$-~à-ü]{0,24}", headers(), body).prop_map(|(method, origin, target, headers, body)| Draft {
        method,
        url: format!("{origin}{target}"),
        headers,
        body: body.into(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_copied_command_is_read_as_the_draft_it_was(draft in drafts()) {
        let copied = copy_as(&draft, CopyForm::Curl, &HeaderMask::nothing());
        let pasted = match paste::read(&copied.text) {
            Ok(pasted) => pasted,
            Err(fault) => return Err(TestCaseError::fail(format!("{fault:?}\n{}", copied.text))),
        };
        prop_assert_eq!(pasted.body_from_file.as_deref(), copied.body_file.as_ref().map(|_| BODY_FILE));
        let body = copied.body_file.unwrap_or(pasted.body);
        let read = Draft { method: pasted.method, url: pasted.url.unwrap_or_default(), headers: pasted.headers, body };
        prop_assert_eq!(read, draft, "{}", copied.text);
    }

    #[test]
    fn no_text_is_too_odd_to_be_read_or_refused(text in "(curl |GET / HTTP/1.1\n|\\{|curl \\^\")?[ -~\n\r\té$'\"\\\\^-]{0,60}") {
        if let Err(fault) = paste::read(&text) {
            prop_assert!(fault.line >= 1 && fault.line <= text.lines().count().max(1) + 1);
            prop_assert!(!fault.message.is_empty());
        }
    }
}
