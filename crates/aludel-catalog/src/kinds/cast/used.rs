//! Who uses a cast: `pg_depend` knows only that the cast's function is called.

use std::collections::HashMap;

use crate::kind::ObjectKind;
use crate::object::Object;

/// Adds edges (from, to, by place): what calls a cast's function in an expression may do so by casting, so it stands on
/// the cast too.
pub(crate) fn settle(objects: &[Object], edges: &mut Vec<(usize, usize)>) {
    let kind = |place: usize| objects[place].id.kind;
    let casts: HashMap<usize, usize> = edges
        .iter()
        .filter(|&&(from, to)| kind(from) == ObjectKind::Cast && kind(to) == ObjectKind::Routine)
        .map(|&(cast, function)| (function, cast))
        .collect();
    if casts.is_empty() {
        return;
    }
    let by_name = |place: usize| {
        use ObjectKind as K;
        kind(place).is_type()
            || matches!(
                kind(place),
                K::Cast
                    | K::Operator
                    | K::OperatorClass
                    | K::OperatorFamily
                    | K::Aggregate
                    | K::Transform
            )
    };
    let users: Vec<(usize, usize)> = edges
        .iter()
        .filter(|&&(from, _)| kind(from) == ObjectKind::Domain || !by_name(from))
        .filter_map(|&(from, to)| Some((from, *casts.get(&to)?)))
        .collect();
    edges.extend(users);
}
