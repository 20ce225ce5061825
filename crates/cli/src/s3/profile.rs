//! What a profile says of the server that is asked for S3, and the environment before it, as the AWS CLI has it.

use async_trait::async_trait;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, Region};
use aws_types::service_config::ServiceConfigKey;
use lake::Configured;

/// The profile of this name, or that of the environment.
#[derive(Debug)]
pub(crate) struct Profile(Option<String>);

impl Profile {
    pub(crate) fn new(name: Option<String>) -> Profile {
        Profile(name)
    }
}

#[async_trait]
impl Configured for Profile {
    /// `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, the profile's `services`, its `endpoint_url`; none where those are to be
    /// ignored.
    async fn endpoint(&self) -> Option<String> {
        // Nothing of this is needed to read files, but would be looked for.
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .no_credentials();
        if let Some(name) = &self.0 {
            loader = loader.profile_name(name);
        }
        let key = ServiceConfigKey::builder()
            .service_id("s3")
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()?;
        let endpoint = loader.load().await.service_config()?.load_config(key);
        endpoint.filter(|endpoint| !endpoint.trim().is_empty())
    }

    async fn region(&self) -> Option<String> {
        let mut region = ProfileFileRegionProvider::builder();
        if let Some(name) = &self.0 {
            region = region.profile_name(name);
        }
        let region = region.build().region().await;
        region.map(|region| region.to_string())
    }
}
