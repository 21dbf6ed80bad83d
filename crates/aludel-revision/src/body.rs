//! The sections of a revision file and the transactions they are cut into.

use aludel_sql::{
    Directive, Origin, Piece, SpannedStatement, Statement, is_transaction_control, pieces,
    runs_alone,
};

use crate::error::{FileFault, Located, nearest};
use crate::header::{DIRECTIVES, Header, KEYS};

/// What a revision does, both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The way up.
    pub upgrade: Section,
    /// The way down: `None` is irreversible, a section without statements has nothing to undo.
    pub downgrade: Option<Section>,
}

/// One direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The segments in order; none of them is empty.
    pub segments: Vec<Segment>,
    /// The line of the section's directive, counted from 1.
    pub line: u32,
}

/// Statements that are committed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The statements in order.
    pub statements: Vec<Statement>,
    /// Whether it is one statement that runs outside a transaction.
    pub alone: bool,
}

impl Section {
    /// Returns every statement of the section in order.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.segments.iter().flat_map(|segment| &segment.statements)
    }

    /// Returns whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }
}

/// Reads the sections of a file whose header is read; `file` is its name as shown to a person.
pub(crate) fn read(text: &str, file: &str, header: &Header) -> Result<Body, Located> {
    let found = pieces(text).map_err(|error| (error.origin.line, error.fault.into()))?;
    let mut reader = Reader {
        text,
        file,
        upgrade: None,
        downgrade: None,
        open: None,
    };
    for piece in found {
        match piece {
            Piece::Directive(directive) => reader.directive(&directive)?,
            Piece::Statement(span) => reader.statement(&span)?,
        }
    }
    reader.close()?;
    let upgrade = reader.upgrade.ok_or((1, FileFault::NoUpgrade))?;
    if let (Some(_), Some(downgrade)) = (&header.irreversible, &reader.downgrade) {
        return Err((downgrade.line, FileFault::IrreversibleWithDowngrade));
    }
    Ok(Body {
        upgrade,
        downgrade: reader.downgrade,
    })
}

struct Reader<'a> {
    text: &'a str,
    file: &'a str,
    upgrade: Option<Section>,
    downgrade: Option<Section>,
    open: Option<Open>,
}

/// The section being read.
struct Open {
    is_upgrade: bool,
    section: Section,
    /// Whether the next statement joins the last segment.
    joins: bool,
    /// The line of a `no-transaction` whose statement has not come yet.
    alone: Option<u32>,
}

impl Reader<'_> {
    fn directive(&mut self, directive: &Directive) -> Result<(), Located> {
        let line = directive.line;
        let name = || directive.body.clone();
        if !directive.own_line {
            return Err((line, FileFault::DirectiveAfterSql { name: name() }));
        }
        if let "upgrade" | "downgrade" = directive.body.as_str() {
            self.close()?;
            let section = Section {
                segments: Vec::new(),
                line,
            };
            let is_upgrade = directive.body == "upgrade";
            self.open = Some(Open {
                is_upgrade,
                section,
                joins: false,
                alone: None,
            });
            return Ok(());
        }
        let Some(open) = &mut self.open else {
            // The header's reader has judged it.
            return Ok(());
        };
        if let Some(line) = open.alone {
            return Err((line, FileFault::NothingAlone));
        }
        match directive.body.as_str() {
            "commit" => open.joins = false,
            "no-transaction" => open.alone = Some(line),
            body => return Err((line, misplaced(body))),
        }
        Ok(())
    }

    fn statement(&mut self, span: &SpannedStatement) -> Result<(), Located> {
        let Some(open) = &mut self.open else {
            return Err((span.line, FileFault::SqlOutsideSection));
        };
        let origin = Origin {
            file: Some(self.file.to_owned()),
            line: span.line,
        };
        let statement = Statement {
            text: self.text[span.range.clone()].to_owned(),
            origin,
        };
        if is_transaction_control(&statement) {
            let words: Vec<&str> = statement.text.split_whitespace().take(2).collect();
            return Err((
                span.line,
                FileFault::TransactionControl {
                    statement: words.join(" "),
                },
            ));
        }
        let alone = open.alone.take().is_some() || runs_alone(&statement).is_some();
        match open.section.segments.last_mut() {
            Some(segment) if open.joins && !alone => segment.statements.push(statement),
            _ => open.section.segments.push(Segment {
                statements: vec![statement],
                alone,
            }),
        }
        open.joins = !alone;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Located> {
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        if let Some(line) = open.alone {
            return Err((line, FileFault::NothingAlone));
        }
        let (slot, name) = if open.is_upgrade {
            (&mut self.upgrade, "upgrade")
        } else {
            (&mut self.downgrade, "downgrade")
        };
        let line = open.section.line;
        match slot.replace(open.section) {
            None => Ok(()),
            Some(_) => Err((line, FileFault::DuplicateSection { name })),
        }
    }
}

fn misplaced(body: &str) -> FileFault {
    if let Some((key, _)) = body.split_once('=') {
        let key = key.trim();
        if KEYS.contains(&key) {
            return FileFault::KeyInSection {
                key: key.to_owned(),
            };
        }
    }
    let first = body.split_whitespace().next().unwrap_or_default();
    FileFault::UnknownDirective {
        name: body.to_owned(),
        nearest: nearest(first, DIRECTIVES),
    }
}

#[cfg(test)]
mod tests;
