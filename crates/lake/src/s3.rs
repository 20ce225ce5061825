//! S3: how it is reached, the buckets that are open, and what its refusals mean.
//!
//! Retries are `object_store`'s: server errors, throttling, cut connections and reads that take too long are tried again
//! with growing pauses, a broken read from where it broke. What S3 refuses is never tried again.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

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
        let client = ClientOptions::new()
            .with_timeout(settings.timeout)
            .with_allow_http(settings.endpoint.is_some());
        let region = match (&settings.region, &settings.endpoint) {
            (Some(region), _) => Some(region.clone()),
            (None, Some(_)) => None,
            (None, None) => resolve_bucket_region(name, &client).await.ok(),
        };
        let region = region
            .or_else(|| settings.fallback_region.clone())
            .unwrap_or_else(|| REGION.to_owned());
        let mut builder = AmazonS3Builder::new();
        for (name, value) in &settings.variables {
            if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
                builder = builder.with_config(key, value);
            }
        }
        // A certificate's `*` stands for one part of a host's name.
        let in_host = !settings.path_style && !name.contains('.') && settings.endpoint.is_none();
        let china = region.starts_with("cn-");
        builder = builder
            .with_bucket_name(name)
            .with_virtual_hosted_style_request(in_host && !china)
            .with_request_payer(settings.requester_pays)
            .with_skip_signature(settings.unsigned)
            .with_client_options(client)
            .with_allow_http(settings.endpoint.is_some())
            .with_retry(RetryConfig {
                max_retries: settings.retries,
                retry_timeout: settings.retry_for,
                ..RetryConfig::default()
            });
        if let Some(endpoint) = &settings.endpoint {
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

/// Why S3 gives something not, in words that say what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The object is in an archive class, and was not restored.
    Archived,
    /// The object is encrypted with a key that may not be used, or can't be.
    Key,
    /// The caller may not do this.
    Denied,
    /// There are no credentials, or S3 does not know them or takes them no more.
    Credentials,
    /// There is no such bucket.
    NoBucket,
    /// There is no such object.
    Missing,
    /// The bucket is in another region.
    Region,
    /// S3 was not reached, or did not answer as it should, whatever was tried.
    Unreachable,
}

impl Refusal {
    /// What an error means.
    pub fn of(error: &(dyn std::error::Error + 'static)) -> Refusal {
        let text = chain(error);
        // Names in an answer are escaped: no key can look like a code.
        let code = text
            .split_once("<Code>")
            .and_then(|(_, rest)| rest.split_once("</Code>"))
            .map(|(code, _)| code.to_owned());
        let denied = matches!(
            error.downcast_ref(),
            Some(object_store::Error::PermissionDenied { .. })
        );
        let unsigned = matches!(
            error.downcast_ref(),
            Some(object_store::Error::Unauthenticated { .. })
        );
        match code.as_deref() {
            Some("InvalidObjectState") => Refusal::Archived,
            Some(code) if code.starts_with("KMS.") => Refusal::Key,
            Some("AccessDenied") if text.contains("kms:Decrypt") => Refusal::Key,
            Some("AccessDenied" | "AllAccessDisabled" | "AccountProblem") => Refusal::Denied,
            Some(
                "ExpiredToken"
                | "InvalidToken"
                | "InvalidAccessKeyId"
                | "SignatureDoesNotMatch"
                | "TokenRefreshRequired"
                | "RequestTimeTooSkewed",
            ) => Refusal::Credentials,
            Some("NoSuchBucket") => Refusal::NoBucket,
            Some("NoSuchKey") => Refusal::Missing,
            Some("PermanentRedirect" | "AuthorizationHeaderMalformed") => Refusal::Region,
            _ if text.contains("Received redirect without LOCATION") => Refusal::Region,
            _ if unsigned => Refusal::Credentials,
            _ if denied => Refusal::Denied,
            // Who is asked on an instance, and nobody answers elsewhere.
            _ if text.contains("169.254.1") => Refusal::Credentials,
            _ => match error.downcast_ref() {
                Some(object_store::Error::NotFound { .. }) => Refusal::Missing,
                _ => Refusal::Unreachable,
            },
        }
    }
}

/// The store's error among an error and its causes.
pub fn answer<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a (dyn std::error::Error + 'static)> {
    let mut next = Some(error);
    while let Some(error) = next {
        // Some hold it in a box of their own.
        if let Some(shared) = error.downcast_ref::<Arc<object_store::Error>>() {
            return Some(shared.as_ref());
        }
        if error.is::<object_store::Error>() {
            return Some(error);
        }
        next = error.source();
    }
    None
}

/// An error and its causes, without those that are part of what they cause.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}

/// The error and its causes in one line.
pub(crate) fn flat(error: &(dyn std::error::Error + 'static)) -> String {
    let text = chain(error);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let text = lines.join(" ");
    text.trim().chars().take(1_000).collect()
}

/// The error without the bodies that servers send.
pub(crate) fn short(error: &(dyn std::error::Error + 'static)) -> String {
    let text = chain(error);
    let text = text.split(['<', '\n']).next().unwrap_or_default();
    text.trim()
        .trim_end_matches(':')
        .chars()
        .take(400)
        .collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::Archived => {
                "it is archived in Glacier; restore it with `aws s3api restore-object`, then do this again"
            }
            Refusal::Key => {
                "its KMS key can't be used; the key must be enabled, and its policy and your role must allow kms:Decrypt on it"
            }
            Refusal::Denied => {
                "S3 denies access; your role needs s3:ListBucket on the bucket and s3:GetObject on its objects, \
                 for a lake that is written s3:PutObject too (docs/s3.md has a policy); --requester-pays for a bucket whose owner wants that"
            }
            Refusal::Credentials => {
                "there are no AWS credentials, or S3 takes them no more; name a profile with --aws-profile, log in with \
                 `aws sso login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; --no-sign-request for a public bucket"
            }
            Refusal::NoBucket => "there is no such bucket",
            Refusal::Missing => "there is no such object",
            Refusal::Region => "the bucket is in another region; name it with --region-of-bucket",
            Refusal::Unreachable => "S3 was not reached, or did not answer as it should, whatever was tried",
        })
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

    #[test]
    fn refusals_are_told_apart() {
        let denied = |body: &str| object_store::Error::PermissionDenied {
            path: "k".into(),
            source: format!("403 Forbidden: {body}").into(),
        };
        let code = |code: &str, message: &str| {
            Refusal::of(&denied(&format!(
                "<Error><Code>{code}</Code><Message>{message}</Message></Error>"
            )))
        };
        assert_eq!(code("InvalidObjectState", ""), Refusal::Archived);
        assert_eq!(code("AccessDenied", "no"), Refusal::Denied);
        let kms = "not authorized to perform: kms:Decrypt on the resource";
        assert_eq!(code("AccessDenied", kms), Refusal::Key);
        assert_eq!(code("KMS.DisabledException", ""), Refusal::Key);
        assert_eq!(code("ExpiredToken", ""), Refusal::Credentials);
        assert_eq!(Refusal::of(&denied("")), Refusal::Denied);
    }
}
