//! The closed list of ways in which a statement can lose data.

use std::fmt;
use std::str::FromStr;

/// A way to lose data. The list is closed: a revision allows hazards by these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hazard {
    /// A table and its rows go.
    DropTable,
    /// A column and its values go.
    DropColumn,
    /// A schema goes, with everything in it.
    DropSchema,
    /// A type goes; with `CASCADE`, the columns that use it too.
    DropType,
    /// A sequence goes, and with it the last number it gave.
    DropSequence,
    /// A materialised view and its stored rows go.
    DropMaterializedView,
    /// An enum loses a value that rows may hold.
    DropEnumValue,
    /// A column's type changes to one that holds less.
    NarrowType,
    /// Every row of a table goes.
    Truncate,
    /// Rows go.
    Delete,
    /// Nobody can tell from the text: `DO`, `CALL`, a function called for its effect.
    Unclassified,
}

/// A name that is none of the hazards' names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{name}\" is not the name of a hazard")]
pub struct UnknownHazard {
    /// The name that was given.
    pub name: String,
}

impl Hazard {
    /// Every hazard, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::DropTable,
        Self::DropColumn,
        Self::DropSchema,
        Self::DropType,
        Self::DropSequence,
        Self::DropMaterializedView,
        Self::DropEnumValue,
        Self::NarrowType,
        Self::Truncate,
        Self::Delete,
        Self::Unclassified,
    ];

    /// Returns the name used in headers and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DropTable => "drop-table",
            Self::DropColumn => "drop-column",
            Self::DropSchema => "drop-schema",
            Self::DropType => "drop-type",
            Self::DropSequence => "drop-sequence",
            Self::DropMaterializedView => "drop-materialized-view",
            Self::DropEnumValue => "drop-enum-value",
            Self::NarrowType => "narrow-type",
            Self::Truncate => "truncate",
            Self::Delete => "delete",
            Self::Unclassified => "unclassified",
        }
    }
}

impl fmt::Display for Hazard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Hazard {
    type Err = UnknownHazard;

    fn from_str(name: &str) -> Result<Self, UnknownHazard> {
        let found = Self::ALL.into_iter().find(|hazard| hazard.as_str() == name);
        found.ok_or_else(|| UnknownHazard {
            name: name.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for hazard in Hazard::ALL {
            assert_eq!(hazard.as_str().parse(), Ok(hazard));
        }
        assert!("drop-everything".parse::<Hazard>().is_err());
    }
}
