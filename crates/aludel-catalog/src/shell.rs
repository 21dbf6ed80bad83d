//! Types and the functions that serve them need each other: the functions stand on the type's shell instead.

use std::collections::HashMap;

use crate::kind::ObjectKind;
use crate::object::Object;

/// Moves the edges (from, to, by place) of functions that serve a type from the type to its shell.
pub(crate) fn settle(objects: &[Object], edges: &mut [(usize, usize)]) {
    let shells: HashMap<_, usize> = objects
        .iter()
        .enumerate()
        .filter(|(_, object)| object.id.kind == ObjectKind::ShellType)
        .flat_map(|(place, object)| {
            let hosts = object.definition.hosts(&object.id);
            hosts.into_iter().map(move |host| (host, place))
        })
        .collect();
    for (from, to) in edges {
        let served = &objects[*to].id;
        if let Some(&shell) = shells.get(served)
            && *from != shell
            && objects[*from]
                .definition
                .hosts(&objects[*from].id)
                .contains(served)
        {
            *to = shell;
        }
    }
}
