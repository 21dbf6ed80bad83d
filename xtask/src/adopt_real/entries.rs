//! What `pg_dump -s` says, object by object, each under the name that Aludel's lines have for it.

use std::collections::BTreeMap;

use aludel_catalog::{ObjectId, ObjectKind};

/// What a dump says of each object, in its own words.
pub(super) type Entries = BTreeMap<String, String>;

/// Cuts a dump at its headings, and tables into their lines.
pub(super) fn entries(dump: &str) -> Entries {
    let mut entries = Entries::new();
    for block in dump.split("\n--\n-- Name: ").skip(1) {
        let Some((heading, text)) = block.split_once('\n') else {
            continue;
        };
        let fields: Vec<&str> = heading.split("; ").collect();
        let field = |prefix: &str| {
            let found = fields.iter().find_map(|field| field.strip_prefix(prefix));
            found.unwrap_or_default().to_owned()
        };
        let block = Block {
            name: fields[0].to_owned(),
            sort: field("Type: "),
            schema: field("Schema: "),
            text: body(text),
        };
        block.tell(&mut entries);
    }
    entries
}

/// An entry of the dump.
struct Block {
    name: String,
    sort: String,
    schema: String,
    text: String,
}

impl Block {
    fn tell(self, entries: &mut Entries) {
        let mut add = |id: String, text: &str| {
            let entry = entries.entry(id).or_default();
            entry.push_str(text);
            entry.push('\n');
        };
        match self.sort.as_str() {
            "TABLE" | "FOREIGN TABLE" => self.tell_table(&mut add),
            "DEFAULT" => add(self.part(ObjectKind::Column), &self.text),
            "CONSTRAINT" | "CHECK CONSTRAINT" => add(self.part(ObjectKind::Constraint), &self.text),
            "FK CONSTRAINT" => add(self.part(ObjectKind::ForeignKey), &self.text),
            "TRIGGER" => add(self.part(ObjectKind::Trigger), &self.text),
            "SEQUENCE" => {
                add(self.whole(ObjectKind::Sequence), &self.text);
                // The sequence of an identity column is told as a part of its table.
                if let Some((table, column)) = identity_column(&self.text) {
                    let column = ObjectId::part(ObjectKind::Column, &self.schema, &table, &column);
                    add(column.to_string(), &self.text);
                }
            }
            "SEQUENCE OWNED BY" => add(self.whole(ObjectKind::SequenceOwner), &self.text),
            "INDEX" => {
                let table = word_after(&self.text, " ON ONLY ")
                    .or_else(|| word_after(&self.text, " ON "))
                    .unwrap_or_default();
                let table = table.last().cloned().unwrap_or_default();
                let id = ObjectId::part(ObjectKind::Index, &self.schema, &table, &self.name);
                add(id.to_string(), &self.text);
            }
            "TYPE" if self.text.contains(" AS ENUM ") => {
                add(self.whole(ObjectKind::EnumType), &self.text);
            }
            "COMMENT" => {
                let (sort, name) = self.name.split_once(' ').unwrap_or_default();
                let id = match (sort, name.split_once('.')) {
                    ("COLUMN", Some((table, column))) => {
                        ObjectId::part(ObjectKind::Column, &self.schema, table, column).to_string()
                    }
                    ("TABLE", _) => {
                        ObjectId::new(ObjectKind::Table, &self.schema, name).to_string()
                    }
                    _ => format!("{} {}.{name}", sort.to_lowercase(), self.schema),
                };
                add(id, &self.text);
            }
            sort => add(
                format!("{} {}.{}", sort.to_lowercase(), self.schema, self.name),
                &self.text,
            ),
        }
    }

    /// A table, each of its columns and each constraint that stands in it.
    fn tell_table(&self, add: &mut impl FnMut(String, &str)) {
        let mut own = String::new();
        let mut items: Vec<String> = Vec::new();
        let mut is_inside = false;
        for line in self.text.lines() {
            if !is_inside {
                own.push_str(line);
                own.push('\n');
                is_inside = line.ends_with(" (") && items.is_empty();
            } else if line.starts_with(')') {
                is_inside = false;
                own.push_str(line);
                own.push('\n');
            } else if line.starts_with("    ") && !line.starts_with("     ") {
                items.push(line.trim().to_owned());
            } else if let Some(last) = items.last_mut() {
                last.push_str(line);
            }
        }
        add(self.whole(ObjectKind::Table), &own);
        for item in items {
            // Only the last one has no comma.
            let item = item.strip_suffix(',').unwrap_or(&item);
            let (kind, item) = item
                .strip_prefix("CONSTRAINT ")
                .map_or((ObjectKind::Column, item), |rest| {
                    (ObjectKind::Constraint, rest)
                });
            let (name, rest) = name(item);
            let id = ObjectId::part(kind, &self.schema, &self.name, &name);
            add(id.to_string(), rest);
        }
    }

    fn whole(&self, kind: ObjectKind) -> String {
        ObjectId::new(kind, &self.schema, &self.name).to_string()
    }

    /// `table part`, as headings have it.
    fn part(&self, kind: ObjectKind) -> String {
        let (table, name) = self.name.split_once(' ').unwrap_or((&self.name, ""));
        ObjectId::part(kind, &self.schema, table, name).to_string()
    }
}

/// What stands below a heading, without the lines that frame it and the settings for the tables below.
fn body(text: &str) -> String {
    let is_said = |line: &&str| {
        !line.is_empty()
            && *line != "--"
            && !line.starts_with("SET default_table")
            && !line.starts_with("-- PostgreSQL database dump complete")
            && !line.starts_with('\\')
    };
    text.lines().filter(is_said).collect::<Vec<_>>().join("\n")
}

/// The table and column of `ALTER TABLE … ALTER COLUMN … ADD GENERATED`.
fn identity_column(text: &str) -> Option<(String, String)> {
    text.contains(" ADD GENERATED ").then_some(())?;
    let table = word_after(text, "ALTER TABLE ")?.pop()?;
    let column = word_after(text, " ALTER COLUMN ")?.pop()?;
    Some((table, column))
}

/// The qualified name behind some words, in its parts.
fn word_after(text: &str, words: &str) -> Option<Vec<String>> {
    let mut rest = &text[text.find(words)? + words.len()..];
    let mut parts = Vec::new();
    loop {
        let (part, behind) = name(rest);
        parts.push(part);
        match behind.strip_prefix('.') {
            Some(behind) => rest = behind,
            None => return Some(parts),
        }
    }
}

/// The name that a text begins with, without its quotes, and what stands behind it.
fn name(text: &str) -> (String, &str) {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut name = String::new();
        let mut rest = quoted;
        while let Some((part, behind)) = rest.split_once('"') {
            name.push_str(part);
            rest = behind;
            if let Some(behind) = rest.strip_prefix('"') {
                name.push('"');
                rest = behind;
            } else {
                break;
            }
        }
        return (name, rest);
    }
    let end = text
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '$')
        .unwrap_or(text.len());
    (text[..end].to_owned(), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::entries;

    const DUMP: &str = "--
-- Name: column; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.\"column\" (
    id integer NOT NULL,
    \"from\" text DEFAULT 'a, b'::text,
    CONSTRAINT positive CHECK ((id > 0))
);


--
-- Name: ix_from; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ix_from ON public.\"column\" USING btree (\"from\");


--
-- Name: column column_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.\"column\"
    ADD CONSTRAINT column_id_fkey FOREIGN KEY (id) REFERENCES public.other(id);
";

    #[test]
    fn a_dump_is_told_by_the_names_of_its_objects() {
        let entries = entries(&format!("\n{DUMP}"));
        let names: Vec<&str> = entries.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "column public.\"column\".\"from\"",
                "column public.\"column\".id",
                "constraint public.\"column\".positive",
                "foreign key public.\"column\".column_id_fkey",
                "index public.\"column\".ix_from",
                "table public.\"column\"",
            ]
        );
        assert_eq!(
            entries["column public.\"column\".\"from\""],
            " text DEFAULT 'a, b'::text\n"
        );
    }
}
