//! Copies that a partitioned table's indexes and constraints have on its partitions: the names they are born with.
//!
//! PostgreSQL makes them itself, under names of its own choice; a copy that is called otherwise was renamed, or stood
//! before and was attached.

use crate::comparison::Nature;
use crate::kind::Definition;
use crate::object::Object;
use crate::object_id::ObjectId;

/// The length of a name in bytes, as PostgreSQL is built (`NAMEDATALEN - 1`).
const NAME_LENGTH: usize = 63;

impl Object {
    /// Returns what it is a copy of; `None` when it is no copy.
    pub fn original(&self) -> Option<&ObjectId> {
        let is_copy = self.id.is_part() && self.definition.nature() == Nature::Implicit;
        let elsewhere = |id: &&ObjectId| {
            id.kind == self.id.kind
                && (&id.schema, &id.relation) != (&self.id.schema, &self.id.relation)
        };
        self.depends_on.iter().filter(|_| is_copy).find(elsewhere)
    }

    /// Returns the id that PostgreSQL gives it when it comes with its relation or with what it is a copy of.
    pub fn born(&self) -> Option<ObjectId> {
        let original = self.original()?;
        let name = match &self.definition {
            Definition::Index(index) => index_name(&self.id.relation, &index.columns, "idx"),
            Definition::Constraint(constraint) => match constraint.sort {
                'p' => object_name(&self.id.relation, "", "pkey"),
                'u' => index_name(&self.id.relation, &constraint.columns, "key"),
                'x' => index_name(&self.id.relation, &constraint.columns, "excl"),
                _ => return None,
            },
            Definition::ForeignKey(_) => original.name.clone(),
            _ => return None,
        };
        Some(self.id.with_name(&name))
    }
}

/// `ChooseIndexName` of PostgreSQL's `indexcmds.c`.
fn index_name(relation: &str, columns: &[String], label: &str) -> String {
    let mut addition = String::new();
    for column in columns {
        if !addition.is_empty() {
            addition.push('_');
        }
        addition.push_str(column);
        if addition.len() > NAME_LENGTH {
            break;
        }
    }
    object_name(relation, &addition, label)
}

/// `makeObjectName` of PostgreSQL's `indexcmds.c`: the longer part gives way.
fn object_name(relation: &str, addition: &str, label: &str) -> String {
    let joints = usize::from(!addition.is_empty()) + 1;
    let room = NAME_LENGTH - label.len() - joints;
    let (mut first, mut second) = (relation.len(), addition.len());
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let mut parts = vec![clip(relation, first)];
    parts.extend((!addition.is_empty()).then(|| clip(addition, second)));
    parts.push(label);
    parts.join("_")
}

/// Cuts at most `length` bytes, no character in two.
fn clip(text: &str, length: usize) -> &str {
    &text[..text.floor_char_boundary(length)]
}

#[cfg(test)]
mod tests {
    use super::{index_name, object_name};

    #[test]
    fn names_are_postgresqls() {
        let columns = ["a".to_owned(), "lower".to_owned()];
        assert_eq!(index_name("p1", &columns, "idx"), "p1_a_lower_idx");
        assert_eq!(object_name("p1", "", "pkey"), "p1_pkey");
        // Seen on a server: a table of 60 letters with an index on a column of 30.
        let (table, column) = ("t".repeat(60), "c".repeat(30));
        let expected = format!("{}_{}_idx", "t".repeat(29), "c".repeat(29));
        assert_eq!(index_name(&table, &[column], "idx"), expected);
    }
}
