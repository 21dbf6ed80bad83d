//! Members of operator families: those that a class holds, and those that are loose in their family.

use crate::identifier::quote;
use crate::object_id::ObjectId;
use crate::row::{DecodeError, Fields};

/// An operator or a support function of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Whether it is an operator.
    pub is_operator: bool,
    /// Its strategy or support number.
    pub number: String,
    /// The left and right type it is for.
    pub types: (String, String),
    /// The operator or function with its arguments, qualified where it must be.
    pub object: String,
    /// The family by which an ordering operator orders, qualified.
    pub order_by: Option<String>,
}

impl Member {
    /// Reads the members that `members.sql` lists.
    pub(crate) fn decode(fields: &Fields<'_>) -> Result<Vec<Self>, DecodeError> {
        let members = fields.table()?.into_iter().map(|row| {
            let mut values = row.into_iter();
            let mut next = || values.next().flatten();
            Self {
                is_operator: next().as_deref() == Some("o"),
                number: next().unwrap_or_default(),
                types: (next().unwrap_or_default(), next().unwrap_or_default()),
                object: next().unwrap_or_default(),
                order_by: next(),
            }
        });
        Ok(members.collect())
    }

    /// Returns its place in the family: what it is called when it goes.
    pub(crate) fn place(&self) -> String {
        let word = if self.is_operator {
            "OPERATOR"
        } else {
            "FUNCTION"
        };
        let (left, right) = &self.types;
        format!("{word} {} ({left}, {right})", self.number)
    }

    /// Returns the item that adds it.
    pub(crate) fn sql(&self) -> String {
        if !self.is_operator {
            return format!("{} {}", self.place(), self.object);
        }
        let mut sql = format!("OPERATOR {} {}", self.number, self.object);
        if let Some(family) = &self.order_by {
            sql.push_str(" FOR ORDER BY ");
            sql.push_str(family);
        }
        sql
    }

    /// Returns whether it stands on that object.
    pub(crate) fn needs(&self, other: &ObjectId) -> bool {
        let name = other.qualified();
        // PostgreSQL writes the arguments of these without spaces between them.
        self.object == other.path().replace(", ", ",")
            || self.types.0 == name
            || self.types.1 == name
            || self.order_by.as_ref() == Some(&name)
    }
}

/// Returns how SQL names a family or class: with its access method.
pub(crate) fn using(id: &ObjectId) -> String {
    format!("{} USING {}", id.qualified(), quote(&id.arguments))
}

/// Puts the two queries about members into that of families or classes, whose table is called `owner` there.
pub(crate) fn with_members(query: &str, class: u32) -> String {
    query
        .replace(
            "/*addresses*/",
            include_str!("family_member_addresses.sql").trim_end(),
        )
        .replace("/*members*/", include_str!("family_members.sql").trim_end())
        .replace("/*class*/", &class.to_string())
}
