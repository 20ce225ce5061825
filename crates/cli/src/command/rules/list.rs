//! `trailsift rules list`: the rules that can be run, the most severe first.

use std::io::Write;
use std::path::PathBuf;

use engine::{OutputField, Type, Value};
use rules::load::LoadedRule;

use crate::args::Listing;
use crate::command::detect;
use crate::embedded;
use crate::exit::Exit;
use crate::human;
use crate::output::{self, Destination, text_field};
use crate::say::Voice;

pub(super) fn list(
    paths: &[PathBuf],
    format: Option<Listing>,
    voice: &Voice,
) -> anyhow::Result<Exit> {
    let mut loaded = embedded::rules(paths)?;
    embedded::sort(&mut loaded.rules);
    detect::refused(&loaded, voice);
    let long = |name: &str| OutputField {
        name: name.to_owned(),
        ty: Type::Long,
    };
    let mut fields = vec![text_field("severity"), long("risk")];
    fields.extend(["id", "name", "type", "language", "techniques"].map(text_field));
    fields.extend([long("tests"), text_field("path")]);
    let rows = loaded.rules.iter().map(row);
    let format = format.map_or_else(|| output::usual(None), Into::into);
    let mut destination = Destination::open(None)?;
    let look = destination.look(jiff::tz::TimeZone::UTC, false, false);
    for remark in output::list(format, &fields, rows, look, &mut destination.out)? {
        voice.hint(&remark);
    }
    destination.out.flush()?;
    voice.hint(&human::counted(loaded.rules.len() as u64, "rule"));
    Ok(Exit::Fine)
}

fn row(loaded: &LoadedRule) -> Vec<Value> {
    let about = &loaded.rule.about;
    let text = |text: &str| Value::String(text.to_owned());
    let attacks = about.attack.iter();
    let techniques: Vec<&str> = attacks
        .filter_map(|attack| attack.technique.as_deref())
        .collect();
    vec![
        text(about.severity.text()),
        about
            .risk
            .map_or(Value::Null, |risk| Value::Long(i64::from(risk))),
        text(&about.id),
        text(&about.name),
        text(&loaded.kind),
        text(&loaded.language),
        text(&techniques.join(" ")),
        Value::Long(i64::try_from(loaded.tests.len()).unwrap_or(i64::MAX)),
        text(&loaded.rule.path.display().to_string()),
    ]
}
