//! Renames as statements, in an order in which no name is taken twice.
//!
//! What is contained goes before what contains it, so that every statement names its container as the current side does.

use std::collections::BTreeSet;

use aludel_catalog::{Catalog, Object, ObjectId, ObjectKind};

use super::subject::{Rename, Subject};
use crate::step::Step;

/// A rename under way: what the subject is called now, and the name and schema that it has to get to, as the current
/// side calls them.
struct Task<'a> {
    now: Subject,
    object: &'a Object,
    schema: String,
    name: String,
}

/// Where a name is taken: the rank of its sort, its container, itself.
type Place = (u8, String, String, String);

/// Returns the statements. `current` has the old names; from `desired` come schemas that something moves to and that do
/// not stand yet.
pub fn steps(renames: &[Rename], current: &Catalog, desired: &Catalog) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut pending: Vec<Task> = renames
        .iter()
        .filter_map(|one| task(one, renames, current))
        .collect();
    pending.sort_by_key(|task| rank(&task.now));
    let schemas: BTreeSet<&String> = pending.iter().map(|task| &task.schema).collect();
    for schema in schemas {
        let id = ObjectId::new(ObjectKind::Schema, "", schema);
        if let (None, Some(object)) = (current.get(&id), desired.get(&id)) {
            let created = object.definition.create(&id, &[]);
            steps.extend(created.into_iter().map(|sql| Step::new(id.clone(), sql)));
        }
    }
    while !pending.is_empty() {
        let taken: BTreeSet<Place> = pending.iter().map(|task| place(&task.now)).collect();
        let free = pending.iter().position(|task| {
            let (from, to) = (place(&task.now), task.goal());
            from == to || !taken.contains(&to)
        });
        if let Some(place) = free {
            steps.extend(pending.remove(place).written(current, &taken));
            continue;
        }
        // Names that go round: one of them steps aside.
        let task = &mut pending[0];
        let aside = format!("{}__aludel_aside", task.name);
        steps.extend(task.rename(&task.now, &aside));
        task.now = task.now.named(&aside);
    }
    steps
}

fn task<'a>(rename: &Rename, renames: &[Rename], current: &'a Catalog) -> Option<Task<'a>> {
    let (old, new) = (&rename.old, &rename.new);
    let moves = !old.id.is_part() && old.member.is_none();
    let schema = if moves {
        let renamed = |one: &&Rename| {
            one.new.id.kind == ObjectKind::Schema && one.new.id.name == new.id.schema
        };
        let before = renames.iter().find(renamed);
        before.map_or(&new.id.schema, |one| &one.old.id.name)
    } else {
        &old.id.schema
    };
    Some(Task {
        now: old.clone(),
        object: current.get(&old.id)?,
        schema: schema.clone(),
        name: new.name().to_owned(),
    })
}

impl Task<'_> {
    fn goal(&self) -> Place {
        let mut subject = self.now.named(&self.name);
        subject.id = subject.id.in_schema(&self.schema);
        place(&subject)
    }

    fn rename(&self, subject: &Subject, name: &str) -> impl Iterator<Item = Step> {
        let definition = &self.object.definition;
        let sql = match &subject.member {
            Some(member) => definition.rename_member_sql(&subject.id, member, name),
            None => definition.rename_sql(&subject.id, name),
        };
        let id = subject.id.clone();
        sql.into_iter().map(move |sql| Step::new(id.clone(), sql))
    }

    fn moved(&self, subject: &Subject) -> Option<Step> {
        let definition = (self.schema != subject.id.schema).then_some(&self.object.definition)?;
        let sql = definition.move_sql(&subject.id, &self.schema)?;
        Some(Step::new(subject.id.clone(), sql))
    }

    fn written(&self, current: &Catalog, taken: &BTreeSet<Place>) -> Vec<Step> {
        let Self {
            now, schema, name, ..
        } = self;
        if now.name() == name {
            return self.moved(now).into_iter().collect();
        }
        let renamed = now.named(name);
        let in_the_way = *schema != now.id.schema
            && (taken.contains(&place(&renamed)) || is_taken(&renamed, current));
        if in_the_way {
            let mut there = now.clone();
            there.id = there.id.in_schema(schema);
            let moved = self.moved(now).into_iter();
            return moved.chain(self.rename(&there, name)).collect();
        }
        let given = self.rename(now, name);
        given.chain(self.moved(&renamed)).collect()
    }
}

/// What is named by others goes after them: types after the functions whose arguments they are, schemas last.
fn rank(subject: &Subject) -> u8 {
    let id = &subject.id;
    if subject.member.is_some() {
        0
    } else if id.is_part() {
        1
    } else if id.kind.has_arguments() {
        2
    } else if id.schema.is_empty() {
        4
    } else {
        3
    }
}

fn place(subject: &Subject) -> Place {
    let id = &subject.id;
    let container = match (&subject.member, id.kind) {
        (Some(_), _) => &id.name,
        // Indexes have their names in the schema, and so have constraints with an index.
        (None, ObjectKind::Index | ObjectKind::Constraint) => "",
        (None, _) => &id.relation,
    };
    let name = subject.name().to_owned() + "(" + &id.arguments;
    (rank(subject), id.schema.clone(), container.to_owned(), name)
}

/// Returns whether anything of the subject's schema has its name.
fn is_taken(subject: &Subject, current: &Catalog) -> bool {
    let id = &subject.id;
    current.objects.keys().any(|other| {
        (&other.schema, &other.name, &other.arguments) == (&id.schema, &id.name, &id.arguments)
            && (!other.is_part() || other.kind == ObjectKind::Index)
    })
}
