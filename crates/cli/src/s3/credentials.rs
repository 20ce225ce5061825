//! Credentials that requests are signed with: fetched when the first one is signed, and anew before they expire.

mod place;
mod words;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_credential_types::Credentials;
use lake::NoCredentials;
use object_store::CredentialProvider;
use object_store::aws::AwsCredential;
use tokio::sync::Mutex;

use place::Place;

/// How long before their end credentials are fetched anew: the requests signed with them must arrive in time.
const AHEAD: Duration = Duration::from_secs(300);

/// How long at most to wait after credentials could not be renewed that are still good.
const AGAIN: Duration = Duration::from_secs(30);

/// How long not to ask again where there are none any more: thousands of requests may be waiting, each to be refused.
const NONE: Duration = Duration::from_secs(10);

/// Credentials as the AWS CLI finds them.
#[derive(Debug)]
pub(crate) struct Chain {
    profile: Option<String>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Where credentials were found. They are renewed there and nowhere else: nobody becomes somebody else on the way.
    place: Option<Place>,
    current: Option<Current>,
    /// Since when there are none, and why.
    none: Option<(SystemTime, String)>,
}

#[derive(Debug)]
struct Current {
    credential: Arc<AwsCredential>,
    /// When they end, and when they are to be fetched anew.
    ends: Option<(SystemTime, SystemTime)>,
}

impl Chain {
    /// The chain, with this profile where one is named.
    pub(crate) fn new(profile: Option<String>) -> Chain {
        Chain {
            profile,
            state: Mutex::default(),
        }
    }
}

#[async_trait]
impl CredentialProvider for Chain {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let mut state = self.state.lock().await;
        let now = SystemTime::now();
        if let Some(current) = &state.current
            && current.ends.is_none_or(|(_, renew)| now < renew)
        {
            return Ok(current.credential.clone());
        }
        if let Some((since, why)) = &state.none
            && now.duration_since(*since).is_ok_and(|past| past < NONE)
        {
            return Err(failure(NoCredentials(why.clone())));
        }
        let found = match &state.place {
            Some(place) => place.credentials().await,
            None => match place::find(self.profile.as_deref()).await {
                Ok((place, found)) => {
                    state.place = Some(place);
                    Ok(found)
                }
                Err(why) => Err(why),
            },
        };
        match found {
            Ok(found) => {
                let current = Current::of(&found, SystemTime::now());
                let credential = current.credential.clone();
                state.current = Some(current);
                state.none = None;
                Ok(credential)
            }
            // What can't be renewed just now is good as long as it lasts.
            Err(why) => match &mut state.current {
                Some(Current {
                    credential,
                    ends: Some((end, renew)),
                }) if now < *end => {
                    *renew = midpoint(now, *end).min(now + AGAIN);
                    Ok(credential.clone())
                }
                _ => {
                    state.none = Some((SystemTime::now(), why.0.clone()));
                    Err(failure(why))
                }
            },
        }
    }
}

fn failure(why: NoCredentials) -> object_store::Error {
    object_store::Error::Unauthenticated {
        path: "credentials".to_owned(),
        source: why.into(),
    }
}

impl Current {
    fn of(found: &Credentials, now: SystemTime) -> Current {
        Current {
            credential: Arc::new(AwsCredential {
                key_id: found.access_key_id().to_owned(),
                secret_key: found.secret_access_key().to_owned(),
                token: found.session_token().map(str::to_owned),
            }),
            ends: found.expiry().map(|end| (end, renewal(now, end))),
        }
    }
}

/// When to renew what is fetched now and ends then: some minutes ahead, but not before half of the time. Whoever gives
/// out the same until shortly before its end would be asked for each request otherwise.
fn renewal(now: SystemTime, end: SystemTime) -> SystemTime {
    let ahead = end.checked_sub(AHEAD).unwrap_or(now);
    ahead.max(midpoint(now, end))
}

/// The middle between now and then; now where that is past.
fn midpoint(now: SystemTime, end: SystemTime) -> SystemTime {
    now + end.duration_since(now).unwrap_or_default() / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renewed_ahead_and_not_all_the_time() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let after = |seconds| now + Duration::from_secs(seconds);
        for (end, renew) in [
            (3_600, 3_300),
            (900, 600),
            (600, 300),
            // What is left is less than twice the lead.
            (400, 200),
            (300, 150),
            (8, 4),
            (0, 0),
        ] {
            assert_eq!(renewal(now, after(end)), after(renew), "{end}");
        }
        assert_eq!(renewal(now, now - Duration::from_secs(60)), now);
    }
}
