//! The APIs that the made archives call: name, callers, and the shapes of request, response and resources.
//!
//! One row is one API, its shapes after AWS's documentation. Holes are those of `hole`.

mod compute;
mod data;
mod identity;
mod management;
mod network;
mod security;
mod storage;

use crate::identity::Kind;

/// One API, as it is called in an archive.
pub(crate) struct Api {
    /// The service, the first part of `eventSource`.
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    pub(crate) read_only: bool,
    /// Which kinds of caller call it, and how often next to others of that kind.
    pub(crate) by: &'static [(Kind, u32)],
    /// `requestParameters`, `responseElements`, templates.
    pub(crate) request: &'static str,
    pub(crate) response: &'static str,
    /// `resources`, `additionalEventData`, `serviceEventDetails`, templates; empty where the key is absent.
    pub(crate) resources: &'static str,
    pub(crate) extra: &'static str,
    pub(crate) details: &'static str,
    /// `apiVersion`; empty where absent.
    pub(crate) version: &'static str,
    /// `eventType`.
    pub(crate) event_type: &'static str,
    /// The service that calls where a service does, or that the event happened in; empty where any may be.
    pub(crate) invoker: &'static str,
    /// A data event: of a thing inside a resource.
    pub(crate) data: bool,
    /// A global service: its events are `us-east-1`'s.
    pub(crate) global: bool,
    /// How it fails, other than for want of a permission: code and message, a template.
    pub(crate) faults: &'static [(&'static str, &'static str)],
}

/// Every API, service by service.
pub(crate) fn all() -> impl Iterator<Item = &'static Api> {
    [
        identity::APIS,
        security::APIS,
        storage::APIS,
        compute::APIS,
        network::APIS,
        data::APIS,
        management::APIS,
    ]
    .into_iter()
    .flatten()
}

/// A call that reads.
const fn read(service: &'static str, name: &'static str, by: &'static [(Kind, u32)]) -> Api {
    Api {
        service,
        name,
        read_only: true,
        by,
        request: "null",
        response: "null",
        resources: "",
        extra: "",
        details: "",
        version: "",
        event_type: "AwsApiCall",
        invoker: "",
        data: false,
        global: false,
        faults: &[],
    }
}

/// A call that changes something.
const fn write(service: &'static str, name: &'static str, by: &'static [(Kind, u32)]) -> Api {
    Api {
        read_only: false,
        ..read(service, name, by)
    }
}

impl Api {
    const fn request(self, request: &'static str) -> Self {
        Self { request, ..self }
    }

    const fn response(self, response: &'static str) -> Self {
        Self { response, ..self }
    }

    const fn resources(self, resources: &'static str) -> Self {
        Self { resources, ..self }
    }

    const fn extra(self, extra: &'static str) -> Self {
        Self { extra, ..self }
    }

    const fn version(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    const fn faults(self, faults: &'static [(&'static str, &'static str)]) -> Self {
        Self { faults, ..self }
    }

    /// A call that only this service makes for itself.
    const fn invoked_by(self, invoker: &'static str) -> Self {
        Self { invoker, ..self }
    }

    /// A data event.
    const fn data(self) -> Self {
        Self { data: true, ..self }
    }

    /// A call to a global service.
    const fn global(self) -> Self {
        Self {
            global: true,
            ..self
        }
    }

    /// A call with `serviceEventDetails`.
    const fn details(self, details: &'static str) -> Self {
        Self { details, ..self }
    }

    /// Something that happened inside a service, with its details.
    const fn service_event(self, details: &'static str) -> Self {
        Self {
            event_type: "AwsServiceEvent",
            details,
            ..self
        }
    }

    /// A step of signing in to the console.
    const fn sign_in(self) -> Self {
        Self {
            event_type: "AwsConsoleSignIn",
            global: true,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::unknown_holes;

    #[test]
    fn every_hole_is_known_and_every_shape_is_json() {
        for api in all() {
            let shapes = [
                api.request,
                api.response,
                api.resources,
                api.extra,
                api.details,
            ];
            for shape in shapes.into_iter().filter(|shape| !shape.is_empty()) {
                assert_eq!(unknown_holes(shape), Vec::<&str>::new(), "{}", api.name);
                let filled = shape.replace("${", "").replace('}', "\u{1}");
                // Holes close with the braces of objects, so JSON is checked on the filled record instead, in the
                // archive's tests; here only that quotes pair up.
                assert_eq!(
                    filled.replace("\\\"", "").matches('"').count() % 2,
                    0,
                    "{}: {shape}",
                    api.name
                );
            }
            for (_, message) in api.faults {
                assert_eq!(unknown_holes(message), Vec::<&str>::new(), "{}", api.name);
            }
        }
    }

    #[test]
    fn there_is_variety() {
        let mut services: Vec<&str> = all().map(|api| api.service).collect();
        services.sort_unstable();
        services.dedup();
        assert!(services.len() >= 20, "{} services", services.len());
        assert!(all().count() >= 60);
    }
}
