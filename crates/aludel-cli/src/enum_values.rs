//! Values that an enum loses on the way of a plan: the maps that were said, and what happens where nothing was said.
//!
//! Against a database its rows are looked at, and the plan is refused where they have such a value. Where the rows are not
//! known, the SQL itself looks first and refuses before anything changes.

use aludel_catalog::Catalog;
use aludel_catalog::identifier::quote;
use aludel_plan::enum_map::{EnumMap, Use, apply, guard, replaced, stuck, uses};
use aludel_plan::rename::Name;
use aludel_plan::{Plan, Step};
use aludel_postgres::{DatabaseUrl, Session};
use aludel_revision::Allow;

use crate::catalogs::Catalogs;
use crate::caution::Caution;
use crate::database::{self, Access};
use crate::ui::problem::Problem;

/// What the models say, in the form of the command line.
pub(crate) fn maps_of(intents: &aludel_source::Intents) -> Vec<EnumMap> {
    let map = |one: &aludel_source::EnumMap| EnumMap {
        type_name: Name::parse(&one.type_name),
        from: one.from.clone(),
        to: one.to.clone(),
    };
    intents.enum_maps.iter().map(map).collect()
}

/// Notes the maps on `desired` and returns the step that must come first where nothing was said.
pub(crate) fn guarded(
    maps: &[EnumMap],
    current: &Catalog,
    desired: &mut Catalog,
    default_schema: &str,
) -> Option<Step> {
    let unsaid = uses(maps, current, desired, default_schema);
    apply(maps, current, desired, default_schema);
    guard(&unsaid)
}

/// What the header allows because somebody said it: values that are replaced.
pub(crate) fn allowed(current: &Catalog, desired: &Catalog) -> Vec<Allow> {
    let allow = |((hazard, object), pairs)| Allow::One {
        hazard,
        object,
        reason: format!("as said: --enum-map {pairs}"),
    };
    replaced(current, desired).into_iter().map(allow).collect()
}

/// Takes from the steps the losses that somebody said by saying what rows get instead.
pub(crate) fn take_as_said(plan: &mut Plan, current: &Catalog, desired: &Catalog) {
    let said = replaced(current, desired);
    for step in &mut plan.steps {
        step.losses.retain(|loss| !said.contains_key(loss));
    }
}

/// The plan with the look at the rows before it.
pub(crate) fn behind(guard: Option<Step>, plan: Plan) -> Plan {
    if plan.is_empty() {
        return plan;
    }
    let mut steps: Vec<Step> = guard.into_iter().collect();
    steps.extend(plan.steps);
    Plan { steps }
}

/// Refuses a plan that PostgreSQL would refuse: a partition key's type does not change.
pub(crate) fn refuse_stuck(current: &Catalog, desired: &Catalog) -> Result<(), Problem> {
    let Some((column, needed)) = stuck(current, desired).into_iter().next() else {
        return Ok(());
    };
    Err(Problem::new(
        "partition-key",
        format!(
            "{needed} must be made again, but {column} is part of a partition key, whose type PostgreSQL does not change"
        ),
    )
    .detail("values of an enum can be added and renamed in place; removing or reordering them makes the type again")
    .hint(format!(
        "build the table anew in a revision by hand, or keep the value: {}",
        needed.path()
    )))
}

/// The same for the way back, which may be needed never.
pub(crate) fn stuck_back(current: &Catalog, desired: &Catalog) -> Vec<Caution> {
    let caution = |(column, needed): &(_, _)| Caution {
        text: format!(
            "the downgrade cannot run: {needed} must be made again, but {column} is part of a partition key, whose type PostgreSQL does not change"
        ),
        hint: "write the downgrade by hand, or take the section out of the file".to_owned(),
    };
    let found: Vec<(aludel_catalog::ObjectId, aludel_catalog::ObjectId)> = stuck(current, desired);
    found.iter().map(caution).collect()
}

/// What a reader should know of values that go and that nothing was said of; `way` is `upgrade` or `downgrade`.
pub(crate) fn cautions(
    maps: &[EnumMap],
    current: &Catalog,
    desired: &Catalog,
    default_schema: &str,
    way: &str,
) -> Vec<Caution> {
    let unsaid = uses(maps, current, desired, default_schema);
    let mut found: Vec<Caution> = Vec::new();
    for one in &unsaid {
        let places: Vec<String> = unsaid
            .iter()
            .filter(|other| (&other.enum_type, &other.value) == (&one.enum_type, &one.value))
            .map(|other| other.column.path())
            .collect();
        let text = format!(
            "the {way} takes the value {} from {} and stops where a row of {} has it",
            quote(&one.value),
            one.enum_type,
            places.join(" or ")
        );
        if found.iter().all(|caution| caution.text != text) {
            found.push(Caution {
                text,
                hint: format!("say what such rows shall have instead: {}", flag(one)),
            });
        }
    }
    found
}

fn flag(one: &Use) -> String {
    format!(
        "--enum-map {}.{}=NEW",
        one.enum_type.path(),
        quote(&one.value)
    )
}

/// Refuses a map that somebody typed and that means nothing on any of the ways.
pub(crate) fn refuse_idle(
    said: &[EnumMap],
    ways: &[(&Catalog, &Catalog)],
    default_schema: &str,
) -> Result<(), Problem> {
    for map in said {
        let one = std::slice::from_ref(map);
        let means = ways.iter().any(|(current, desired)| {
            !apply(one, current, &mut (*desired).clone(), default_schema).is_empty()
        });
        if !means {
            let text = map.text();
            return Err(Problem::new("enum-map", format!("nothing is mapped by {text}"))
                .detail("the old value must be one that the type loses, the new one a value that it has afterwards")
                .hint("aludel diff shows the types that change"));
        }
    }
    Ok(())
}

/// Looks at the rows of a database, and refuses where they have a value that goes and nothing was said of it.
pub(crate) async fn refuse_used(
    catalogs: &Catalogs<'_>,
    url: &DatabaseUrl,
    maps: &[EnumMap],
    current: &Catalog,
    desired: &Catalog,
) -> Result<(), Problem> {
    let unsaid = uses(maps, current, desired, &catalogs.runner().home_schema());
    if unsaid.is_empty() {
        return Ok(());
    }
    let session = Session::connect(url, &database::options(Access::Read)).await?;
    let mut found = Vec::new();
    for one in &unsaid {
        let table = one.column.relation();
        let query = format!(
            "SELECT pg_catalog.count(*) FROM {table} WHERE {}",
            one.condition
        );
        let count = session.scalar(&query).await?.unwrap_or_default();
        if count != "0" {
            found.push((one, count));
        }
    }
    let Some((first, _)) = found.first() else {
        return Ok(());
    };
    let primary = format!(
        "{} loses the value {}, which rows have",
        first.enum_type,
        quote(&first.value)
    );
    let mut problem = Problem::new("enum-value-in-use", primary);
    for (one, count) in &found {
        let rows = if count == "1" { "row" } else { "rows" };
        problem = problem.detail(format!(
            "{}: {count} {rows} with {}",
            one.column.path(),
            quote(&one.value)
        ));
    }
    let mut flags: Vec<String> = found.iter().map(|(one, _)| flag(one)).collect();
    flags.dedup();
    Err(problem.hint(format!(
        "say what they shall have instead: {}",
        flags.join(" ")
    )))
}
