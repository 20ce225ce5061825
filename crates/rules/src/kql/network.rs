//! Addresses and the networks that ranges of them are made of.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::condition::Comparison;

/// Whether a text is an address, or a network such as `10.0.0.0/8`.
pub(super) fn is_network(text: &str) -> bool {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        return false;
    };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    prefix.is_none_or(|prefix| prefix.parse::<u8>().is_ok_and(|prefix| prefix <= longest))
}

/// The first address of those of version 4 among those of version 6, where ranges have them.
const MAPPED: u128 = 0xffff_0000_0000;

/// The networks that hold just the addresses that compare so with `address`.
pub(super) fn compared(comparison: Comparison, address: IpAddr) -> Vec<String> {
    let number = match address {
        IpAddr::V4(address) => MAPPED | u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    };
    let range = match comparison {
        Comparison::Less => number.checked_sub(1).map(|last| (0, last)),
        Comparison::LessOrEqual => Some((0, number)),
        Comparison::Equal => Some((number, number)),
        Comparison::GreaterOrEqual => Some((number, u128::MAX)),
        Comparison::Greater => number.checked_add(1).map(|first| (first, u128::MAX)),
    };
    range.map_or_else(Vec::new, |(first, last)| between(first, last))
}

/// The fewest networks that hold the addresses from `first` to `last`.
fn between(first: u128, last: u128) -> Vec<String> {
    let mut out = Vec::new();
    let mut at = first;
    loop {
        // As large as the place where it begins and what is left allow.
        let left = last - at;
        let mut bits = at.trailing_zeros().min(128);
        while bits > 0
            && (bits == 128 && left != u128::MAX || bits < 128 && (1_u128 << bits) - 1 > left)
        {
            bits -= 1;
        }
        network(at, bits, &mut out);
        if bits == 128 {
            return out;
        }
        match at.checked_add(1_u128 << bits).filter(|next| *next <= last) {
            Some(next) => at = next,
            None => return out,
        }
    }
}

/// Writes the network of `1 << bits` addresses from `at` on.
fn network(at: u128, bits: u32, out: &mut Vec<String>) {
    if bits <= 32 && at >> 32 == MAPPED >> 32 {
        let address = Ipv4Addr::from((at & 0xffff_ffff) as u32);
        out.push(format!("{address}/{}", 32 - bits));
        return;
    }
    out.push(format!("{}/{}", Ipv6Addr::from(at), 128 - bits));
    // A network around all of version 4 holds them, too.
    if bits > 32 && (bits == 128 || at >> bits == MAPPED >> bits) {
        out.push("0.0.0.0/0".to_owned());
    }
}
