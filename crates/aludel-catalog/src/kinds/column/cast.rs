//! Whether a change of type needs a USING clause.
//!
//! Where an assignment cast exists none is written: an explicit cast to `varchar(3)` cuts values silently where the
//! assignment refuses them (measured on PostgreSQL 14 to 18).

/// Returns ` USING …`, or nothing where PostgreSQL converts by assignment.
pub(super) fn using(old: &str, new: &str, column: &str) -> String {
    if assigns(old, new) {
        return String::new();
    }
    let text = if casts(element(old), element(new)) {
        ""
    } else {
        "::text"
    };
    match (old.ends_with("[]"), new.ends_with("[]")) {
        (true, true) if text.is_empty() => format!(" USING {column}::{new}"),
        (true, true) => format!(" USING {column}::text[]::{new}"),
        // A value becomes the list of itself, and a list its first value.
        (false, true) => {
            format!(" USING CASE WHEN {column} IS NOT NULL THEN ARRAY[{column}{text}]::{new} END")
        }
        (true, false) => format!(" USING {column}[1]{text}::{new}"),
        (false, false) => format!(" USING {column}{text}::{new}"),
    }
}

/// Returns whether PostgreSQL has an explicit cast; what has none goes through its text.
fn casts(old: &str, new: &str) -> bool {
    let (old, new) = (base(old), base(new));
    let (old, new) = (old.as_str(), new.as_str());
    if !builtin(old) || !builtin(new) {
        return false;
    }
    let is = |name: &str, names: &[&str]| names.contains(&name);
    let whole = ["smallint", "integer", "bigint"];
    let same_family = family(old) != 0 && family(old) == family(new);
    same_family
        || family(old) == TEXT
        || is(old, &["jsonb"]) && (family(new) == NUMBER || new == "boolean")
        || old == "integer" && new == "boolean"
        || old == "boolean" && new == "integer"
        || is(old, &["integer", "bigint"]) && is(new, &["bit", "money", "oid"])
        || is(old, &["bit"]) && is(new, &["integer", "bigint"])
        || old == "numeric" && new == "money"
        || old == "money" && new == "numeric"
        || old == "oid" && is(new, &whole[1..])
        || family(old) == DAY && family(new) == CLOCK && old != "date"
        || is(old, &["interval", "time without time zone"])
            && is(new, &["interval", "time without time zone"])
}

fn element(name: &str) -> &str {
    name.strip_suffix("[]").unwrap_or(name)
}

const TEXT: u8 = 1;
const NUMBER: u8 = 2;
const DAY: u8 = 3;
const CLOCK: u8 = 6;

/// Returns a number that types have in common which PostgreSQL assigns to one another; 0 for a type without such kin.
fn family(name: &str) -> u8 {
    match name {
        "text" | "character varying" | "character" | "name" | "citext" => TEXT,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => NUMBER,
        "date" | "timestamp without time zone" | "timestamp with time zone" => DAY,
        "json" | "jsonb" => 4,
        "inet" | "cidr" => 5,
        "time without time zone" | "time with time zone" => CLOCK,
        "interval" => 7,
        "bit" | "bit varying" => 8,
        _ => 0,
    }
}

fn assigns(old: &str, new: &str) -> bool {
    let (old, new) = (base(old), base(new));
    if old.ends_with("[]") != new.ends_with("[]") {
        return false;
    }
    let (old, new) = (old.trim_end_matches("[]"), new.trim_end_matches("[]"));
    old == new || family(new) == TEXT || family(old) != 0 && family(old) == family(new)
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
            ("bit(4)", "jsonb", " USING c::text::jsonb"),
            ("uuid[]", "integer", " USING c[1]::text::integer"),
            (
                "date",
                "integer[]",
                " USING CASE WHEN c IS NOT NULL THEN ARRAY[c::text]::integer[] END",
            ),
        ] {
            assert_eq!(using(old, new, "c"), sql, "{old} -> {new}");
        }
    }
}
