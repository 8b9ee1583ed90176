//! A request as plain data: what is shown is what is sent.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

/// What stands in for a secret header wherever a request is shown.
pub const MASK: &str = "••••••••";

/// An HTTP request that has been built but not sent. It holds no key: the client
/// adds that at the last moment, in place of the [`MASK`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WireRequest {
    /// `GET` or `POST`.
    pub method: Method,
    /// The full URL.
    pub url: String,
    /// The headers that we set, in the order they are sent.
    pub headers: Vec<Header>,
    /// The exact body text, byte for byte; empty for none.
    pub body: String,
}

impl WireRequest {
    /// A request that sends `body` as JSON, laid out to be read.
    pub fn post(url: String, mut headers: Vec<Header>, body: Map<String, Value>) -> WireRequest {
        headers.push(Header::new("content-type", "application/json"));
        let body = format!("{:#}", Value::Object(body));
        WireRequest { method: Method::Post, url, headers, body }
    }

    /// A request for something.
    pub fn get(url: String, headers: Vec<Header>) -> WireRequest {
        WireRequest { method: Method::Get, url, headers, body: String::new() }
    }
}

/// The HTTP methods that model APIs use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
#[ts(export)]
pub enum Method {
    /// Asks for something, and changes nothing.
    Get,
    /// Sends a body.
    Post,
}

/// One header line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Header {
    /// The field name, lower case.
    pub name: String,
    /// The field value; [`MASK`] stands where a key goes.
    pub value: String,
}

impl Header {
    /// A header line from its two halves.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Header {
        Header { name: name.into(), value: value.into() }
    }

    /// Whether the client has to put a key into this header.
    pub fn takes_key(&self) -> bool {
        self.value.contains(MASK)
    }
}
