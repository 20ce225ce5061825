//! S3 for builds without the AWS CLI's ways: what the environment says, and that profiles are not read.

use std::sync::Arc;

use async_trait::async_trait;
use lake::{Configured, NoCredentials};
use object_store::CredentialProvider;
use object_store::aws::AwsCredential;

use super::variable;

/// What the environment says of the server.
#[derive(Debug)]
pub(super) struct Environment;

#[async_trait]
impl Configured for Environment {
    async fn endpoint(&self) -> Option<String> {
        let ignored = variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let endpoint = variable("AWS_ENDPOINT_URL_S3").or_else(|| variable("AWS_ENDPOINT_URL"));
        endpoint.filter(|_| !ignored)
    }

    async fn region(&self) -> Option<String> {
        None
    }
}

/// The profile of this name, which is not read.
#[derive(Debug)]
pub(super) struct Profiles(pub(super) String);

#[async_trait]
impl CredentialProvider for Profiles {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let why = format!(
            "this build reads no profiles, and so not `{0}`: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as `aws configure \
             export-credentials --profile {0} --format env` prints them, or build it with the feature `aws`",
            self.0
        );
        Err(object_store::Error::Unauthenticated {
            path: "credentials".to_owned(),
            source: NoCredentials(why).into(),
        })
    }
}
