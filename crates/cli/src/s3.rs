//! S3 as the command line and the environment say that it is reached. Nothing is asked before a bucket is opened.

#[cfg(feature = "aws")]
mod credentials;
#[cfg(feature = "aws")]
mod profile;
#[cfg(not(feature = "aws"))]
mod without;

use std::env;
use std::sync::Arc;

use lake::{Configured, S3Settings};

use crate::args;

/// Variables that say who we are, for builds without the AWS CLI's ways.
const VARIABLES: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// S3 by these options.
pub(crate) fn reached(args: &args::S3) -> lake::S3 {
    let variables = VARIABLES
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), variable(name)?)));
    lake::S3::new(S3Settings {
        endpoint: args.endpoint_url.clone(),
        configured: Some(configured(args)),
        region: args.region_of_bucket.clone(),
        fallback_region: variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION")),
        path_style: args.path_style,
        requester_pays: args.requester_pays,
        unsigned: args.no_sign_request,
        credentials: credentials(args),
        variables: variables.collect(),
        ..S3Settings::default()
    })
}

#[cfg(feature = "aws")]
fn credentials(args: &args::S3) -> Option<object_store::aws::AwsCredentialProvider> {
    let chain = credentials::Chain::new(args.aws_profile.clone());
    Some(Arc::new(chain))
}

/// `object_store` knows the environment, containers and instances by itself. A profile that somebody names is somebody else.
#[cfg(not(feature = "aws"))]
fn credentials(args: &args::S3) -> Option<object_store::aws::AwsCredentialProvider> {
    let of_environment = || {
        let keys = variable("AWS_ACCESS_KEY_ID");
        variable("AWS_PROFILE").filter(|_| keys.is_none())
    };
    let profile = args.aws_profile.clone().or_else(of_environment)?;
    Some(Arc::new(without::Profiles(profile)))
}

#[cfg(feature = "aws")]
fn configured(args: &args::S3) -> Arc<dyn Configured> {
    Arc::new(profile::Profile::new(args.aws_profile.clone()))
}

#[cfg(not(feature = "aws"))]
fn configured(_: &args::S3) -> Arc<dyn Configured> {
    Arc::new(without::Environment)
}
