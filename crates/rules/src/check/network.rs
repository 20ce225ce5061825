//! Networks of IPv4 and IPv6 addresses.

use std::net::IpAddr;
use std::str::FromStr;

/// A network: the bits that all its addresses share, at the top of 128 or 32.
#[derive(Clone, Copy, Debug)]
pub(super) struct Network {
    address: IpAddr,
    prefix: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no network; write 10.0.0.0/8, 2001:db8::/32 or an address");
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| wrong())?,
            None => most,
        };
        match prefix <= most {
            true => Ok(Network { address, prefix }),
            false => Err(wrong()),
        }
    }
}

impl Network {
    /// Whether the text is an address of the network.
    pub(super) fn contains(&self, text: &str) -> bool {
        match (self.address, text.parse()) {
            (IpAddr::V4(a), Ok(IpAddr::V4(b))) => {
                (a.to_bits() ^ b.to_bits()).leading_zeros() >= self.prefix
            }
            (IpAddr::V6(a), Ok(IpAddr::V6(b))) => {
                (a.to_bits() ^ b.to_bits()).leading_zeros() >= self.prefix
            }
            _ => false,
        }
    }
}
