//! From a name to a connection, which is never one to our own listener.

use super::Progress;
use super::wire::Target;
use crate::error::{Phase, SendError};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};
use url::Host;

/// Resolves and connects, within the limit for both.
pub(super) async fn connect(
    target: &Target,
    avoid: &[SocketAddr],
    progress: &mut Progress,
) -> Result<TcpStream, SendError> {
    let limit = progress.limits.connect.min(progress.limits.total);
    let addresses = progress.within(Phase::Connect, limit, &target.shown, resolve(target)).await??;
    progress.timing.resolved = Some(progress.began.elapsed());
    let left = limit.saturating_sub(progress.began.elapsed());
    // What is left of a limit is not the limit that a message names.
    let late = |_| SendError::Timeout { url: target.shown.clone(), phase: Phase::Connect, after: limit };
    let connected = timeout(left, first_that_answers(&addresses, left)).await.map_err(late)?;
    let opened = connected.and_then(|socket| {
        socket.set_nodelay(true)?;
        Ok((socket.peer_addr()?, socket.local_addr()?, socket))
    });
    let (peer, local, socket) = opened.map_err(|source| SendError::Connect { url: target.shown.clone(), source })?;
    progress.timing.connected = Some(progress.began.elapsed());
    progress.address = Some(SocketAddr::new(peer.ip().to_canonical(), peer.port()));
    if avoid.iter().any(|own| is_own(*own, peer, local.ip())) {
        return Err(SendError::OwnListener { url: target.shown.clone() });
    }
    Ok(socket)
}

async fn resolve(target: &Target) -> Result<Vec<SocketAddr>, SendError> {
    let name = match &target.host {
        Host::Ipv4(ip) => return Ok(vec![SocketAddr::new((*ip).into(), target.port)]),
        Host::Ipv6(ip) => return Ok(vec![SocketAddr::new((*ip).into(), target.port)]),
        Host::Domain(name) => name,
    };
    let none = |source| SendError::NoAddress { host: name.clone(), source };
    let found: Vec<_> = lookup_host((name.as_str(), target.port)).await.map_err(|e| none(Some(e)))?.collect();
    if found.is_empty() { Err(none(None)) } else { Ok(found) }
}

/// Tries the addresses one after another. Each gets its share of the time, so that one that swallows packets does not cost
/// the others theirs.
async fn first_that_answers(addresses: &[SocketAddr], time: Duration) -> io::Result<TcpStream> {
    let began = Instant::now();
    let mut failed = None;
    for (tried, address) in addresses.iter().enumerate() {
        let left = time.saturating_sub(began.elapsed());
        let behind = u32::try_from(addresses.len() - tried - 1).unwrap_or(u32::MAX);
        // The last one has no limit but that for all, which says so itself.
        let share = if behind == 0 { Duration::MAX } else { left / (behind + 1) };
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(socket)) => return Ok(socket),
            // What the first one said: it is the one that the system prefers.
            Ok(Err(error)) => failed = failed.or(Some(error)),
            Err(_) => failed = failed.or(Some(io::ErrorKind::TimedOut.into())),
        }
    }
    Err(failed.unwrap_or_else(|| io::ErrorKind::NotFound.into()))
}

/// Whether a connection to `peer` from `local` ends at the listener `own`.
fn is_own(own: SocketAddr, peer: SocketAddr, local: IpAddr) -> bool {
    let (ip, peer_ip, local) = (own.ip().to_canonical(), peer.ip().to_canonical(), local.to_canonical());
    // Whoever connects to an address of its own machine has the same one itself, or both are loopback.
    let here = peer_ip == local || peer_ip.is_loopback();
    own.port() == peer.port() && (ip == peer_ip || (ip.is_unspecified() && here))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_on_every_address_is_our_own_on_every_address_of_this_machine() {
        for (own, peer, local, is) in [
            ("127.0.0.1:80", "127.0.0.1:80", "127.0.0.1", true),
            ("127.0.0.1:80", "127.0.0.1:81", "127.0.0.1", false),
            ("127.0.0.1:80", "127.0.0.2:80", "127.0.0.1", false),
            ("127.0.0.1:80", "[::1]:80", "::1", false),
            ("127.0.0.1:80", "[::ffff:127.0.0.1]:80", "::ffff:127.0.0.1", true),
            ("0.0.0.0:80", "127.0.0.1:80", "127.0.0.1", true),
            ("0.0.0.0:80", "127.0.0.2:80", "127.0.0.1", true),
            ("0.0.0.0:80", "192.168.1.5:80", "192.168.1.5", true),
            ("0.0.0.0:80", "192.168.1.6:80", "192.168.1.5", false),
            ("0.0.0.0:80", "192.168.1.5:81", "192.168.1.5", false),
            ("[::]:80", "127.0.0.1:80", "127.0.0.1", true),
            ("[::]:80", "[::1]:80", "::1", true),
            ("192.168.1.5:80", "192.168.1.5:80", "192.168.1.5", true),
        ] {
            let (parsed_own, parsed_peer) = (own.parse().unwrap(), peer.parse().unwrap());
            assert_eq!(is_own(parsed_own, parsed_peer, local.parse().unwrap()), is, "{own} {peer} {local}");
        }
    }
}
