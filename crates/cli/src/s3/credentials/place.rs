//! Where credentials are looked for, in the order of the AWS CLI: a profile that was named, the environment, the profile of
//! the environment, a web identity, the container, the instance.

use std::env;
use std::fmt;

use aws_config::Region;
use aws_config::default_provider::region::DefaultRegionChain;
use aws_config::default_provider::use_dual_stack::use_dual_stack_provider;
use aws_config::default_provider::use_fips::use_fips_provider;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use lake::NoCredentials;

use super::words;

/// Where roles are assumed if nothing names a region.
const REGION: &str = "us-east-1";

/// Who gives credentials.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) kind: Kind,
    provider: SharedCredentialsProvider,
}

/// A way to credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Environment,
    /// The profile of this name, and whether somebody named it.
    Profile(String, bool),
    WebIdentity,
    Container,
    Instance,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Environment => f.write_str("the environment"),
            Kind::Profile(name, _) => write!(f, "the profile `{name}`"),
            Kind::WebIdentity => f.write_str("the web identity of AWS_WEB_IDENTITY_TOKEN_FILE"),
            Kind::Container => f.write_str("the container"),
            Kind::Instance => f.write_str("the instance"),
        }
    }
}

impl Place {
    fn new(kind: Kind, provider: impl ProvideCredentials + 'static) -> Place {
        Place {
            kind,
            provider: SharedCredentialsProvider::new(provider),
        }
    }

    /// The credentials as they are now.
    pub(super) async fn credentials(&self) -> Result<Credentials, NoCredentials> {
        let found = self.provider.provide_credentials().await;
        found.map_err(|error| words::failed(&self.kind, &error))
    }
}

/// The first place that has credentials, with what it has.
pub(super) async fn find(named: Option<&str>) -> Result<(Place, Credentials), NoCredentials> {
    if let Some(name) = named {
        let region = ProfileFileRegionProvider::builder()
            .profile_name(name)
            .build();
        let of_environment = || variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"));
        let region = region.region().await;
        let config = config(region.or_else(|| of_environment().map(Region::new))).await;
        let place = profile(name, true, &config);
        let found = place.credentials().await?;
        return Ok((place, found));
    }
    let environment = EnvironmentVariableCredentialsProvider::new();
    let environment = Place::new(Kind::Environment, environment);
    if let Some(found) = ask(&environment).await? {
        return Ok((environment, found));
    }
    // A role that is assumed needs a region, which may be the instance's.
    let config = config(DefaultRegionChain::builder().build().region().await).await;
    let name = variable("AWS_PROFILE");
    let places = [
        profile(
            name.as_deref().unwrap_or("default"),
            name.is_some(),
            &config,
        ),
        Place::new(
            Kind::WebIdentity,
            WebIdentityTokenCredentialsProvider::builder()
                .configure(&config)
                .build(),
        ),
        Place::new(
            Kind::Container,
            EcsCredentialsProvider::builder().configure(&config).build(),
        ),
        Place::new(
            Kind::Instance,
            ImdsCredentialsProvider::builder()
                .configure(&config)
                .build(),
        ),
    ];
    for place in places {
        if let Some(found) = ask(&place).await? {
            return Ok((place, found));
        }
    }
    Err(words::nowhere(name.as_deref().unwrap_or("default")))
}

/// What a place has; none where the next one is to be asked.
async fn ask(place: &Place) -> Result<Option<Credentials>, NoCredentials> {
    match place.provider.provide_credentials().await {
        Ok(found) => Ok(Some(found)),
        Err(CredentialsError::CredentialsNotLoaded(not)) => {
            let error = CredentialsError::CredentialsNotLoaded(not);
            let has_reason = std::error::Error::source(&error).is_some();
            // One that has no keys says nothing more; one that is not there, or not whole, says what is missing. Going on
            // would make somebody else of who named it.
            let must = matches!(place.kind, Kind::Profile(_, true)) && has_reason
                || place.kind == Kind::Environment && variable("AWS_ACCESS_KEY_ID").is_some();
            match must {
                true => Err(words::failed(&place.kind, &error)),
                false => Ok(None),
            }
        }
        Err(error) => Err(words::failed(&place.kind, &error)),
    }
}

fn profile(name: &str, named: bool, config: &ProviderConfig) -> Place {
    let provider = ProfileFileCredentialsProvider::builder()
        .configure(config)
        .profile_name(name)
        .build();
    Place::new(Kind::Profile(name.to_owned(), named), provider)
}

/// How the services are reached that give credentials.
async fn config(region: Option<Region>) -> ProviderConfig {
    let region = region.unwrap_or(Region::from_static(REGION));
    let config = ProviderConfig::default().with_region(Some(region));
    let (fips, dual) = (
        use_fips_provider(&config).await,
        use_dual_stack_provider(&config).await,
    );
    config.with_use_fips(fips).with_use_dual_stack(dual)
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}
