//! Takes the placeholder out of generated SQL, so that it means the schema of whichever tenant it is run for.

use aludel_catalog::identifier::quote;
use aludel_plan::Plan;

use crate::autogenerate::Generated;
use crate::config::tenancy::PLACEHOLDER;
use crate::ui::problem::Problem;

/// The same with names that the search path places.
pub(crate) fn unqualified(mut generated: Generated) -> Result<Generated, Problem> {
    for plan in [&mut generated.upgrade, &mut generated.downgrade] {
        take_out(plan)?;
    }
    for line in &mut generated.detected {
        *line = bare(line);
    }
    for allow in &mut generated.allow {
        if let aludel_revision::Allow::One { object, .. } = allow {
            *object = bare(object);
        }
    }
    for caution in &mut generated.cautions {
        caution.text = bare(&caution.text);
        caution.hint = bare(&caution.hint);
    }
    Ok(generated)
}

/// Takes it out of one plan.
pub(crate) fn take_out(plan: &mut Plan) -> Result<(), Problem> {
    let schema = quote(PLACEHOLDER);
    for step in &mut plan.steps {
        step.sql = bare(&step.sql);
        if step.sql.contains(&*schema) {
            return Err(Problem::new(
                "tenants",
                "a statement would name the tenant's schema itself, which is another one each time",
            )
            .detail(step.sql.clone())
            .hint(
                "write it by hand with current_schema(), in a DO block with format() and EXECUTE",
            ));
        }
        for (_, object) in &mut step.losses {
            *object = bare(object);
        }
        for note in &mut step.notes {
            *note = bare(note);
        }
    }
    Ok(())
}

fn bare(text: &str) -> String {
    text.replace(&format!("{}.", quote(PLACEHOLDER)), "")
        .replace(&format!("{PLACEHOLDER}."), "")
}
