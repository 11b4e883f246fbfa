//! The copied texts as a person sees them.

use crate::draft;
use countersign_core::draft::copies::{CopyForm, copy_as};
use countersign_core::draft::credentials::HeaderMask;

#[test]
fn every_form_of_one_draft() {
    let headers = [("Content-Type", "application/json"), ("Authorization", "Bearer s3cret"), ("X-Sig", "it's")];
    let draft = draft("PUT", "https://user:pw@Example.com:443/a/../b?x=[1]#part", &headers, "{\"é\": \"'\"}\n");
    let copies = CopyForm::ALL.map(|form| {
        let copied = copy_as(&draft, form, &HeaderMask::credentials());
        assert!(!copied.text.contains("s3cret") && !copied.text.contains("pw"), "{}", copied.text);
        assert_eq!(copied.body_file, None);
        format!(
            "== {} ({})\n{}\n-- {}\n",
            form.label(),
            form.name(),
            copied.text.replace('\r', "␍"),
            copied.notes.join("\n-- ")
        )
    });
    insta::assert_snapshot!(copies.join("\n"));
}

#[test]
fn what_cannot_be_sent_or_shown_is_said() {
    let mut draft =
        draft("GET /", "ftp://user:pw@h/x", &[("X", "a\r\nInjected: b"), ("Y", "1"), ("a b", "1")], "\0\u{ff}");
    draft.headers.push("Z", &b"\xff"[..]);
    let copies = CopyForm::ALL.map(|form| {
        let copied = copy_as(&draft, form, &HeaderMask::nothing());
        assert!(!copied.text.contains("Injected") && !copied.text.contains("pw"), "{}", copied.text);
        let file = copied.body_file.map_or(0, |body| body.len());
        format!(
            "== {}\n{}\n{file}\n-- {}\n",
            form.label(),
            copied.text.replace('\r', "␍").replace('\0', "␀"),
            copied.notes.join("\n-- ")
        )
    });
    insta::assert_snapshot!(copies.join("\n"));
}

#[test]
fn a_placeholder_stands_for_what_a_user_in_the_url_becomes() {
    let draft = draft("GET", "http://user:pw@h/", &[], "");
    let copied = copy_as(&draft, CopyForm::RawHttp, &HeaderMask::credentials());
    assert_eq!(copied.text, "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: <Authorization>\r\n\r\n");
    assert_eq!(
        copied.notes,
        ["Kept out, with a placeholder in its place: Authorization. Put the value in before you run this."]
    );
}
