//! Whether changing a column's type can lose part of a value.
//!
//! The rule is a list of changes that keep every value, measured on PostgreSQL 14 to 18; everything else is taken to
//! lose. Type names are those of `format_type`, e.g. `character varying(20)`.

/// Returns whether a value of type `old` may change or be refused when it becomes `new`.
pub fn loses(old: &str, new: &str) -> bool {
    if old == new {
        return false;
    }
    if let (Some(old), Some(new)) = (old.strip_suffix("[]"), new.strip_suffix("[]")) {
        return loses(old, new);
    }
    let ((old_base, old_size), (new_base, new_size)) = (parts(old), parts(new));
    match (old_base.as_str(), new_base.as_str()) {
        ("character varying" | "text" | "citext", "text" | "citext") => false,
        ("character varying" | "text", "character varying") if new_size.is_empty() => false,
        ("character varying" | "bit varying" | "varbit", _) if old_base == new_base => {
            !new_size.is_empty() && (old_size.is_empty() || old_size[0] > new_size[0])
        }
        ("smallint", "integer" | "bigint" | "real" | "double precision") => false,
        ("integer", "bigint" | "double precision") => false,
        ("smallint" | "integer" | "bigint", "numeric") => {
            let digits = match old_base.as_str() {
                "smallint" => 5,
                "integer" => 10,
                _ => 19,
            };
            !new_size.is_empty() && new_size[0] - new_size.get(1).unwrap_or(&0) < digits
        }
        ("real", "double precision") => false,
        ("numeric", "numeric") => narrower_numeric(&old_size, &new_size),
        (
            "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" | "boolean"
            | "uuid" | "date" | "inet" | "cidr" | "json" | "money",
            "text",
        ) => false,
        (
            "smallint" | "integer" | "bigint" | "numeric" | "boolean" | "uuid",
            "character varying",
        ) => !new_size.is_empty(),
        ("jsonb", "json" | "text") => false,
        ("cidr", "inet") => false,
        ("date", "timestamp without time zone") => false,
        (
            "timestamp without time zone"
            | "timestamp with time zone"
            | "interval"
            | "time without time zone"
            | "time with time zone",
            _,
        ) if old_base == new_base => {
            let precision = |size: &[i64]| size.first().copied().unwrap_or(6);
            precision(&new_size) < precision(&old_size)
        }
        _ => true,
    }
}

/// Returns whether a table's rows stay as they are when a column of type `old` becomes `new` (measured on PostgreSQL 14
/// to 18 with the pairs of types that free a column from a limit).
pub fn keeps_rows(old: &str, new: &str) -> bool {
    if old == new {
        return true;
    }
    let ((old_base, old_size), (new_base, new_size)) = (parts(old), parts(new));
    let text = |base: &str| matches!(base, "text" | "character varying");
    match (old_base.as_str(), new_base.as_str()) {
        (old, new) if text(old) && text(new) && new_size.is_empty() => true,
        ("numeric", "numeric") => {
            let scale = |size: &[i64]| size.get(1).copied().unwrap_or(0);
            new_size.is_empty()
                || !old_size.is_empty()
                    && scale(&old_size) == scale(&new_size)
                    && new_size[0] >= old_size[0]
        }
        (
            "character varying"
            | "bit varying"
            | "timestamp without time zone"
            | "timestamp with time zone"
            | "time without time zone"
            | "time with time zone"
            | "interval",
            _,
        ) if old_base == new_base => {
            new_size.is_empty() || !old_size.is_empty() && new_size[0] >= old_size[0]
        }
        ("cidr", "inet") | ("xml", "text") => true,
        _ => false,
    }
}

fn narrower_numeric(old: &[i64], new: &[i64]) -> bool {
    if new.is_empty() {
        return false;
    }
    if old.is_empty() {
        return true;
    }
    let scale = |size: &[i64]| size.get(1).copied().unwrap_or(0);
    scale(new) < scale(old) || new[0] - scale(new) < old[0] - scale(old)
}

/// Splits `timestamp(3) without time zone` into its base and its numbers.
fn parts(name: &str) -> (String, Vec<i64>) {
    match (name.find('('), name.find(')')) {
        (Some(open), Some(close)) if open < close => {
            let numbers = name[open + 1..close]
                .split(',')
                .filter_map(|number| number.trim().parse().ok())
                .collect();
            (format!("{}{}", &name[..open], &name[close + 1..]), numbers)
        }
        _ => (name.to_owned(), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::loses;

    #[test]
    fn widening_keeps_and_narrowing_loses() {
        for (old, new, answer) in [
            ("character varying(20)", "character varying(50)", false),
            ("character varying(50)", "character varying(20)", true),
            ("character varying(50)", "text", false),
            ("text", "character varying(50)", true),
            ("text", "character varying", false),
            ("integer", "bigint", false),
            ("bigint", "integer", true),
            ("bigint", "double precision", true),
            ("numeric(10,2)", "numeric(12,2)", false),
            ("numeric(10,2)", "numeric(12,4)", false),
            ("numeric(10,2)", "numeric(10,4)", true),
            ("numeric(10,4)", "numeric(6,4)", true),
            ("numeric", "integer", true),
            ("integer", "numeric(12,2)", false),
            ("integer", "numeric(6,2)", true),
            (
                "timestamp(6) without time zone",
                "timestamp(0) without time zone",
                true,
            ),
            (
                "timestamp without time zone",
                "timestamp with time zone",
                true,
            ),
            ("character varying(5)[]", "character varying(2)[]", true),
            ("json", "jsonb", true),
            ("jsonb", "json", false),
            ("integer", "text", false),
            ("text", "integer", true),
        ] {
            assert_eq!(loses(old, new), answer, "{old} -> {new}");
        }
    }
}
