//! From what the orders led to, to conflicts: each with the objects both sides touch and the statements.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::{Catalog, ObjectId};
use aludel_diff::diff;
use aludel_revision::RevisionId;
use aludel_sql::Statement;

use crate::error::TrialError;
use crate::merge::orders::{self, Run};
use crate::merge::trace::{Touch, Trace};
use crate::merge::{Finding, FindingKind, Place, Question};
use crate::world::World;
use crate::world::rows::{self, LeftOut, RowDifference, Rows, shown};

/// What a conflict is about, to find the statements that are part of it.
#[derive(Default)]
pub(crate) struct Subject {
    pub(crate) objects: BTreeSet<ObjectId>,
    pub(crate) tables: BTreeSet<(String, String)>,
    /// The words of the statement, for what is known in no other way.
    pub(crate) words: BTreeSet<String>,
}

/// How near a statement is to a subject, the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// It touches one of the objects.
    Object,
    /// It touches a part of one of the relations, or its rows.
    Relation,
    /// What it touches needs one of the objects, or is needed by it.
    Dependency,
    /// One names the other's object.
    Word,
    /// Nothing is known.
    Far,
}

/// Returns why the branches cannot simply be merged.
pub(crate) async fn conflicts(
    world: &World<'_>,
    question: &Question<'_>,
    traces: &[Trace],
    runs: &[Run],
) -> Result<Vec<Finding>, TrialError> {
    let mut conflicts = failures(question, traces, runs)?;
    let mut ends = runs.iter().filter_map(|run| Some((run, run.end.as_ref()?)));
    let Some((first, (catalog, rows))) = ends.next() else {
        conflicts.extend(names(world, traces));
        return Ok(conflicts);
    };
    let mut schema_seen = BTreeSet::new();
    let mut rows_seen = BTreeSet::new();
    let mut unstable: Option<LeftOut> = None;
    for (run, (other_catalog, other_rows)) in ends {
        let pair = [&first.order, &run.order].map(|order| orders::heads(question, order));
        for finding in schema(catalog, other_catalog, traces, &pair) {
            if schema_seen.insert(finding.objects.clone()) {
                conflicts.push(finding);
            }
        }
        if rows::differences(rows, other_rows, &LeftOut::new()).is_empty() {
            continue;
        }
        if unstable.is_none() {
            let again = orders::run_one(world, question, first.order.clone()).await?;
            let again = again.end.map_or_else(Rows::new, |(_, rows)| rows);
            unstable = Some(rows::without_counted(rows, &rows::unstable(rows, &again)));
        }
        let left_out = unstable.clone().unwrap_or_default();
        for difference in rows::differences(rows, other_rows, &left_out) {
            if rows_seen.insert(difference.table.clone()) {
                conflicts.push(of_rows(&difference, traces, &pair));
            }
        }
    }
    conflicts.extend(names(world, traces));
    Ok(conflicts)
}

/// One conflict for each statement that fails in some order.
fn failures(
    question: &Question<'_>,
    traces: &[Trace],
    runs: &[Run],
) -> Result<Vec<Finding>, TrialError> {
    let mut findings = Vec::new();
    let mut seen: Vec<&Statement> = Vec::new();
    for run in runs {
        let Some(failure) = &run.failure else {
            continue;
        };
        if seen.contains(&&failure.statement) {
            continue;
        }
        seen.push(&failure.statement);
        let find = |branch: &usize| {
            let touches = traces[*branch].touches.iter();
            touches
                .into_iter()
                .find(|touch| touch.place.statement == failure.statement)
        };
        let place = run.order.iter().position(|branch| find(branch).is_some());
        if place == Some(0) {
            // Its statements run one by one, and not in the transaction of an upgrade.
            return Err(TrialError::Branch {
                head: question.branches[run.order[0]].head.clone(),
                error: failure.clone(),
            });
        }
        let earlier = &run.order[..place.unwrap_or(run.order.len())];
        let mut subject = Subject {
            words: words(&failure.statement.text),
            ..Subject::default()
        };
        let mut statements = Vec::new();
        if let Some(own) = place.and_then(|place| find(&run.order[place])) {
            subject.objects.clone_from(&own.objects);
            subject.tables.clone_from(&own.tables);
            statements.push(own.place.clone());
        }
        let others: Vec<&Trace> = earlier.iter().map(|branch| &traces[*branch]).collect();
        let (objects, culprits) = nearest(&subject, &others, traces);
        let before = list(&orders::heads(question, earlier));
        let error = &failure.error;
        let detail = error
            .detail
            .as_deref()
            .map_or_else(String::new, |detail| format!(" ({detail})"));
        let who = match place {
            Some(_) => format!("after {before}: "),
            None => "the SQL of the merge fails: ".to_owned(),
        };
        findings.push(Finding {
            kind: FindingKind::Fails,
            message: format!("{who}{}{detail}", error.message),
            objects: told(&objects),
            statements: [culprits, statements].concat(),
        });
    }
    Ok(findings)
}

/// One conflict for each relation, or object in none, that is not the same after the one order and the other.
fn schema(
    one: &Catalog,
    other: &Catalog,
    traces: &[Trace],
    pair: &[Vec<RevisionId>; 2],
) -> Vec<Finding> {
    let changes = diff(one, other);
    let mut groups: BTreeMap<(String, String), Vec<(ObjectId, String)>> = BTreeMap::new();
    for (id, change) in changes.told() {
        let key = relation_of(id).unwrap_or_else(|| (id.schema.clone(), id.to_string()));
        groups
            .entry(key)
            .or_default()
            .push((id.clone(), change.to_string()));
    }
    let all: Vec<&Trace> = traces.iter().collect();
    let finding = |group: Vec<(ObjectId, String)>| {
        let subject = Subject {
            objects: group.iter().map(|(id, _)| id.clone()).collect(),
            ..Subject::default()
        };
        let (_, statements) = nearest(&subject, &all, traces);
        let what: Vec<String> = group
            .iter()
            .map(|(id, change)| format!("{id}: {change}"))
            .collect();
        Finding {
            kind: FindingKind::Schema,
            message: format!(
                "from {} to {}: {}",
                after(&pair[0]),
                after(&pair[1]),
                what.join("; ")
            ),
            objects: told(&subject.objects),
            statements,
        }
    };
    groups.into_values().map(finding).collect()
}

fn of_rows(difference: &RowDifference, traces: &[Trace], pair: &[Vec<RevisionId>; 2]) -> Finding {
    let (schema, name) = &difference.table;
    let subject = Subject {
        tables: BTreeSet::from([(schema.clone(), name.clone())]),
        ..Subject::default()
    };
    let all: Vec<&Trace> = traces.iter().collect();
    let (_, statements) = nearest(&subject, &all, traces);
    let table = shown(&difference.table);
    let mut objects: BTreeSet<String> = difference
        .columns
        .iter()
        .map(|column| format!("column {table}.{column}"))
        .collect();
    if objects.is_empty() || objects.len() > 3 {
        objects = BTreeSet::from([format!("table {table}")]);
    }
    let [one, other] = pair.clone().map(|order| after(&order));
    Finding {
        kind: FindingKind::Rows,
        message: format!(
            "rows of {table}, first {one}, then {other}: {}",
            difference.message
        ),
        objects,
        statements,
    }
}

/// Bodies kept as text that one side writes, with names of what the other takes away: they fail when they run,
/// long after every order has gone well.
fn names(world: &World<'_>, traces: &[Trace]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (taker, taking) in traces.iter().enumerate() {
        let gone: Vec<&ObjectId> = world
            .catalog
            .objects
            .keys()
            .filter(|id| !taking.catalog.objects.contains_key(*id))
            .collect();
        for (writer, writing) in traces.iter().enumerate() {
            if taker == writer || gone.is_empty() {
                continue;
            }
            for touch in &writing.touches {
                findings.extend(names_in(touch, writing, &gone, taking));
            }
        }
    }
    findings
}

fn names_in(touch: &Touch, writing: &Trace, gone: &[&ObjectId], taking: &Trace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for id in &touch.objects {
        let body = writing
            .catalog
            .objects
            .get(id)
            .and_then(|object| object.definition.untracked());
        let Some(body) = body.map(words) else {
            continue;
        };
        let has = |name: &str| body.contains(&name.to_lowercase());
        let named: BTreeSet<ObjectId> = gone
            .iter()
            .filter(|gone| has(&gone.name) && (!gone.is_part() || has(&gone.relation)))
            .map(|gone| (*gone).clone())
            .collect();
        if named.is_empty() {
            continue;
        }
        let names = told(&named);
        let subject = Subject {
            objects: named,
            ..Subject::default()
        };
        let (_, culprits) = nearest(&subject, &[taking], std::slice::from_ref(taking));
        let list: Vec<&str> = names.iter().map(String::as_str).collect();
        findings.push(Finding {
            kind: FindingKind::Names,
            message: format!(
                "{id} names {}, which is gone with the other branch",
                list.join(", ")
            ),
            objects: names.iter().cloned().chain([id.to_string()]).collect(),
            statements: [culprits, vec![touch.place.clone()]].concat(),
        });
    }
    findings
}

/// Returns the statements of each branch that are nearest to a subject, and the objects on which they meet it. A branch
/// of which nothing is near is in it all the same, so all of its statements are.
fn nearest(
    subject: &Subject,
    branches: &[&Trace],
    all: &[Trace],
) -> (BTreeSet<ObjectId>, Vec<Place>) {
    let needed = needed_by(subject, all);
    let mut objects = BTreeSet::new();
    let mut places = Vec::new();
    for trace in branches {
        let judge = |touch| (nearness(touch, subject, &needed, trace), touch);
        let judged: Vec<(Nearness, &Touch)> = trace.touches.iter().map(judge).collect();
        let best = judged
            .iter()
            .map(|(near, _)| *near)
            .min()
            .unwrap_or(Nearness::Far);
        for (_, touch) in judged.into_iter().filter(|(near, _)| *near == best) {
            objects.extend(meeting(best, touch, subject));
            places.push(touch.place.clone());
        }
    }
    (objects, places)
}

/// What a subject's objects and tables need, in whichever branch they stand.
fn needed_by(subject: &Subject, all: &[Trace]) -> BTreeSet<ObjectId> {
    let tables = relations(&subject.objects, &subject.tables);
    let is_in = |id: &ObjectId| {
        subject.objects.contains(id) || relation_of(id).is_some_and(|key| tables.contains(&key))
    };
    let objects = all.iter().flat_map(|trace| trace.catalog.objects.values());
    objects
        .filter(|object| is_in(&object.id))
        .flat_map(|object| object.depends_on.clone())
        .collect()
}

fn meeting(near: Nearness, touch: &Touch, subject: &Subject) -> BTreeSet<ObjectId> {
    match near {
        Nearness::Object => touch
            .objects
            .intersection(&subject.objects)
            .cloned()
            .collect(),
        Nearness::Relation => {
            let shared: BTreeSet<(String, String)> = relations(&touch.objects, &touch.tables)
                .intersection(&relations(&subject.objects, &subject.tables))
                .cloned()
                .collect();
            let inside = |id: &&ObjectId| relation_of(id).is_some_and(|key| shared.contains(&key));
            touch
                .objects
                .iter()
                .chain(&subject.objects)
                .filter(inside)
                .cloned()
                .collect()
        }
        Nearness::Dependency | Nearness::Word => {
            touch.objects.union(&subject.objects).cloned().collect()
        }
        Nearness::Far => subject.objects.clone(),
    }
}

fn nearness(
    touch: &Touch,
    subject: &Subject,
    needed: &BTreeSet<ObjectId>,
    trace: &Trace,
) -> Nearness {
    if !touch.objects.is_disjoint(&subject.objects) {
        return Nearness::Object;
    }
    let own = relations(&touch.objects, &touch.tables);
    if !own.is_disjoint(&relations(&subject.objects, &subject.tables)) {
        return Nearness::Relation;
    }
    let needs = |id: &ObjectId| {
        let object = trace.catalog.objects.get(id);
        object.is_some_and(|object| {
            object
                .depends_on
                .iter()
                .any(|needed| subject.objects.contains(needed))
        })
    };
    if touch.objects.iter().any(needs)
        || !touch.objects.is_disjoint(needed)
        || !own.is_disjoint(&relations(needed, &BTreeSet::new()))
    {
        return Nearness::Dependency;
    }
    let own_words = words(&touch.place.statement.text);
    let named = |id: &ObjectId, words: &BTreeSet<String>| words.contains(&id.name.to_lowercase());
    if touch.objects.iter().any(|id| named(id, &subject.words))
        || subject.objects.iter().any(|id| named(id, &own_words))
        || touch
            .tables
            .iter()
            .any(|(_, name)| subject.words.contains(&name.to_lowercase()))
        || subject
            .tables
            .iter()
            .any(|(_, name)| own_words.contains(&name.to_lowercase()))
    {
        return Nearness::Word;
    }
    Nearness::Far
}

/// The relation that an object is, or is a part of.
pub(crate) fn relation_of(id: &ObjectId) -> Option<(String, String)> {
    if id.is_part() {
        Some((id.schema.clone(), id.relation.clone()))
    } else if id.kind.is_relation() {
        Some((id.schema.clone(), id.name.clone()))
    } else {
        None
    }
}

/// The relations that objects are or are parts of, and tables.
pub(crate) fn relations(
    objects: &BTreeSet<ObjectId>,
    tables: &BTreeSet<(String, String)>,
) -> BTreeSet<(String, String)> {
    objects
        .iter()
        .filter_map(relation_of)
        .chain(tables.iter().cloned())
        .collect()
}

/// Objects by kind and name, without the parts of a relation that is itself among them.
pub(crate) fn told(objects: &BTreeSet<ObjectId>) -> BTreeSet<String> {
    let is_whole = |id: &&ObjectId| id.kind.is_relation();
    let wholes: BTreeSet<(&str, &str)> = objects
        .iter()
        .filter(is_whole)
        .map(|id| (id.schema.as_str(), id.name.as_str()))
        .collect();
    let goes_along = |id: &&ObjectId| {
        id.is_part() && wholes.contains(&(id.schema.as_str(), id.relation.as_str()))
    };
    objects
        .iter()
        .filter(|id| !goes_along(id))
        .map(ToString::to_string)
        .collect()
}

/// The words of a text, in lower case.
fn words(text: &str) -> BTreeSet<String> {
    let words =
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '$');
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn list(heads: &[RevisionId]) -> String {
    heads
        .iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

fn after(order: &[RevisionId]) -> String {
    order
        .iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(" then ")
}
