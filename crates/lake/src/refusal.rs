//! What a refusal of S3 means, in words that say what to do, and why there are no credentials to ask it with.

use std::fmt;
use std::sync::Arc;

/// Why there are no credentials, where whoever looks for them knows it: what, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoCredentials(pub String);

/// Why S3 gives something not, in words that say what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The object is in an archive class, and was not restored.
    Archived,
    /// The object is encrypted with a key that may not be used, or can't be.
    Key,
    /// The caller may not do this.
    Denied,
    /// There are no credentials.
    Credentials,
    /// The credentials have expired.
    Expired,
    /// S3 does not know the credentials.
    Unknown,
    /// The secret is not that of the key.
    Signature,
    /// The clock is wrong, which signatures hold.
    Clock,
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
            Some("ExpiredToken" | "TokenRefreshRequired") => Refusal::Expired,
            Some("InvalidAccessKeyId" | "InvalidToken") => Refusal::Unknown,
            Some("SignatureDoesNotMatch") => Refusal::Signature,
            Some("RequestTimeTooSkewed" | "RequestExpired") => Refusal::Clock,
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
                "there are no AWS credentials; name a profile with --aws-profile, log in with \
                 `aws sso login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; --no-sign-request for a public bucket"
            }
            Refusal::Expired => {
                "the AWS credentials have expired; log in with `aws sso login`, or replace those in the environment \
                 (AWS_SESSION_TOKEN) or the profile, then do this again"
            }
            Refusal::Unknown => {
                "S3 does not know these AWS credentials; the key was deleted, is another server's, or its \
                 AWS_SESSION_TOKEN is missing or another key's; name a profile that has them with --aws-profile"
            }
            Refusal::Signature => {
                "the secret key is not that of the access key; compare AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, \
                 or the profile's, with what AWS gave out"
            }
            Refusal::Clock => {
                "the clock of this machine is more than 15 minutes off, and requests are signed with the time; set it"
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
        assert_eq!(code("ExpiredToken", ""), Refusal::Expired);
        assert_eq!(code("InvalidAccessKeyId", ""), Refusal::Unknown);
        assert_eq!(code("SignatureDoesNotMatch", ""), Refusal::Signature);
        assert_eq!(code("RequestTimeTooSkewed", ""), Refusal::Clock);
        assert_eq!(Refusal::of(&denied("")), Refusal::Denied);
    }
}
