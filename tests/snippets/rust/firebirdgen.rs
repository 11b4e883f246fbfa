use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

// Nothing is signed: an event counts where its id is one that you wait for.
static EXPECTED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let ids = std::env::var("FIREBIRDGEN_EXPECTED_IDS").unwrap_or_default();
    ids.split(',').map(str::to_owned).collect()
});

// Keep these in your database, under a unique key: they must outlive a restart.
static SEEN: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").unwrap_or("3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{port}")).await?;
    println!("listening on {}", listener.local_addr()?);
    let app = Router::new().route("/webhook", post(webhook));
    axum::serve(listener, app.layer(DefaultBodyLimit::max(25 << 20))).await
}

async fn webhook(raw: Bytes) -> StatusCode {
    let event: Value = serde_json::from_slice(&raw).unwrap_or_default();
    let names = [text(&event, &["/status"]), text(&event, &["/taskId"])];
    if names.contains(&None) {
        return StatusCode::BAD_REQUEST;
    }
    if !["success", "failed"].contains(&text(&event, &["/status"]).unwrap_or_default()) {
        return StatusCode::BAD_REQUEST;
    }
    if !EXPECTED.contains(text(&event, &["/taskId"]).unwrap_or_default()) {
        return StatusCode::FORBIDDEN;
    }

    // What was here before is delivered, and nothing is done twice.
    let name = names.map(Option::unwrap_or_default).join(":");
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_new = seen.insert(name);
    drop(seen);
    if is_new {
        tokio::spawn(work(event)); // the answer does not wait for it
    }
    // FirebirdGen counts exactly 200 as delivered.
    StatusCode::OK
}

async fn work(event: Value) {
    println!("received {event}");
}

/// The first text that stands at one of these places.
fn text<'a>(event: &'a Value, places: &[&str]) -> Option<&'a str> {
    let find = |place: &&str| event.pointer(place)?.as_str();
    let mut texts = places.iter().filter_map(find);
    texts.find(|text| !text.is_empty())
}
