//! Addresses and networks as the functions of this folder read them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::value::Value;

/// The address of a value: itself, or what its text is.
pub(super) fn of(value: &Value<'_>) -> Option<IpAddr> {
    match value {
        Value::Ip(ip) => Some(*ip),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Whether an address passes a test: false for what is none, null for null.
pub(super) fn test<'a>(values: &[Value<'a>], test: fn(&IpAddr) -> bool) -> Value<'a> {
    match values {
        [Value::Null] | [] => Value::Null,
        [value, ..] => Value::Boolean(of(value).is_some_and(|ip| test(&ip))),
    }
}

/// Whether an address is of a private network. One of the host itself is not.
pub(super) fn is_private(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private(),
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}

/// Whether an address is of the link.
pub(super) fn is_link_local(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

/// Whether an address is neither private nor of the host nor of the link.
pub(super) fn is_public(ip: &IpAddr) -> bool {
    !is_private(ip) && !ip.is_loopback() && !is_link_local(ip)
}

/// The address with all but its first `bits` bits cleared.
pub(super) fn masked(ip: IpAddr, bits: u32) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - bits.min(32)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from(u32::from(ip) & mask))
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128 - bits.min(128)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(ip) & mask))
        }
    }
}

/// The addresses with the same first bits; all bits for one address alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    base: IpAddr,
    bits: u32,
}

impl Network {
    /// Whether all addresses of the other network are in this one.
    pub(super) fn holds(&self, other: Network) -> bool {
        self.base.is_ipv4() == other.base.is_ipv4()
            && self.bits <= other.bits
            && masked(other.base, self.bits) == self.base
    }

    fn parse(text: &str) -> Option<Network> {
        let Some((address, bits)) = text.split_once('/') else {
            return text.parse().ok().map(Network::alone);
        };
        let (address, bits): (IpAddr, u32) = (address.parse().ok()?, bits.parse().ok()?);
        let width = Network::alone(address).bits;
        (bits <= width).then(|| Network {
            base: masked(address, bits),
            bits,
        })
    }

    fn alone(address: IpAddr) -> Network {
        Network {
            base: address,
            bits: if address.is_ipv4() { 32 } else { 128 },
        }
    }
}

/// The networks that a value names; an array those of its elements. What is none is left out.
pub(super) fn networks(value: &Value<'_>) -> Vec<Network> {
    match value {
        Value::Ip(ip) => vec![Network::alone(*ip)],
        Value::String(text) => Network::parse(text).into_iter().collect(),
        Value::Array(elements) => elements.iter().flat_map(networks).collect(),
        _ => Vec::new(),
    }
}
