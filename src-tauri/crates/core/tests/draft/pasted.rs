//! What is pasted, and what is made of it.

use crate::recorder::{Came, Recorder, there};
use countersign_core::draft::paste::{PasteFault, Pasted, read};
use countersign_core::request::Headers;

fn fields(headers: &Headers) -> Vec<String> {
    headers.iter().map(|h| format!("{}: {}", h.name.escape_ascii(), h.value.escape_ascii())).collect()
}

fn pasted(text: &str) -> Pasted {
    read(text).unwrap_or_else(|fault| panic!("{fault:?}\n{text}"))
}

/// Method, URL, headers, body.
fn shown(pasted: &Pasted) -> (String, Option<&str>, Vec<String>, String) {
    let Pasted { method, url, headers, body, .. } = pasted;
    (method.clone(), url.as_deref(), fields(headers), body.escape_ascii().to_string())
}

#[test]
fn a_command_is_read_as_curl_itself_reads_it() {
    if !there("curl", &["--version"]) || !there("bash", &["-c", ":"]) {
        return;
    }
    let commands = [
        "curl AT/",
        "curl -X PUT AT/a",
        "curl -sXPOST -H'X: 1' -HY:2 --url AT/x -d a -d b=c --data-raw '@d' --data-binary e",
        "curl AT -d x -H 'Content-Type:'",
        "curl AT -d x -H 'content-type: text/plain' -H 'Empty;' -H 'Gone:' -H 'X:'",
        "curl AT -H 'X: 1' -H 'host: other'",
        "curl AT -H 'Host:' -H 'X: 1' -H 'host: other'",
        "curl AT --json '{\"a\":1}' --json ' ' -H 'X: 1'",
        "curl AT --json '[]' -H 'accept: a' -H 'Content-Type: b'",
        "curl AT -u user:pass -A agent -e http://ref/ -b a=b -b c=d -H 'X: 1' --data ''",
        "curl AT -u user: -H 'authorization: mine' -A x -H 'User-Agent:' -b a=b -H 'Cookie: mine'",
        "curl AT --oauth2-bearer token",
        "curl -G AT/p?x=1 -d a=b --data-urlencode 'c=d e&f' --data-urlencode '=g&h' --data-urlencode 'i j'",
        "curl AT/ --data-urlencode 'a=/é~ ' --data-urlencode 'b/c'",
        "curl -G 'AT?' -d a",
        "curl -G 'AT/?x&' -d a",
        "curl -I AT/a",
        "curl -G -I AT/a -d b",
        "curl AT/a/../b/./c/..",
        "curl --path-as-is AT/a/../b",
        "curl 'AT/a#fragment'",
        "curl 'AT/\\[a\\]?\\{b\\}&c[]=1'",
        "curl -g 'AT/[a]?{b}'",
        "curl AT --request-target '/é?\"<>'",
        "curl AT -d $'\\x41\\101\\u00e9\\xff\\'\\n'",
        "curl AT \\\n  -d \"a\\\"b\\$c\\\\d\\n\" \\\n  -H \"X: it's\"",
        "curl -- AT/x",
    ];
    for command in commands {
        let recorder = Recorder::start();
        let address = recorder.address.to_string();
        let command = command.replace("AT", &format!("http://{address}"));
        let folder = tempfile::tempdir().expect("a folder");
        let (bytes, output) = recorder.run("bash", &["-c", &command], folder.path());
        assert!(!bytes.is_empty(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
        let came = Came::read(&bytes);
        let read = pasted(&command);
        let url = read.url.expect("a URL");
        let target = url.split_once(&address).expect("the address").1;
        assert_eq!(
            came.line.escape_ascii().to_string(),
            format!("{} {target} HTTP/1.1", read.method).as_bytes().escape_ascii().to_string(),
            "{command}"
        );
        assert_eq!(came.body.escape_ascii().to_string(), read.body.escape_ascii().to_string(), "{command}");
        // What curl says of itself, and what the sender adds.
        let own = |line: &String| {
            *line == format!("Host: {address}")
                || line == "Accept: */*"
                || line.starts_with("User-Agent: curl/")
                || line.starts_with("Content-Length: ")
        };
        let lines = came.headers.iter().map(|(n, v)| format!("{}: {}", n.escape_ascii(), v.escape_ascii()));
        assert_eq!(fields(&read.headers), lines.filter(|line| !own(line)).collect::<Vec<_>>(), "{command}");
    }
}

#[test]
fn a_command_for_windows_is_read_as_chrome_writes_it() {
    let command = "curl ^\"https://example.com/hook?a=1^&b=^%^2F^\" ^\r\n  -X ^\"PUT^\" ^\r\n  -H ^\"content-type: application/json^\" ^\r\n  \
                   -H ^\"x: a^\\^\\b^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"50^% ^$HOME^\\^\"^}^\r\n\r\n^\" ^\r\n  --insecure";
    let read = pasted(command);
    assert_eq!(
        shown(&read),
        (
            "PUT".to_owned(),
            Some("https://example.com/hook?a=1&b=%2F"),
            vec!["content-type: application/json".to_owned(), r"x: a\\b".to_owned()],
            r#"{\"a\":\"50% $HOME\"}\n"#.to_owned()
        )
    );
    assert!(read.insecure);
}

#[test]
fn what_is_left_out_of_a_command_is_said() {
    let read =
        pasted("$ curl -sSLk --compressed --http2 -o out.txt -x proxy:1 --max-time 5 -d @in.json example.com/x | jq .");
    assert_eq!(shown(&read).1, Some("http://example.com/x"));
    assert_eq!((read.method.as_str(), read.body_from_file.as_deref()), ("POST", Some("in.json")));
    assert!(read.follow_redirects && read.insecure && read.body.is_empty());
    assert_eq!(
        read.notes,
        [
            "“--compressed” was left out: curl would ask for a compressed reply with an Accept-Encoding header.",
            "“--http2” was left out: the request is sent as HTTP/1.1.",
            "The command ends at |. What follows was left out.",
            "curl would take the line ends out of the file “in.json”. Here it is sent as it is.",
            "Left out, because they change nothing of the request: -s, -S, -o …, --max-time ….",
            "Left out, because they belong to curl's connection: -x …. The endpoint is reached directly.",
        ]
    );
    let redirected = pasted("curl --data-binary @body.bin http://h/ 2>/dev/null");
    assert_eq!(redirected.notes, ["The command ends at >. What follows was left out."]);
}

#[test]
fn a_request_is_read_byte_for_byte() {
    let text =
        "POST /x?y=1 HTTP/1.1\r\nHost: example.com:443\r\nx-A:  b \r\nX-a:\r\nContent-Length: 4\r\n\r\na\r\nb\r\n";
    let read = pasted(text);
    // The sender would not name the port.
    let headers = vec!["Host: example.com:443".to_owned(), "x-A: b".to_owned(), "X-a: ".to_owned()];
    assert_eq!(shown(&read), ("POST".to_owned(), Some("https://example.com/x?y=1"), headers, r"a\r\nb".to_owned()));
    assert_eq!(
        read.notes,
        [
            "The URL begins with https://, because the Host header says port 443.",
            "The line ends after the body were left out, as its Content-Length says."
        ]
    );

    type Row = (&'static str, &'static str, Option<&'static str>, &'static [&'static str], &'static str);
    let rows: [Row; 7] = [
        ("line feeds alone", "PUT /a HTTP/1.0\nHost: h:81\n\n{}\n", Some("http://h:81/a"), &[], r"{}\n"),
        ("no host", "POST /a HTTP/1.1\nX: 1\n\nb", None, &["X: 1"], "b"),
        ("Host in its place", "GET /a HTTP/1.1\nX: 1\nHost: h\n\n", Some("http://h/a"), &["X: 1", "Host: h"], ""),
        (
            "a URL as the target",
            "POST http://h:1/a HTTP/1.1\nHost: other\n\n",
            Some("http://h:1/a"),
            &["Host: other"],
            "",
        ),
        ("no version", "DELETE https://h/a\n", Some("https://h/a"), &[], ""),
        (
            "chunks",
            "POST / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n",
            Some("http://h/"),
            &["Transfer-Encoding: chunked"],
            "abcde",
        ),
        (
            "a wrong length",
            "POST / HTTP/1.1\nHost: h\nContent-Length: 9\n\nab",
            Some("http://h/"),
            &["Content-Length: 9"],
            "ab",
        ),
    ];
    for (name, text, url, headers, body) in rows {
        let read = pasted(text);
        let (_, found, fields, bytes) = shown(&read);
        assert_eq!(
            (found, fields, bytes.as_str()),
            (url, headers.iter().map(|h| (*h).to_owned()).collect(), body),
            "{name}"
        );
    }
}

#[test]
fn json_is_a_body() {
    let text = " { \"b\": 1.0,\n\"b\": \"\\u00e9é\" }\n";
    let read = pasted(text);
    assert_eq!((read.method.as_str(), &read.url, &read.body[..]), ("POST", &None, text.as_bytes()));
    assert_eq!(fields(&read.headers), ["Content-Type: application/json"]);
}

#[test]
fn what_is_not_understood_is_named_with_its_place() {
    let rows = [
        ("", 1, 1, "There is nothing to read."),
        (
            "\n hello",
            2,
            2,
            "This is neither a curl command, nor an HTTP request that begins like “POST /path HTTP/1.1”, nor JSON.",
        ),
        ("{\n  \"a\": 1,\n  é\n}", 3, 3, "This begins like JSON, but it is not: key must be a string."),
        ("curl -s", 1, 5, "The command has no URL."),
        (
            "curl http://h \\\n  --form a=b",
            2,
            3,
            "“--form” is an option of curl that cannot be read here. Take it out if the request does not need it.",
        ),
        (
            "curl -sF a=b http://h",
            1,
            6,
            "“-F” is an option of curl that cannot be read here. Take it out if the request does not need it.",
        ),
        ("curl http://h -H", 1, 15, "“-H” needs a value, and the command ends here."),
        ("curl http://h -H é", 1, 18, "This header has no colon: it should be like “Name: value”."),
        ("curl http://h -H 'a b: c'", 1, 18, "The name of this header holds characters that HTTP forbids."),
        (
            "curl http://h -H $'a: b\\r\\nc: d'",
            1,
            18,
            "The value of this header holds characters that HTTP forbids, such as a line end.",
        ),
        ("curl http://h -H @f", 1, 18, "This takes headers from a file. Put the headers themselves here."),
        ("curl http://h -b f", 1, 18, "This takes cookies from the file “f”. Put them here as “name=value”."),
        ("curl http://h -d a -d @f", 1, 23, "The body is put together with the file “f”. Put its content here."),
        ("curl http://h -d @-", 1, 18, "This takes the body from standard input. Put the body here, or a file."),
        ("curl http://h --data-urlencode a@f", 1, 32, "This encodes a file. Put the content itself here."),
        (
            "curl http://h x",
            1,
            15,
            "“x” would be a second URL. Take it out, or put quotes around the value it belongs to.",
        ),
        ("curl ftp://h", 1, 6, "This is not a URL that begins with http:// or https://."),
        (
            "curl 'http://h/[1-3]'",
            1,
            6,
            "curl would make several requests of the brackets or braces in this URL. Add --globoff if they are meant as they stand.",
        ),
        (
            "curl http://h --request-target '*'",
            1,
            32,
            "Only a request target that begins with “/” and holds no space, “#” or control character can be sent.",
        ),
        ("curl -I http://h -d x", 1, 5, "curl does not send a body with --head. Take one of them out."),
        (
            "curl http://h -H \"A: $TOKEN\"",
            1,
            22,
            "A variable of the shell, “$TOKEN”, stands here. Put its value in its place.",
        ),
        ("curl ^\"http://h", 1, 7, "A quote begins here with \" and does not end."),
        (
            "GET / HTTP/1.1\nHost: h\nno header\n",
            3,
            1,
            "This line is no header: there is no colon. A blank line goes before the body.",
        ),
        (
            "GET / HTTP/1.1\nX: 1\n  2\n",
            3,
            1,
            "This line begins with a space, so it would go on the header before it. HTTP no longer allows that.",
        ),
        ("GET / HTTP/1.1\nX y: 1\n", 2, 1, "The name of this header holds characters that HTTP forbids."),
        ("GET / HTTP/1.1\nX: a\u{7}\n", 2, 5, "The value of this header holds a character that HTTP forbids."),
        ("OPTIONS * HTTP/1.1\nHost: h\n", 1, 9, "The target is neither a path that begins with “/” nor a URL."),
        ("GET / HTTP/1.1\nHost: h/x\n", 1, 1, "No URL can be made of the Host header “h/x”."),
    ];
    for (text, line, column, message) in rows {
        assert_eq!(read(text), Err(PasteFault { line, column, message: message.to_owned() }), "{text}");
    }
}
