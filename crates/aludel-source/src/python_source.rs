//! What a Python file says about tables, read without importing it.

use std::collections::BTreeMap;

use ruff_python_ast::{Expr, Stmt, StmtAssign, StmtClassDef, StmtImportFrom};
use ruff_text_size::{Ranged, TextSize};

/// What is known of one file.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The classes at the top level.
    pub(crate) classes: Vec<Class>,
    /// `Table("name", …)` calls bound at the top level.
    pub(crate) tables: Vec<Table>,
    /// Names bound by assignments, with the function called, if one is (`Base = declarative_base()`).
    pub(crate) assigned: BTreeMap<String, Option<String>>,
    /// Names bound by `from module import name`, with the module as written (leading dots kept).
    pub(crate) imported: BTreeMap<String, String>,
}

/// A class statement.
#[derive(Debug)]
pub(crate) struct Class {
    /// Its name.
    pub(crate) name: String,
    /// The last part of each base's name (`Base` for `db.Base`), and its first part (`db`).
    pub(crate) bases: Vec<(String, String)>,
    /// The table it maps, when it says so.
    pub(crate) table: Option<String>,
    /// The line of `class`, counted from 1.
    pub(crate) line: u32,
}

/// A `Table(…)` call.
#[derive(Debug)]
pub(crate) struct Table {
    /// The table's name.
    pub(crate) name: String,
    /// The name of the metadata it is given.
    pub(crate) metadata: Option<String>,
    /// The line of the statement, counted from 1.
    pub(crate) line: u32,
}

/// Reads a file's text; what does not parse is left out.
pub(crate) fn read(text: &str) -> Module {
    let parsed =
        ruff_python_parser::parse_unchecked_source(text, ruff_python_ast::PySourceType::Python);
    let mut module = Module::default();
    for statement in &parsed.syntax().body {
        match statement {
            Stmt::ClassDef(class) => module.classes.push(read_class(class, text)),
            Stmt::Assign(assign) => read_assignment(assign, text, &mut module),
            Stmt::ImportFrom(import) => read_import(import, &mut module),
            _ => {}
        }
    }
    module
}

fn read_class(class: &StmtClassDef, text: &str) -> Class {
    let arguments = class.arguments.as_deref();
    let bases = arguments
        .map(|arguments| &arguments.args[..])
        .unwrap_or_default();
    let is_sqlmodel = arguments
        .and_then(|arguments| arguments.find_keyword("table"))
        .is_some_and(
            |keyword| matches!(&keyword.value, Expr::BooleanLiteral(literal) if literal.value),
        );
    let table = stated_table(class).or_else(|| is_sqlmodel.then(|| class.name.to_lowercase()));
    Class {
        name: class.name.to_string(),
        bases: bases.iter().filter_map(base_name).collect(),
        table,
        line: line_of(text, class.name.start()),
    }
}

/// Returns the value of `__tablename__ = "…"` in a class's body.
fn stated_table(class: &StmtClassDef) -> Option<String> {
    class.body.iter().find_map(|statement| {
        let (target, value) = match statement {
            Stmt::Assign(assign) => (assign.targets.first()?, &*assign.value),
            Stmt::AnnAssign(assign) => (&*assign.target, assign.value.as_deref()?),
            _ => return None,
        };
        (name_of(target)? == "__tablename__")
            .then(|| string_of(value))
            .flatten()
    })
}

fn read_assignment(assign: &StmtAssign, text: &str, module: &mut Module) {
    let call = match &*assign.value {
        Expr::Call(call) => Some(call),
        _ => None,
    };
    let function = call
        .and_then(|call| base_name(&call.func))
        .map(|(last, _)| last);
    if let Some(call) = call
        && function.as_deref() == Some("Table")
        && let Some(name) = call.arguments.args.first().and_then(string_of)
    {
        let metadata = call
            .arguments
            .args
            .get(1)
            .and_then(base_name)
            .map(|(_, first)| first);
        module.tables.push(Table {
            name,
            metadata,
            line: line_of(text, assign.start()),
        });
    }
    for target in assign.targets.iter().filter_map(name_of) {
        module.assigned.insert(target.to_owned(), function.clone());
    }
}

fn read_import(import: &StmtImportFrom, module: &mut Module) {
    let dots = ".".repeat(import.level as usize);
    let from = format!(
        "{dots}{}",
        import.module.as_ref().map_or("", |name| name.as_str())
    );
    for alias in &import.names {
        let bound = alias.asname.as_ref().unwrap_or(&alias.name);
        module.imported.insert(bound.to_string(), from.clone());
    }
}

/// Returns the last and the first part of a dotted name, without subscripts.
fn base_name(expression: &Expr) -> Option<(String, String)> {
    match expression {
        Expr::Name(name) => Some((name.id.to_string(), name.id.to_string())),
        Expr::Attribute(attribute) => {
            base_name(&attribute.value).map(|(_, first)| (attribute.attr.to_string(), first))
        }
        Expr::Subscript(subscript) => base_name(&subscript.value),
        _ => None,
    }
}

fn name_of(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        _ => None,
    }
}

fn string_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::StringLiteral(literal) => Some(literal.value.to_str().to_owned()),
        _ => None,
    }
}

fn line_of(text: &str, position: TextSize) -> u32 {
    let before = text.as_bytes().iter().take(position.to_usize());
    let newlines = before.filter(|byte| **byte == b'\n').count();
    u32::try_from(newlines)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_tables_are_read_with_their_lines() {
        let module = read(
            "import enum\nfrom .base import Base as B\n\n@decorated\nclass Order(B, kw.Mixin):\n    \
             __tablename__: str = \"orders\"\n\nclass Hero(SQLModel, table=True):\n    id: int\n\n\
             tags = sa.Table('tags', db.metadata)\nclass Plain: pass\n",
        );
        let classes: Vec<_> = module
            .classes
            .iter()
            .map(|class| (class.name.as_str(), class.table.as_deref(), class.line))
            .collect();
        assert_eq!(
            classes,
            [
                ("Order", Some("orders"), 5),
                ("Hero", Some("hero"), 8),
                ("Plain", None, 12)
            ]
        );
        assert_eq!(
            module.classes[0].bases[1],
            ("Mixin".to_owned(), "kw".to_owned())
        );
        assert_eq!(module.imported["B"], ".base");
        assert_eq!(
            (module.tables[0].name.as_str(), module.tables[0].line),
            ("tags", 11)
        );
        assert_eq!(module.tables[0].metadata.as_deref(), Some("db"));
    }

    #[test]
    fn a_file_that_does_not_parse_yields_what_can_be_read() {
        let module = read("class A(Base):\n    __tablename__ = \"a\"\n\ndef broken(:\n");
        assert_eq!(module.classes.len(), 1);
    }
}
