//! Whether a change of type needs a USING clause.
//!
//! Where an assignment cast exists none is written: an explicit cast to `varchar(3)` cuts values silently where the
//! assignment refuses them (measured on PostgreSQL 14 to 18).

/// Returns ` USING …`, or nothing where PostgreSQL converts by assignment.
pub(super) fn using(old: &str, new: &str, column: &str) -> String {
    if assigns(old, new) {
        return String::new();
    }
    let number = |name: &str| family(&base(name)) == 2;
    if number(old) && new == "boolean" {
        return format!(" USING {column} <> 0");
    }
    // Two types that PostgreSQL has no cast for go through their text.
    let has_cast = builtin(old) && builtin(new) && casts(old, new);
    let text = if has_cast { "" } else { "::text" };
    match (old.ends_with("[]"), new.ends_with("[]")) {
        // A value becomes the list of itself, and a list its first value.
        (false, true) => {
            return format!(
                " USING CASE WHEN {column} IS NOT NULL THEN ARRAY[{column}{text}]::{new} END"
            );
        }
        (true, false) => return format!(" USING {column}[1]{text}::{new}"),
        _ => {}
    }
    let step = match old.ends_with("[]") {
        _ if old == "boolean" && number(new) => "::integer",
        _ if has_cast => "",
        true => "::text[]",
        false => "::text",
    };
    format!(" USING {column}{step}::{new}")
}

/// Casts between PostgreSQL's own types that have to be asked for (`pg_cast` of 14 to 18), beside those to and from text.
const CASTS: &[(&str, &[&str])] = &[
    ("bigint", &["bit", "money", "oid"]),
    ("bit", &["bigint", "integer"]),
    ("boolean", &["integer"]),
    ("box", &["circle", "lseg", "point", "polygon"]),
    ("circle", &["box", "point", "polygon"]),
    ("daterange", &["datemultirange"]),
    ("int4range", &["int4multirange"]),
    ("int8range", &["int8multirange"]),
    ("integer", &["bit", "boolean", "\"char\"", "money", "oid"]),
    ("interval", &["time without time zone"]),
    (
        "jsonb",
        &[
            "bigint",
            "boolean",
            "double precision",
            "integer",
            "numeric",
            "real",
            "smallint",
        ],
    ),
    ("lseg", &["point"]),
    ("macaddr", &["macaddr8"]),
    ("macaddr8", &["macaddr"]),
    ("money", &["numeric"]),
    ("numeric", &["money"]),
    ("numrange", &["nummultirange"]),
    ("oid", &["bigint", "integer"]),
    ("path", &["polygon"]),
    ("point", &["box"]),
    ("polygon", &["box", "circle", "path", "point"]),
    ("smallint", &["oid"]),
    ("time without time zone", &["interval"]),
    (
        "timestamp with time zone",
        &["time with time zone", "time without time zone"],
    ),
    ("timestamp without time zone", &["time without time zone"]),
    ("tsrange", &["tsmultirange"]),
    ("tstzrange", &["tstzmultirange"]),
    ("xid8", &["xid"]),
];

/// Returns whether PostgreSQL has a cast, or one side is text.
fn casts(old: &str, new: &str) -> bool {
    let (old, new) = (base(old), base(new));
    let (old, new) = (old.trim_end_matches("[]"), new.trim_end_matches("[]"));
    let listed = CASTS
        .iter()
        .any(|(from, to)| *from == old && to.contains(&new));
    family(old) == 1 || assigns(old, new) || listed
}

fn assigns(old: &str, new: &str) -> bool {
    let (old, new) = (base(old), base(new));
    if old.ends_with("[]") != new.ends_with("[]") {
        return false;
    }
    let (old, new) = (old.trim_end_matches("[]"), new.trim_end_matches("[]"));
    old == new || family(new) == 1 || family(old) != 0 && family(old) == family(new)
}

/// Types that PostgreSQL converts into each other by assignment, under one number; 0 for no such family.
fn family(name: &str) -> u8 {
    match name {
        "text" | "character varying" | "character" | "name" | "citext" => 1,
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => 2,
        "date" | "timestamp without time zone" | "timestamp with time zone" => 3,
        "json" | "jsonb" => 4,
        "inet" | "cidr" => 5,
        "time without time zone" | "time with time zone" => 6,
        "interval" => 7,
        "bit" | "bit varying" => 8,
        _ => 0,
    }
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
            ("integer", "boolean", " USING c <> 0"),
            ("integer", "inet", " USING c::text::inet"),
            ("integer[]", "inet[]", " USING c::text[]::inet[]"),
            ("boolean", "numeric(3,0)", " USING c::integer::numeric(3,0)"),
            ("character varying(36)", "uuid", " USING c::uuid"),
            ("text", "public.status", " USING c::text::public.status"),
            (
                "public.old_status",
                "public.status",
                " USING c::text::public.status",
            ),
            ("public.a[]", "public.b[]", " USING c::text[]::public.b[]"),
            ("text[]", "integer[]", " USING c::integer[]"),
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
