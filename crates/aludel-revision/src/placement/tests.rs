//! Places of new revisions.

use super::Splice;
use crate::id;
use crate::testing::history;

#[test]
fn a_new_revision_follows_heads_unless_it_is_spliced() {
    let found = history("a:\nb: a # shop\nc: a\nx:\n").unwrap();
    let told = |targets: &[&str], splice| match found.parents_for(targets, splice) {
        Ok(parents) => id::list(&parents),
        Err(error) => format!("! {}: {error}; {}", error.kind(), error.hint()),
    };
    assert_eq!(told(&["shop@head"], Splice::Refuse), "b");
    assert_eq!(told(&["b", "c"], Splice::Refuse), "b, c");
    assert_eq!(told(&["heads"], Splice::Refuse), "b, c, x");
    assert_eq!(told(&["base"], Splice::Refuse), "");
    assert_eq!(told(&["a"], Splice::Allow), "a");
    assert_eq!(
        told(&["a"], Splice::Refuse),
        "! not-a-head: revision a is not a head: it is followed by b, c; `aludel heads` lists the heads; \
         with --splice a branch begins at a"
    );
    assert_eq!(
        told(&["b", "shop"], Splice::Refuse),
        "! named-twice: revision b is named twice; name it once"
    );
    assert!(told(&[], Splice::Refuse).starts_with("! multiple-heads: the history has 3 heads"));
    assert_eq!(found.dependency_for("shop").unwrap().as_str(), "shop");
    assert_eq!(found.dependency_for("c").unwrap().as_str(), "c");
    assert!(found.dependency_for("base").is_err());
    assert!(found.dependency_for("heads").is_err());
}
