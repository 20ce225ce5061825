//! Why there are no credentials, in words: where they were looked for, what was said there, and what to do.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_types::error::ErrorMetadata;
use lake::NoCredentials;

use super::place::Kind;

/// What the library says around what has happened.
const NOISE: &[&str] = &[
    "an error occurred while loading credentials",
    "an error occurred while loading an access token",
    "the credentials provider was not properly configured",
    "the credential provider was not enabled",
    "unexpected credentials error",
    "service error",
    "dispatch failure",
    "unhandled error",
];

/// The most characters of what was said: some of it is others'.
const SAID: usize = 600;

/// There are none, wherever one looks.
pub(super) fn nowhere(profile: &str) -> NoCredentials {
    NoCredentials(format!(
        "there are no AWS credentials, neither in the environment (AWS_ACCESS_KEY_ID) nor in the profile `{profile}`, nor by a \
         web identity, the container or the instance; name a profile with --aws-profile, log in with `aws sso login`, or set \
         AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; --no-sign-request for a public bucket"
    ))
}

/// This place should have them, and failed with an error.
pub(super) fn failed(place: &Kind, error: &CredentialsError) -> NoCredentials {
    let said = said(error);
    let text = match place {
        Kind::Environment => {
            "AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not; set both, or neither and name a profile \
             with --aws-profile"
                .to_owned()
        }
        Kind::Profile(name, _) if said.is_empty() => format!(
            "the profile `{name}` is not there or has no credentials in it; give it some with `aws configure --profile {name}`, or name \
             another with --aws-profile"
        ),
        place => {
            let todo = todo(place, &said);
            format!("{place} gives no AWS credentials: {said}; {todo}")
        }
    };
    NoCredentials(text)
}

/// What to do, by what was said.
fn todo(place: &Kind, said: &str) -> String {
    let is = |texts: &[&str]| texts.iter().any(|text| said.contains(text));
    match place {
        Kind::Profile(name, _) => {
            if is(&["SSO", "UnauthorizedException"]) {
                format!("log in with `aws sso login --profile {name}`, then do this again")
            } else if is(&["credentials-login"]) {
                "sessions of `aws login` are not read: give the profile `credential_process = aws configure \
                 export-credentials --profile NAME --format process`, with NAME that of the session"
                    .to_owned()
            } else if is(&["was not defined"]) {
                "`aws configure list-profiles` says which there are in ~/.aws/config and ~/.aws/credentials, or where \
                 AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE point"
                    .to_owned()
            } else if is(&["external process"]) {
                "its `credential_process` must print JSON with Version, AccessKeyId and SecretAccessKey".to_owned()
            } else if is(&["AccessDenied"]) {
                "the role's trust policy must name who assumes it, and that one's policy must allow it".to_owned()
            } else {
                format!("see what `aws sts get-caller-identity --profile {name}` says")
            }
        }
        Kind::Environment | Kind::WebIdentity => {
            "AWS_WEB_IDENTITY_TOKEN_FILE must hold a token that is good, and the trust policy of AWS_ROLE_ARN must name who \
             issued it and for whom"
                .to_owned()
        }
        Kind::Container => {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI (or _RELATIVE_URI) must be who gives credentials to containers, and \
             AWS_CONTAINER_AUTHORIZATION_TOKEN or the file in AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE what it asks for"
                .to_owned()
        }
        Kind::Instance => {
            "the instance needs a role, and its metadata service must answer; in a container, with a hop limit of 2".to_owned()
        }
    }
}

/// An error and its causes in one line, without what says nothing.
fn said(error: &CredentialsError) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(cause) = next {
        let text = match cause.downcast_ref::<ErrorMetadata>() {
            Some(answer) => {
                let parts = [answer.code(), answer.message()].into_iter().flatten();
                parts.collect::<Vec<_>>().join(": ")
            }
            None => cause.to_string(),
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.trim_start_matches("ProfileFile provider could not be built: ");
        let noise = NOISE.iter().any(|noise| text.starts_with(noise));
        if !noise && !text.is_empty() && !said.iter().any(|before| before.contains(text)) {
            said.push(text.to_owned());
        }
        next = cause.source();
    }
    let said = said.join(": ");
    let shown = said.chars().filter(|char| !char.is_control());
    shown.take(SAID).collect()
}
