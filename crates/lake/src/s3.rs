//! S3: how it is reached, and the buckets that are open.
//!
//! Retries are `object_store`'s: server errors, throttling, cut connections and reads that take too long are tried again
//! with growing pauses, a broken read from where it broke. What S3 refuses is never tried again.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use object_store::aws::{
    AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, AwsCredentialProvider, resolve_bucket_region,
};
use object_store::path::Path;
use object_store::{ClientOptions, RetryConfig};

use crate::Error;

/// Where a bucket is if nobody says.
const REGION: &str = "us-east-1";

/// How S3 is reached. `S3Settings::default()` is AWS itself, with the credentials of the machine that it runs on.
#[derive(Clone, Debug)]
pub struct S3Settings {
    /// Another server than AWS's, as a URL.
    pub endpoint: Option<String>,
    /// Who knows what else is configured, asked when the first bucket is opened.
    pub configured: Option<Arc<dyn Configured>>,
    /// The region of all buckets. Without it, and without an endpoint, S3 is asked for each bucket's.
    pub region: Option<String>,
    /// The region where S3 does not say.
    pub fallback_region: Option<String>,
    /// Bucket names in the path, not in the host name.
    pub path_style: bool,
    /// Requests and transfers are paid by who makes them.
    pub requester_pays: bool,
    /// Requests are not signed: public buckets need no credentials.
    pub unsigned: bool,
    /// Where credentials come from; without it, from `variables`, the container or the instance.
    pub credentials: Option<AwsCredentialProvider>,
    /// Variables of the environment for credentials, `AWS_ACCESS_KEY_ID` and so on.
    pub variables: Vec<(String, String)>,
    /// How often a request is tried again.
    pub retries: usize,
    /// After which time no request is tried again.
    pub retry_for: Duration,
    /// After which time a request is given up, and tried again.
    pub timeout: Duration,
}

impl Default for S3Settings {
    fn default() -> Self {
        S3Settings {
            endpoint: None,
            configured: None,
            region: None,
            fallback_region: None,
            path_style: false,
            requester_pays: false,
            unsigned: false,
            credentials: None,
            variables: Vec::new(),
            retries: 10,
            retry_for: Duration::from_secs(180),
            timeout: Duration::from_secs(60),
        }
    }
}

/// What is configured elsewhere: for what the settings don't say.
#[async_trait]
pub trait Configured: fmt::Debug + Send + Sync {
    /// Another server than AWS's, as a URL, if one is configured.
    async fn endpoint(&self) -> Option<String>;

    /// The region of requests, where S3 does not say.
    async fn region(&self) -> Option<String>;
}

/// S3 as it is reached by one process. Cheap to clone; clones share what they have opened.
#[derive(Clone, Debug, Default)]
pub struct S3 {
    settings: Arc<S3Settings>,
    open: Arc<Mutex<HashMap<String, Arc<AmazonS3>>>>,
}

/// A place in S3: a bucket, and the beginning of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Place {
    /// The bucket's name.
    pub bucket: String,
    /// The folder; empty for the whole bucket.
    pub prefix: Path,
}

impl S3Place {
    /// Reads `s3://bucket/prefix`. What follows the bucket is taken letter by letter, as keys are. `None` for other texts,
    /// and for keys that can't be named: those with empty parts, as in `a//b`.
    pub fn parse(text: &str) -> Option<S3Place> {
        let rest = text.strip_prefix("s3://")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        if bucket.len() < 3 || bucket.len() > 255 || !bucket.bytes().all(is_name) {
            return None;
        }
        Some(S3Place {
            bucket: bucket.to_owned(),
            prefix: Path::parse(prefix).ok()?,
        })
    }

    /// The URL of an object in the same bucket.
    pub fn url(&self, path: &Path) -> String {
        format!("s3://{}/{path}", self.bucket)
    }
}

impl fmt::Display for S3Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

impl S3 {
    /// S3, reached like this.
    pub fn new(settings: S3Settings) -> S3 {
        S3 {
            settings: Arc::new(settings),
            open: Arc::default(),
        }
    }

    /// The store of a bucket, whose paths are keys. Asks S3 for the bucket's region, if nobody says it.
    ///
    /// # Errors
    /// [`Error::S3`] where the settings make no sense.
    pub async fn bucket(&self, name: &str) -> Result<Arc<AmazonS3>, Error> {
        let open = || self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = open().get(name) {
            return Ok(store.clone());
        }
        let store = self
            .build(name)
            .await
            .map_err(|error| Error::s3(format!("s3://{name}"), &error))?;
        Ok(open()
            .entry(name.to_owned())
            .or_insert(Arc::new(store))
            .clone())
    }

    async fn build(&self, name: &str) -> object_store::Result<AmazonS3> {
        let settings = &self.settings;
        let endpoint = match (&settings.endpoint, &settings.configured) {
            (None, Some(configured)) => configured.endpoint().await,
            (endpoint, _) => endpoint.clone(),
        };
        let client = ClientOptions::new()
            .with_timeout(settings.timeout)
            .with_allow_http(endpoint.is_some());
        let mut region = match (&settings.region, &endpoint) {
            (Some(region), _) => Some(region.clone()),
            (None, Some(_)) => None,
            (None, None) => resolve_bucket_region(name, &client).await.ok(),
        };
        region = region.or_else(|| settings.fallback_region.clone());
        if let (None, Some(configured)) = (&region, &settings.configured) {
            region = configured.region().await;
        }
        let region = region.unwrap_or_else(|| REGION.to_owned());
        let mut builder = AmazonS3Builder::new();
        for (name, value) in &settings.variables {
            if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
                builder = builder.with_config(key, value);
            }
        }
        // A certificate's `*` stands for one part of a host's name.
        let in_host = !settings.path_style && !name.contains('.') && endpoint.is_none();
        let china = region.starts_with("cn-");
        builder = builder
            .with_bucket_name(name)
            .with_virtual_hosted_style_request(in_host && !china)
            .with_request_payer(settings.requester_pays)
            .with_skip_signature(settings.unsigned)
            .with_client_options(client)
            .with_allow_http(endpoint.is_some())
            .with_retry(RetryConfig {
                max_retries: settings.retries,
                retry_timeout: settings.retry_for,
                ..RetryConfig::default()
            });
        if let Some(endpoint) = endpoint {
            builder = builder.with_endpoint(endpoint);
        } else if china {
            builder = builder.with_endpoint(format!("https://s3.{region}.amazonaws.com.cn"));
        }
        if let Some(credentials) = &settings.credentials {
            builder = builder.with_credentials(credentials.clone());
        }
        builder.with_region(region).build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_letter_by_letter() {
        let place = |text: &str| S3Place::parse(text).map(|place| place.to_string());
        for same in ["s3://my-bucket/", "s3://my.bucket/a b/c%20d"] {
            assert_eq!(place(same).as_deref(), Some(same));
        }
        assert_eq!(place("s3://bucket").as_deref(), Some("s3://bucket/"));
        assert_eq!(place("s3://bucket/a/").as_deref(), Some("s3://bucket/a"));
        for none in [
            "s3://",
            "s3:///a",
            "gs://bucket",
            "a",
            "s3://bu cket",
            "s3://bucket/a//b",
        ] {
            assert_eq!(place(none), None, "{none}");
        }
    }
}
