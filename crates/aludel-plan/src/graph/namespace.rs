//! Where names are taken: objects of different kinds may not have the same one.

use aludel_catalog::{ObjectId, ObjectKind};

/// What must not have the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Namespace {
    /// Relations and indexes.
    Relations,
    /// Types, and the row types of relations.
    Types,
    /// The constraints of one table.
    Constraints,
    /// Functions, procedures and aggregates.
    Routines,
    /// Statistics objects.
    Statistics,
}

/// A name taken in a namespace: schema, relation or arguments, name.
pub(crate) type Taken<'a> = (Namespace, &'a str, &'a str, &'a str);

/// Returns the names that an object takes.
pub(crate) fn namespaces(id: &ObjectId) -> impl Iterator<Item = Taken<'_>> {
    use Namespace as N;
    use ObjectKind as K;
    let spaces: &[N] = match id.kind {
        K::Table | K::View | K::MaterializedView | K::CompositeType => &[N::Relations, N::Types],
        K::Sequence | K::Index => &[N::Relations],
        K::EnumType | K::Domain | K::RangeType | K::BaseType | K::ShellType => &[N::Types],
        K::Constraint => &[N::Relations, N::Constraints],
        K::ForeignKey => &[N::Constraints],
        K::Routine | K::Aggregate => &[N::Routines],
        K::Statistics => &[N::Statistics],
        _ => &[],
    };
    spaces.iter().map(|&space| {
        let within = match space {
            N::Constraints => id.relation.as_str(),
            N::Routines => id.arguments.as_str(),
            _ => "",
        };
        (space, id.schema.as_str(), within, id.name.as_str())
    })
}
