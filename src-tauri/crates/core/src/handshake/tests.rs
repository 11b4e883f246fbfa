//! Real vocabularies and hostile requests, as tables of exact answers.

use super::{Handshake, HandshakeReply, Unanswered};
use crate::catalogue::Provider;
use crate::request::{Headers, HttpVersion, Request, text};
use crate::secret::{Secret, SecretText};

fn handshake(toml: &str) -> Handshake {
    #[derive(serde::Deserialize)]
    struct File {
        handshake: Handshake,
    }
    let file: File = toml::from_str(&format!("[handshake]\nwords = \"\"\n{toml}")).unwrap_or_else(|e| panic!("{e}"));
    file.handshake.check().unwrap_or_else(|e| panic!("{e}"));
    file.handshake
}

/// A request line, headers, a blank line and a body.
fn request(message: &str) -> Request {
    let (head, body) = message.split_once("\n\n").unwrap_or((message, ""));
    let mut words = head.split([' ', '\n']);
    Request {
        method: words.next().expect("a method").to_owned(),
        target: words.next().expect("a target").to_owned().into(),
        version: HttpVersion::Http11,
        headers: Headers::of_head(&format!("{head}\n").into()),
        body: body.to_owned().into(),
        cut_from: None,
    }
}

fn answer(handshake: &Handshake, message: &str, secrets: &[&str]) -> Option<Result<HandshakeReply, Unanswered>> {
    let request = request(message);
    let secret = |value: &&str| Secret { name: "s".to_owned(), value: SecretText::new((*value).to_owned()) };
    let secrets: Vec<Secret> = secrets.iter().map(secret).collect();
    let body = serde_json::from_slice(&request.body).ok();
    handshake.answer(&request, body.as_ref(), &secrets)
}

/// What a message gets, whole.
fn shown(handshake: &Handshake, message: &str, secrets: &[&str]) -> String {
    match answer(handshake, message, secrets) {
        None => "none".to_owned(),
        Some(Err(why)) => format!("unanswered: {why}"),
        Some(Ok(HandshakeReply::Fetch { url })) => format!("GET {url}"),
        Some(Ok(HandshakeReply::Answer { status, headers, body })) => {
            let lines: String = headers.iter().map(|h| format!("{}: {}\n", text(&h.name), text(&h.value))).collect();
            format!("{status}\n{lines}\n{}", text(&body))
        }
    }
}

const PLAIN: &str = "200\nContent-Type: text/plain; charset=utf-8\nX-Content-Type-Options: nosniff\n\n";
const JSON: &str = "200\nContent-Type: application/json\nX-Content-Type-Options: nosniff\n\n";

const SLACK: &str = r#"
when = { method = ["POST"], body = { all = [{ pointer = "/type", one_of = ["url_verification"] }] } }
answer = { kind = "json_echo", from = { pointer = "/challenge" }, field = "challenge" }"#;
const ZOOM: &str = r#"
when = { body = { all = [{ pointer = "/event", one_of = ["endpoint.url_validation"] }] } }
answer = { kind = "hmac_echo", from = { pointer = "/payload/plainToken" }, echo = "plainToken", field = "encryptedToken", encoding = "hex" }"#;
const X: &str = r#"
when = { method = ["GET"], query = [{ name = "crc_token" }] }
answer = { kind = "hmac_echo", from = { query = "crc_token" }, field = "response_token", encoding = "base64", prefix = "sha256=" }"#;
const META: &str = r#"
when = { method = ["GET"], query = [{ name = "hub.mode", one_of = ["subscribe"] }, { name = "hub.challenge" }] }
token = { query = "hub.verify_token" }
answer = { kind = "text_echo", from = { query = "hub.challenge" } }"#;
const DROPBOX: &str = r#"
when = { method = ["GET"], query = [{ name = "challenge" }] }
answer = { kind = "text_echo", from = { query = "challenge" } }"#;
const GRAPH: &str = r#"
when = { method = ["POST"], query = [{ name = "validationToken" }] }
answer = { kind = "text_echo", from = { query = "validationToken" } }"#;
const TWITCH: &str = r#"
when = { headers = [{ name = "Twitch-Eventsub-Message-Type", one_of = ["webhook_callback_verification"] }] }
answer = { kind = "text_echo", from = { pointer = "/challenge" } }"#;
const NOTION: &str = r#"
when = { method = ["POST"], body = { all = [{ pointer = "/verification_token", is = "string" }] } }
answer = { kind = "fixed", body = "paste the token" }"#;
const INTERCOM: &str = r#"
when = { method = ["HEAD"] }
answer = { kind = "fixed" }"#;
const HEYGEN: &str = r#"
when = { method = ["OPTIONS"] }
answer = { kind = "fixed", status = 204, headers = [["Allow", "POST, OPTIONS"]] }"#;
const ASANA: &str = r#"
when = { headers = [{ name = "X-Hook-Secret" }] }
answer = { kind = "header_echo", from = { header = "X-Hook-Secret" }, header = "X-Hook-Secret" }"#;
const ECHO_IN_HEADER: &str = r#"
when = { query = [{ name = "c" }] }
answer = { kind = "header_echo", from = { query = "c" }, header = "X-C" }"#;
const SNS: &str = r#"
when = { method = ["POST"], headers = [{ name = "x-amz-sns-message-type", one_of = ["SubscriptionConfirmation"] }] }
answer = { kind = "fetch", from = { pointer = "/SubscribeURL" }, hosts = ["sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"] }"#;

#[test]
fn every_vocabulary_answers_with_these_bytes() {
    let zoom = r#"POST /zoom

{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}"#;
    let meta = "GET /meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";
    let twitch = "POST /\ntwitch-eventsub-message-type: webhook_callback_verification\n\n";
    // `printf VALUE | openssl dgst -sha256 -hmac KEY`, in hex and through base64.
    let hex = "ea5c51adcd179fc524edc818c3890848bfa648467719db8624c6bf9cdd5734d2";
    let base64 = "3ZVIInxrTZ63EYLLTb+wnw3NNkYqVDpjwaT+ipkvkco=";
    let rows: &[(&str, &str, &str, &[&str], String)] = &[
        (
            "Slack",
            SLACK,
            "POST /\n\n{\"type\":\"url_verification\",\"challenge\":\"3e<\\\"Z\"}",
            &[],
            format!(r#"{JSON}{{"challenge":"3e<\"Z"}}"#),
        ),
        ("Slack, an event", SLACK, "POST /\n\n{\"type\":\"event_callback\"}", &[], "none".to_owned()),
        ("Slack, no body", SLACK, "POST /", &[], "none".to_owned()),
        (
            "Slack, without a challenge",
            SLACK,
            "POST /\n\n{\"type\":\"url_verification\"}",
            &[],
            "unanswered: the body's /challenge is missing or is no text".to_owned(),
        ),
        (
            "Zoom, with the first secret",
            ZOOM,
            zoom,
            &["published-test-secret", "other"],
            format!(r#"{JSON}{{"plainToken":"qgg8vlvZRS6UYooatFL8Aw","encryptedToken":"{hex}"}}"#),
        ),
        ("Zoom without a secret", ZOOM, zoom, &[], "unanswered: no secret of it is stored".to_owned()),
        (
            "X",
            X,
            "GET /x?nonce=1&crc_token=crc.Tok-1%3D",
            &["s3cret"],
            format!(r#"{JSON}{{"response_token":"sha256={base64}"}}"#),
        ),
        ("Meta", META, &format!("{meta}ab%2Bc"), &["app", "ab+c"], format!("{PLAIN}1158201444")),
        (
            "Meta, another token",
            META,
            &format!("{meta}abc"),
            &["app", "ab+c"],
            "unanswered: the query parameter hub.verify_token is none of its stored secrets".to_owned(),
        ),
        (
            "Meta, an empty token and an empty secret",
            META,
            meta,
            &[""],
            "unanswered: the query parameter hub.verify_token is none of its stored secrets".to_owned(),
        ),
        (
            "Meta, no token",
            META,
            "GET /?hub.mode=subscribe&hub.challenge=1",
            &["abc"],
            "unanswered: the query parameter hub.verify_token is missing or is no text".to_owned(),
        ),
        ("Meta, no secret", META, meta, &[], "unanswered: no secret of it is stored".to_owned()),
        (
            "Meta, another mode",
            META,
            "GET /?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=abc",
            &["abc"],
            "none".to_owned(),
        ),
        ("Meta, a delivery", META, &meta.replace("GET", "POST"), &[""], "none".to_owned()),
        (
            "Dropbox; what looks like a page is text",
            DROPBOX,
            "GET /dropbox?challenge=%3Cscript%3Ea+b%2B%26&challenge=2",
            &[],
            format!("{PLAIN}<script>a b+&"),
        ),
        ("Dropbox without a query", DROPBOX, "GET /dropbox", &[], "none".to_owned()),
        (
            "Microsoft Graph",
            GRAPH,
            "POST /?validationToken=Validation%3a+Testing+client+application+reachability+Request-Id%3a+6d%e2%82%ac",
            &[],
            format!("{PLAIN}Validation: Testing client application reachability Request-Id: 6d€"),
        ),
        (
            "Twitch",
            TWITCH,
            &format!("{twitch}{{\"challenge\":\"pogchamp-kappa-360noscope\"}}"),
            &[],
            format!("{PLAIN}pogchamp-kappa-360noscope"),
        ),
        (
            "Twitch, a notification",
            TWITCH,
            "POST /\nTwitch-Eventsub-Message-Type: notification\n\n{\"challenge\":\"a\"}",
            &[],
            "none".to_owned(),
        ),
        (
            "Twitch, an object for a challenge",
            TWITCH,
            &format!("{twitch}{{\"challenge\":{{}}}}"),
            &[],
            "unanswered: the body's /challenge is missing or is no text".to_owned(),
        ),
        (
            "Notion",
            NOTION,
            "POST /\n\n{\"verification_token\":\"secret_1\"}",
            &[],
            "200\nContent-Type: text/plain; charset=utf-8\n\npaste the token".to_owned(),
        ),
        ("Intercom", INTERCOM, "HEAD /intercom", &[], "200\n\n".to_owned()),
        ("HeyGen", HEYGEN, "OPTIONS /heygen", &[], "204\nAllow: POST, OPTIONS\n\n".to_owned()),
        ("HeyGen, a delivery", HEYGEN, "POST /heygen\n\n{}", &[], "none".to_owned()),
        ("Asana", ASANA, "POST /asana\nx-hook-secret: b537\n\n{}", &[], "200\nX-Hook-Secret: b537\n\n".to_owned()),
        (
            "a line end for a header",
            ECHO_IN_HEADER,
            "GET /?c=a%0d%0aSet-Cookie:b",
            &[],
            "unanswered: the query parameter c holds what cannot stand in a header".to_owned(),
        ),
    ];
    for (name, toml, message, secrets, expected) in rows {
        assert_eq!(shown(&handshake(toml), message, secrets), *expected, "{name}");
    }
}

#[test]
fn bytes_that_are_no_text_are_repeated_as_they_are() {
    let Some(Ok(HandshakeReply::Answer { body, .. })) =
        answer(&handshake(DROPBOX), "GET /?x&%63hallenge=%ff%00%zz", &[])
    else {
        panic!("it is answered");
    };
    assert_eq!(&body[..], b"\xff\0%zz");
}

#[test]
fn long_values_are_not_repeated() {
    for (name, len, answered) in [("the longest", 4096, true), ("one more", 4097, false)] {
        let value = "a".repeat(len);
        let as_query = shown(&handshake(DROPBOX), &format!("GET /?challenge={value}"), &[]);
        let as_json = shown(
            &handshake(TWITCH),
            &format!(
                "POST /\nTwitch-Eventsub-Message-Type: webhook_callback_verification\n\n{{\"challenge\":\"{value}\"}}"
            ),
            &[],
        );
        let refused = |place: &str| format!("unanswered: {place} has 4097 bytes, and no more than 4096 are repeated");
        let expected = |place| if answered { format!("{PLAIN}{value}") } else { refused(place) };
        assert_eq!(as_query, expected("the query parameter challenge"), "{name}");
        assert_eq!(as_json, expected("the body's /challenge"), "{name}");
    }
}

#[test]
fn nothing_is_signed_that_could_be_a_delivery() {
    let refused = "unanswered: the query parameter crc_token is no plain token of at most 256 letters and digits, \
                   and only such are signed";
    let long = "a".repeat(257);
    for value in ["", "=", "a=b", "v0:1700000000:x", "%7B%22a%22:1%7D", "a+b", "%c3%a9", "a%0A", &long] {
        assert_eq!(shown(&handshake(X), &format!("GET /?crc_token={value}"), &["s"]), refused, "{value}");
    }
    assert!(shown(&handshake(X), &format!("GET /?crc_token={}", &long[1..]), &["s"]).starts_with("200"));
}

#[test]
fn only_urls_on_the_providers_hosts_are_fetched() {
    let no_url = "is no URL";
    let not_https = "is no https URL";
    let user_or_port = "names a user or a port";
    let rows: &[(&str, Result<&str, &str>)] = &[
        (
            "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:a:1:t&Token=2336#x",
            Ok("https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:a:1:t&Token=2336"),
        ),
        ("HTTPS://SNS.cn-north-1.AmazonAWS.com.cn:443/", Ok("https://sns.cn-north-1.amazonaws.com.cn/")),
        ("https://sns.us-east-1.amazonaws.com", Ok("https://sns.us-east-1.amazonaws.com/")),
        ("http://sns.us-east-1.amazonaws.com/", Err(not_https)),
        ("file:///etc/passwd", Err(not_https)),
        ("https://sns.us-east-1.amazonaws.com.evil.test/", Err("leads to sns.us-east-1.amazonaws.com.evil.test")),
        ("https://evil.test/sns.us-east-1.amazonaws.com", Err("leads to evil.test")),
        ("https://evil.test?.sns.us-east-1.amazonaws.com", Err("leads to evil.test")),
        ("https://evil.test#.sns.us-east-1.amazonaws.com", Err("leads to evil.test")),
        ("https://evilsns.us-east-1.amazonaws.com/", Err("leads to evilsns.us-east-1.amazonaws.com")),
        ("https://x.sns.us-east-1.amazonaws.com/", Err("leads to x.sns.us-east-1.amazonaws.com")),
        ("https://sns.a.b.amazonaws.com/", Err("leads to sns.a.b.amazonaws.com")),
        ("https://sns.amazonaws.com/", Err("leads to sns.amazonaws.com")),
        ("https://sns.us-east-1.amazonaws.com./", Err("leads to sns.us-east-1.amazonaws.com.")),
        ("https://127.0.0.1/", Err("leads to 127.0.0.1")),
        ("https://[::1]/", Err("leads to [::1]")),
        ("https://2130706433/", Err("leads to 127.0.0.1")),
        ("https://sns.us-east-1.amazonaws.com@evil.test/", Err(user_or_port)),
        ("https://a:b@sns.us-east-1.amazonaws.com/", Err(user_or_port)),
        ("https://sns.us-east-1.amazonaws.com:22/", Err(user_or_port)),
        ("https://evil.test\\\\@sns.us-east-1.amazonaws.com/", Err(no_url)),
        ("https://sns.us-east-1.amazonaws.com/ HTTP/1.1\\r\\nX: y", Err(no_url)),
        ("/confirm", Err(no_url)),
        ("", Err(no_url)),
    ];
    let sns = handshake(SNS);
    for (url, expected) in rows {
        let message =
            format!("POST /\nX-Amz-Sns-Message-Type: SubscriptionConfirmation\n\n{{\"SubscribeURL\":\"{url}\"}}");
        let expected = match expected {
            Ok(url) => format!("GET {url}"),
            Err(why) if why.starts_with("leads") => {
                format!("unanswered: the body's /SubscribeURL {why}, which is no host of the provider's")
            }
            Err(why) => format!("unanswered: the body's /SubscribeURL {why}"),
        };
        assert_eq!(shown(&sns, &message, &[]), expected, "{url}");
    }
    let below = handshake(&SNS.replace(r#""sns.*.amazonaws.com""#, r#""*.example.com""#));
    for (host, fits) in
        [("a.example.com", true), ("a.b.example.com", true), ("example.com", false), ("xexample.com", false)]
    {
        let message = format!(
            "POST /\nX-Amz-Sns-Message-Type: SubscriptionConfirmation\n\n{{\"SubscribeURL\":\"https://{host}/\"}}"
        );
        assert_eq!(shown(&below, &message, &[]).starts_with("GET"), fits, "{host}");
    }
}

/// A provider file with this handshake.
fn file(handshake: &str) -> String {
    let (_, rest) =
        include_str!("../../providers/ihateppt.toml").split_once("[handshake]").expect("it has a handshake");
    let (_, events) = rest.split_once("[[events]]").expect("it has events");
    let (before, _) = include_str!("../../providers/ihateppt.toml").split_once("[handshake]").expect("it has one");
    format!("{before}{handshake}\n[[events]]{events}")
}

#[test]
fn a_file_whose_handshake_is_wrong_is_refused() {
    let document = include_str!("../../providers/HANDSHAKES.md");
    let (_, example) = document.split_once("```toml\n").expect("the document has an example");
    let (example, _) = example.split_once("```").expect("it ends");
    Provider::load("x.toml", &file(example)).expect("the document's example is right");
    let sns = |host: &str| format!("[handshake]\nwords = \"\"{}", SNS.replace("sns.*.amazonaws.com.cn", host));
    let fixed = |change: &str| {
        format!(
            "[handshake]\nwords = \"\"\nwhen = {{ method = [\"HEAD\"] }}\nanswer = {{ kind = \"fixed\", {change} }}"
        )
    };
    let rows: &[(&str, String, &str)] = &[
        (
            "another secret",
            example.replace("published-test-secret", "other"),
            "the sample of the handshake gets 200 “{\"plainToken\":\"qgg8vlvZRS6UYooatFL8Aw\",\"encryptedToken\":\
             \"ab7befcc",
        ),
        (
            "no secret",
            example.replace("secret = \"published-test-secret\"", ""),
            "the sample of the handshake was not answered: no secret of it is stored",
        ),
        (
            "another event",
            example.replace("{\"event\":\"endpoint.url_validation\"", "{\"event\":\"x\""),
            "the sample of the handshake does not fit handshake.when",
        ),
        (
            "another header",
            example.replace("status = 200, ", "status = 200, headers = [[\"Content-Type\", \"text/html\"]], "),
            "with Content-Type: application/json, X-Content-Type-Options: nosniff and should get 200 “",
        ),
        (
            "no condition",
            "[handshake]\nwords = \"\"\nwhen = {}\nanswer = { kind = \"fixed\" }".to_owned(),
            "handshake.when names no condition",
        ),
        ("an open host", sns("*.com"), "the host “*.com” is none, or leaves its last two labels open"),
        ("any host", sns("*"), "the host “*” is none, or leaves its last two labels open"),
        ("a host in part", sns("sns*.amazonaws.com"), "the host “sns*.amazonaws.com” is none, or leaves"),
        ("no host", sns("x").replace(r#"["sns.*.amazonaws.com", "x"]"#, "[]"), "handshake.answer names no host"),
        ("a status", fixed("status = 100"), "100 is no status from 200 to 599"),
        (
            "a length",
            fixed("headers = [[\"Content-Length\", \"1\"]]"),
            "The listener itself decides on “Content-Length”.",
        ),
        ("a line end", fixed("headers = [[\"X\", \"a\\nb\"]]"), "The header “X” cannot be sent."),
    ];
    for (name, handshake, expected) in rows {
        let error = Provider::load("x.toml", &file(handshake)).expect_err(name).to_string();
        assert!(error.starts_with("x.toml: ") && error.contains(expected), "{name}: {error}");
    }
}
