//! Which of what was said applies.
//!
//! A rename applies only while the current schema has the old name and not the new, and the desired one the new and not
//! the old; where names are passed on (a to b, b to c) or swapped, only while all of the renames together do. Afterwards
//! it means nothing.

use std::collections::BTreeSet;

use aludel_catalog::{Catalog, ObjectId, ObjectKind, Renaming};

use super::carried::Carried;
use super::intent::{Intent, Name};
use super::subject::{Rename, Subject};

/// What came of the intents.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// What applies: containers first.
    pub renames: Vec<Rename>,
    /// What has been carried out already.
    pub spent: Vec<Intent>,
    /// What means nothing here.
    pub idle: Vec<Idle>,
}

/// An intent that means nothing, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// What was said.
    pub intent: Intent,
    /// Why it does not apply.
    pub why: String,
    /// Names that may have been meant.
    pub nearest: Vec<String>,
}

/// The order in which renames are found: what contains comes before what is contained.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Schemas,
    Wholes,
    /// Whose names are complete only with the names of types.
    WithArguments,
    Parts,
    Members,
}

impl Stage {
    const ALL: [Self; 5] = [
        Self::Schemas,
        Self::Wholes,
        Self::WithArguments,
        Self::Parts,
        Self::Members,
    ];

    fn of(subject: &Subject) -> Self {
        let kind = subject.id.kind;
        if subject.member.is_some() {
            Self::Members
        } else if subject.id.is_part() {
            Self::Parts
        } else if kind.has_arguments() {
            Self::WithArguments
        } else if kind == ObjectKind::Schema {
            Self::Schemas
        } else {
            Self::Wholes
        }
    }
}

/// One meaning of an intent.
struct Candidate {
    intent: usize,
    rename: Rename,
    /// The old name, where the new one stands on the desired side.
    stays: Subject,
    /// The new name, where the old one stands on the current side.
    taken: Subject,
}

/// Finds out what applies.
pub fn resolve(
    current: &Catalog,
    desired: &Catalog,
    intents: &[Intent],
    default_schema: &str,
) -> Resolution {
    let mut resolution = Resolution::default();
    if intents.is_empty() {
        return resolution;
    }
    let (mut carried, mut used) = (Carried::default(), BTreeSet::new());
    let subjects = subjects(current);
    for stage in Stage::ALL {
        let here = subjects
            .iter()
            .filter(|subject| Stage::of(subject) == stage);
        let mut found: Vec<Candidate> = Vec::new();
        for subject in here {
            for (place, intent) in intents.iter().enumerate() {
                if means(intent, &intent.from, subject, &carried, default_schema)
                    && let Some(candidate) = candidate(place, intent, subject, &carried)
                {
                    found.push(candidate);
                }
            }
        }
        for candidate in settle(found, intents, current, desired) {
            let Rename { old, new } = &candidate.rename;
            carried.add(old, new);
            used.insert(candidate.intent);
            resolution.renames.push(candidate.rename);
        }
    }
    let known = Known {
        current,
        desired,
        subjects: &subjects,
        carried: &carried,
        default_schema,
    };
    for (place, intent) in intents.iter().enumerate() {
        if !used.contains(&place) {
            known.judge(intent, &mut resolution);
        }
    }
    resolution
}

/// Returns everything of the catalog that can have another name.
fn subjects(catalog: &Catalog) -> Vec<Subject> {
    let mut found = Vec::new();
    for object in catalog.objects.values() {
        let members = object.definition.members().into_iter();
        found.extend(members.map(|member| Subject {
            id: object.id.clone(),
            member: Some(member),
        }));
        if object.id.kind.renaming() != Renaming::Never && object.definition.has_own_name() {
            found.push(Subject::object(object.id.clone()));
        }
    }
    found
}

/// Returns whether `name` names the subject, by what its container is called before or afterwards.
fn means(
    intent: &Intent,
    name: &Name,
    subject: &Subject,
    carried: &Carried,
    default_schema: &str,
) -> bool {
    if subject.name() != name.last() || !intent.is_of(subject.word()) {
        return false;
    }
    let arguments = |id: &ObjectId| {
        name.arguments
            .as_ref()
            .is_none_or(|said| are_types(said, &id.arguments))
    };
    let mut after = carried.id(&subject.id);
    if subject.member.is_none() {
        after = after.with_name(&subject.id.name);
    }
    [&subject.id, &after].into_iter().any(|id| {
        let own = subject.member.as_ref().map_or("", |_| subject.name());
        let whole = name.is(&[&id.schema, &id.relation, &id.name, own], default_schema);
        // An index's name is its schema's.
        let index =
            id.kind == ObjectKind::Index && name.is(&[&id.schema, &id.name], default_schema);
        (whole || index) && (arguments(id) || subject.member.is_some())
    })
}

/// Returns whether the types that were said, perhaps with names before them, are these argument types.
fn are_types(said: &str, types: &str) -> bool {
    let (said, types) = (plain_types(said), plain_types(types));
    let is = |said: &String, one: &String| said == one || said.ends_with(&format!(" {one}"));
    said.len() == types.len() && said.iter().zip(&types).all(|(said, one)| is(said, one))
}

/// Writes argument types alike: short names in full, no modifiers, no default schema.
fn plain_types(types: &str) -> Vec<String> {
    let (mut plain, mut depth) = (String::new(), 0_u32);
    for character in types.chars() {
        depth += u32::from(character == '(');
        if depth == 0 {
            plain.push(character);
        }
        depth -= u32::from(character == ')').min(depth);
    }
    let types = plain.split(',').map(plain_type);
    types.filter(|one| !one.is_empty()).collect()
}

fn plain_type(text: &str) -> String {
    let text = text.trim().to_lowercase().replace("public.", "");
    let (names, last) = text
        .rsplit_once(' ')
        .map_or(("", text.as_str()), |pair| pair);
    let element = last.trim_end_matches("[]");
    let full = match element {
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "bool" => "boolean",
        "varchar" => "character varying",
        "char" => "character",
        "float8" | "float" => "double precision",
        "float4" => "real",
        "decimal" => "numeric",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        element => element,
    };
    format!("{names} {full}{}", &last[element.len()..])
        .trim()
        .to_owned()
}

/// Returns what the intent would make of the subject; `None` when the new name says another container.
fn candidate(place: usize, intent: &Intent, old: &Subject, carried: &Carried) -> Option<Candidate> {
    let after = Subject {
        id: carried.id(&old.id),
        member: old.member.clone(),
    };
    let stays = after.named(old.name());
    let mut new = after.named(intent.to.last());
    let mut taken = old.named(intent.to.last());
    let said = &intent.to.parts[..intent.to.parts.len() - 1];
    if old.member.is_none() && !old.id.is_part() {
        match said {
            [] => {}
            [schema] if !old.id.schema.is_empty() => {
                new.id = new.id.in_schema(schema);
                taken.id = taken.id.in_schema(carried.schema_before(schema));
            }
            _ => return None,
        }
    } else {
        // A part stays where it is; its container may be said by either name.
        let fits = |id: &ObjectId| {
            let container = if old.member.is_some() {
                &id.name
            } else {
                &id.relation
            };
            let whole = [id.schema.clone(), container.clone()];
            let index = old.id.kind == ObjectKind::Index && said == &whole[..1];
            whole.ends_with(said) || index
        };
        if !fits(&after.id) && !fits(&old.id) {
            return None;
        }
    }
    let overload = intent
        .to
        .arguments
        .as_ref()
        .is_none_or(|said| are_types(said, &new.id.arguments));
    overload.then(|| Candidate {
        intent: place,
        rename: Rename {
            old: old.clone(),
            new,
        },
        stays,
        taken,
    })
}

/// Returns those of the candidates that apply together.
fn settle(
    mut live: Vec<Candidate>,
    intents: &[Intent],
    current: &Catalog,
    desired: &Catalog,
) -> Vec<Candidate> {
    let (mut olds, mut news) = (BTreeSet::new(), BTreeSet::new());
    live.retain(|one| {
        let Rename { old, new } = &one.rename;
        old != new && new.is_in(desired) && olds.insert(old.clone()) && news.insert(new.clone())
    });
    loop {
        let olds: BTreeSet<Subject> = live.iter().map(|one| one.rename.old.clone()).collect();
        let news: BTreeSet<Subject> = live.iter().map(|one| one.rename.new.clone()).collect();
        let before = live.len();
        live.retain(|one| {
            let (stays, taken) = (one.stays.is_in(desired), one.taken.is_in(current));
            // Names that go round in models would go round again at every run.
            let again = stays && taken && intents[one.intent].origin.is_some();
            let passed_on = !stays || news.contains(&one.stays);
            let free = !taken || olds.contains(&one.taken);
            passed_on && free && (!again || comes_nearer(one, current, desired))
        });
        if live.len() == before {
            return live;
        }
    }
}

/// Returns whether the object is more like what has the new name on the desired side than like what has the old one.
fn comes_nearer(one: &Candidate, current: &Catalog, desired: &Catalog) -> bool {
    let traits = |catalog: &Catalog, subject: &Subject| -> BTreeSet<String> {
        let id = &subject.id;
        let parts = catalog
            .objects
            .values()
            .filter(|part| (&part.id.schema, &part.id.relation) == (&id.schema, &id.name));
        let own = catalog.get(id).into_iter();
        own.map(|object| format!("{:?}", object.definition))
            .chain(parts.map(|part| format!("{} {:?}", part.id.name, part.definition)))
            .collect()
    };
    let old = traits(current, &one.rename.old);
    let alike = |subject: &Subject| old.intersection(&traits(desired, subject)).count();
    alike(&one.rename.new) > alike(&one.stays)
}

/// What intents that do not apply are judged by.
struct Known<'a> {
    current: &'a Catalog,
    desired: &'a Catalog,
    subjects: &'a [Subject],
    carried: &'a Carried,
    default_schema: &'a str,
}

impl Known<'_> {
    fn judge(&self, intent: &Intent, resolution: &mut Resolution) {
        let of = |subjects: &[Subject], name: &Name| -> Vec<Subject> {
            let means =
                |one: &&Subject| means(intent, name, one, self.carried, self.default_schema);
            subjects.iter().filter(means).cloned().collect()
        };
        let wanted = subjects(self.desired);
        let to = self.whole_new_name(intent);
        let (old, new) = (of(self.subjects, &intent.from), of(&wanted, &to));
        let was_there = of(self.subjects, &to);
        let (from, to) = (intent.from.text(), intent.to.text());
        let (why, nearest) = if old.is_empty() && !new.is_empty() && !was_there.is_empty() {
            resolution.spent.push(intent.clone());
            return;
        } else if old.is_empty() {
            let nearest = nearest(
                intent,
                &intent.from,
                self.subjects,
                self.current,
                self.desired,
            );
            (format!("nothing is called {from}"), nearest)
        } else if new.is_empty() {
            let nearest = nearest(intent, &intent.to, &wanted, self.desired, self.current);
            (format!("nothing is to be called {to}"), nearest)
        } else if was_there.is_empty() {
            (
                format!("{from} is wanted under its old name too"),
                Vec::new(),
            )
        } else {
            (format!("{to} stands already beside {from}"), Vec::new())
        };
        resolution.idle.push(Idle {
            intent: intent.clone(),
            why,
            nearest,
        });
    }

    /// Returns the new name with the container that the old one has, where nothing else is said.
    fn whole_new_name(&self, intent: &Intent) -> Name {
        let (old, new) = (&intent.from.parts, &intent.to.parts);
        let mut name = intent.to.clone();
        let missing = old.len().saturating_sub(new.len());
        name.parts = old[..missing].iter().chain(new).cloned().collect();
        if let [schema, _, ..] = name.parts.as_mut_slice() {
            *schema = self.carried.schema(schema).to_owned();
        }
        name
    }
}

/// Returns up to three names like the one that was said, of what one side has and the other lacks.
fn nearest(
    intent: &Intent,
    name: &Name,
    subjects: &[Subject],
    side: &Catalog,
    other: &Catalog,
) -> Vec<String> {
    let said = name.last().to_lowercase();
    let mut found: Vec<(f64, String)> = subjects
        .iter()
        .filter(|one| intent.is_of(one.word()) && one.is_in(side) && !one.is_in(other))
        .map(|one| {
            let likeness = strsim::jaro_winkler(&said, &one.name().to_lowercase());
            (likeness, one.path())
        })
        .filter(|(likeness, _)| *likeness > 0.75)
        .collect();
    found.sort_by(|one, two| two.0.total_cmp(&one.0).then_with(|| one.1.cmp(&two.1)));
    found.dedup_by(|one, two| one.1 == two.1);
    found.into_iter().take(3).map(|(_, path)| path).collect()
}
