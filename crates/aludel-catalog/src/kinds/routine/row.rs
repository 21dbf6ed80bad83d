//! `SELECT *` in a body that PostgreSQL parsed.
//!
//! PostgreSQL keeps the columns that `*` stood for, in the order that they have in the relation. A function that returns
//! rows of that relation must select them in exactly that order, which is another one where a column was added later. So
//! the list says `*` again, and two such functions are alike when they are about the same columns.

use crate::identifier::last_part;

/// Returns the definition with `*` for each list of all `columns` of `relation` (its qualified name), and the columns,
/// sorted, when there was such a list. Names are written as SQL.
pub(super) fn folded(
    definition: String,
    relation: Option<&str>,
    mut columns: Vec<String>,
) -> (String, Vec<String>) {
    let Some(relation) = relation.filter(|_| !columns.is_empty()) else {
        return (definition, Vec::new());
    };
    let (mut folded, mut at) = (String::with_capacity(definition.len()), 0);
    for (select, word) in definition.match_indices("SELECT ") {
        let start = select + word.len();
        let in_string = !definition[..select].matches('\'').count().is_multiple_of(2);
        if start < at || in_string {
            continue;
        }
        if let Some((prefix, length)) = whole_row(&definition[start..], relation, &columns) {
            folded.push_str(&definition[at..start]);
            folded.push_str(prefix);
            folded.push('*');
            at = start + length;
        }
    }
    if at == 0 {
        return (definition, Vec::new());
    }
    folded.push_str(&definition[at..]);
    columns.sort();
    (folded, columns)
}

/// Reads `prefix.a, prefix.b FROM relation prefix` and returns the prefix with its dot, and the length of the list.
fn whole_row<'a>(text: &'a str, relation: &str, columns: &[String]) -> Option<(&'a str, usize)> {
    let prefix = &text[..text.len() - last_part(text).len()];
    [prefix, ""].into_iter().find_map(|prefix| {
        let mut rest = text;
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                rest = rest.strip_prefix(',')?.trim_start();
            }
            rest = rest.strip_prefix(prefix)?.strip_prefix(column.as_str())?;
        }
        let source = rest.strip_prefix(char::is_whitespace)?.trim_start();
        let source = source.strip_prefix("FROM ")?.trim_start_matches('(');
        let behind = source.strip_prefix(relation)?;
        let alias = prefix.trim_end_matches('.');
        let given = behind
            .strip_prefix(' ')
            .filter(|behind| !behind.starts_with(' '))
            .map_or(last_part(relation), |behind| word(behind));
        let ends = behind.starts_with(|next: char| next.is_whitespace() || ";),".contains(next));
        let is_it = ends && (alias.is_empty() || alias == given);
        is_it.then(|| (prefix, text.len() - rest.len()))
    })
}

/// Returns the name that the text begins with.
fn word(text: &str) -> &str {
    let mut quoted = false;
    let end = text.find(|next: char| {
        quoted ^= next == '"';
        !quoted && (next.is_whitespace() || ";),".contains(next))
    });
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::folded;

    fn fold(body: &str) -> String {
        let columns = ["id", "\"a b\"", "note"].map(str::to_owned).to_vec();
        folded(body.to_owned(), Some("public.\"T 1\""), columns).0
    }

    #[test]
    fn whole_rows_of_the_relation_are_folded() {
        assert_eq!(
            fold(
                "BEGIN ATOMIC\n SELECT \"T 1\".id,\n     \"T 1\".\"a b\",\n     \"T 1\".note\n    FROM public.\"T 1\"\n   WHERE true;\nEND"
            ),
            "BEGIN ATOMIC\n SELECT \"T 1\".*\n    FROM public.\"T 1\"\n   WHERE true;\nEND"
        );
        assert_eq!(
            fold("SELECT x.id, x.\"a b\", x.note FROM public.\"T 1\" x;"),
            "SELECT x.* FROM public.\"T 1\" x;"
        );
    }

    #[test]
    fn other_lists_stay() {
        for body in [
            "SELECT x.id, x.note, x.\"a b\" FROM public.\"T 1\" x;",
            "SELECT x.id, x.\"a b\" FROM public.\"T 1\" x;",
            "SELECT x.id, x.\"a b\", x.note, x.id FROM public.\"T 1\" x;",
            "SELECT x.id, x.\"a b\", x.note AS other FROM public.\"T 1\" x;",
            "SELECT x.id, x.\"a b\", x.note FROM public.other x;",
            "SELECT y.id, y.\"a b\", y.note FROM public.\"T 1\" x;",
            "SELECT 'SELECT x.id, x.\"a b\", x.note FROM public.\"T 1\" x;';",
        ] {
            assert_eq!(fold(body), body);
        }
    }
}
