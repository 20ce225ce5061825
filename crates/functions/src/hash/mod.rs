//! Checksums and digests.

mod hash_crc32;
mod hash_md5;
mod hash_sha1;
mod hash_sha256;
mod hash_sha512;
mod hash_xx_hash32;
mod hash_xx_hash64;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[
    hash_crc32::HASH_CRC32,
    hash_md5::HASH_MD5,
    hash_sha1::HASH_SHA1,
    hash_sha256::HASH_SHA256,
    hash_sha512::HASH_SHA512,
    hash_xx_hash32::HASH_XX_HASH32,
    hash_xx_hash64::HASH_XX_HASH64,
];
