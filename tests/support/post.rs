//! One connection that posts: so little between the test and the socket that an answer counts only once it was read.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

/// A connection that is kept alive.
#[derive(Debug)]
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    /// Connects to `127.0.0.1:40123`.
    ///
    /// # Errors
    /// Where nobody listens there.
    pub fn open(addr: &str) -> io::Result<Connection> {
        let stream = TcpStream::connect(addr)?;
        stream.set_read_timeout(Some(crate::PATIENCE))?;
        Ok(Connection(BufReader::new(stream)))
    }

    /// Posts `body`; answers the status and the head that came back, once the whole answer was read.
    ///
    /// # Errors
    /// Where the connection breaks before.
    pub fn post(&mut self, target: &str, body: &[u8]) -> io::Result<(u16, String)> {
        let head = format!("POST {target} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n\r\n", body.len());
        let stream = self.0.get_mut();
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut head = String::new();
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let field = line.to_ascii_lowercase();
            if let Some(value) = field.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(|_| io::ErrorKind::InvalidData)?;
            }
            head.push_str(&line);
            if line == "\r\n" {
                break;
            }
        }
        self.0.read_exact(&mut vec![0; length])?;
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
        Ok((status, head))
    }
}
