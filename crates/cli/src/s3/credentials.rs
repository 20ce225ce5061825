//! Credentials as the AWS CLI finds them: environment, profiles, SSO, assumed roles, web identity, containers,
//! instances. They are fetched when the first request is signed, and again before they expire.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use aws_config::meta::region::ProvideRegion;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use object_store::CredentialProvider;
use object_store::aws::AwsCredential;
use tokio::sync::Mutex;

/// How long before their end credentials are fetched anew: the requests signed with them must arrive in time.
const AHEAD: Duration = Duration::from_secs(300);

/// How long before their end they are fetched whatever was tried before.
const LAST: Duration = Duration::from_secs(30);

/// How long nobody is asked for new ones after the last time, as long as those at hand will do: who gives them may be away, or
/// have none yet that last longer.
const PAUSE: Duration = Duration::from_secs(5);

/// Where roles are assumed if the profile has no region.
const REGION: &str = "us-east-1";

/// The chain of places where credentials are looked for.
#[derive(Debug)]
pub(crate) struct Chain {
    profile: Option<String>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    provider: Option<SharedCredentialsProvider>,
    current: Option<Current>,
    /// When they were asked for last.
    asked: Option<Instant>,
}

#[derive(Debug)]
struct Current {
    credential: Arc<AwsCredential>,
    expires: Option<SystemTime>,
}

impl State {
    /// The keys at hand, if they need not be fetched now.
    fn good(&self, now: SystemTime) -> Option<Arc<AwsCredential>> {
        let current = self.current.as_ref()?;
        let asked = self.asked.is_some_and(|asked| asked.elapsed() < PAUSE);
        let ahead = if asked { LAST } else { AHEAD };
        let lasts = |expires| now + ahead < expires;
        let good = current.expires.is_none_or(lasts);
        good.then(|| current.credential.clone())
    }
}

impl Chain {
    /// The chain, with this profile where one is named.
    pub(crate) fn new(profile: Option<String>) -> Chain {
        Chain {
            profile,
            state: Mutex::default(),
        }
    }

    async fn provider(&self) -> object_store::Result<SharedCredentialsProvider> {
        // A profile that was named counts before the environment, which the chain asks first.
        if let Some(name) = &self.profile {
            let region = ProfileFileRegionProvider::builder()
                .profile_name(name)
                .build();
            let region = region.region().await.unwrap_or(Region::from_static(REGION));
            let config = ProviderConfig::default().with_region(Some(region));
            let provider = ProfileFileCredentialsProvider::builder()
                .configure(&config)
                .profile_name(name)
                .build();
            return Ok(SharedCredentialsProvider::new(provider));
        }
        let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
        config
            .credentials_provider()
            .ok_or_else(|| failure("no provider of credentials is configured".into()))
    }
}

#[async_trait]
impl CredentialProvider for Chain {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let mut state = self.state.lock().await;
        let now = SystemTime::now();
        if let Some(credential) = state.good(now) {
            return Ok(credential);
        }
        state.asked = Some(Instant::now());
        let provider = match &state.provider {
            Some(provider) => provider.clone(),
            None => self.provider().await?,
        };
        let found = provider.provide_credentials().await;
        state.provider = Some(provider);
        match found {
            Ok(found) => {
                let credential = Arc::new(AwsCredential {
                    key_id: found.access_key_id().to_owned(),
                    secret_key: found.secret_access_key().to_owned(),
                    token: found.session_token().map(str::to_owned),
                });
                state.current = Some(Current {
                    credential: credential.clone(),
                    expires: found.expiry(),
                });
                Ok(credential)
            }
            // What can't be renewed just now is good as long as it lasts.
            Err(error) => match &state.current {
                Some(current) if current.expires.is_some_and(|expires| now < expires) => {
                    Ok(current.credential.clone())
                }
                _ => Err(failure(error.into())),
            },
        }
    }
}

fn failure(source: Box<dyn std::error::Error + Send + Sync>) -> object_store::Error {
    object_store::Error::Unauthenticated {
        path: "credentials".to_owned(),
        source,
    }
}
