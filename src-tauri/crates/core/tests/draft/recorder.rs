//! A listener that takes one request as bytes, and a program that sends it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A request as it came.
#[derive(PartialEq, Eq)]
pub(crate) struct Came {
    /// The request line.
    pub(crate) line: Vec<u8>,
    /// Names and values in order, the values without white space around them.
    pub(crate) headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The body: what the length says, and whatever came beyond it.
    pub(crate) body: Vec<u8>,
}

impl std::fmt::Debug for Came {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.line.escape_ascii())?;
        for (name, value) in &self.headers {
            writeln!(f, "{}: {}", name.escape_ascii(), value.escape_ascii())?;
        }
        let shown = &self.body[..self.body.len().min(2000)];
        write!(f, "{} bytes: {}", self.body.len(), shown.escape_ascii())
    }
}

impl Came {
    pub(crate) fn read(bytes: &[u8]) -> Came {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("a whole head");
        let mut lines = bytes[..end].split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let line = lines.next().expect("a request line").to_vec();
        let headers = lines.map(|line| {
            let at = line.iter().position(|b| *b == b':').expect("a colon");
            (line[..at].to_vec(), line[at + 1..].trim_ascii().to_vec())
        });
        Came { line, headers: headers.collect(), body: bytes[end + 4..].to_vec() }
    }

    pub(crate) fn values(&self, name: &str) -> Vec<&[u8]> {
        let named = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
        named.map(|(_, value)| &value[..]).collect()
    }
}

pub(crate) struct Recorder {
    listener: TcpListener,
    pub(crate) address: SocketAddr,
}

impl Recorder {
    pub(crate) fn start() -> Recorder {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        Recorder { listener, address }
    }

    /// Runs a program in a directory, without the user's settings, and gives the request that it sends.
    pub(crate) fn run(self, program: &str, args: &[&str], folder: &Path) -> (Vec<u8>, Output) {
        let address = self.address;
        let taking = std::thread::spawn(move || take(&self.listener));
        let mut command = Command::new(program);
        command.args(args).current_dir(folder).stdin(Stdio::null()).env("HOME", folder);
        for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "CURL_HOME"] {
            command.env_remove(name);
        }
        let output = command.output().expect("the program runs");
        if !taking.is_finished() {
            // It sent nothing: nobody else would end the waiting. Where it did, this goes unread.
            drop(TcpStream::connect(address));
        }
        (taking.join().expect("the recorder ends"), output)
    }
}

fn take(listener: &TcpListener) -> Vec<u8> {
    let (mut stream, _) = listener.accept().expect("a connection");
    let mut bytes = Vec::new();
    let mut block = [0; 65536];
    loop {
        let count = stream.read(&mut block).unwrap_or(0);
        bytes.extend_from_slice(&block[..count]);
        let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else {
            if count == 0 {
                return bytes;
            }
            continue;
        };
        let lengths = Came::read(&bytes).values("content-length").iter().map(|v| v.to_vec()).collect::<Vec<_>>();
        let length: usize = lengths.first().map_or(0, |v| String::from_utf8_lossy(v).parse().expect("a length"));
        if count == 0 || bytes.len() >= end + 4 + length {
            break;
        }
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap_or_default();
    stream.shutdown(std::net::Shutdown::Write).unwrap_or_default();
    // What is sent beyond its length belongs to no request.
    stream.read_to_end(&mut bytes).unwrap_or_default();
    bytes
}

/// Whether a program is there, by asking it for something; says so where it is not.
pub(crate) fn there(program: &str, args: &[&str]) -> bool {
    let there = Command::new(program).args(args).output().is_ok_and(|output| output.status.success());
    if !there {
        writeln!(std::io::stderr(), "skipped: {program} {} does not run here", args.join(" ")).unwrap_or_default();
    }
    there
}
