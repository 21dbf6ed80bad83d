//! One value for one column of one row, as SQL.

use crate::world::seed::Column;

/// A way to make a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    /// A plain value for each column.
    Plain,
    /// Where a CHECK speaks of the column, a string of its text.
    CheckText,
    /// Where a CHECK speaks of the column, just above a number of its text.
    CheckNumber,
    /// Defaults where there are any, NULL where that is allowed.
    Least,
    /// The same, with strings of CHECKs.
    LeastCheckText,
    /// The same, with numbers of CHECKs.
    LeastCheckNumber,
}

impl Variant {
    /// Every way, in the order in which they are tried.
    pub(crate) const ALL: [Self; 6] = [
        Self::Plain,
        Self::CheckText,
        Self::CheckNumber,
        Self::Least,
        Self::LeastCheckText,
        Self::LeastCheckNumber,
    ];

    fn is_least(self) -> bool {
        matches!(
            self,
            Self::Least | Self::LeastCheckText | Self::LeastCheckNumber
        )
    }
}

/// Returns the value of a column; `None` leaves it to the server.
pub(crate) fn value(
    column: &Column,
    row: usize,
    place: usize,
    wants_nulls: bool,
    variant: Variant,
) -> Option<String> {
    if column.made || column.has_default && (variant.is_least() || is_counter(column)) {
        return None;
    }
    if !column.not_null && (wants_nulls || variant.is_least()) {
        return Some("NULL".to_owned());
    }
    if let Some((table, name)) = &column.target {
        return Some(format!(
            "(SELECT {name} FROM {table} ORDER BY 1 OFFSET {row} % GREATEST((SELECT count(*) FROM {table}), 1) LIMIT 1)"
        ));
    }
    let of_check = match variant {
        Variant::CheckText | Variant::LeastCheckText => pick(&strings(&column.checks), row),
        Variant::CheckNumber | Variant::LeastCheckNumber => {
            pick(&numbers(&column.checks), 0).map(|number| format!("{number} + {}", row + 1))
        }
        Variant::Plain | Variant::Least => None,
    };
    let text = of_check.unwrap_or_else(|| plain(column, row, place));
    Some(format!("({text})::{}", column.type_name))
}

/// A default that counts must count, or the next row of its own collides.
fn is_counter(column: &Column) -> bool {
    column.has_default && column.category == "N" && column.not_null
}

fn pick(values: &[String], row: usize) -> Option<String> {
    let count = values.len().max(1);
    values.get(row % count).cloned()
}

/// A value of the type, another for each row; the place tells columns apart.
fn plain(column: &Column, row: usize, place: usize) -> String {
    let number = row + 1;
    let text = |text: String| format!("'{text}'");
    if !column.labels.is_empty() {
        return pick(&column.labels, row).unwrap_or_default();
    }
    match (column.base.as_str(), column.category.as_str()) {
        ("uuid", _) => text(format!("00000000-0000-4000-8000-{place:04x}{number:08x}")),
        ("json" | "jsonb", _) => text(format!("{{\"n\": {number}}}")),
        ("bytea", _) => text(format!("\\x{number:02x}")),
        ("date" | "timestamp" | "timestamptz", _) => text(format!("2024-01-{number:02} 10:00:00")),
        ("time" | "timetz", _) => text(format!("{:02}:00:00", number % 24)),
        ("interval", _) => text(format!("{number} days")),
        ("cidr", _) => text(format!("10.0.{number}.0/24")),
        ("inet", _) => text(format!("10.0.0.{number}")),
        ("macaddr", _) => text(format!("08:00:2b:01:02:{number:02x}")),
        ("macaddr8", _) => text(format!("08:00:2b:01:02:03:04:{number:02x}")),
        ("point", _) => text(format!("({number},{number})")),
        ("xml", _) => text(format!("<n>{number}</n>")),
        ("tsquery", _) => text(format!("v{number}")),
        ("bit" | "varbit", _) => {
            format!("repeat('{}', {})", number % 2, column.length.unwrap_or(1))
        }
        (_, "B") => row.is_multiple_of(2).to_string(),
        (_, "N") => number.to_string(),
        (_, "A") => text("{}".to_owned()),
        (_, "R") => text("empty".to_owned()),
        _ if column.base_type == "c" => "NULL".to_owned(),
        _ => {
            let whole = format!("v{place}_{number}");
            let length = column.length.unwrap_or(whole.len()).min(whole.len());
            // The end of it differs from row to row.
            text(whole[whole.len() - length..].to_owned())
        }
    }
}

/// The strings in an expression, as SQL.
fn strings(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('\'').collect();
    let inside = parts.iter().skip(1).step_by(2).take(parts.len() / 2);
    inside.map(|part| format!("'{part}'")).collect()
}

/// The numbers in an expression that stand by themselves.
fn numbers(text: &str) -> Vec<String> {
    let words =
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.');
    let is_number = |word: &&str| {
        word.starts_with(|first: char| first.is_ascii_digit())
            && word
                .chars()
                .all(|letter| letter.is_ascii_digit() || letter == '.')
    };
    words.filter(is_number).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_out_of_checks() {
        let check = "CHECK ((status = ANY (ARRAY['new'::text, 'done'::text])) AND n > 10)";
        assert_eq!(strings(check), ["'new'", "'done'"]);
        assert_eq!(numbers(check), ["10"]);
    }
}
