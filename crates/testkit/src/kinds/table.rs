//! Tables: plain, unlogged, partitioned, partitions, children, foreign.

use crate::draw::Draw;
use crate::kinds::{Granted, Kind, Part, TABLE_PRIVILEGES, redraw};
use crate::schema::{Key, Schema};

/// How a table is partitioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// By ranges of the key.
    Range,
    /// By values of the key.
    List,
    /// By its hash.
    Hash,
}

/// How many slots there are beside the default one.
const SLOTS: usize = 3;

/// A table; its columns are items of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Not written to the log.
    pub is_unlogged: bool,
    /// Storage parameters, by variant.
    pub options: Option<u8>,
    /// Strategy and key.
    pub partitioned: Option<(Strategy, Key)>,
    /// The partitioned table, and which of its slots this is; the default one behind the last.
    pub partition_of: Option<(Key, usize)>,
    /// Parents that are no partitioned tables.
    pub inherits: Vec<Key>,
    /// Row security: enabled, forced.
    pub row_security: (bool, bool),
    /// Rows are identified as a whole.
    pub replica_full: bool,
    /// The server of a foreign table.
    pub server: Option<Key>,
}

impl Table {
    /// A table without columns.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Self {
        let parents =
            schema.keys(|kind| matches!(kind, Kind::Table(table) if table.may_be_parent()));
        let servers = schema.keys(|kind| matches!(kind, Kind::Server(_)));
        Self {
            is_unlogged: draw.chance(8),
            options: draw.maybe(15, Draw::variant),
            partitioned: None,
            partition_of: None,
            inherits: draw
                .pick(&parents)
                .filter(|_| draw.chance(15))
                .into_iter()
                .collect(),
            row_security: (draw.chance(15), draw.chance(10)),
            replica_full: draw.chance(5),
            server: None,
        }
        .of_server(draw.pick(&servers).filter(|_| draw.chance(20)))
    }

    /// A partition of some partitioned table.
    pub fn draw_partition(draw: &mut Draw, schema: &Schema) -> Option<Self> {
        let roots =
            schema.keys(|kind| matches!(kind, Kind::Table(table) if table.partitioned.is_some()));
        let root = draw.pick(&roots)?;
        let taken = schema.keys(|kind| matches!(kind, Kind::Table(table) if table.partition_of.is_some_and(|(parent, _)| parent == root)));
        let slots: Vec<usize> = (0..=SLOTS)
            .filter(|slot| !taken.iter().any(|key| matches!(schema.kind(*key), Some(Kind::Table(table)) if table.partition_of == Some((root, *slot)))))
            .collect();
        let mut table = Self::draw(draw, schema).of_server(None);
        table.inherits.clear();
        table.partition_of = Some((root, draw.pick(&slots)?));
        table.is_unlogged = false;
        if let Some(Kind::Table(Self {
            partitioned: Some((_, key)),
            ..
        })) = schema.kind(root)
            && schema.wide
            && draw.chance(20)
        {
            let strategy = draw.one(&[Strategy::Range, Strategy::List, Strategy::Hash]);
            table.partitioned = Some((strategy, *key));
        }
        Some(table)
    }

    fn of_server(mut self, server: Option<Key>) -> Self {
        if server.is_some() {
            self.is_unlogged = false;
            self.options = None;
            self.replica_full = false;
            self.inherits.clear();
        }
        self.server = server;
        self
    }

    fn may_be_parent(&self) -> bool {
        self.partitioned.is_none()
            && self.partition_of.is_none()
            && self.server.is_none()
            && !self.is_unlogged
    }

    /// The tables that it has columns from.
    pub(crate) fn parents(&self) -> impl Iterator<Item = Key> {
        self.inherits
            .iter()
            .copied()
            .chain(self.partition_of.map(|(parent, _)| parent))
    }

    fn bound(schema: &Schema, root: Key, slot: usize) -> Option<String> {
        let Some(Kind::Table(table)) = schema.kind(root) else {
            return None;
        };
        let (strategy, key) = table.partitioned?;
        let value = |n: usize| schema.type_of(key).value(schema, n);
        Some(match (strategy, slot) {
            (Strategy::Hash, _) => {
                format!("FOR VALUES WITH (modulus {}, remainder {slot})", SLOTS + 1)
            }
            (_, SLOTS) => "DEFAULT".to_owned(),
            (Strategy::Range, 0) => format!("FOR VALUES FROM (MINVALUE) TO ({})", value(2)),
            (Strategy::Range, 1) => format!("FOR VALUES FROM ({}) TO ({})", value(2), value(4)),
            (Strategy::Range, _) => format!("FOR VALUES FROM ({}) TO (MAXVALUE)", value(4)),
            (Strategy::List, _) => format!(
                "FOR VALUES IN ({}, {})",
                value(2 * slot),
                value(2 * slot + 1)
            ),
        })
    }

    fn with_options(&self) -> String {
        let options = match self.options.map(|variant| variant % 4) {
            None => return String::new(),
            Some(0) => "fillfactor = 70",
            Some(1) => "autovacuum_enabled = false, fillfactor = 90",
            Some(2) => "autovacuum_vacuum_threshold = 200, toast.autovacuum_enabled = false",
            Some(_) => "parallel_workers = 2",
        };
        if self.partitioned.is_some() {
            String::new()
        } else {
            format!(" WITH ({options})")
        }
    }
}

impl Part for Table {
    fn needs(&self) -> Vec<Key> {
        let key = self.partitioned.map(|(_, key)| key);
        self.parents().chain(key).chain(self.server).collect()
    }

    fn let_go(&mut self, gone: Key) -> bool {
        // Joining parents later makes columns a table's own, which no ALTER undoes; see docs/internals/oracle.md.
        !self.needs().contains(&gone)
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let name = schema.qualified(key);
        let columns: Vec<String> = schema
            .own_columns(key)
            .into_iter()
            .filter_map(|column| match schema.kind(column) {
                Some(Kind::Column(own)) => Some(own.clause(schema, column)),
                _ => None,
            })
            .collect();
        let mut sql = if self.server.is_some() {
            "CREATE FOREIGN TABLE ".to_owned()
        } else if self.is_unlogged {
            "CREATE UNLOGGED TABLE ".to_owned()
        } else {
            "CREATE TABLE ".to_owned()
        };
        sql += &name;
        match self.partition_of {
            Some((root, slot)) => {
                let bound = Self::bound(schema, root, slot).unwrap_or_default();
                sql += &format!(" PARTITION OF {} {bound}", schema.qualified(root));
            }
            None => sql += &format!(" ({})", columns.join(", ")),
        }
        if !self.inherits.is_empty() {
            let parents: Vec<String> = self
                .inherits
                .iter()
                .map(|parent| schema.qualified(*parent))
                .collect();
            sql += &format!(" INHERITS ({})", parents.join(", "));
        }
        if let Some((strategy, column)) = self.partitioned {
            let strategy = format!("{strategy:?}").to_uppercase();
            sql += &format!(" PARTITION BY {strategy} ({})", schema.name(column));
        }
        if let Some(server) = self.server {
            sql += &format!(" SERVER {} OPTIONS (far 'away')", schema.name(server));
        }
        sql += &self.with_options();
        let mut all = vec![sql];
        if self.server.is_none() {
            if self.row_security.0 {
                all.push(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
            }
            if self.row_security.1 {
                all.push(format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"));
            }
            if self.replica_full {
                all.push(format!("ALTER TABLE {name} REPLICA IDENTITY FULL"));
            }
        }
        all
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        let foreign = if self.server.is_some() {
            "FOREIGN "
        } else {
            ""
        };
        format!("{foreign}TABLE {}", schema.qualified(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((
            format!("TABLE {}", schema.qualified(key)),
            None,
            TABLE_PRIVILEGES,
        ))
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, _: &Schema, _: Key) {
        match draw.below(7) {
            0 if self.server.is_none() && self.partitioned.is_none() => {
                self.is_unlogged = !self.is_unlogged;
            }
            1 if self.server.is_none() => {
                redraw(&mut self.options, || draw.maybe(60, Draw::variant));
            }
            2 => self.row_security.0 = !self.row_security.0,
            3 => self.row_security.1 = !self.row_security.1,
            4 => self.replica_full = !self.replica_full,
            _ => match self.partition_of {
                Some((root, slot)) => self.partition_of = Some((root, (slot + 1) % (SLOTS + 1))),
                None => self.row_security.0 = !self.row_security.0,
            },
        }
    }
}
