//! Expressions that say the same in the two wordings that PostgreSQL has for them: before and after a dump was restored.

use aludel_catalog::expression::read_again;
use aludel_catalog::{Catalog, Definition};

/// Takes the wording of `current` where `desired` says the same.
pub fn keep_wording(current: &Catalog, desired: &mut Catalog) {
    for (id, object) in &mut desired.objects {
        let Some(before) = current.get(id) else {
            continue;
        };
        match (&before.definition, &mut object.definition) {
            (Definition::Constraint(before), Definition::Constraint(own)) => {
                keep(&before.definition, &mut own.definition);
            }
            (Definition::Index(before), Definition::Index(own)) => {
                keep(&before.definition, &mut own.definition);
                keep(&before.core, &mut own.core);
            }
            (Definition::Column(before), Definition::Column(own)) => {
                if let (Some(before), Some(own)) = (&before.expression, &mut own.expression) {
                    keep(before, own);
                }
            }
            (Definition::Policy(before), Definition::Policy(own)) => {
                let both = [
                    (&before.using, &mut own.using),
                    (&before.check, &mut own.check),
                ];
                for (before, own) in both {
                    if let (Some(before), Some(own)) = (before, own) {
                        keep(before, own);
                    }
                }
            }
            _ => {}
        }
    }
}

fn keep(before: &str, own: &mut String) {
    if own != before && read_again(own) == read_again(before) {
        before.clone_into(own);
    }
}
