//! `trailsift sql`: a lake or archives in SQL, in the format that was asked for.

use super::query::{Language, answer};
use crate::args::{Query, QueryText, Sql};
use crate::exit::Exit;
use crate::say::Voice;

pub(super) fn run(args: Sql, voice: &Voice) -> anyhow::Result<Exit> {
    let Sql {
        text,
        over,
        time,
        shape,
        resources,
    } = args;
    let query = Query {
        text: QueryText {
            query: text.query,
            file: text.file,
        },
        over,
        time,
        shape,
        resources,
    };
    answer(query, Language::Sql, voice)
}
