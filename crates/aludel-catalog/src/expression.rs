//! Expressions whose text PostgreSQL does not read back as what it wrote.
//!
//! `status IN ('a', 'b')` on a `varchar` column is written as `(status)::text = ANY ((ARRAY['a'::character varying,
//! 'b'::character varying])::text[])`; read again, the cast moves onto each element, and the text is another one from
//! then on. So the first form is written as IN again, and a schema that was written is the schema that was meant.

const CAST_LIST: &str = "::text = ANY ((ARRAY[";
const LIST_END: &str = "])::text[])";

/// Returns `sql` with every such list written so that PostgreSQL makes of it what it was made of.
pub fn stable(sql: &str) -> String {
    rewrite(sql, |operand, items| {
        let bare = operand.strip_prefix('(')?.strip_suffix(')')?;
        Some(format!("{bare} IN ({items})"))
    })
}

/// Replaces each `(x)::text = ANY ((ARRAY[items])::text[])` by what `write` makes of `(x)` and `items`.
fn rewrite(sql: &str, write: impl Fn(&str, &str) -> Option<String>) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find(CAST_LIST) {
        let items_at = at + CAST_LIST.len();
        let replaced = list_end(&rest[items_at..]).and_then(|length| {
            let items = &rest[items_at..items_at + length];
            let varchar = |item: &&str| item.ends_with("::character varying");
            let start = open_of(&rest[..at]).filter(|_| split_items(items).iter().all(varchar))?;
            Some((
                start,
                write(&rest[start..at], items)?,
                items_at + length + LIST_END.len(),
            ))
        });
        let end = if let Some((start, text, end)) = replaced {
            out.push_str(&rest[..start]);
            out.push_str(&text);
            end
        } else {
            out.push_str(&rest[..items_at]);
            items_at
        };
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Returns where the list's items end, quotes respected; `None` when it does not end as such a list does.
fn list_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            ']' if !quoted => return text[at..].starts_with(LIST_END).then_some(at),
            _ => {}
        }
    }
    None
}

/// Returns where the parenthesis that closes at the end of `text` opens.
fn open_of(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0_u32, false);
    if !text.ends_with(')') {
        return None;
    }
    for (at, character) in text.char_indices().rev() {
        match character {
            '\'' | '"' => quoted = !quoted,
            ')' if !quoted => depth += 1,
            '(' if !quoted => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn split_items(items: &str) -> Vec<&str> {
    let (mut found, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, character) in items.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            ',' if !quoted => {
                found.push(items[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(items[start..].trim());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "CHECK (((status)::text = ANY ((ARRAY['a, b'::character varying, 'c'::character varying])::text[])))";
    const READ_AGAIN: &str = "CHECK (((status)::text = ANY (ARRAY[('a, b'::character varying)::text, ('c'::character varying)::text])))";

    #[test]
    fn a_list_is_written_as_in() {
        assert_eq!(
            stable(WRITTEN),
            "CHECK ((status IN ('a, b'::character varying, 'c'::character varying)))"
        );
        assert_eq!(stable(READ_AGAIN), READ_AGAIN);
        assert_eq!(stable("CHECK ((a > 0))"), "CHECK ((a > 0))");
    }
}
