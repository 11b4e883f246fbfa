//! A snippet as a server process.

use crate::tools::Place;
use countersign_core::request::Request;
use countersign_tests::{Ended, PATIENCE, until};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

/// The line that names the port, as Node and Rust, Flask, uvicorn, PHP and WEBrick write it.
const LISTENING: [&str; 5] =
    ["listening on", "Running on http", "running on http", "Development Server", "HTTPServer#start"];

/// What an event is worked on with.
const WORK: &str = "received ";

/// A running receiver; ends with this value.
pub(crate) struct Server {
    child: Ended,
    said: Arc<Mutex<Vec<String>>>,
    address: SocketAddr,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Starts the process; its output is collected line by line.
fn spawn(place: &Place, environment: &[(String, String)]) -> (Ended, Arc<Mutex<Vec<String>>>) {
    let mut command = place.command();
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = Arc::new(Mutex::new(Vec::new()));
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
    ];
    for stream in streams.into_iter().flatten() {
        let said = said.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                said.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
    }
    (Ended(child), said)
}

/// The port of a line that names one: its last number.
fn port(line: &str) -> Option<u16> {
    LISTENING.iter().any(|word| line.contains(word)).then_some(())?;
    line.split(|c: char| !c.is_ascii_digit()).rfind(|digits| !digits.is_empty())?.parse().ok()
}

impl Server {
    /// Starts a receiver and waits until it says its port.
    pub(crate) fn start(place: &Place, environment: &[(String, String)]) -> Server {
        let (mut child, said) = spawn(place, environment);
        let port = until("the receiver says its port", || {
            let ended = child.0.try_wait().expect("its state").is_some();
            let lines = said.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let found = lines.iter().find_map(|line| port(line));
            assert!(found.is_some() || !ended, "{place:?}: the receiver ended:\n{}", lines.join("\n"));
            found
        });
        let address = (Ipv4Addr::LOCALHOST, port).into();
        Server { child, said, address }
    }

    /// Whether it ends with an error instead of serving.
    pub(crate) fn refuses_to_start(place: &Place, environment: &[(String, String)]) -> bool {
        let (mut child, said) = spawn(place, environment);
        until("the receiver ends or serves", || {
            let ended = child.0.try_wait().expect("its state").map(|status| !status.success());
            let serves = said.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|line| port(line).is_some());
            ended.or(serves.then_some(false))
        })
    }

    /// Sends a request to `/webhook`, byte for byte but for `Host`, `Content-Length` and `Connection`.
    pub(crate) fn post(&self, request: &Request) -> Answer {
        let mut head = format!("{} /webhook HTTP/1.1\r\nHost: {}\r\n", request.method, self.address).into_bytes();
        for header in request.headers.iter() {
            head.extend_from_slice(&header.name);
            head.extend_from_slice(b": ");
            head.extend_from_slice(&header.value);
            head.extend_from_slice(b"\r\n");
        }
        head.extend(format!("Content-Length: {}\r\nConnection: close\r\n\r\n", request.body.len()).into_bytes());
        let mut stream = TcpStream::connect(self.address).expect("the receiver listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        // A receiver may refuse by the head alone and close: what it answered is still there to be read.
        let _ = stream.write_all(&head).and_then(|()| stream.write_all(&request.body));
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        read_answer(&answer).unwrap_or_else(|| {
            let said = self.said.lock().unwrap_or_else(PoisonError::into_inner).join("\n");
            panic!("no answer to {}:\n{said}", String::from_utf8_lossy(&head))
        })
    }

    /// Waits until so many events were worked on, ends the process, and says how many were.
    pub(crate) fn end(mut self, due: usize) -> usize {
        assert!(self.child.0.try_wait().expect("its state").is_none(), "the receiver is still there");
        let count = |said: &Mutex<Vec<String>>| {
            let said = said.lock().unwrap_or_else(PoisonError::into_inner);
            // Two threads of a receiver may write into one line: a text and its end of line are not one write everywhere.
            said.iter().map(|line| line.matches(WORK).count()).sum::<usize>()
        };
        until("every event is worked on", || (count(&self.said) >= due).then_some(()));
        drop(self.child);
        count(&self.said)
    }
}

fn read_answer(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.get(..3)?.parse().ok()?;
    let mut body = bytes[end + 4..].to_vec();
    if head.contains("transfer-encoding: chunked") {
        body = unchunked(&body)?;
    }
    Some(Answer { status, body })
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?.trim(), 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(end + 2..end + 2 + length)?);
        rest = rest.get(end + 4 + length..)?;
    }
}
