//! Random schemas.

use std::collections::{BTreeMap, BTreeSet};

use crate::draw::Draw;
use crate::kinds::Kind;
use crate::kinds::column::Column;
use crate::kinds::constraint::{Constraint, ForeignKey};
use crate::kinds::foreign::{Server, UserMapping, Wrapper};
use crate::kinds::index::{Index, Statistics};
use crate::kinds::namespace::{DefaultPrivileges, Namespace};
use crate::kinds::operator::{Cast, Operator};
use crate::kinds::publication::Publication;
use crate::kinds::routine::{Aggregate, Role, Routine};
use crate::kinds::rules::{EventTrigger, Policy, Rule, Trigger};
use crate::kinds::sequence::{Sequence, SequenceOwner};
use crate::kinds::table::{Strategy, Table};
use crate::kinds::text_search::{Configuration, Dictionary};
use crate::kinds::types::{Collation, Composite, Domain, Enum, Range};
use crate::kinds::view::{View, ViewColumn};
use crate::name;
use crate::schema::{Grant, Item, Key, PUBLIC, ROLES, Schema};
use crate::types::Class;

/// Adds random items to a schema.
pub struct Maker<'a> {
    /// Where choices come from.
    pub draw: &'a mut Draw,
    /// What has been made.
    pub schema: Schema,
    next: Key,
}

/// A schema for a major version, of about so many objects that are no parts of others.
pub fn schema(draw: &mut Draw, major: u32, size: usize, wide: bool) -> Schema {
    let mut items = BTreeMap::new();
    let public = Item {
        name: "public".to_owned(),
        schema: None,
        owner: None,
        comment: None,
        grants: Vec::new(),
        is_private: false,
        kind: Kind::Namespace(Namespace),
    };
    items.insert(PUBLIC, public);
    let mut maker = Maker {
        draw,
        schema: Schema {
            major,
            wide,
            items,
            renamed: BTreeSet::new(),
        },
        next: PUBLIC + 1,
    };
    if maker.draw.chance(60) {
        maker.push(Kind::Namespace(Namespace));
    }
    for _ in 0..size {
        maker.add();
    }
    maker.schema.tidy();
    maker.schema
}

impl<'a> Maker<'a> {
    /// Goes on with a schema; its new items have keys from `next` on.
    pub fn of(draw: &'a mut Draw, schema: Schema, next: Key) -> Self {
        Self { draw, schema, next }
    }

    /// Adds something random.
    pub fn add(&mut self) {
        let wide = self.schema.wide;
        match self.draw.below(if wide { 43 } else { 40 }) {
            0 => self.push(Kind::Namespace(Namespace)),
            1 | 2 => {
                let own = Enum::draw(self.draw);
                self.push(Kind::Enum(own))
            }
            3 => {
                let own = Domain::draw(self.draw, &self.schema);
                self.push(Kind::Domain(own))
            }
            4 => {
                let own = Composite::draw(self.draw, &self.schema);
                self.push(Kind::Composite(own))
            }
            5 => {
                let own = Range::draw(self.draw);
                self.push(Kind::Range(own))
            }
            6 => {
                let own = Collation::draw(self.draw);
                self.push(Kind::Collation(own))
            }
            7 | 8 => {
                let own = Sequence::draw(self.draw);
                self.push(Kind::Sequence(own))
            }
            9..=14 => {
                let own = Routine::draw(self.draw, &self.schema);
                self.push(Kind::Routine(own))
            }
            15 => self
                .some(|maker| Some(Kind::Aggregate(Aggregate::draw(maker.draw, &maker.schema)?))),
            16 => self.foreign(),
            17 => {
                let own = DefaultPrivileges::draw(self.draw, &self.schema);
                self.push(Kind::DefaultPrivileges(own))
            }
            18 => {
                let own = Publication::draw(self.draw, &self.schema);
                self.push(Kind::Publication(own))
            }
            19 => self.event_trigger(),
            20..=26 => self.view(),
            27 => self.some(|maker| {
                Some(Kind::SequenceOwner(SequenceOwner::draw(
                    maker.draw,
                    &maker.schema,
                )?))
            }),
            28..=30 => self.partitioned(),
            31 if wide => self.text_search(),
            32 if wide => {
                self.some(|maker| Some(Kind::Operator(Operator::draw(maker.draw, &maker.schema)?)))
            }
            33 if wide => {
                self.some(|maker| Some(Kind::Cast(Cast::draw(maker.draw, &maker.schema)?)))
            }
            _ => self.table(),
        };
    }

    /// Adds a part to something: a column, a constraint, an index, a trigger, …
    pub fn add_part(&mut self) {
        let relations = self.schema.keys(|kind| matches!(kind, Kind::Table(_)));
        let Some(relation) = self.draw.pick(&relations) else {
            return;
        };
        match self.draw.below(16) {
            0..=3 => self.column(relation),
            15 => {
                let views = self.schema.keys(Kind::is_view);
                if let Some(view) = self.draw.pick(&views) {
                    self.some(|maker| {
                        Some(Kind::ViewColumn(ViewColumn::draw(
                            maker.draw,
                            &maker.schema,
                            view,
                        )?))
                    });
                }
            }
            _ => self.part(relation),
        }
    }

    /// Adds a kind of which there may be nothing to stand on.
    fn some(&mut self, make: impl FnOnce(&mut Self) -> Option<Kind>) -> Key {
        match make(self) {
            Some(kind) => self.push(kind),
            None => 0,
        }
    }

    fn push(&mut self, kind: Kind) -> Key {
        let key = self.next;
        self.next += 1;
        let namespaces = self.schema.keys(|kind| matches!(kind, Kind::Namespace(_)));
        let schema = match &kind {
            Kind::Index(index) => self
                .schema
                .items
                .get(&index.relation)
                .and_then(|relation| relation.schema),
            Kind::Collation(_)
            | Kind::Enum(_)
            | Kind::Domain(_)
            | Kind::Composite(_)
            | Kind::Range(_)
            | Kind::Sequence(_)
            | Kind::Routine(_)
            | Kind::Aggregate(_)
            | Kind::Operator(_)
            | Kind::Dictionary(_)
            | Kind::Configuration(_)
            | Kind::Table(_)
            | Kind::View(_)
            | Kind::Statistics(_) => Some(self.draw.one(&namespaces)),
            _ => None,
        };
        let mut name = name::draw(self.draw, key);
        // Overloads: a function may have the name of another.
        let routines = self.schema.keys(|other| matches!(other, Kind::Routine(_)));
        if matches!(kind, Kind::Routine(_))
            && self.draw.chance(15)
            && let Some(other) = self.draw.pick(&routines)
        {
            name.clone_from(&self.schema.items[&other].name);
        }
        let item = Item {
            name,
            schema,
            owner: self.draw.maybe(8, |draw| draw.below(ROLES.len())),
            comment: self.draw.maybe(12, comment),
            grants: grants(self.draw, 12),
            is_private: self.draw.chance(4),
            kind,
        };
        self.schema.items.insert(key, item);
        key
    }

    fn foreign(&mut self) -> Key {
        let servers = self.schema.keys(|kind| matches!(kind, Kind::Server(_)));
        let Some(server) = self.draw.pick(&servers) else {
            self.push(Kind::Wrapper(Wrapper { option: 1 }));
            return self.some(|maker| Some(Kind::Server(Server::draw(maker.draw, &maker.schema)?)));
        };
        let role = self.draw.below(ROLES.len() + 1);
        self.push(Kind::UserMapping(UserMapping {
            server,
            role,
            option: 1,
        }))
    }

    fn text_search(&mut self) -> Key {
        if self.draw.chance(50) {
            let accepts = self.draw.maybe(50, |draw| draw.chance(50));
            return self.push(Kind::Dictionary(Dictionary { accepts }));
        }
        let own = Configuration::draw(self.draw, &self.schema);
        self.push(Kind::Configuration(own))
    }

    fn event_trigger(&mut self) -> Key {
        let functions = self.schema.keys(
            |kind| matches!(kind, Kind::Routine(routine) if routine.role == Role::EventTrigger),
        );
        let Some(function) = self.draw.pick(&functions) else {
            return 0;
        };
        let (event, tags) = (self.draw.below(3), self.draw.variant());
        self.push(Kind::EventTrigger(EventTrigger {
            function,
            event,
            tags,
        }))
    }

    fn column(&mut self, relation: Key) {
        if matches!(self.schema.kind(relation), Some(Kind::Table(table)) if table.partition_of.is_some())
        {
            return;
        }
        let own = Column::draw(self.draw, &self.schema, relation);
        self.push(Kind::Column(own));
    }

    fn table(&mut self) -> Key {
        let own = Table::draw(self.draw, &self.schema);
        let is_foreign = own.server.is_some();
        let table = self.push(Kind::Table(own));
        let key = Column::draw_key(self.draw, &self.schema, table);
        let key = self.push(Kind::Column(key));
        for _ in 0..self.draw.between(1, 6) {
            self.column(table);
        }
        if !is_foreign && self.draw.chance(70) {
            self.push(Kind::Constraint(Constraint::primary(table, vec![key])));
        }
        for _ in 0..self.draw.below(6) {
            self.part(table);
        }
        table
    }

    fn partitioned(&mut self) -> Key {
        let mut own = Table::draw(self.draw, &self.schema);
        own.inherits.clear();
        own.server = None;
        own.is_unlogged = false;
        let table = self.push(Kind::Table(own));
        let mut column = Column::draw_key(self.draw, &self.schema, table);
        while column.type_of.needs().is_some()
            || !matches!(
                column.type_of.class(&self.schema),
                Class::Number | Class::Text | Class::Time
            )
        {
            column = Column::draw_key(self.draw, &self.schema, table);
        }
        column.source = crate::kinds::column::Source::None;
        let key = self.push(Kind::Column(column));
        let strategy = self
            .draw
            .one(&[Strategy::Range, Strategy::List, Strategy::Hash]);
        if let Some(Kind::Table(table)) =
            self.schema.items.get_mut(&table).map(|item| &mut item.kind)
        {
            table.partitioned = Some((strategy, key));
        }
        for _ in 0..self.draw.between(1, 4) {
            self.column(table);
        }
        for _ in 0..self.draw.below(4) {
            self.part(table);
        }
        for _ in 0..self.draw.between(0, 4) {
            if let Some(partition) = Table::draw_partition(self.draw, &self.schema) {
                let partition = self.push(Kind::Table(partition));
                if self.draw.chance(40) {
                    self.part(partition);
                }
            }
        }
        table
    }

    fn part(&mut self, relation: Key) {
        let is_local = self.schema.kind(relation).is_some_and(Kind::is_local_table);
        self.some(|maker| {
            let (draw, schema) = (&mut *maker.draw, &maker.schema);
            Some(match draw.below(18) {
                0..=3 => Kind::Constraint(Constraint::draw(draw, schema, relation)?),
                4..=6 => Kind::ForeignKey(ForeignKey::draw(draw, schema, relation)?),
                _ if !is_local => Kind::Trigger(
                    Trigger::draw(draw, schema, relation)
                        .filter(|own| !own.constraint && !own.transition)?,
                ),
                7..=10 => Kind::Index(Index::draw(draw, schema, relation)?),
                11 => Kind::Statistics(Statistics::draw(draw, schema, relation)?),
                12..=14 => Kind::Trigger(Trigger::draw(draw, schema, relation)?),
                15 => Kind::Rule(Rule::draw(draw, schema, relation)),
                _ => Kind::Policy(Policy::draw(draw, schema, relation)?),
            })
        });
    }

    fn view(&mut self) -> Key {
        let sources = self
            .schema
            .keys(|kind| matches!(kind, Kind::Table(_) | Kind::View(_)));
        let Some(source) = self.draw.pick(&sources) else {
            return 0;
        };
        let own = View::draw(self.draw, &self.schema, source);
        let is_materialized = own.is_materialized;
        let view = self.push(Kind::View(own));
        for _ in 0..self.draw.between(1, 4) {
            self.some(|maker| {
                Some(Kind::ViewColumn(ViewColumn::draw(
                    maker.draw,
                    &maker.schema,
                    view,
                )?))
            });
        }
        if is_materialized {
            for _ in 0..self.draw.below(3) {
                self.some(|maker| Some(Kind::Index(Index::draw(maker.draw, &maker.schema, view)?)));
            }
        } else if self.draw.chance(15) {
            self.some(|maker| {
                let (draw, schema) = (&mut *maker.draw, &maker.schema);
                Some(if draw.chance(50) {
                    Kind::Trigger(Trigger::draw(draw, schema, view)?)
                } else {
                    Kind::Rule(Rule::draw(draw, schema, view))
                })
            });
        }
        view
    }
}

/// A comment; some have quotes and lines.
pub fn comment(draw: &mut Draw) -> String {
    let text = draw.one(&[
        "what it is for",
        "it's \"quoted\"",
        "two\nlines",
        "back\\slash",
        "naïve -- not a comment; 日本",
    ]);
    format!("{text} {}", draw.below(100))
}

/// Privileges, none most of the time.
pub fn grants(draw: &mut Draw, percent: u32) -> Vec<Grant> {
    let count = if draw.chance(percent) {
        draw.between(1, 3)
    } else {
        0
    };
    let mut grants: Vec<Grant> = Vec::new();
    for _ in 0..count {
        let grant = Grant {
            privilege: draw.below(8),
            grantee: draw.below(ROLES.len() + 1),
            with_grant_option: draw.chance(20),
        };
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    grants
}
