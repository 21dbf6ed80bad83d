//! Expressions whose text PostgreSQL does not read back as what it wrote.
//!
//! `status IN ('a', 'b')` on a `varchar` column is written as `(status)::text = ANY ((ARRAY['a'::character varying,
//! 'b'::character varying])::text[])`; read again, the cast moves onto each element. Only the operator itself can cast an
//! array that is written out as a whole, so without the cast PostgreSQL puts it there again. `a BETWEEN 1 AND 9 AND b` is
//! written as `((a >= 1) AND (a <= 9)) AND b`; read again, the two conditions join the third in one list, which BETWEEN
//! prevents. Written so, a schema is the schema that was meant.

/// What becomes of such an expression.
#[derive(Clone, Copy)]
enum Form {
    /// Written so that PostgreSQL makes of it what it was made of.
    Stable,
    /// Written as PostgreSQL writes it after it has read it again.
    ReadAgain,
}

/// Returns `sql` with every such expression written so that PostgreSQL makes of it what it was made of.
pub fn stable(sql: &str) -> String {
    rewritten(sql, Form::Stable)
}

/// Returns `sql` as it is in a database that was dumped and restored, where it means the same.
pub fn read_again(sql: &str) -> String {
    rewritten(sql, Form::ReadAgain)
}

fn rewritten(sql: &str, form: Form) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut at = 0;
    while let Some(character) = sql[at..].chars().next() {
        let rest = &sql[at..];
        let length = if let Some(length) = quoted(sql, at) {
            out.push_str(&rest[..length]);
            length
        } else if let Some((length, text)) = list(rest, form).or_else(|| nested(sql, at, form)) {
            out.push_str(&text);
            length
        } else {
            out.push(character);
            character.len_utf8()
        };
        at += length;
    }
    out
}

/// Returns whether PostgreSQL reads it back as what it wrote.
pub(crate) fn is_stable(sql: &str) -> bool {
    stable(sql) == sql
}

/// Returns the length of the string, name or dollar-quoted text that begins here.
fn quoted(sql: &str, at: usize) -> Option<usize> {
    let rest = &sql[at..];
    if let Some(behind) = rest.strip_prefix('$') {
        let tag = behind.find('$').map(|end| &rest[..end + 2])?;
        let word = |character: char| character.is_alphanumeric() || character == '_';
        let is_tag = tag[1..tag.len() - 1].chars().all(word);
        let length = rest[tag.len()..].find(tag).filter(|_| is_tag)?;
        return Some(length + 2 * tag.len());
    }
    let mark = rest
        .chars()
        .next()
        .filter(|mark| matches!(mark, '\'' | '"'))?;
    let escapes = mark == '\'' && sql[..at].ends_with(['E', 'e']);
    let mut escaped = false;
    for (end, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' if escapes => escaped = true,
            _ if character == mark => return Some(end + 1),
            _ => {}
        }
    }
    None
}

/// Reads `ANY ((ARRAY[items])::type[])` and returns its length and the same without the cast, or with the cast on each item.
fn list(text: &str, form: Form) -> Option<(usize, String)> {
    let word = ["ANY (", "ALL ("]
        .into_iter()
        .find(|word| text.starts_with(word))?;
    let array = text[word.len()..].strip_prefix("(ARRAY[")?;
    let items = &array[..closing(array, ']')?];
    let cast = array[items.len()..].strip_prefix("])::")?;
    let name = &cast[..closing(cast, ')')?];
    let length = word.len() + "(ARRAY[".len() + items.len() + "])::".len() + name.len();
    let element = name.strip_suffix("[]")?;
    let items = match form {
        Form::Stable => stable(items),
        Form::ReadAgain => {
            let cast = |item: &str| format!("({})::{element}", read_again(item));
            separate(items).map(cast).collect::<Vec<_>>().join(", ")
        }
    };
    Some((length, format!("{word}ARRAY[{items}]")))
}

/// The items of a list.
fn separate(items: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(items);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some(end) = closing(text, ',') else {
            return Some(text);
        };
        rest = Some(text[end + 1..].trim_start());
        Some(&text[..end])
    })
}

/// Reads `((x >= a) AND (x <= b))` that stands beside another AND, or `((x < a) OR (x > b))` beside another OR, and returns
/// its length and the same with BETWEEN, or without its own brackets.
fn nested(sql: &str, at: usize, form: Form) -> Option<(usize, String)> {
    let text = &sql[at..];
    let first = text.strip_prefix("((")?;
    let first = &first[..closing(first, ')')?];
    let after = &text["((".len() + first.len() + 1..];
    let [(and, least, most, between), (or, less, more, not_between)] = [
        (" AND ", " >= ", " <= ", "BETWEEN"),
        (" OR ", " < ", " > ", "NOT BETWEEN"),
    ];
    let (joint, from, to, word) = if after.starts_with(and) {
        (and, least, most, between)
    } else {
        (or, less, more, not_between)
    };
    let second = after.strip_prefix(joint)?.strip_prefix('(')?;
    let second = &second[..closing(second, ')')?];
    let length = "((".len() + first.len() + 1 + joint.len() + 1 + second.len() + "))".len();
    text[..length].ends_with("))").then_some(())?;
    let is_beside = text[length..].starts_with(joint) || sql[..at].ends_with(joint);
    let (value, lower) = split(first, from).filter(|_| is_beside)?;
    let (same, upper) = split(second, to).filter(|(same, _)| *same == value)?;
    if let Form::ReadAgain = form {
        return Some((length, read_again(&text[1..length - 1])));
    }
    let (value, lower, upper) = (stable(same), stable(lower), stable(upper));
    Some((length, format!("({value} {word} ({lower}) AND ({upper}))")))
}

/// Splits at an operator that stands outside of strings and brackets, once.
fn split<'a>(text: &'a str, operator: &str) -> Option<(&'a str, &'a str)> {
    let (left, right) = text.split_once(operator)?;
    let is_whole = |part: &str| closing(&format!("{part})"), ')') == Some(part.len());
    (is_whole(left) && is_whole(right)).then_some((left, right))
}

/// Returns where the bracket that is open at the beginning of `text` closes, strings, names and inner brackets left out.
fn closing(text: &str, bracket: char) -> Option<usize> {
    let mut open = 0_usize;
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        if let Some(length) = quoted(text, at) {
            at += length;
            continue;
        }
        match character {
            _ if open == 0 && character == bracket => return Some(at),
            '(' | '[' => open += 1,
            ')' | ']' => open = open.checked_sub(1)?,
            _ => {}
        }
        at += character.len_utf8();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cast_by_its_operator() {
        const READ_AGAIN: &str = "CHECK (((status)::text = ANY (ARRAY[('a'::character varying)::text, ('c'::character varying)::text])))";
        for (written, wanted) in [
            (
                "(((status)::text = ANY ((ARRAY['a, b'::character varying, 'c]'::character varying])::text[])))",
                "(((status)::text = ANY (ARRAY['a, b'::character varying, 'c]'::character varying])))",
            ),
            (
                "CHECK ((a <> ALL ((ARRAY[f(0), (ARRAY[1])[1]])::double precision[]))) NOT VALID",
                "CHECK ((a <> ALL (ARRAY[f(0), (ARRAY[1])[1]]))) NOT VALID",
            ),
            (READ_AGAIN, READ_AGAIN),
            ("CHECK ((a > 0))", "CHECK ((a > 0))"),
        ] {
            assert_eq!(stable(written), wanted);
        }
    }

    #[test]
    fn what_was_dumped_and_restored_means_the_same() {
        for (written, restored) in [
            (
                "CHECK (((status)::text = ANY ((ARRAY['a, b'::character varying, 'c]'::character varying])::text[])))",
                "CHECK (((status)::text = ANY (ARRAY[('a, b'::character varying)::text, ('c]'::character varying)::text])))",
            ),
            (
                "CHECK ((a <> ALL ((ARRAY[1, (2 + 3)])::bigint[])))",
                "CHECK ((a <> ALL (ARRAY[(1)::bigint, ((2 + 3))::bigint])))",
            ),
            (
                "CHECK ((((a >= 1) AND (a <= 9)) AND (b > 0)))",
                "CHECK (((a >= 1) AND (a <= 9) AND (b > 0)))",
            ),
        ] {
            assert_eq!(read_again(written), restored);
            assert_eq!(read_again(restored), restored);
        }
    }

    #[test]
    fn conditions_in_a_list_of_their_own_keep_it() {
        for (written, wanted) in [
            (
                "CHECK ((((a >= 1) AND (a <= (c + 9))) AND (b > 0)))",
                "CHECK (((a BETWEEN (1) AND ((c + 9))) AND (b > 0)))",
            ),
            (
                "((b > 0) OR ((\"a)\" < 1) OR (\"a)\" > 9)))",
                "((b > 0) OR (\"a)\" NOT BETWEEN (1) AND (9)))",
            ),
            (
                "CHECK (((a >= 1) AND (a <= 9)))",
                "CHECK (((a >= 1) AND (a <= 9)))",
            ),
            (
                "(((a >= 1) AND (c <= 9)) AND (b > 0))",
                "(((a >= 1) AND (c <= 9)) AND (b > 0))",
            ),
        ] {
            assert_eq!(stable(written), wanted);
        }
    }

    #[test]
    fn what_is_quoted_stays() {
        for sql in [
            "COMMENT ON TABLE t IS 'x = ANY ((ARRAY[1])::bigint[]) it''s'",
            "COMMENT ON TABLE t IS E'\\'((a >= 1) AND (a <= 9)) AND b'",
            "DO $a$ ((a >= 1) AND (a <= 9)) AND b $a$",
            "COMMENT ON TABLE \"ANY ((ARRAY[1])::int[])\" IS NULL",
        ] {
            assert_eq!(stable(sql), sql);
        }
    }
}
