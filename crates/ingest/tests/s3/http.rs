//! Requests and answers of HTTP/1.1, as much of it as the servers of the tests need.

#[path = "signature.rs"]
mod signature;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, Write};

use signature::{Signed, is_signed, key_id};

/// A key that requests are signed with.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// What keys of a role come with.
    pub(crate) token: Option<String>,
}

/// A request.
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query as they were sent.
    target: String,
    /// `bucket/key`, decoded.
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    /// By their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The id of the key that it says it is signed with.
    pub(crate) fn key_id(&self) -> Option<&str> {
        key_id(self.headers.get("authorization")?)
    }

    /// What it says it is signed for: day, region and service.
    pub(crate) fn scope(&self) -> Option<&str> {
        let (_, rest) = self
            .headers
            .get("authorization")?
            .split_once("Credential=")?;
        let (_, scope) = rest.split(',').next()?.split_once('/')?;
        Some(scope)
    }

    /// Whether it is signed with this key.
    pub(crate) fn is_signed_with(&self, key: &Key) -> bool {
        let signed = Signed {
            method: &self.method,
            target: &self.target,
            headers: &self.headers,
            body: &self.body,
        };
        self.key_id() == Some(key.id.as_str())
            && self.headers.get("x-amz-security-token") == key.token.as_ref()
            && is_signed(&signed, &key.secret)
    }
}

/// What is answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// Reads a request of HTTP/1.1; none at the end of the connection.
pub(crate) fn read(reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut parts = line.split_whitespace();
    let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let query = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect();
    let path = decoded(path.trim_start_matches('/'));
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
            None => break,
        };
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap_or(0));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        target,
        path,
        query,
        headers,
        body,
    })
}

/// What a text with `%` in it stands for.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%');
        let byte = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends an answer, or half of it. False where that failed.
pub(crate) fn send(writer: &mut impl Write, answer: &Answer, part: Part) -> bool {
    let mut text = format!(
        "HTTP/1.1 {} x\r\nContent-Length: {}\r\n",
        answer.status,
        answer.body.len()
    );
    for (name, value) in &answer.headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    let length = match part {
        Part::Whole => answer.body.len(),
        Part::Half => answer.body.len() / 2,
        Part::Head => 0,
    };
    bytes.extend_from_slice(&answer.body[..length]);
    writer.write_all(&bytes).is_ok()
}

/// How much of an answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    Half,
    Head,
}
