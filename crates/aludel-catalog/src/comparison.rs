//! What comparing two objects of one name can answer, and how an object behaves when others change under it.

/// How the current object gets to the desired one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Nothing to do.
    Same,
    /// PostgreSQL can change these attributes in place.
    Alter(Vec<&'static str>),
    /// It must be dropped and made again, for this reason.
    Recreate(&'static str),
}

impl Comparison {
    /// Returns `Same` for no attributes, else `Alter`.
    pub fn of(attributes: Vec<&'static str>) -> Self {
        if attributes.is_empty() {
            Self::Same
        } else {
            Self::Alter(attributes)
        }
    }
}

/// What an object is to the objects around it; it decides when in a plan the object goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Holds rows or other objects: dropped last, never made again without a word about loss.
    Container,
    /// Hangs on others and holds nothing: dropped first, made again freely.
    Hanger,
    /// A type that columns may have: set aside under another name when it must be made again.
    Type,
    /// Comes and goes with another object (an inherited column, a view's column); no SQL of its own.
    Implicit,
}

/// What an object does when something it depends on is dropped and made again under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Follow {
    /// It is dropped before and made again after.
    Recreate,
    /// It lets go before and takes hold again after, keeping its rows.
    Release {
        /// Statements that let go.
        before: Vec<String>,
        /// Statements that take hold again.
        after: Vec<String>,
    },
    /// It lets go and takes hold again, and what stands on it does not survive that.
    Rebuild {
        /// Statements that let go.
        before: Vec<String>,
        /// Statements that take hold again.
        after: Vec<String>,
    },
    /// Its values go from the old type to the new one: across while the old one stands under another name, or out into
    /// their text and back where there is no old one meanwhile.
    Move {
        /// Statements that let go of what is not the values.
        before: Vec<String>,
        /// Statements that take the values across.
        across: Vec<String>,
        /// Statements that take the values out.
        out: Vec<String>,
        /// Statements that take the values back.
        back: Vec<String>,
    },
    /// Nothing: PostgreSQL keeps it in step by itself.
    Keep,
}

/// How an object changes in place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alteration {
    /// What it gives up first, before anything else is made: an identity whose sequence holds a name, a parent table.
    pub first: Vec<String>,
    /// The change itself.
    pub change: Vec<String>,
    /// What can come only when everything else stands: joining a parent table.
    pub last: Vec<String>,
}

impl From<Vec<String>> for Alteration {
    fn from(change: Vec<String>) -> Self {
        Self {
            change,
            ..Self::default()
        }
    }
}

/// How an object is made as a part of its relation's own CREATE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its place among the clauses: columns by number, then constraints.
    pub place: u32,
    /// The clause.
    pub sql: String,
    /// Statements for what no clause can say.
    pub then: Vec<String>,
    /// Two clauses that have the same text here PostgreSQL takes for one: it makes one index and forgets the other.
    pub merges: Option<String>,
}
