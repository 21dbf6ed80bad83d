//! A schema as a list of items, each with the items that it needs; it shares nothing with Aludel's own catalog.
//!
//! An item has a key that stays the same through edits, so that an old and a new schema can be compared item by item and
//! a failing pair made smaller by dropping items or taking edits back.

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds::{Kind, Part};
use crate::name::{literal, quoted};
use crate::types::Type;

/// What an item is known by; it never changes.
pub type Key = u32;

/// The schema `public`, which every database has.
pub const PUBLIC: Key = 1;

/// Roles of the server that schemas speak of; made once, before any schema is loaded.
pub const ROLES: [&str; 4] = ["reader", "writer", "Big Owner", "auditor's"];

/// One privilege given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Which of the kind's privileges, by place.
    pub privilege: usize,
    /// Which role, by place; PUBLIC behind the last one.
    pub grantee: usize,
    /// Whether it may be passed on.
    pub with_grant_option: bool,
}

/// One object with what every object has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// The schema it stands in.
    pub schema: Option<Key>,
    /// A place in [`ROLES`], when it was given away.
    pub owner: Option<usize>,
    /// Its comment.
    pub comment: Option<String>,
    /// What was granted on it.
    pub grants: Vec<Grant>,
    /// Whether PUBLIC was deprived of what it has by default.
    pub is_private: bool,
    /// What only its kind has.
    pub kind: Kind,
}

/// All items by key.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The major version that the SQL is for.
    pub major: u32,
    /// Whether everything is drawn, also what does not hold for every pair yet.
    pub wide: bool,
    /// The items.
    pub items: BTreeMap<Key, Item>,
    /// Those that an edit has given another name, and somebody says so.
    pub renamed: BTreeSet<Key>,
}

impl Schema {
    pub(crate) fn kind(&self, key: Key) -> Option<&Kind> {
        self.items.get(&key).map(|item| &item.kind)
    }

    /// The keys of the items whose kind fits.
    pub(crate) fn keys(&self, fits: impl Fn(&Kind) -> bool) -> Vec<Key> {
        let fitting = self.items.iter().filter(|(_, item)| fits(&item.kind));
        fitting.map(|(key, _)| *key).collect()
    }

    /// The name without its schema, as SQL.
    pub(crate) fn name(&self, key: Key) -> String {
        self.items
            .get(&key)
            .map(|item| quoted(&item.name))
            .unwrap_or_default()
    }

    /// The name with its schema, as SQL.
    pub(crate) fn qualified(&self, key: Key) -> String {
        match self.items.get(&key).and_then(|item| item.schema) {
            Some(schema) => format!("{}.{}", self.name(schema), self.name(key)),
            None => self.name(key),
        }
    }

    /// The columns of a relation, those of its parents first.
    pub(crate) fn columns(&self, relation: Key) -> Vec<Key> {
        let mut columns: Vec<Key> = match self.kind(relation) {
            Some(Kind::Table(table)) => table
                .parents()
                .flat_map(|parent| self.columns(parent))
                .collect(),
            _ => Vec::new(),
        };
        columns.extend(self.own_columns(relation));
        columns
    }

    /// The columns that a relation has itself.
    pub(crate) fn own_columns(&self, relation: Key) -> Vec<Key> {
        self.keys(|kind| match kind {
            Kind::Column(column) => column.relation == relation,
            Kind::ViewColumn(column) => column.relation == relation,
            _ => false,
        })
    }

    /// The type of a column of a table or a view.
    pub(crate) fn type_of(&self, column: Key) -> Type {
        match self.kind(column) {
            Some(Kind::Column(column)) => column.type_of,
            Some(Kind::ViewColumn(column)) => column.value.type_of(self),
            _ => Type::of(crate::types::TEXT),
        }
    }

    /// The items that `key` cannot be without, its schema among them.
    pub(crate) fn needs(&self, key: Key) -> Vec<Key> {
        let Some(item) = self.items.get(&key) else {
            return Vec::new();
        };
        let mut needs = item.kind.needs();
        needs.extend(item.schema);
        needs
    }

    /// Takes out what lost something that it needs, unless it can do without; and what needs itself.
    pub fn tidy(&mut self) {
        loop {
            let mut changed = false;
            for key in self.items.keys().copied().collect::<Vec<_>>() {
                for needed in self.needs(key) {
                    if self.items.contains_key(&needed) {
                        continue;
                    }
                    changed = true;
                    let stays = self.items.get_mut(&key).is_some_and(|item| {
                        item.schema != Some(needed) && item.kind.let_go(needed)
                    });
                    if !stays {
                        self.items.remove(&key);
                        break;
                    }
                }
            }
            for relation in self.keys(Kind::is_view) {
                if self.own_columns(relation).is_empty() {
                    self.items.remove(&relation);
                    changed = true;
                }
            }
            if !changed {
                match self.in_a_loop() {
                    Some(key) => self.items.remove(&key),
                    None => break,
                };
            }
        }
        self.follow_owners();
    }

    /// An index stands where its relation does. A sequence that belongs to a column stands where its table does and has its owner.
    fn follow_owners(&mut self) {
        for key in self.keys(|kind| matches!(kind, Kind::Index(_))) {
            let Some(Kind::Index(index)) = self.kind(key) else {
                continue;
            };
            let schema = self
                .items
                .get(&index.relation)
                .and_then(|relation| relation.schema);
            if let Some(item) = self.items.get_mut(&key) {
                item.schema = schema;
            }
        }
        for key in self.keys(|kind| matches!(kind, Kind::SequenceOwner(_))) {
            let Some(Kind::SequenceOwner(link)) = self.kind(key).cloned() else {
                continue;
            };
            let Some(Kind::Column(column)) = self.kind(link.column) else {
                continue;
            };
            let Some((schema, owner)) = self
                .items
                .get(&column.relation)
                .map(|table| (table.schema, table.owner))
            else {
                continue;
            };
            if let Some(sequence) = self.items.get_mut(&link.sequence) {
                (sequence.schema, sequence.owner) = (schema, owner);
            }
        }
    }

    /// Columns are made with their relation, so that what they need the relation needs.
    fn whole(&self, key: Key) -> Key {
        match self.kind(key) {
            Some(Kind::Column(column)) => column.relation,
            Some(Kind::ViewColumn(column)) => column.relation,
            _ => key,
        }
    }

    fn edges(&self) -> BTreeMap<Key, BTreeSet<Key>> {
        let mut edges: BTreeMap<Key, BTreeSet<Key>> = BTreeMap::new();
        for &key in self.items.keys() {
            let whole = self.whole(key);
            let needs = self.needs(key).into_iter().map(|needed| self.whole(needed));
            edges
                .entry(whole)
                .or_default()
                .extend(needs.filter(|needed| *needed != whole));
        }
        edges
    }

    /// The keys in an order in which each comes after what it needs; the rest when there is a loop.
    fn sorted(&self) -> (Vec<Key>, BTreeMap<Key, BTreeSet<Key>>) {
        let mut edges = self.edges();
        let mut sorted = Vec::new();
        let mut done = BTreeSet::new();
        loop {
            let next: Vec<Key> = edges
                .iter()
                .filter(|(_, needs)| needs.iter().all(|needed| done.contains(needed)))
                .map(|(key, _)| *key)
                .collect();
            if next.is_empty() {
                return (sorted, edges);
            }
            for key in next {
                edges.remove(&key);
                done.insert(key);
                sorted.push(key);
            }
        }
    }

    fn in_a_loop(&self) -> Option<Key> {
        self.sorted().1.keys().next_back().copied()
    }

    /// The items in an order that loads, each with its statements.
    pub fn statements(&self) -> Vec<(Key, Vec<String>)> {
        let sorted = self.sorted().0;
        sorted
            .into_iter()
            .map(|key| (key, self.create(key)))
            .collect()
    }

    /// The whole as SQL text.
    pub fn script(&self) -> String {
        let statements = self.statements();
        let all = statements.iter().flat_map(|(_, statements)| statements);
        all.fold(String::new(), |text, sql| text + sql + ";\n")
    }

    fn create(&self, key: Key) -> Vec<String> {
        let Some(item) = self.items.get(&key) else {
            return Vec::new();
        };
        let mut sql = item.kind.create(self, key);
        sql.extend(self.around(key, item));
        for column in self.own_columns(key) {
            if let Some(item) = self.items.get(&column) {
                sql.extend(item.kind.create(self, column));
                sql.extend(self.around(column, item));
            }
        }
        sql
    }

    /// Owner, privileges and comment.
    fn around(&self, key: Key, item: &Item) -> Vec<String> {
        let mut sql = Vec::new();
        let target = item.kind.target(self, key);
        if let Some(owner) = item.owner.filter(|_| item.kind.is_owned()) {
            sql.push(format!("ALTER {target} OWNER TO {}", quoted(ROLES[owner])));
        }
        if let Some((object, column, privileges)) = item.kind.privileges(self, key) {
            let column = column
                .map(|column| format!(" ({column})"))
                .unwrap_or_default();
            if item.is_private {
                sql.push(format!("REVOKE ALL{column} ON {object} FROM PUBLIC"));
            }
            for grant in &item.grants {
                let privilege = privileges[grant.privilege % privileges.len()];
                let role = ROLES.get(grant.grantee).map(|role| quoted(role));
                let option = if grant.with_grant_option && role.is_some() {
                    " WITH GRANT OPTION"
                } else {
                    ""
                };
                let grantee = role.unwrap_or_else(|| "PUBLIC".to_owned());
                sql.push(format!(
                    "GRANT {privilege}{column} ON {object} TO {grantee}{option}"
                ));
            }
        }
        if let Some(comment) = item.comment.as_ref().filter(|_| !target.is_empty()) {
            sql.push(format!("COMMENT ON {target} IS {}", literal(comment)));
        }
        sql
    }
}
