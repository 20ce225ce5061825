//! Functions over IP addresses and their texts.

mod address;
mod ip_in;
mod ip_is_link_local;
mod ip_is_loopback;
mod ip_is_private;
mod ip_is_public;
mod ip_mask;
mod is_ip;
mod is_ip_v4;
mod is_ip_v6;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[
    ip_in::IP_IN,
    ip_is_link_local::IP_IS_LINK_LOCAL,
    ip_is_loopback::IP_IS_LOOPBACK,
    ip_is_private::IP_IS_PRIVATE,
    ip_is_public::IP_IS_PUBLIC,
    ip_mask::IP_MASK,
    is_ip::IS_IP,
    is_ip_v4::IS_IP_V4,
    is_ip_v6::IS_IP_V6,
];
