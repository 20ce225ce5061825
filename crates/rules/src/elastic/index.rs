//! Which data a rule reads: whether its index patterns take in CloudTrail's events.

use syntax::{Code, Diagnostic, Span};

/// What the events' indices are called: those of Elastic's integration, and of the older Filebeat.
const INTEGRATION: &str = "logs-aws.cloudtrail-default";
const FILEBEAT: &str = "filebeat-8.0.0";

/// Complains if none of a rule's patterns takes in CloudTrail's events. Filebeat's indices hold everything, so beside
/// patterns of other integrations they do not count.
pub(super) fn check(patterns: &[(String, Span)]) -> Option<Diagnostic> {
    let (first, rest) = patterns.split_first()?;
    let of = |name: &str| patterns.iter().any(|(pattern, _)| takes_in(pattern, name));
    let others = patterns
        .iter()
        .any(|(pattern, _)| local(pattern).starts_with("logs-"));
    let excluded = patterns.iter().any(|(pattern, _)| {
        let excluded = local(pattern).strip_prefix('-');
        excluded.is_some_and(|pattern| takes_in(pattern, INTEGRATION))
    });
    if !excluded && (of(INTEGRATION) || of(FILEBEAT) && !others) {
        return None;
    }
    let span = rest.iter().fold(first.1, |span, (_, next)| span.to(*next));
    let names: Vec<String> = patterns
        .iter()
        .map(|(pattern, _)| format!("`{pattern}`"))
        .collect();
    let message = format!(
        "the rule reads other data than CloudTrail's: {}",
        names.join(", ")
    );
    let diagnostic = Diagnostic::error(Code::RuleData, span, message);
    Some(diagnostic.help("rules over `logs-aws.cloudtrail-*` or `filebeat-*` can be run here"))
}

/// The pattern without the name of a cluster.
fn local(pattern: &str) -> &str {
    pattern.rsplit(':').next().unwrap_or(pattern)
}

/// Whether a pattern takes in an index: `*` is any run of characters.
fn takes_in(pattern: &str, name: &str) -> bool {
    let mut pieces = local(pattern).split('*');
    let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.split_once(piece) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}
