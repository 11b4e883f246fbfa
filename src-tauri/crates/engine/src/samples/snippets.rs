//! A signed sample as a command or a program for the tools that developers have at hand.

/// What a tool needs to be told to accept the listener's certificate.
pub(super) enum Accept {
    /// Nothing: there is no TLS.
    AsUsual,
    /// To trust the certificate in this file.
    File(String),
    /// To trust whatever it is shown.
    Any,
}

/// Writes a request: its URL, what makes its certificate accepted, headers, body.
type Writer = fn(&str, &Accept, &[(String, String)], &str) -> String;

/// The tools with their names.
pub(super) const TOOLS: [(&str, Writer); 4] = [("curl", curl), ("HTTPie", httpie), ("Node", node), ("Python", python)];

/// A word for a POSIX shell.
fn shell(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A string literal that JSON, JavaScript and Python read alike.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn curl(url: &str, accept: &Accept, headers: &[(String, String)], body: &str) -> String {
    let mut out = format!("curl {url}");
    match accept {
        Accept::AsUsual => {}
        Accept::File(path) => out.push_str(&format!(" \\\n  --cacert {}", shell(path))),
        Accept::Any => out.push_str(" --insecure"),
    }
    for (name, value) in headers {
        out.push_str(&format!(" \\\n  -H {}", shell(&format!("{name}: {value}"))));
    }
    out.push_str(&format!(" \\\n  --data-binary {}\n", shell(body)));
    out
}

fn httpie(url: &str, accept: &Accept, headers: &[(String, String)], body: &str) -> String {
    let mut out = String::from("http");
    match accept {
        Accept::AsUsual => {}
        Accept::File(path) => out.push_str(&format!(" --verify={}", shell(path))),
        Accept::Any => out.push_str(" --verify=no"),
    }
    out.push_str(&format!(" POST {url}"));
    for (name, value) in headers {
        out.push_str(&format!(" \\\n  {}", shell(&format!("{name}:{value}"))));
    }
    out.push_str(&format!(" \\\n  --raw {}\n", shell(body)));
    out
}

fn node(url: &str, accept: &Accept, headers: &[(String, String)], body: &str) -> String {
    let headers: Vec<String> =
        headers.iter().map(|(name, value)| format!("    {}: {},\n", literal(name), literal(value))).collect();
    let start = match accept {
        Accept::AsUsual => String::new(),
        Accept::File(path) => format!("// Start it with NODE_EXTRA_CA_CERTS={}\n", shell(path)),
        Accept::Any => "// Start it with NODE_TLS_REJECT_UNAUTHORIZED=0\n".to_owned(),
    };
    format!(
        "{start}const answer = await fetch({}, {{\n  method: \"POST\",\n  headers: {{\n{}  }},\n  body: {},\n}});\n\
         console.log(answer.status);\n",
        literal(url),
        headers.concat(),
        literal(body)
    )
}

fn python(url: &str, accept: &Accept, headers: &[(String, String)], body: &str) -> String {
    let headers: Vec<String> =
        headers.iter().map(|(name, value)| format!("        {}: {},\n", literal(name), literal(value))).collect();
    let context = match accept {
        Accept::AsUsual => None,
        Accept::File(path) => Some(format!("ssl.create_default_context(cafile={})", literal(path))),
        Accept::Any => Some("ssl._create_unverified_context()".to_owned()),
    };
    let (import, context) =
        context.map_or_else(Default::default, |context| ("import ssl\n", format!(", context={context}")));
    format!(
        "{import}import urllib.request\n\nrequest = urllib.request.Request(\n    {},\n    data={}.encode(),\n    headers={{\n{}    }},\n)\n\
         print(urllib.request.urlopen(request{context}).status)\n",
        literal(url),
        literal(body),
        headers.concat()
    )
}
