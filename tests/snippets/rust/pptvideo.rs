use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use subtle::ConstantTimeEq;

static KEY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let secret = std::env::var("PPTVIDEO_WEBHOOK_SECRET").unwrap_or_default();
    let secret = secret.replace('-', "+").replace('_', "/");
    let secret = secret.trim().trim_end_matches('='); // with or without its padding
    let key = BASE64_STANDARD_NO_PAD.decode(secret).unwrap_or_default();
    assert!(
        !key.is_empty(),
        "PPTVIDEO_WEBHOOK_SECRET is not set, or not base64"
    );
    key
});

// Keep these in your database, under a unique key: they must outlive a restart.
static SEEN: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

#[tokio::main]
async fn main() -> std::io::Result<()> {
    LazyLock::force(&KEY); // without a secret it does not start
    let port = std::env::var("PORT").unwrap_or("3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{port}")).await?;
    println!("listening on {}", listener.local_addr()?);
    let app = Router::new().route("/webhook", post(webhook));
    axum::serve(listener, app.layer(DefaultBodyLimit::max(25 << 20))).await
}

// The signature is over the bytes as they came, not over JSON written anew.
async fn webhook(headers: HeaderMap, raw: Bytes) -> StatusCode {
    if !is_signed(&headers, &raw) {
        return StatusCode::UNAUTHORIZED;
    }

    let event: Value = serde_json::from_slice(&raw).unwrap_or_default();
    let names = [text(&event, &["/status"]), text(&event, &["/id"])];
    if names.contains(&None) {
        return StatusCode::BAD_REQUEST;
    }

    // What was here before is delivered, and nothing is done twice.
    let name = names.map(Option::unwrap_or_default).join(":");
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_new = seen.insert(name);
    drop(seen);
    if is_new {
        tokio::spawn(work(event)); // the answer does not wait for it
    }
    // ppt.video counts any 2xx as delivered.
    StatusCode::OK
}

async fn work(event: Value) {
    println!("received {event}");
}

fn is_signed(headers: &HeaderMap, raw: &[u8]) -> bool {
    let Some(webhook_id) = only(headers, "X-Webhook-Id") else {
        return false;
    };
    let Some(timestamp) = only(headers, "X-Webhook-Timestamp") else {
        return false;
    };
    let Some(received) = only(headers, "X-Webhook-Signature") else {
        return false;
    };

    // Our advice, ppt.video does not demand it: what is older may be a recording.
    if !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sent: i64 = timestamp.parse().unwrap_or_default();
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let age = now.map_or(0, |now| now.as_secs()).cast_signed() - sent;
    if !(-300..=300).contains(&age) {
        return false;
    }

    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&KEY) else {
        return false;
    };
    mac.update(format!("{webhook_id}.{timestamp}.").as_bytes());
    mac.update(raw);
    let digest = mac.finalize().into_bytes();
    let due = BASE64_STANDARD.encode(digest);
    // In constant time; texts of unequal length are unequal.
    received.as_bytes().ct_eq(due.as_bytes()).into()
}

/// The value of a header; nothing where it is missing, empty or doubled.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    (values.next().is_none() && !value.is_empty()).then_some(value)
}

/// The first text that stands at one of these places.
fn text<'a>(event: &'a Value, places: &[&str]) -> Option<&'a str> {
    let find = |place: &&str| event.pointer(place)?.as_str();
    let mut texts = places.iter().filter_map(find);
    texts.find(|text| !text.is_empty())
}
