//! What acts on its own: triggers, policies, rules, event triggers.

use crate::draw::Draw;
use crate::expression::{Form, Use};
use crate::kinds::routine::Role;
use crate::kinds::{Granted, Kind, Part, redraw};
use crate::name::quoted;
use crate::schema::{Key, ROLES, Schema};

const ENABLED: [&str; 4] = ["", "DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS"];

/// A trigger.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a trigger has so many switches"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its relation.
    pub relation: Key,
    /// What it calls.
    pub function: Key,
    /// Whether before the change.
    pub before: bool,
    /// Insert, update, delete.
    pub events: (bool, bool, bool),
    /// Columns whose update it is about.
    pub columns: Vec<Key>,
    /// For each row.
    pub row: bool,
    /// When it fires, about the new row.
    pub condition: Option<Use>,
    /// Arguments.
    pub argument: Option<u8>,
    /// By place in the list of states.
    pub enabled: usize,
    /// A constraint trigger, deferrable.
    pub constraint: bool,
    /// Sees all new rows under a name.
    pub transition: bool,
}

impl Trigger {
    /// A trigger on a table.
    pub fn draw(draw: &mut Draw, schema: &Schema, relation: Key) -> Option<Self> {
        let functions = schema
            .keys(|kind| matches!(kind, Kind::Routine(routine) if routine.role == Role::Trigger));
        let columns = schema.columns(relation);
        let of_view = schema.kind(relation).is_some_and(Kind::is_view);
        let events = (draw.chance(60), draw.chance(70), draw.chance(20));
        Some(Self {
            relation,
            function: draw.pick(&functions)?,
            before: draw.chance(50),
            events: if events == (false, false, false) {
                (true, false, false)
            } else {
                events
            },
            columns: if draw.chance(25) && !of_view {
                draw.some(&columns, 2)
            } else {
                Vec::new()
            },
            row: of_view || draw.chance(70),
            condition: Use::draw(draw, schema, &columns, Form::Predicate)
                .filter(|_| draw.chance(20) && !of_view),
            argument: draw.maybe(20, Draw::variant),
            enabled: if draw.chance(15) && !of_view {
                draw.below(4)
            } else {
                0
            },
            constraint: draw.chance(10) && !of_view,
            transition: draw.chance(8) && !of_view,
        })
    }
}

impl Trigger {
    fn event_texts(&self, schema: &Schema, transition: bool) -> Vec<String> {
        let mut events = Vec::new();
        if self.events.0 {
            events.push("INSERT".to_owned());
        }
        if self.events.1 && !(transition && self.events.0) {
            let columns: Vec<String> = self
                .columns
                .iter()
                .map(|column| schema.name(*column))
                .collect();
            let of = if columns.is_empty() {
                String::new()
            } else {
                format!(" OF {}", columns.join(", "))
            };
            events.push(format!("UPDATE{of}"));
        }
        if self.events.2 && self.condition.is_none() && !transition || events.is_empty() {
            events.push("DELETE".to_owned());
        }
        events
    }
}

impl Part for Trigger {
    fn needs(&self) -> Vec<Key> {
        let mut needs = vec![self.relation, self.function];
        needs.extend(&self.columns);
        needs.extend(self.condition.iter().flat_map(Use::needs));
        needs
    }

    fn let_go(&mut self, gone: Key) -> bool {
        let had = !self.columns.is_empty();
        self.columns.retain(|column| *column != gone);
        if self
            .condition
            .as_mut()
            .is_some_and(|condition| !condition.let_go(gone))
        {
            self.condition = None;
        }
        self.relation != gone && self.function != gone && (!had || !self.columns.is_empty())
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let of_view = schema.kind(self.relation).is_some_and(Kind::is_view);
        let row = self.row || self.constraint || self.condition.is_some();
        let transition = self.transition
            && !self.constraint
            && self.columns.is_empty()
            && self.condition.is_none()
            && !of_view;
        let events = self.event_texts(schema, transition);
        let timing = if of_view {
            "INSTEAD OF"
        } else if self.before && !self.constraint && !transition {
            "BEFORE"
        } else {
            "AFTER"
        };
        let constraint = if self.constraint { "CONSTRAINT " } else { "" };
        let table = schema.qualified(self.relation);
        let name = schema.name(key);
        let mut sql = format!(
            "CREATE {constraint}TRIGGER {name} {timing} {} ON {table}",
            events.join(" OR ")
        );
        if self.constraint {
            sql += " DEFERRABLE INITIALLY DEFERRED";
        }
        if transition {
            sql += if events[0] == "DELETE" {
                " REFERENCING OLD TABLE AS seen"
            } else {
                " REFERENCING NEW TABLE AS seen"
            };
        }
        sql += if row && !transition {
            " FOR EACH ROW"
        } else {
            " FOR EACH STATEMENT"
        };
        if let Some(condition) = self.condition.filter(|_| events[0] != "DELETE") {
            sql += &format!(" WHEN ({})", condition.sql(schema, "NEW"));
        }
        let argument = self
            .argument
            .map(|variant| format!("'it''s {variant}', 'b'"))
            .unwrap_or_default();
        sql += &format!(
            " EXECUTE FUNCTION {}({argument})",
            schema.qualified(self.function)
        );
        let mut all = vec![sql];
        if self.enabled > 0 && !of_view {
            all.push(format!(
                "ALTER TABLE {table} {} TRIGGER {name}",
                ENABLED[self.enabled]
            ));
        }
        all
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!(
            "TRIGGER {} ON {}",
            schema.name(key),
            schema.qualified(self.relation)
        )
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        if draw.chance(30) {
            redraw(&mut self.enabled, || draw.below(4));
        } else if let Some(other) = Self::draw(draw, schema, self.relation) {
            *self = other;
        }
    }
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its table.
    pub relation: Key,
    /// Whether it widens or narrows.
    pub permissive: bool,
    /// Which command, by place.
    pub command: usize,
    /// Whom it is for; nobody named means everybody.
    pub roles: Vec<usize>,
    /// Which rows are seen.
    pub visible: Option<Use>,
    /// Which rows may be written.
    pub writable: Option<Use>,
    /// Another relation that is looked into.
    pub looks_into: Option<Key>,
}

const COMMANDS: [&str; 5] = ["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"];

impl Policy {
    /// A policy on a table.
    pub fn draw(draw: &mut Draw, schema: &Schema, relation: Key) -> Option<Self> {
        let columns = schema.columns(relation);
        let relations = schema.keys(|kind| matches!(kind, Kind::Table(_) | Kind::View(_)));
        Some(Self {
            relation,
            permissive: draw.chance(80),
            command: draw.below(COMMANDS.len()),
            roles: if draw.chance(60) {
                draw.some(&[0, 1, 2, 3], 3)
            } else {
                Vec::new()
            },
            visible: Some(Use::draw(draw, schema, &columns, Form::Predicate)?),
            writable: Use::draw(draw, schema, &columns, Form::Predicate)
                .filter(|_| draw.chance(40)),
            looks_into: draw.pick(&relations).filter(|_| draw.chance(25)),
        })
    }
}

impl Part for Policy {
    fn needs(&self) -> Vec<Key> {
        let mut needs = vec![self.relation];
        needs.extend(
            self.visible
                .iter()
                .chain(&self.writable)
                .flat_map(Use::needs),
        );
        needs.extend(self.looks_into);
        needs
    }

    fn let_go(&mut self, gone: Key) -> bool {
        for side in [&mut self.visible, &mut self.writable] {
            if side
                .as_mut()
                .is_some_and(|expression| !expression.let_go(gone))
            {
                *side = None;
            }
        }
        if self.looks_into == Some(gone) {
            self.looks_into = None;
        }
        self.relation != gone
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let permissive = if self.permissive {
            "PERMISSIVE"
        } else {
            "RESTRICTIVE"
        };
        let command = COMMANDS[self.command];
        let mut roles: Vec<String> = self.roles.iter().map(|role| quoted(ROLES[*role])).collect();
        if roles.is_empty() {
            roles.push("PUBLIC".to_owned());
        }
        let expression = |side: &Option<Use>| {
            let own = side.map_or_else(|| "true".to_owned(), |own| own.sql(schema, ""));
            match self.looks_into {
                Some(other) => format!(
                    "({own}) AND EXISTS (SELECT 1 FROM {} seen)",
                    schema.qualified(other)
                ),
                None => own,
            }
        };
        let mut sql = format!(
            "CREATE POLICY {} ON {} AS {permissive} FOR {command} TO {}",
            schema.name(key),
            schema.qualified(self.relation),
            roles.join(", ")
        );
        if command != "INSERT" {
            sql += &format!(" USING ({})", expression(&self.visible));
        }
        if command == "INSERT" || self.writable.is_some() && matches!(command, "ALL" | "UPDATE") {
            sql += &format!(" WITH CHECK ({})", expression(&self.writable));
        }
        vec![sql]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!(
            "POLICY {} ON {}",
            schema.name(key),
            schema.qualified(self.relation)
        )
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        let Some(other) = Self::draw(draw, schema, self.relation) else {
            return;
        };
        match draw.below(4) {
            0 => self.roles = other.roles,
            1 => self.visible = other.visible,
            2 => self.writable = other.writable,
            _ => *self = other,
        }
    }
}

/// A rewrite rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its relation.
    pub relation: Key,
    /// Insert, update, delete.
    pub event: usize,
    /// What is done.
    pub body: u8,
    /// When.
    pub condition: Option<Use>,
    /// By place in the list of states.
    pub enabled: usize,
}

impl Rule {
    /// A rule on a relation.
    pub fn draw(draw: &mut Draw, schema: &Schema, relation: Key) -> Self {
        let columns = schema.columns(relation);
        Self {
            relation,
            event: draw.below(3),
            body: draw.variant(),
            condition: Use::draw(draw, schema, &columns, Form::Predicate)
                .filter(|_| draw.chance(40)),
            enabled: if draw.chance(20) { draw.below(4) } else { 0 },
        }
    }
}

impl Part for Rule {
    fn needs(&self) -> Vec<Key> {
        std::iter::once(self.relation)
            .chain(self.condition.iter().flat_map(Use::needs))
            .collect()
    }

    fn let_go(&mut self, gone: Key) -> bool {
        if self
            .condition
            .as_mut()
            .is_some_and(|condition| !condition.let_go(gone))
        {
            self.condition = None;
        }
        self.relation != gone
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let event = ["INSERT", "UPDATE", "DELETE"][self.event];
        let body = match self.body % 3 {
            0 => "INSTEAD NOTHING".to_owned(),
            1 => format!("ALSO NOTIFY \"Channel {}\"", self.body),
            _ => "ALSO SELECT 1 AS done".to_owned(),
        };
        let row = if self.event == 2 { "OLD" } else { "NEW" };
        let condition = self
            .condition
            .map(|condition| format!(" WHERE {}", condition.sql(schema, row)))
            .unwrap_or_default();
        let name = schema.name(key);
        let relation = schema.qualified(self.relation);
        let mut sql = vec![format!(
            "CREATE RULE {name} AS ON {event} TO {relation}{condition} DO {body}"
        )];
        if self.enabled > 0 && schema.kind(self.relation).is_some_and(Kind::is_local_table) {
            sql.push(format!(
                "ALTER TABLE {relation} {} RULE {name}",
                ENABLED[self.enabled]
            ));
        }
        sql
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!(
            "RULE {} ON {}",
            schema.name(key),
            schema.qualified(self.relation)
        )
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        let relation = self.relation;
        redraw(self, || Self::draw(draw, schema, relation));
    }
}

/// An event trigger, disabled so that it does not act on what is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTrigger {
    /// What it calls.
    pub function: Key,
    /// By place.
    pub event: usize,
    /// Which commands.
    pub tags: u8,
}

impl Part for EventTrigger {
    fn needs(&self) -> Vec<Key> {
        vec![self.function]
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let event = ["ddl_command_start", "ddl_command_end", "sql_drop"][self.event];
        let tags = [
            "",
            " WHEN TAG IN ('DROP TABLE')",
            " WHEN TAG IN ('CREATE TABLE', 'DROP VIEW')",
        ][usize::from(self.tags % 3)];
        let name = schema.name(key);
        vec![format!(
            "CREATE EVENT TRIGGER {name} ON {event}{tags} EXECUTE FUNCTION {}()",
            schema.qualified(self.function)
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("EVENT TRIGGER {}", schema.name(key))
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, _: &Schema, _: Key) {
        if draw.chance(50) {
            self.event = (self.event + 1) % 3;
        } else {
            self.tags += 1;
        }
    }
}
