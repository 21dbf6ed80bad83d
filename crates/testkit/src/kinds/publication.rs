//! Publications.

use crate::draw::Draw;
use crate::expression::{Form, Use};
use crate::kinds::{Granted, Kind, Part, redraw};
use crate::schema::{Key, Schema};

/// A published table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The table.
    pub table: Key,
    /// Only these columns.
    pub columns: Vec<Key>,
    /// Only these rows.
    pub filter: Option<Use>,
}

/// A publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// All tables.
    pub all: bool,
    /// Its tables.
    pub tables: Vec<Published>,
    /// All tables of these schemas.
    pub schemas: Vec<Key>,
    /// Which changes, by variant.
    pub publish: Option<u8>,
    /// Partitions as their root.
    pub via_root: bool,
}

impl Publication {
    /// Any.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Self {
        let tables = schema.keys(|kind| matches!(kind, Kind::Table(table) if table.server.is_none() && !table.is_unlogged && table.parents().next().is_none()));
        let schemas = schema.keys(|kind| matches!(kind, Kind::Namespace(_)));
        let by_schema = schema.major >= 15 && draw.chance(20);
        let mut published = Vec::new();
        for table in draw.some(&tables, 3) {
            let columns = schema.columns(table);
            let narrows = schema.major >= 15 && !by_schema;
            published.push(Published {
                table,
                columns: if narrows && draw.chance(20) {
                    draw.some(&columns, 3)
                } else {
                    Vec::new()
                },
                filter: Use::draw(draw, schema, &columns, Form::Predicate)
                    .map(|filter| Use {
                        function: None,
                        ..filter
                    })
                    .filter(|_| narrows && draw.chance(25)),
            });
        }
        Self {
            all: draw.chance(15),
            tables: published,
            schemas: if by_schema {
                draw.some(&schemas, 2)
            } else {
                Vec::new()
            },
            publish: draw.maybe(30, Draw::variant),
            via_root: draw.chance(20),
        }
    }
}

impl Part for Publication {
    fn needs(&self) -> Vec<Key> {
        let mut needs = self.schemas.clone();
        for published in &self.tables {
            needs.push(published.table);
            needs.extend(&published.columns);
            needs.extend(published.filter.iter().flat_map(Use::needs));
        }
        needs
    }

    fn let_go(&mut self, gone: Key) -> bool {
        self.schemas.retain(|schema| *schema != gone);
        self.tables.retain(|published| published.table != gone);
        for published in &mut self.tables {
            published.columns.retain(|column| *column != gone);
            if published
                .filter
                .as_mut()
                .is_some_and(|filter| !filter.let_go(gone))
            {
                published.filter = None;
            }
        }
        true
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let mut options = Vec::new();
        if let Some(variant) = self.publish {
            options.push(format!(
                "publish = '{}'",
                ["insert", "insert, update", "insert, delete, truncate"][usize::from(variant % 3)]
            ));
        }
        if self.via_root {
            options.push("publish_via_partition_root = true".to_owned());
        }
        let with = if options.is_empty() {
            String::new()
        } else {
            format!(" WITH ({})", options.join(", "))
        };
        let mut parts = Vec::new();
        if !self.tables.is_empty() {
            let tables: Vec<String> = self
                .tables
                .iter()
                .map(|published| {
                    let columns: Vec<String> = published
                        .columns
                        .iter()
                        .map(|column| schema.name(*column))
                        .collect();
                    let columns = if columns.is_empty() {
                        String::new()
                    } else {
                        format!(" ({})", columns.join(", "))
                    };
                    let filter = published
                        .filter
                        .map(|filter| format!(" WHERE ({})", filter.sql(schema, "")))
                        .unwrap_or_default();
                    format!("{}{columns}{filter}", schema.qualified(published.table))
                })
                .collect();
            parts.push(format!("TABLE {}", tables.join(", ")));
        }
        for namespace in &self.schemas {
            parts.push(format!("TABLES IN SCHEMA {}", schema.name(*namespace)));
        }
        let what = if self.all {
            " FOR ALL TABLES".to_owned()
        } else if parts.is_empty() {
            String::new()
        } else {
            format!(" FOR {}", parts.join(", "))
        };
        vec![format!(
            "CREATE PUBLICATION {}{what}{with}",
            schema.name(key)
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("PUBLICATION {}", schema.name(key))
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    /// The owner of one FOR ALL TABLES must be a superuser.
    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        match draw.below(4) {
            0 => redraw(&mut self.publish, || draw.maybe(70, Draw::variant)),
            1 => self.via_root = !self.via_root,
            _ => redraw(self, || Self::draw(draw, schema)),
        }
    }
}
