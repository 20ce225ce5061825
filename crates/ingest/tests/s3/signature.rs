//! Signatures of requests (AWS Signature Version 4), checked as S3 checks them: made anew from the request and the secret.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// What a signature speaks for.
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a str,
    /// Path and query as they were sent.
    pub(crate) target: &'a str,
    /// By their names in lower case.
    pub(crate) headers: &'a BTreeMap<String, String>,
    pub(crate) body: &'a [u8],
}

/// The id of the key that an `Authorization` header names.
pub(crate) fn key_id(authorization: &str) -> Option<&str> {
    let (_, rest) = authorization.split_once("Credential=")?;
    Some(rest.split_once('/')?.0)
}

/// Whether the request is signed with this secret.
pub(crate) fn is_signed(request: &Signed<'_>, secret: &str) -> bool {
    signature(request, secret)
        .is_some_and(|(expected, given)| expected == given && !given.is_empty())
}

/// The signature as it should be, and as it is.
fn signature(request: &Signed<'_>, secret: &str) -> Option<(String, String)> {
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    let authorization = header("authorization")?.strip_prefix("AWS4-HMAC-SHA256 ")?;
    let part = |name: &str| {
        let mut parts = authorization.split(',');
        parts.find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
    };
    let (_, scope) = part("Credential")?.split_once('/')?;
    let names = part("SignedHeaders")?;
    let body = hex(&Sha256::digest(request.body));
    let payload = header("x-amz-content-sha256").unwrap_or(&body);
    if payload != body && payload != "UNSIGNED-PAYLOAD" {
        return None;
    }
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((request.target, ""));
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let [name, value] = [name, value].map(|part| encoded(&part.replace('+', " "), false));
            format!("{name}={value}")
        })
        .collect();
    pairs.sort();
    let path = encoded(path, true);
    let mut canonical = format!("{}\n{path}\n{}\n", request.method, pairs.join("&"));
    for name in names.split(';') {
        canonical += &format!("{name}:{}\n", header(name)?.trim());
    }
    canonical += &format!("\n{names}\n{payload}");
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        header("x-amz-date")?,
        hex(&Sha256::digest(canonical))
    );
    let mut key = format!("AWS4{secret}").into_bytes();
    for step in scope.split('/') {
        key = hmac(&key, step.as_bytes());
    }
    let expected = hex(&hmac(&key, to_sign.as_bytes()));
    Some((expected, part("Signature")?.to_owned()))
}

/// A part of a URL as it is signed: decoded, and encoded as the signature's rules have it, however it was sent.
fn encoded(sent: &str, is_path: bool) -> String {
    let mut text = String::new();
    let mut rest = sent.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| first == b'%');
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        rest = if byte.is_some() { &after[2..] } else { after };
        match byte.unwrap_or(first) {
            byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => {
                text.push(char::from(byte));
            }
            b'/' if is_path => text.push('/'),
            byte => text += &format!("%{byte:02X}"),
        }
    }
    text
}

/// HMAC with SHA-256, RFC 2104.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0u8; 64];
    match key.len() > block.len() {
        true => block[..32].copy_from_slice(&Sha256::digest(key)),
        false => block[..key.len()].copy_from_slice(key),
    }
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(text)
        .finalize();
    let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner);
    outer.finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
