//! Files that are written, read back, and changed.

use aludel_sql::Hazard;

use super::*;
use crate::edit::{set_allow, set_parents};
use crate::testing::{history, id, ids, revision};

fn sample() -> NewRevision {
    let created = "2026-11-22T18:30:05.123Z".parse().unwrap();
    let mut new = NewRevision::new(
        id("ae1027a6acf0"),
        ids("1975ea83b712"),
        created,
        "Add \"order\" total: über 🧪!",
    );
    new.upgrade = "\nALTER TABLE o ADD c int;\n\n-- aludel: commit\nSELECT 1\n\n".to_owned();
    new.downgrade = Some("ALTER TABLE o DROP c;".to_owned());
    let (object, reason) = ("public.\"a b\"".to_owned(), "a \"reason\"\n#".to_owned());
    new.allow = vec![
        Allow::One {
            hazard: Hazard::DropTable,
            object,
            reason,
        },
        Allow::All,
    ];
    new
}

#[test]
fn a_new_file_reads_back_as_what_was_written() {
    let mut new = sample();
    new.labels = vec!["shop".to_owned()];
    new.depends_on = ids("x y");
    new.after = ids("v w");
    new.replaces = Replaces::new(Vec::new(), ids("z"));
    new.recorded = Some("adopted".to_owned());
    let read = revision(&new.render()).unwrap();
    let header = &read.header;
    assert_eq!((&header.revision, &header.parents), (&new.id, &new.parents));
    assert_eq!(
        (&header.message, &header.labels, &header.allow),
        (&new.message, &new.labels, &new.allow)
    );
    assert_eq!(
        (&header.depends_on, &header.after, &header.replaces),
        (&new.depends_on, &new.after, &new.replaces)
    );
    assert_eq!(
        (&header.recorded, &header.irreversible),
        (&new.recorded, &None)
    );
    assert_eq!(header.created, "2026-11-22T18:30:05Z");
    assert_eq!(read.body().unwrap().upgrade.segments.len(), 2);
}

#[test]
fn the_text_is_the_designs() {
    let created = "2026-11-22T18:30:00Z".parse().unwrap();
    let mut new = NewRevision::new(
        id("ae1027a6acf0"),
        ids("1975ea83b712"),
        created,
        "add order total",
    );
    new.upgrade =
        "ALTER TABLE public.orders ADD COLUMN total numeric(12,2) DEFAULT 0 NOT NULL;".to_owned();
    new.downgrade = Some("ALTER TABLE public.orders DROP COLUMN total;\n".to_owned());
    let expected = "\
-- aludel: revision = \"ae1027a6acf0\"
-- aludel: parents = [\"1975ea83b712\"]
-- aludel: created = \"2026-11-22T18:30:00Z\"
-- aludel: message = \"add order total\"

-- aludel: upgrade
ALTER TABLE public.orders ADD COLUMN total numeric(12,2) DEFAULT 0 NOT NULL;

-- aludel: downgrade
ALTER TABLE public.orders DROP COLUMN total;
";
    assert_eq!(new.render(), expected);
}

#[test]
fn file_names_follow_the_template() {
    let new = sample();
    let name = |template: &str| new.file_name(template).map_err(|error| error.to_string());
    assert_eq!(
        name(DEFAULT_TEMPLATE),
        Ok("20261122_183005_ae1027a6acf0_add_order_total_über.sql".into())
    );
    assert_eq!(name("{year}/{id}.sql"), Ok("2026/ae1027a6acf0.sql".into()));
    assert_eq!(
        name("{ids}"),
        Err("the file template has no token {ids}; did you mean {id}?".into())
    );
    let plain = NewRevision::new(id("a"), Vec::new(), new.created, "…");
    assert_eq!(
        plain.file_name(DEFAULT_TEMPLATE),
        Ok("20261122_183005_a.sql".into())
    );
    assert_eq!(
        slug(&"long words ".repeat(20)),
        "long_words_long_words_long_words_long"
    );
    assert_eq!(slug(&"x".repeat(200)).len(), SLUG_MAX);
}

#[test]
fn files_are_never_written_over_nor_written_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let mut new = sample();
    let path = new.write(folder.path(), DEFAULT_TEMPLATE).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), new.render());
    assert_eq!(
        new.write(folder.path(), DEFAULT_TEMPLATE),
        Err(WriteError::Exists { path })
    );
    let absent = folder.path().join("absent");
    assert!(matches!(
        new.write(&absent, DEFAULT_TEMPLATE),
        Err(WriteError::Unwritable { .. })
    ));
    new.upgrade = "COMMIT;".to_owned();
    assert!(matches!(
        new.write(folder.path(), "{id}"),
        Err(WriteError::Unreadable(_))
    ));
    assert!(!folder.path().join("ae1027a6acf0.sql").exists());
}

#[test]
fn a_header_is_changed_and_nothing_else() {
    let mut new = sample();
    new.allow.clear();
    for text in [
        new.render(),
        new.render().replace('\n', "\r\n"),
        format!("/* note */ -- plain\n{}", new.render()),
    ] {
        assert_eq!(set_parents(&text, &new.parents), text);
        let other = ids("a b");
        let changed = set_parents(&text, &other);
        assert_eq!(revision(&changed).unwrap().header.parents, other);
        assert_eq!(set_parents(&changed, &new.parents), text);
        let allowed = set_allow(&text, &[Allow::All]);
        assert_eq!(revision(&allowed).unwrap().header.allow, [Allow::All]);
        assert_eq!(
            allowed.len(),
            text.len()
                + "-- aludel: allow = [\"all\"]\n".len()
                + usize::from(text.contains("\r\n"))
        );
        assert_eq!(set_allow(&allowed, &[Allow::All]), allowed);
    }
    let commented = "-- aludel: parents = [ \"a#b\" ]  # why  \n-- aludel: upgrade\nSELECT '-- aludel: parents = []';";
    assert_eq!(
        set_parents(commented, &[]),
        "-- aludel: parents = []  # why  \n-- aludel: upgrade\nSELECT '-- aludel: parents = []';"
    );
}

#[test]
fn merges_join_heads_only() {
    let found = history("a:\nb: a\nc: a\n").unwrap();
    let created = sample().created;
    let merge = found
        .new_merge(&["b", "c"], Splice::Refuse, None, created)
        .unwrap();
    assert_eq!(
        (merge.parents.clone(), merge.message.as_str()),
        (ids("b c"), "merge b and c")
    );
    assert!(
        revision(&merge.render())
            .unwrap()
            .body()
            .unwrap()
            .downgrade
            .as_ref()
            .unwrap()
            .is_empty()
    );
    let message = |heads: &str| {
        let heads: Vec<&str> = heads.split(' ').collect();
        found
            .new_merge(&heads, Splice::Refuse, None, created)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(message("b"), "a merge needs two heads, and there is only b");
    assert_eq!(
        message("a b"),
        "revision a is not a head: it is followed by b, c"
    );
    assert_eq!(message("b b"), "revision b is named twice");
    assert_eq!(message("b gone"), "no revision is called \"gone\"");
}
