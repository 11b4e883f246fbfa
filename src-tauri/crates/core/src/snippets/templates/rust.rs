use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
{% if scheme %}
use axum::http::{HeaderMap, StatusCode};
{% else %}
use axum::http::StatusCode;
{% endif %}
{% if handshake %}
use axum::response::{IntoResponse, Json, Response};
{% endif %}
use axum::routing::post;
{% if scheme and (scheme.base64_key or not scheme.hex) %}
use base64::prelude::*;
{% endif %}
{% if scheme %}
use hmac::{Hmac, KeyInit, Mac};
{% endif %}
use serde_json::Value;
{% if scheme %}
use {{ "sha1::Sha1" if scheme.hash == "sha1" else "sha2::Sha256" if scheme.hash == "sha256" else "sha2::Sha512" }};
{% endif %}
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};
{% if scheme and scheme.time %}
use std::time::{SystemTime, UNIX_EPOCH};
{% endif %}
{% if scheme %}
use subtle::ConstantTimeEq;
{% endif %}

{% if scheme %}
static KEY: LazyLock<Vec<u8>> = LazyLock::new(|| { @@key
    let secret = std::env::var("{{ secret_env }}").unwrap_or_default(); @@key
{% if scheme.base64_key %}
    let secret = secret.replace('-', "+").replace('_', "/"); @@key
    let secret = secret.trim().trim_end_matches('='); // with or without its padding @@key
    let key = BASE64_STANDARD_NO_PAD.decode(secret).unwrap_or_default(); @@key
    assert!( @@key
        !key.is_empty(), @@key
        "{{ secret_env }} is not set, or not base64" @@key
    ); @@key
    key @@key
{% else %}
    assert!(!secret.is_empty(), "{{ secret_env }} is not set"); @@key
    secret.into_bytes() @@key
{% endif %}
}); @@key
{% else %}
// Nothing is signed: an event counts where its id is one that you wait for.
static EXPECTED: LazyLock<HashSet<String>> = LazyLock::new(|| { @@bad_input
    let ids = std::env::var("{{ expected_env }}").unwrap_or_default(); @@bad_input
    ids.split(',').map(str::to_owned).collect() @@bad_input
}); @@bad_input
{% endif %}

// Keep these in your database, under a unique key: they must outlive a restart. @@duplicate
static SEEN: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default); @@duplicate

#[tokio::main]
async fn main() -> std::io::Result<()> {
{% if scheme %}
    LazyLock::force(&KEY); // without a secret it does not start @@key
{% endif %}
    let port = std::env::var("PORT").unwrap_or("3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{port}")).await?;
    println!("listening on {}", listener.local_addr()?);
    let app = Router::new().route("/webhook", post(webhook));
    axum::serve(listener, app.layer(DefaultBodyLimit::max(25 << 20))).await
}

{% if scheme %}
// The signature is over the bytes as they came, not over JSON written anew. @@raw_body
{% endif %}
{% if handshake %}
async fn webhook(headers: HeaderMap, raw: Bytes) -> Response { @@raw_body
    let event: Value = serde_json::from_slice(&raw).unwrap_or_default(); @@handshake,bad_input
    if let Some(challenge) = challenge(&event) { @@handshake
        return Json(serde_json::json!({ {{ handshake.field|lit }}: challenge })).into_response(); @@handshake
    } @@handshake
    receive(&headers, &raw, event).into_response()
}

fn receive(headers: &HeaderMap, raw: &[u8], event: Value) -> StatusCode {
{% elif scheme %}
async fn webhook(headers: HeaderMap, raw: Bytes) -> StatusCode { @@raw_body
{% else %}
async fn webhook(raw: Bytes) -> StatusCode { @@raw_body
{% endif %}
{% if scheme %}
    if !is_signed({{ "headers, raw" if handshake else "&headers, &raw" }}) { @@missing
        return StatusCode::UNAUTHORIZED; @@missing
    } @@missing

{% endif %}
{% if not handshake %}
    let event: Value = serde_json::from_slice(&raw).unwrap_or_default(); @@bad_input
{% endif %}
{{ names|row("    let names = [", "];", 79, "bad_input,duplicate") }}
    if names.contains(&None) { @@bad_input
        return StatusCode::BAD_REQUEST; @@bad_input
    } @@bad_input
{% for choice in choices %}
    if ![{{ choice.list|lits }}].contains(&{{ choice.value }}.unwrap_or_default()) { @@bad_input
        return StatusCode::BAD_REQUEST; @@bad_input
    } @@bad_input
{% endfor %}
{% if not scheme %}
    if !EXPECTED.contains({{ id }}.unwrap_or_default()) { @@bad_input
        return StatusCode::FORBIDDEN; @@bad_input
    } @@bad_input
{% endif %}

    // What was here before is delivered, and nothing is done twice. @@duplicate
    let name = names.map(Option::unwrap_or_default).join(":"); @@duplicate
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner); @@duplicate
    let is_new = seen.insert(name); @@duplicate
    drop(seen); @@duplicate
    if is_new { @@duplicate
        tokio::spawn(work(event)); // the answer does not wait for it @@answer_first
    }
    // {{ success }} @@success
    StatusCode::OK @@success
}

async fn work(event: Value) { @@answer_first
    println!("received {event}"); @@answer_first
} @@answer_first
{% if scheme %}

fn is_signed(headers: &HeaderMap, raw: &[u8]) -> bool {
{% for header in scheme.headers %}
    let Some({{ header.snake }}) = only(headers, {{ header.name|lit }}) else { @@missing
        return false; @@missing
    }; @@missing
{% endfor %}
{% if not scheme.several %}
    let Some(received) = only(headers, {{ scheme.header.name|lit }}) else { @@missing
        return false; @@missing
    }; @@missing
{% endif %}
{% if scheme.time %}

    // {{ tolerance }} @@timestamp
    if !{{ scheme.time.header.snake }}.bytes().all(|byte| byte.is_ascii_digit()) { @@timestamp,missing
        return false; @@timestamp,missing
    } @@timestamp,missing
    let sent: i64 = {{ scheme.time.header.snake }}.parse().unwrap_or_default(); @@timestamp
    let now = SystemTime::now().duration_since(UNIX_EPOCH); @@timestamp
    let age = now.map_or(0, |now| now.as_secs()).cast_signed() - sent; @@timestamp
    if !(-{{ scheme.time.future }}..={{ scheme.time.past }}).contains(&age) { @@timestamp
        return false; @@timestamp
    } @@timestamp
{% endif %}

    let Ok(mut mac) = Hmac::<{{ scheme.hash|capitalize }}>::new_from_slice(&KEY) else { @@signed_content
        return false; @@signed_content
    }; @@signed_content
{% for text in signed %}
    mac.update({{ "raw" if text is none else text ~ ".as_bytes()" }}); @@signed_content
{% endfor %}
    let digest = mac.finalize().into_bytes(); @@signed_content
{% if scheme.hex %}
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect(); @@encoding
{% endif %}
    let due = {% if scheme.prefix %}{{ scheme.prefix|lit }}.to_owned() + &{% endif %}{{ "hex" if scheme.hex else "BASE64_STANDARD.encode(digest)" }}; @@encoding
    // In constant time; texts of unequal length are unequal. @@compare
{% if scheme.several %}
    let received = headers.get_all({{ scheme.header.name|lit }}).iter(); @@missing,several_signatures
    let received: Vec<&str> = received.filter_map(|value| value.to_str().ok()).collect(); @@missing,several_signatures
    signatures(&received.join(",")).any(|one| one.as_bytes().ct_eq(due.as_bytes()).into()) @@compare,several_signatures
}

/// Several may be there, divided by spaces or commas, each with or without "v1,". @@several_signatures
fn signatures(header: &str) -> impl Iterator<Item = &str> { @@several_signatures
    let mut before = ""; @@several_signatures
    header.split([' ', ',']).filter(move |piece| { @@several_signatures
        let version = std::mem::replace(&mut before, piece); @@several_signatures
        !(version.starts_with('v') && version.len() < 4 && version != "v1") @@several_signatures
    }) @@several_signatures
} @@several_signatures
{% else %}
    received.as_bytes().ct_eq(due.as_bytes()).into() @@compare
}
{% endif %}
{% if scheme.headers or not scheme.several %}

/// The value of a header; nothing where it is missing, empty or doubled. @@missing
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> { @@missing
    let mut values = headers.get_all(name).iter(); @@missing
    let value = values.next()?.to_str().ok()?; @@missing
    (values.next().is_none() && !value.is_empty()).then_some(value) @@missing
} @@missing
{% endif %}
{% endif %}

/// The first text that stands at one of these places. @@bad_input
fn text<'a>(event: &'a Value, places: &[&str]) -> Option<&'a str> { @@bad_input
    let find = |place: &&str| event.pointer(place)?.as_str(); @@bad_input
    let mut texts = places.iter().filter_map(find); @@bad_input
    texts.find(|text| !text.is_empty()) @@bad_input
} @@bad_input
{% if handshake %}

/// The provider's check that the endpoint is yours; it may come unsigned. @@handshake
fn challenge(event: &Value) -> Option<&str> { @@handshake
{% for mark in handshake.marks %}
    if ![{{ mark.list|lits }}].contains(&{{ mark.value|replace("&event", "event") }}?) { @@handshake
        return None; @@handshake
    } @@handshake
{% endfor %}
    {{ handshake.from|replace("&event", "event") }} @@handshake
} @@handshake
{% endif %}
