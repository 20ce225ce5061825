//! The canonical order of parameters.
//!
//! Named options stand behind the positional values, except where the positional ones are variadic: there they stand
//! before them (`summarize by:{a}, count()`). A positional parameter loses its name if those before it are given. Of a
//! variadic one, two values or more stand in braces unless nothing stands before them.

use super::super::ast::{Parameter, ParameterKind};
use super::Slot;

/// What is printed between two commas.
pub(super) struct Item<'q> {
    /// The name before it.
    pub(super) name: Option<&'static str>,
    /// Whether the elements stand in braces.
    pub(super) braces: bool,
    pub(super) elements: Vec<Element<'q>>,
}

/// A value and the named parameters that bind to it rather than to the command: `direction`, `alias`, ….
pub(super) struct Element<'q> {
    /// The value; missing where such a parameter stands before any.
    pub(super) value: Option<&'q Parameter>,
    pub(super) settings: Vec<&'q Parameter>,
}

/// The parameters in the order of `slots`.
pub(super) fn arrange<'q>(slots: &[Slot], parameters: &'q [Parameter]) -> Vec<Item<'q>> {
    let mut named: Vec<Option<&'q Parameter>> = vec![None; slots.len()];
    // Values without a name, and what was named twice: nothing that was written may get lost.
    let mut values = Vec::new();
    // Of two variadic parameters each takes one value or one group; only a single one takes all the rest.
    let spread = slots
        .iter()
        .filter(|slot| slot.positional && slot.variadic)
        .count()
        == 1;
    collect(slots, parameters, spread, &mut named, &mut values);

    // Values that no parameter takes would be taken for those of a variadic one that lost its name.
    let single = |slot: &Slot| slot.positional && !slot.variadic;
    let slots_and = slots.iter().zip(&named);
    let open = slots_and.filter(|(slot, given)| single(slot) && given.is_none());
    let too_many = spread && values.len() > open.count();

    let mut values = values.into_iter();
    let mut positional = Vec::new();
    let mut options = Vec::new();
    let mut complete = true;
    for (slot, given) in slots.iter().zip(named) {
        if !slot.positional {
            options.extend(given.map(|value| option(slot, value)));
            continue;
        }
        if let Some(value) = given.filter(|_| slot.variadic && too_many) {
            options.push(option(slot, value));
            continue;
        }
        let elements: Vec<Element> = match given {
            Some(value) if slot.variadic => flat(value),
            Some(value) => vec![bare(value)],
            None if slot.variadic && spread => values.by_ref().collect(),
            None => values.next().into_iter().collect(),
        };
        if elements.is_empty() {
            complete = false;
            continue;
        }
        let name = (given.is_some() && !complete).then_some(slot.name);
        let braces = slot.variadic && (elements.len() > 1 || name.is_some());
        positional.push(Item {
            name,
            braces,
            elements,
        });
    }
    positional.extend(values.map(|element| Item {
        name: None,
        braces: false,
        elements: vec![element],
    }));
    let mut items = if spread {
        options.append(&mut positional);
        options
    } else {
        positional.append(&mut options);
        positional
    };
    if let Some(first) = items.first_mut().filter(|first| first.name.is_none()) {
        first.braces = false;
    }
    items
}

/// Sorts `parameters` into those that `slots` know by name, and values. Where values may be any number, braces
/// around them mean nothing, and neither do braces around the whole.
fn collect<'q>(
    slots: &[Slot],
    parameters: &'q [Parameter],
    spread: bool,
    named: &mut [Option<&'q Parameter>],
    values: &mut Vec<Element<'q>>,
) {
    for parameter in parameters {
        match &parameter.kind {
            ParameterKind::Named { name, value } => {
                let place = find(slots, &name.text).and_then(|index| named.get_mut(index));
                match place.filter(|place| place.is_none()) {
                    Some(place) => *place = Some(&**value),
                    None => match values.last_mut() {
                        Some(element) => element.settings.push(parameter),
                        None => values.push(Element {
                            value: None,
                            settings: vec![parameter],
                        }),
                    },
                }
            }
            ParameterKind::Group(inner) if spread && !has_settings(slots, inner) => {
                collect(slots, inner, spread, named, values);
            }
            _ => values.push(bare(parameter)),
        }
    }
}

/// Whether a group holds named parameters that bind to one of its values.
fn has_settings(slots: &[Slot], parameters: &[Parameter]) -> bool {
    parameters.iter().any(|parameter| match &parameter.kind {
        ParameterKind::Named { name, .. } => find(slots, &name.text).is_none(),
        _ => false,
    })
}

fn find(slots: &[Slot], name: &str) -> Option<usize> {
    let fits = |known: &str| known.eq_ignore_ascii_case(name);
    slots
        .iter()
        .position(|slot| fits(slot.name) || slot.alias.is_some_and(fits))
}

fn option<'q>(slot: &Slot, value: &'q Parameter) -> Item<'q> {
    let elements = if slot.variadic {
        flat(value)
    } else {
        vec![bare(value)]
    };
    Item {
        name: Some(slot.name),
        braces: slot.variadic,
        elements,
    }
}

/// The values of a group, groups in it opened as well; a single value is its own.
fn flat(value: &Parameter) -> Vec<Element<'_>> {
    match &value.kind {
        ParameterKind::Group(inner) if !has_settings(&[], inner) => {
            inner.iter().flat_map(flat).collect()
        }
        _ => vec![bare(value)],
    }
}

fn bare(value: &Parameter) -> Element<'_> {
    Element {
        value: Some(value),
        settings: Vec::new(),
    }
}
