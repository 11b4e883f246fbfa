//! An endpoint that records what it gets on a real socket, and answers by a rule.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The number of a request, from 1, and its body, to a status with a body; none: no answer until the sender gives up.
type Rule = dyn Fn(usize, &str) -> Option<(u16, String)> + Send + Sync;

/// A recording endpoint.
#[derive(Debug)]
pub struct Recorder {
    addr: String,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    /// Starts one on a free port; each request has a thread of its own.
    ///
    /// # Panics
    /// Where no port is free.
    #[must_use]
    pub fn start(rule: impl Fn(usize, &str) -> Option<(u16, String)> + Send + Sync + 'static) -> Recorder {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address").to_string();
        let bodies: Arc<Mutex<Vec<String>>> = Arc::default();
        let (all, rule): (_, Arc<Rule>) = (Arc::clone(&bodies), Arc::new(rule));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (all, rule) = (Arc::clone(&all), Arc::clone(&rule));
                std::thread::spawn(move || serve(stream, &all, &*rule));
            }
        });
        Recorder { addr, bodies }
    }

    /// Its address with a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// The bodies of what it got, in order.
    ///
    /// # Panics
    /// Where a thread of it panicked.
    #[must_use]
    pub fn bodies(&self) -> Vec<String> {
        self.bodies.lock().expect("no thread panicked").clone()
    }
}

/// Reads one request, records it and answers.
fn serve(stream: TcpStream, all: &Mutex<Vec<String>>, rule: &Rule) {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body");
    let body = String::from_utf8(body).expect("text");
    let number = {
        let mut list = all.lock().expect("no thread panicked");
        list.push(body.clone());
        list.len()
    };
    // Whoever does not wait for the answer is the sender's business.
    match rule(number, &body) {
        Some((status, body)) => {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = reader.get_mut().write_all((head + &body).as_bytes());
        }
        None => drop(reader.read_to_end(&mut Vec::new())),
    }
}
