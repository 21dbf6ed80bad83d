//! What `aludel check` and `alembic check` say, judged by what `pg_dump -s` says of the models' tables and of the history's.

use std::collections::BTreeSet;

use aludel_catalog::{ObjectId, ObjectKind};
use serde::Deserialize;

use super::entries::Entries;
use super::untold::{is_part, untold};

/// A difference that `alembic check` prints, as data.
#[derive(Debug, Deserialize)]
pub(super) struct Difference {
    pub(super) verb: String,
    kind: String,
    schema: Option<String>,
    table: Option<String>,
    name: Option<String>,
}

/// What `env.py` has Alembic leave out: its kind, schema, table and name.
#[derive(Debug, Deserialize)]
pub(super) struct LeftOut(String, String, String, String);

/// What `aludel check` prints.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) lines: Vec<String>,
    /// What it says beside them: PostgreSQL refuses a part of the models, which is compared as the history has it.
    pub(super) warnings: String,
}

/// The judgement.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Verdict {
    /// Lines of `aludel check`.
    pub(super) lines: usize,
    /// Those of them whose object is the same in both dumps.
    pub(super) false_lines: Vec<String>,
    /// What `alembic check` prints and `aludel check` does not.
    pub(super) missing: Vec<String>,
    /// What differs between the dumps and has no line, constraints apart that differ by a name only.
    pub(super) untold: Vec<String>,
    /// How many constraints differ by a name only.
    pub(super) renamed: usize,
    /// What differs and `env.py` has left out.
    pub(super) left_out: Vec<String>,
    /// What differs and a warning tells.
    pub(super) warned: Vec<String>,
}

/// Judges what `aludel check` says and the differences of `alembic check`; `models` and `history` are the two dumps.
pub(super) fn judged(
    said: &Said,
    differences: &[Difference],
    left_out: &[LeftOut],
    (models, history): (&Entries, &Entries),
) -> Verdict {
    let differs = |id: &str| models.get(id) != history.get(id);
    let lines = &said.lines;
    let told: BTreeSet<&str> = lines.iter().map(|line| object(line)).collect();
    let is_false = |line: &&String| !differs(object(line));
    let missing = differences
        .iter()
        .filter(|difference| !difference.is_told(&told, &said.warnings));
    let (untold, renamed) = untold(&told, models, history);
    let left_out: BTreeSet<String> = left_out.iter().flat_map(LeftOut::ids).collect();
    let is_left_out = |id: &String| {
        left_out
            .iter()
            .any(|left_out| id == left_out || is_part(id, left_out))
    };
    let (left_out, untold): (Vec<String>, Vec<String>) = untold.into_iter().partition(is_left_out);
    let is_warned = |id: &String| names(&said.warnings, id);
    let (warned, untold): (Vec<String>, Vec<String>) = untold.into_iter().partition(is_warned);
    Verdict {
        lines: lines.len(),
        false_lines: lines.iter().filter(is_false).cloned().collect(),
        missing: missing.map(Difference::shown).collect(),
        untold: without_parts(&untold),
        renamed,
        left_out: without_parts(&left_out),
        warned,
    }
}

/// Tables without their parts.
fn without_parts(ids: &[String]) -> Vec<String> {
    let stays = |id: &&String| !ids.iter().any(|table| is_part(id, table));
    ids.iter().filter(stays).cloned().collect()
}

impl LeftOut {
    fn ids(&self) -> Vec<String> {
        let Self(kind, schema, table, name) = self;
        let schema = if schema.is_empty() { "public" } else { schema };
        if kind == "table" {
            return vec![ObjectId::new(ObjectKind::Table, schema, table).to_string()];
        }
        let kinds: &[ObjectKind] = match kind.as_str() {
            "column" => &[ObjectKind::Column],
            "index" => &[ObjectKind::Index],
            "foreign_key_constraint" => &[ObjectKind::ForeignKey],
            _ => &[ObjectKind::Constraint, ObjectKind::Index],
        };
        let part = |&kind| ObjectId::part(kind, schema, table, name).to_string();
        kinds.iter().map(part).collect()
    }
}

/// Whether a text has the id, and not only the beginning of a longer one.
fn names(text: &str, id: &str) -> bool {
    let goes_on =
        |rest: &str| rest.starts_with(|one: char| one.is_alphanumeric() || "_$\"".contains(one));
    let mut places = text.match_indices(id);
    places.any(|(place, _)| !goes_on(&text[place + id.len()..]))
}

/// The object that a line is about: what stands between the verb and the colon.
fn object(line: &str) -> &str {
    let (_, rest) = line.split_once(' ').unwrap_or_default();
    rest.split_once(": ").map_or(rest, |(object, _)| object)
}

impl Difference {
    fn is_told(&self, told: &BTreeSet<&str>, warnings: &str) -> bool {
        let Some(table) = &self.table else {
            return false;
        };
        let schema = self.schema.as_deref().unwrap_or("public");
        let whole = ObjectId::new(ObjectKind::Table, schema, table).to_string();
        if told.contains(whole.as_str()) {
            return true;
        }
        let kinds: &[ObjectKind] = match self.kind.as_str() {
            "column" => &[ObjectKind::Column],
            "foreign key" => &[ObjectKind::ForeignKey],
            // PostgreSQL keeps a unique constraint by an index, and Alembic may call either so.
            "index" | "constraint" => &[ObjectKind::Index, ObjectKind::Constraint],
            _ => &[],
        };
        kinds.iter().any(|&kind| {
            let part = |name: &str| ObjectId::part(kind, schema, table, name).to_string();
            let id = part(self.name.as_deref().unwrap_or_default());
            if self.name.is_some() {
                return told.contains(id.as_str()) || names(warnings, &id);
            }
            // PostgreSQL gives the name.
            let place = id.trim_end_matches('"');
            let in_no_revision = format!("{} {table} (", self.kind);
            told.iter().any(|told| told.starts_with(place))
                || warnings.contains(place)
                || warnings.contains(&in_no_revision)
        })
    }

    fn shown(&self) -> String {
        let place = [&self.schema, &self.table, &self.name];
        let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
        format!("{} {} {}", self.verb, self.kind, place.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::{Difference, LeftOut, Said, Verdict, judged};
    use crate::adopt_real::entries::Entries;

    fn entries(pairs: &[(&str, &str)]) -> Entries {
        let owned = pairs
            .iter()
            .map(|(id, text)| ((*id).to_owned(), (*text).to_owned()));
        owned.collect()
    }

    fn lines(lines: &[&str]) -> Said {
        Said {
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            ..Said::default()
        }
    }

    fn difference(verb: &str, kind: &str, name: Option<&str>) -> Difference {
        Difference {
            verb: verb.to_owned(),
            kind: kind.to_owned(),
            schema: None,
            table: Some("t".to_owned()),
            name: name.map(str::to_owned),
        }
    }

    #[test]
    fn a_line_is_false_when_both_dumps_say_the_same() {
        let history = entries(&[("column public.t.a", "text"), ("column public.t.b", "text")]);
        let models = entries(&[
            ("column public.t.a", "integer"),
            ("column public.t.b", "text"),
        ]);
        let said = lines(&[
            "changed column public.t.a: change type",
            "changed column public.t.b: change type",
            "removed index public.t.nowhere",
        ]);
        let verdict = judged(&said, &[], &[], (&models, &history));
        assert_eq!(verdict.lines, 3);
        assert_eq!(verdict.false_lines, said.lines[1..]);
    }

    #[test]
    fn what_alembic_prints_must_be_told_too() {
        let said = lines(&[
            "added foreign key public.t.t_a_fkey",
            "removed index public.t.i",
        ]);
        let differences = [
            difference("add_fk", "foreign key", None),
            difference("remove_constraint", "constraint", Some("i")),
            difference("add_column", "column", Some("c")),
        ];
        let verdict = judged(&said, &differences, &[], (&Entries::new(), &Entries::new()));
        assert_eq!(verdict.missing, ["add_column column t.c"]);
        for (column, missing) in [("c", 0), ("c_old", 1)] {
            let said = Said {
                warnings: format!(
                    "PostgreSQL does not make column public.t.{column} as the models state"
                ),
                lines: said.lines.clone(),
            };
            let verdict = judged(&said, &differences, &[], (&Entries::new(), &Entries::new()));
            assert_eq!(verdict.missing.len(), missing, "{column}");
        }
        let whole = lines(&["added table public.t"]);
        let verdict = judged(
            &whole,
            &differences,
            &[],
            (&Entries::new(), &Entries::new()),
        );
        assert_eq!(verdict.missing, [""; 0]);
    }

    #[test]
    fn what_differs_without_a_line_is_listed_unless_a_name_is_all() {
        let key = |name: &str| {
            format!("ALTER TABLE ONLY public.t\n    ADD CONSTRAINT {name} PRIMARY KEY (a);\n")
        };
        let history = entries(&[
            ("constraint public.t.old", &key("old")),
            ("column public.t.a", "text"),
            ("table public.gone", ""),
            ("column public.gone.a", "text"),
            ("table public.others", ""),
            ("index public.others.i", "CREATE INDEX"),
        ]);
        let models = entries(&[
            ("constraint public.t.t_pkey", &key("t_pkey")),
            ("column public.t.a", "integer"),
        ]);
        let said = lines(&["removed table public.gone"]);
        let left_out = ["table", "", "others", "others"].map(str::to_owned);
        let [kind, schema, table, name] = left_out;
        let left_out = [LeftOut(kind, schema, table, name)];
        let verdict = judged(&said, &[], &left_out, (&models, &history));
        assert_eq!(
            verdict,
            Verdict {
                lines: 1,
                untold: vec!["column public.t.a".to_owned()],
                renamed: 1,
                left_out: vec!["table public.others".to_owned()],
                ..Verdict::default()
            }
        );
    }
}
