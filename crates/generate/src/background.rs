//! The ordinary life of an account: one event after the other, drawn from the deck.

use crate::clock;
use crate::deck::{Call, Caller, Deck, invoker};
use crate::fault::Fault;
use crate::hole::{Scene, letters, uuid};
use crate::identity::{self, Kind, Origin};
use crate::record::Record;
use crate::rng::{Rng, mix};
use crate::template::Template;

const VERSIONS: [&str; 8] = [
    "1.11", "1.11", "1.11", "1.10", "1.09", "1.09", "1.08", "1.08",
];
/// Endpoints are few, so that their ids come back.
const ENDPOINTS: [&str; 4] = [
    "vpce-0a61c3d25e7f90b48",
    "vpce-0b72d4e36f8a01c59",
    "vpce-0c83e5f47a9b12d60",
    "vpce-0d94f6a58b0c23e71",
];

/// Where and when one event happens.
pub(crate) struct Place<'a> {
    pub(crate) seed: u64,
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    pub(crate) time: i64,
    /// Whether this is a quiet hour: no errors, and none of the calls that incidents make.
    pub(crate) quiet: bool,
}

/// Makes ordinary events.
pub(crate) struct Background {
    deck: Deck,
    address: Template,
    domain: Template,
}

/// The texts of one record, kept so that their memory is used again.
#[derive(Default)]
pub(crate) struct Scratch {
    named: String,
    action: String,
    time: String,
    identity: String,
    address: String,
    agent: String,
    host: String,
    message: String,
    request: String,
    response: String,
    resources: String,
    extra: String,
    details: String,
    request_id: String,
    event_id: String,
    shared_id: String,
}

impl Background {
    /// `errors` is the share of all events that fail.
    pub(crate) fn new(errors: f64) -> Self {
        Self {
            deck: Deck::new(errors),
            address: Template::new("${actor.address}"),
            domain: Template::new(".${region}.amazonaws.com"),
        }
    }

    /// Writes one event behind what `out` holds. Everything about it comes from `rng` and the place.
    pub(crate) fn write(
        &self,
        rng: &mut Rng,
        place: &Place,
        texts: &mut Scratch,
        out: &mut String,
    ) {
        texts.clear();
        let Some((caller, call)) = self.deck.draw(rng, place.quiet) else {
            return;
        };
        let api = call.api;
        let scene = Scene {
            seed: place.seed,
            account: place.account,
            region: if api.global {
                "us-east-1"
            } else {
                place.region
            },
            time: place.time,
            salt: rng.next(),
            actor: identity::actor(rng),
            invoker: invoker(rng, caller, call),
            arn: "",
            action: "",
        };
        let fault = if place.quiet {
            None
        } else {
            self.deck.fault(rng, caller, call)
        };
        let code = self.what(rng, &scene, caller, call, fault, texts);
        self.who(rng, &scene, caller, call, texts);
        ids(&scene, caller, call, texts);

        let is_call = api.event_type == "AwsApiCall";
        Record {
            version: VERSIONS[rng.below(8) as usize],
            identity: &texts.identity,
            time: &texts.time,
            service: api.service,
            name: api.name,
            region: scene.region,
            address: &texts.address,
            agent: &texts.agent,
            error_code: code,
            error_message: &texts.message,
            request: &texts.request,
            response: &texts.response,
            // Absent and null mean the same, and both occur.
            extra: if texts.extra.is_empty() && rng.chance(0.01) {
                "null"
            } else {
                &texts.extra
            },
            request_id: &texts.request_id,
            event_id: &texts.event_id,
            read_only: api.read_only,
            resources: &texts.resources,
            event_type: api.event_type,
            api_version: api.version,
            data: api.data,
            account: place.account,
            details: &texts.details,
            shared_id: &texts.shared_id,
            endpoint: if is_call && rng.chance(0.28) {
                ENDPOINTS[rng.below(4) as usize]
            } else {
                ""
            },
            addendum: if rng.chance(0.001) {
                r#"{"reason":"DELIVERY_DELAY"}"#
            } else {
                ""
            },
            host: &texts.host,
            old_tls: scene.salt & 3 == 0,
            console: caller.form.kind == Kind::User && texts.agent.starts_with("Mozilla"),
        }
        .write(out);
    }

    /// What was asked and answered. Returns the error's code.
    fn what<'a>(
        &self,
        rng: &mut Rng,
        scene: &Scene,
        caller: &Caller,
        call: &'a Call,
        fault: Option<Fault>,
        texts: &mut Scratch,
    ) -> &'a str {
        caller.named.write(scene, &mut texts.named);
        for piece in [call.api.service, ":", action_name(call.api.name)] {
            texts.action.push_str(piece);
        }
        let scene = &Scene {
            arn: &texts.named,
            action: &texts.action,
            ..*scene
        };
        call.extra.write(scene, &mut texts.extra);
        call.details.write(scene, &mut texts.details);
        // A refused request is mostly not shown, and nothing that failed has a response.
        match fault == Some(Fault::Denied) && rng.chance(0.7) {
            true => texts.request.push_str("null"),
            false => call.request.write(scene, &mut texts.request),
        }
        if fault != Some(Fault::Denied) {
            call.resources.write(scene, &mut texts.resources);
        }
        match fault {
            None => {
                call.response.write(scene, &mut texts.response);
                ""
            }
            Some(fault) => {
                texts.response.push_str("null");
                self.deck.explain(fault, call, scene, &mut texts.message)
            }
        }
    }

    /// Who called, when, from where, with what.
    fn who(&self, rng: &mut Rng, scene: &Scene, caller: &Caller, call: &Call, texts: &mut Scratch) {
        clock::iso(scene.time, &mut texts.time);
        caller.identity.write(scene, &mut texts.identity);
        let fixed = match caller.form.origin {
            Origin::Service => scene.invoker,
            Origin::Internal => "AWS Internal",
            Origin::Network => {
                self.address.write(scene, &mut texts.address);
                self.deck.agent(rng, scene, &mut texts.agent);
                if call.api.event_type == "AwsApiCall" && rng.chance(0.9) {
                    texts.host.push_str(call.api.service);
                    self.domain.write(scene, &mut texts.host);
                }
                return;
            }
        };
        texts.address.push_str(fixed);
        texts.agent.push_str(fixed);
    }
}

impl Scratch {
    #[rustfmt::skip]
    fn clear(&mut self) {
        let Self {
            named, action, time, identity, address, agent, host, message, request, response, resources, extra, details,
            request_id, event_id, shared_id,
        } = self;
        for text in [
            named, action, time, identity, address, agent, host, message, request, response, resources, extra, details,
            request_id, event_id, shared_id,
        ] {
            text.clear();
        }
    }
}

/// The ids of the request, of the event, and of the action where other accounts may see it too.
fn ids(scene: &Scene, caller: &Caller, call: &Call, texts: &mut Scratch) {
    let bits = |which: u64| mix(scene.salt, 1_000 + which);
    match (call.api.event_type, call.api.service) {
        ("AwsApiCall", "s3") => letters(
            b"ABCDEFGHJKMNPQRSTVWXYZ0123456789",
            bits(1),
            16,
            &mut texts.request_id,
        ),
        ("AwsApiCall", _) => uuid(bits(1), &mut texts.request_id),
        _ => {}
    }
    uuid(bits(2), &mut texts.event_id);
    if matches!(
        caller.form.kind,
        Kind::Service | Kind::Account | Kind::ServiceEvent
    ) {
        uuid(bits(3), &mut texts.shared_id);
    }
}

/// The action in a policy has no API version: `ListFunctions` for `ListFunctions20150331`.
fn action_name(name: &str) -> &str {
    name.split_once("20").map_or(name, |(action, _)| action)
}
