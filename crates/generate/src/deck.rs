//! Catalogue and identities, ready to be drawn from: templates taken apart, weights by kind of caller.

use crate::catalogue::{self, Api};
use crate::fault::{self, Fault};
use crate::hole::Scene;
use crate::identity::{self, AGENTS, FORMS, Form, Kind, MIX};
use crate::rng::Rng;
use crate::template::Template;

/// Calls that the planted incidents are about. In the quiet hours before an archive's end only incidents make them.
const RESERVED: &[&str] = &[
    "ConsoleLogin",
    "CreateKey",
    "GetSecretValue",
    "BatchGetSecretValue",
];

/// Services that act for themselves or for others, the busiest first.
#[rustfmt::skip]
const INVOKERS: &[&str] = &[
    "lambda.amazonaws.com", "ec2.amazonaws.com", "cloudtrail.amazonaws.com", "config.amazonaws.com",
    "ecs-tasks.amazonaws.com", "autoscaling.amazonaws.com", "delivery.logs.amazonaws.com",
    "secretsmanager.amazonaws.com", "eks.amazonaws.com", "backup.amazonaws.com", "states.amazonaws.com",
    "events.amazonaws.com", "cloudformation.amazonaws.com", "application-autoscaling.amazonaws.com",
    "rds.amazonaws.com", "securityhub.amazonaws.com",
];

/// What events are drawn from.
pub(crate) struct Deck {
    /// For each kind of caller, the calls that it makes, with their weights.
    calls: Vec<(Kind, Vec<(u32, Call)>)>,
    callers: Vec<Caller>,
    agents: Vec<Template>,
    denied: Template,
    ec2_denied: Template,
    /// How often a call fails whose caller is of a kind that can fail.
    errors: f64,
}

/// One API, its templates taken apart.
pub(crate) struct Call {
    pub(crate) api: &'static Api,
    pub(crate) request: Template,
    pub(crate) response: Template,
    pub(crate) resources: Template,
    pub(crate) extra: Template,
    pub(crate) details: Template,
    faults: Vec<(&'static str, Template)>,
}

/// One form of caller, its templates taken apart.
pub(crate) struct Caller {
    pub(crate) form: &'static Form,
    pub(crate) identity: Template,
    pub(crate) named: Template,
}

impl Deck {
    /// `errors` is the share of all events that fail.
    pub(crate) fn new(errors: f64) -> Self {
        let weight = |kinds: &dyn Fn(Kind) -> bool| -> u32 {
            MIX.iter()
                .filter(|(kind, _)| kinds(*kind))
                .map(|(_, weight)| weight)
                .sum()
        };
        Self {
            calls: MIX
                .iter()
                .map(|&(kind, _)| (kind, calls_of(kind)))
                .collect(),
            callers: FORMS.iter().map(caller).collect(),
            agents: AGENTS.iter().map(|agent| Template::new(agent)).collect(),
            denied: Template::new(fault::DENIED),
            ec2_denied: Template::new(fault::EC2_DENIED),
            errors: errors * f64::from(weight(&|_| true)) / f64::from(weight(&can_fail)),
        }
    }

    /// Draws a caller and a call that it makes; none only if a kind had no form or no call.
    pub(crate) fn draw(&self, rng: &mut Rng, quiet: bool) -> Option<(&Caller, &Call)> {
        let kind = identity::kind(rng);
        let calls = &self.calls.iter().find(|(of, _)| *of == kind)?.1;
        let allowed = |call: &Call| !(quiet && RESERVED.contains(&call.api.name));
        let weights = calls
            .iter()
            .map(|(weight, call)| if allowed(call) { *weight } else { 0 });
        let (_, call) = calls.get(rng.weighted(weights))?;
        let weights = self.callers.iter().map(|caller| {
            if caller.form.kind == kind {
                caller.form.weight
            } else {
                0
            }
        });
        Some((self.callers.get(rng.weighted(weights))?, call))
    }

    /// Draws whether and how a call fails.
    pub(crate) fn fault(&self, rng: &mut Rng, caller: &Caller, call: &Call) -> Option<Fault> {
        (can_fail(caller.form.kind) && rng.chance(self.errors)).then(|| fault::draw(rng, call.api))
    }

    /// Writes the message of a failure, and returns its code.
    pub(crate) fn explain<'a>(
        &self,
        fault: Fault,
        call: &'a Call,
        scene: &Scene,
        message: &mut String,
    ) -> &'a str {
        let service = call.api.service;
        match fault {
            Fault::Denied => {
                let template = if service == "ec2" {
                    &self.ec2_denied
                } else {
                    &self.denied
                };
                template.write(scene, message);
                fault::denied(service)
            }
            Fault::Throttled => {
                let (code, text) = fault::throttled(service);
                message.push_str(text);
                code
            }
            Fault::Own(place) => call.faults.get(place).map_or("", |(code, text)| {
                text.write(scene, message);
                code
            }),
        }
    }

    /// The agent of a principal: it has a favourite, and now and then another.
    pub(crate) fn agent(&self, rng: &mut Rng, scene: &Scene, out: &mut String) {
        let place = if rng.chance(0.8) {
            scene.actor
        } else {
            rng.next()
        };
        if let Some(agent) = self.agents.get((place % self.agents.len() as u64) as usize) {
            agent.write(scene, out);
        }
    }
}

/// The service behind an event: the caller's own, the API's own, or any.
pub(crate) fn invoker(rng: &mut Rng, caller: &Caller, call: &Call) -> &'static str {
    match (caller.form.invoker, call.api.invoker) {
        ("", "") => {
            let weights = (0..INVOKERS.len() as u32).map(|rank| 40 / (rank + 1));
            INVOKERS[rng.weighted(weights)]
        }
        ("", own) | (own, _) => own,
    }
}

/// Services rarely fail, and a service event cannot.
fn can_fail(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Service | Kind::ServiceEvent | Kind::Root | Kind::Directory
    )
}

fn calls_of(kind: Kind) -> Vec<(u32, Call)> {
    catalogue::all()
        .filter_map(|api| {
            let (_, weight) = api.by.iter().find(|(by, _)| *by == kind)?;
            Some((*weight, call(api)))
        })
        .collect()
}

fn call(api: &'static Api) -> Call {
    Call {
        api,
        request: Template::new(api.request),
        response: Template::new(api.response),
        resources: Template::new(api.resources),
        extra: Template::new(api.extra),
        details: Template::new(api.details),
        faults: api
            .faults
            .iter()
            .map(|&(code, message)| (code, Template::new(message)))
            .collect(),
    }
}

fn caller(form: &'static Form) -> Caller {
    Caller {
        form,
        identity: Template::new(form.identity),
        named: Template::new(form.named),
    }
}
