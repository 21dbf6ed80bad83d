//! Functions, procedures and aggregates.

use crate::draw::Draw;
use crate::kinds::{Granted, Kind, Part, redraw};
use crate::name::quoted;
use crate::schema::{Key, Schema};
use crate::types::{BOOLEAN, INTEGER, Type};

/// What a function is for, which decides what it returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// True or false about its first argument.
    Predicate,
    /// A value of a type, out of nothing: for defaults.
    Maker(Type),
    /// Rows of a relation.
    Rows(Key),
    /// A table of its own columns.
    Table(Type, Type),
    /// For triggers.
    Trigger,
    /// For event triggers.
    EventTrigger,
    /// A procedure.
    Procedure,
    /// The state function of an aggregate over integers.
    State,
}

/// What a body is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// SQL in a string.
    Sql,
    /// SQL that PostgreSQL parses.
    Atomic,
    /// PL/pgSQL.
    Plpgsql,
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_of: Type,
    /// Value number, when there is a default.
    pub default: Option<usize>,
}

/// A function or procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routine {
    /// What it is for.
    pub role: Role,
    /// What it is written in.
    pub language: Language,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// Which body.
    pub body: u8,
    /// A function without arguments that it calls.
    pub calls: Option<Key>,
    /// A relation that it counts.
    pub reads: Option<Key>,
    /// Immutable, stable, volatile.
    pub volatility: usize,
    /// Strict, security definer, leakproof.
    pub flags: (bool, bool, bool),
    /// Unsafe, restricted, safe.
    pub parallel: usize,
    /// What a call costs.
    pub cost: Option<usize>,
    /// Settings while it runs, by variant.
    pub set: Option<u8>,
}

const VOLATILITIES: [&str; 3] = ["IMMUTABLE", "STABLE", "VOLATILE"];
const PARALLEL: [&str; 3] = ["UNSAFE", "RESTRICTED", "SAFE"];

impl Routine {
    /// Any.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Self {
        let relations = schema.keys(|kind| matches!(kind, Kind::Table(_) | Kind::View(_)));
        let role = match draw.below(16) {
            0..=4 => Role::Predicate,
            5..=7 => Role::Maker(Type::draw(draw, schema)),
            8 => draw.pick(&relations).map_or(Role::Trigger, Role::Rows),
            9 => Role::Table(Type::draw(draw, schema), Type::draw_plain(draw)),
            10 | 11 => Role::Trigger,
            12 => Role::EventTrigger,
            13 => Role::Procedure,
            14 => Role::State,
            _ => Role::Maker(Type::of(INTEGER)),
        };
        let language = match role {
            Role::Trigger | Role::EventTrigger => Language::Plpgsql,
            _ => draw.one(&[
                Language::Sql,
                Language::Sql,
                Language::Atomic,
                Language::Plpgsql,
            ]),
        };
        let makers =
            schema.keys(|kind| matches!(kind, Kind::Routine(routine) if routine.is_maker()));
        let mut routine = Self {
            role,
            language,
            arguments: Vec::new(),
            body: draw.variant(),
            calls: draw.pick(&makers).filter(|_| draw.chance(30)),
            reads: draw.pick(&relations).filter(|_| draw.chance(30)),
            volatility: if role == Role::Predicate {
                0
            } else {
                draw.below(3)
            },
            flags: (draw.chance(20), draw.chance(15), draw.chance(8)),
            parallel: draw.below(3),
            cost: draw.maybe(15, |draw| draw.between(2, 500)),
            set: draw.maybe(15, Draw::variant),
        };
        routine.arguments = routine.draw_arguments(draw, schema);
        routine
    }

    fn draw_arguments(&self, draw: &mut Draw, schema: &Schema) -> Vec<Argument> {
        let count = match self.role {
            Role::Maker(_) | Role::Trigger | Role::EventTrigger => 0,
            Role::Predicate => draw.between(1, 2),
            Role::State => {
                let argument = |name: &str| Argument {
                    name: name.to_owned(),
                    type_of: Type::of(INTEGER),
                    default: None,
                };
                return vec![argument("state"), argument("next")];
            }
            Role::Rows(_) | Role::Table(..) | Role::Procedure => draw.below(3),
        };
        let makes_table = matches!(self.role, Role::Table(..));
        (0..count)
            .map(|place| Argument {
                name: format!("{} {place}", draw.one(&["value", "Given", "select"])),
                type_of: Type::draw(draw, schema),
                // All behind the first have one, so that a call with one argument is enough.
                default: (place > 0 && !makes_table).then(|| draw.below(4)),
            })
            .collect()
    }

    /// Whether it can stand in a check over one column.
    pub(crate) fn is_predicate(&self) -> bool {
        self.role == Role::Predicate
    }

    /// Whether it can be called without anything.
    pub(crate) fn is_maker(&self) -> bool {
        matches!(self.role, Role::Maker(_))
    }

    pub(crate) fn makes(&self, type_of: Type) -> bool {
        self.role == Role::Maker(type_of)
    }

    fn returns(&self, schema: &Schema) -> String {
        match self.role {
            Role::Predicate => " RETURNS boolean".to_owned(),
            Role::Maker(type_of) => format!(" RETURNS {}", type_of.sql(schema)),
            Role::Rows(relation) => format!(" RETURNS SETOF {}", schema.qualified(relation)),
            Role::Table(one, two) => format!(
                " RETURNS TABLE (\"one\" {}, \"Two\" {})",
                one.sql(schema),
                two.sql(schema)
            ),
            Role::Trigger => " RETURNS trigger".to_owned(),
            Role::EventTrigger => " RETURNS event_trigger".to_owned(),
            Role::State => " RETURNS integer".to_owned(),
            Role::Procedure => String::new(),
        }
    }

    /// The query whose result it gives.
    fn query(&self, schema: &Schema) -> String {
        let called = self
            .calls
            .map(|key| format!("{}() IS NOT NULL OR ", schema.qualified(key)))
            .unwrap_or_default();
        let read = match self.reads {
            Some(relation) if self.volatility > 0 => format!(
                "(SELECT count(*) FROM {}) >= 0 OR ",
                schema.qualified(relation)
            ),
            _ => String::new(),
        };
        let truth = format!("{read}{called}{} > 0", self.body + 1);
        match self.role {
            Role::Predicate => format!("SELECT {truth}"),
            Role::Maker(type_of) => format!(
                "SELECT CASE WHEN {truth} THEN {}::{} END",
                type_of.value(schema, usize::from(self.body % 4)),
                type_of.sql(schema)
            ),
            Role::Rows(relation) => {
                format!("SELECT * FROM {} WHERE {truth}", schema.qualified(relation))
            }
            Role::Table(one, two) => format!(
                "SELECT NULL::{}, NULL::{} WHERE {truth}",
                one.sql(schema),
                two.sql(schema)
            ),
            Role::State => format!(
                "SELECT COALESCE(\"state\", 0) + COALESCE(\"next\", {})",
                self.body
            ),
            Role::Procedure | Role::Trigger | Role::EventTrigger => format!("SELECT {truth}"),
        }
    }

    fn body_sql(&self, schema: &Schema) -> String {
        let query = self.query(schema);
        match (self.language, self.role) {
            (Language::Atomic, _) => format!("BEGIN ATOMIC {query}; END"),
            (Language::Sql, _) => format!("AS $body$ {query} $body$"),
            (Language::Plpgsql, Role::Trigger) => {
                let result = if self.body.is_multiple_of(2) {
                    "COALESCE(NEW, OLD)"
                } else {
                    "NEW"
                };
                format!(
                    "AS $body$ BEGIN PERFORM {}; RETURN {result}; END $body$",
                    &query["SELECT ".len()..]
                )
            }
            (Language::Plpgsql, Role::EventTrigger) => {
                format!("AS $body$ BEGIN -- variant {}\nNULL; END $body$", self.body)
            }
            (Language::Plpgsql, Role::Procedure) => format!(
                "AS $body$ BEGIN PERFORM {}; END $body$",
                &query["SELECT ".len()..]
            ),
            (Language::Plpgsql, Role::Rows(_) | Role::Table(..)) => {
                format!("AS $body$ BEGIN RETURN QUERY {query}; END $body$")
            }
            (Language::Plpgsql, _) => format!("AS $body$ BEGIN RETURN ({query}); END $body$"),
        }
    }

    pub(crate) fn argument_types(&self, schema: &Schema) -> Vec<String> {
        let types = self.arguments.iter();
        types.map(|argument| argument.type_of.sql(schema)).collect()
    }

    fn signature(&self, schema: &Schema, key: Key) -> String {
        let types = self.argument_types(schema);
        format!("{}({})", schema.qualified(key), types.join(", "))
    }

    fn word(&self) -> &'static str {
        if self.role == Role::Procedure {
            "PROCEDURE"
        } else {
            "FUNCTION"
        }
    }

    fn attributes(&self) -> String {
        let mut sql = String::new();
        if self.flags.1 {
            sql += " SECURITY DEFINER";
        }
        if let Some(variant) = self.set {
            sql += [
                " SET work_mem = '8MB'",
                " SET search_path = pg_catalog, public",
                " SET statement_timeout = '5s'",
                " SET \"app.user\" = 'it''s'",
            ][usize::from(variant % 4)];
        }
        if self.role == Role::Procedure {
            return sql;
        }
        sql += &format!(" {}", VOLATILITIES[self.volatility]);
        if self.flags.0 {
            sql += " STRICT";
        }
        if self.flags.2 {
            sql += " LEAKPROOF";
        }
        sql += &format!(" PARALLEL {}", PARALLEL[self.parallel]);
        if let Some(cost) = self.cost {
            sql += &format!(" COST {cost}");
        }
        sql
    }
}

impl Part for Routine {
    fn needs(&self) -> Vec<Key> {
        let mut needs: Vec<Key> = self
            .arguments
            .iter()
            .filter_map(|argument| argument.type_of.needs())
            .collect();
        match self.role {
            Role::Maker(type_of) => needs.extend(type_of.needs()),
            Role::Rows(relation) => needs.push(relation),
            Role::Table(one, two) => needs.extend(one.needs().into_iter().chain(two.needs())),
            Role::Predicate
            | Role::Trigger
            | Role::EventTrigger
            | Role::Procedure
            | Role::State => {}
        }
        needs.extend(self.calls);
        needs.extend(self.reads);
        needs
    }

    fn let_go(&mut self, gone: Key) -> bool {
        if self.calls == Some(gone) {
            self.calls = None;
        }
        if self.reads == Some(gone) {
            self.reads = None;
        }
        !self.needs().contains(&gone)
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let arguments: Vec<String> = self
            .arguments
            .iter()
            .map(|argument| {
                let default = argument
                    .default
                    .map(|value| format!(" DEFAULT {}", argument.type_of.value(schema, value)));
                format!(
                    "{} {}{}",
                    quoted(&argument.name),
                    argument.type_of.sql(schema),
                    default.unwrap_or_default()
                )
            })
            .collect();
        let language = if self.language == Language::Plpgsql {
            "plpgsql"
        } else {
            "sql"
        };
        vec![format!(
            "CREATE {} {}({}){} LANGUAGE {language}{} {}",
            self.word(),
            schema.qualified(key),
            arguments.join(", "),
            self.returns(schema),
            self.attributes(),
            self.body_sql(schema)
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("{} {}", self.word(), self.signature(schema, key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((self.target(schema, key), None, &["EXECUTE", "ALL"]))
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        match draw.below(12) {
            0..=2 => redraw(&mut self.body, || draw.variant()),
            3 => redraw(&mut self.volatility, || draw.below(3)),
            4 => self.flags.0 = !self.flags.0,
            5 => self.flags.1 = !self.flags.1,
            6 => redraw(&mut self.parallel, || draw.below(3)),
            7 => redraw(&mut self.set, || draw.maybe(70, Draw::variant)),
            8 => redraw(&mut self.cost, || {
                draw.maybe(70, |draw| draw.between(2, 500))
            }),
            9 if !matches!(self.role, Role::Trigger | Role::EventTrigger) => {
                self.language = draw.one(&[Language::Sql, Language::Atomic, Language::Plpgsql]);
            }
            10 => {
                self.role = match self.role {
                    Role::Maker(_) => Role::Maker(Type::draw(draw, schema)),
                    Role::Table(one, _) => Role::Table(one, Type::of(BOOLEAN)),
                    role => role,
                }
            }
            _ => self.arguments = self.draw_arguments(draw, schema),
        }
    }
}

/// An aggregate over integers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// Its state function.
    pub state: Key,
    /// Where it begins.
    pub start: usize,
    /// Whether it may run in parallel.
    pub parallel: bool,
}

impl Aggregate {
    /// An aggregate with some state function.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Option<Self> {
        let states = schema
            .keys(|kind| matches!(kind, Kind::Routine(routine) if routine.role == Role::State));
        Some(Self {
            state: draw.pick(&states)?,
            start: draw.below(5),
            parallel: draw.chance(30),
        })
    }
}

impl Part for Aggregate {
    fn needs(&self) -> Vec<Key> {
        vec![self.state]
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let parallel = if self.parallel {
            ", PARALLEL = SAFE"
        } else {
            ""
        };
        vec![format!(
            "CREATE AGGREGATE {}(integer) (SFUNC = {}, STYPE = integer, INITCOND = '{}'{parallel})",
            schema.qualified(key),
            schema.qualified(self.state),
            self.start
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("AGGREGATE {}(integer)", schema.qualified(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((
            format!("FUNCTION {}(integer)", schema.qualified(key)),
            None,
            &["EXECUTE"],
        ))
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, _: &Schema, _: Key) {
        redraw(&mut self.start, || draw.below(9));
    }
}
