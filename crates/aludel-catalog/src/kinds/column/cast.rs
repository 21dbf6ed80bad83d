//! Whether a change of type needs a USING clause.
//!
//! Where an assignment cast exists none is written: an explicit cast to `varchar(3)` cuts values silently where the
//! assignment refuses them (measured on PostgreSQL 14 to 18).

/// Returns ` USING …`, or nothing where PostgreSQL converts by assignment.
pub(super) fn using(old: &str, new: &str, column: &str) -> String {
    if assigns(old, new) {
        return String::new();
    }
    let array = old.ends_with("[]") && new.ends_with("[]");
    if !old.ends_with("[]") && new.ends_with("[]") && builtin(old) {
        // A value becomes the list of itself.
        return format!(" USING CASE WHEN {column} IS NOT NULL THEN ARRAY[{column}]::{new} END");
    }
    if old.ends_with("[]") && !new.ends_with("[]") && builtin(old) {
        return format!(" USING {column}[1]::{new}");
    }
    let step = match (builtin(old), builtin(new)) {
        (true, true) => "",
        // Two types that PostgreSQL knows nothing about go through their text.
        _ if array => "::text[]",
        _ => "::text",
    };
    format!(" USING {column}{step}::{new}")
}

fn assigns(old: &str, new: &str) -> bool {
    let (old, new) = (base(old), base(new));
    if old.ends_with("[]") != new.ends_with("[]") {
        return false;
    }
    let (old, new) = (old.trim_end_matches("[]"), new.trim_end_matches("[]"));
    let family = |name: &str| match name {
        "text" | "character varying" | "character" | "name" | "citext" => 1,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => 2,
        "date" | "timestamp without time zone" | "timestamp with time zone" => 3,
        "json" | "jsonb" => 4,
        "inet" | "cidr" => 5,
        "time without time zone" | "time with time zone" => 6,
        "interval" => 7,
        "bit" | "bit varying" => 8,
        _ => 0,
    };
    old == new || family(new) == 1 || family(old) != 0 && family(old) == family(new)
}

fn base(name: &str) -> String {
    match (name.find('('), name.find(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", &name[..open], &name[close + 1..])
        }
        _ => name.to_owned(),
    }
}

/// PostgreSQL's own types are written without a schema when the search path is empty.
fn builtin(name: &str) -> bool {
    !name.contains('.')
}

#[cfg(test)]
mod tests {
    use super::using;

    #[test]
    fn a_cast_is_written_only_where_assignment_does_not_do() {
        for (old, new, sql) in [
            ("integer", "bigint", ""),
            ("text", "character varying(3)", ""),
            ("integer", "text", ""),
            ("text", "integer", " USING c::integer"),
            ("character varying(36)", "uuid", " USING c::uuid"),
            ("text", "public.status", " USING c::text::public.status"),
            (
                "public.old_status",
                "public.status",
                " USING c::text::public.status",
            ),
            ("public.a[]", "public.b[]", " USING c::text[]::public.b[]"),
            ("text[]", "integer[]", " USING c::integer[]"),
        ] {
            assert_eq!(using(old, new, "c"), sql, "{old} -> {new}");
        }
    }
}
