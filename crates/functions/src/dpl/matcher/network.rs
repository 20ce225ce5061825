//! IP addresses: the longest text at an offset that is one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::dpl::program::Versions;

/// The longest that an IPv6 address can be, an IPv4 address at its end included.
const MAX_V6: usize = 45;

/// The address at `at` and its end.
pub(crate) fn ip(input: &str, at: usize, versions: Versions) -> Option<(usize, IpAddr)> {
    let bytes = &input.as_bytes()[at..];
    let v4 = if versions.v4 { v4(bytes) } else { None };
    let v6 = if versions.v6 { v6(&input[at..]) } else { None };
    let (length, address) = match (v4, v6) {
        (Some((long, _)), Some((longer, address))) if longer > long => {
            (longer, IpAddr::V6(address))
        }
        (Some((length, address)), _) => (length, IpAddr::V4(address)),
        (None, Some((length, address))) => (length, IpAddr::V6(address)),
        (None, None) => return None,
    };
    Some((at + length, address))
}

/// Four numbers up to 255 with dots between them.
fn v4(bytes: &[u8]) -> Option<(usize, Ipv4Addr)> {
    let mut octets = [0u8; 4];
    let mut at = 0;
    for (index, octet) in octets.iter_mut().enumerate() {
        if index > 0 {
            if bytes.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
        let digits = bytes
            .get(at..)?
            .iter()
            .take(4)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits == 0 || digits > 3 {
            return None;
        }
        let value = bytes[at..at + digits]
            .iter()
            .fold(0u16, |value, digit| value * 10 + u16::from(digit - b'0'));
        *octet = u8::try_from(value).ok()?;
        at += digits;
    }
    Some((at, Ipv4Addr::from(octets)))
}

fn v6(text: &str) -> Option<(usize, Ipv6Addr)> {
    let bytes = text.as_bytes();
    // Most texts are told apart by this: no colon within the first five bytes, no address.
    let hextet = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .take(5)
        .count();
    if bytes.get(hextet) != Some(&b':') {
        return None;
    }
    let allowed = |byte: &&u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let longest = bytes.iter().take(MAX_V6).take_while(allowed).count();
    (2..=longest)
        .rev()
        .find_map(|length| text[..length].parse().ok().map(|address| (length, address)))
}
