//! What is compared only where somebody asks (roles, subscriptions), security labels, and what is not compared at all.

use crate::support::{Project, database, execute};

const SECRET: &str = "hunter2";

#[test]
fn subscriptions_are_named_and_left_alone_until_asked_for() {
    let (from, to) = (database(), database());
    let publisher = format!("host=h.invalid user=u password={SECRET}");
    execute(
        &to,
        &format!(
            "CREATE SUBSCRIPTION sub CONNECTION '{publisher}' PUBLICATION p WITH (connect = false, slot_name = 's')"
        ),
    );
    let (from, to) = (from.to_connection_string(), to.to_connection_string());
    let project = Project::new();
    let diff = ["diff", "--from", &from, "--to", &to];
    let ran = project.run(&diff);
    assert_eq!(ran.stdout, "", "nothing is done unasked");
    assert!(
        ran.stderr.contains(
            "note: subscription sub is left alone, as nobody asked for it (`subscriptions = true` under [manage])"
        ),
        "{}",
        ran.stderr
    );
    let asked = project
        .run(&[&diff[..], &["--manage", "subscriptions"]].concat())
        .ok();
    assert!(
        asked.contains("CREATE SUBSCRIPTION sub CONNECTION 'host=set-by-hand.invalid' PUBLICATION p WITH (connect = false, slot_name = 's'"),
        "{asked}"
    );
    let back = [
        "diff",
        "--from",
        &to,
        "--to",
        &from,
        "--manage",
        "subscriptions",
    ];
    let back = project.run(&back).ok();
    assert!(
        back.contains("SET (slot_name = NONE);"),
        "DROP would go to the publisher: {back}"
    );
    assert!(!asked.contains(SECRET) && !back.contains(SECRET));
    execute(
        &to.parse().unwrap(),
        "ALTER SUBSCRIPTION sub SET (slot_name = NONE); DROP SUBSCRIPTION sub",
    );
}

#[test]
fn roles_are_compared_where_somebody_asks() {
    let project = Project::new();
    let asking = "[models]\nsources = [{ sql = \"schema.sql\" }]\n[manage]\nroles = true\n";
    project.write("aludel.toml", asking);
    project.write(
        "schema.sql",
        "CREATE ROLE asked_group; CREATE ROLE asked_app LOGIN CONNECTION LIMIT 5 PASSWORD 'hunter2';
         GRANT asked_group TO asked_app WITH ADMIN OPTION; ALTER ROLE asked_app SET search_path = app, \"$user\";
         CREATE SCHEMA app AUTHORIZATION asked_app; GRANT USAGE ON SCHEMA app TO asked_other;",
    );
    let made = project.run(&["diff", "--from", "empty"]).ok();
    for statement in [
        "CREATE ROLE asked_app LOGIN CONNECTION LIMIT 5;\n",
        "ALTER ROLE asked_app SET search_path TO 'app', '$user';\n",
        "GRANT asked_group TO asked_app WITH ADMIN",
    ] {
        assert!(made.contains(statement), "{statement}\n{made}");
    }
    assert!(
        !made.contains("CREATE ROLE asked_other"),
        "it is only named: {made}"
    );
    assert!(!made.contains(SECRET), "{made}");
    project
        .run(&["revision", "--autogenerate", "-m", "roles"])
        .ok();
    project.run(&["test"]).ok();

    project.write(
        "schema.sql",
        "CREATE ROLE asked_app NOLOGIN; CREATE SCHEMA app AUTHORIZATION asked_app;
        GRANT USAGE ON SCHEMA app TO asked_other;",
    );
    let changed = project.run(&["diff"]).ok();
    assert!(
        changed.contains("ALTER ROLE asked_app NOLOGIN CONNECTION LIMIT -1;"),
        "{changed}"
    );
    assert!(
        changed.contains("-- DROP ROLE asked_group;"),
        "a role goes only when it is allowed: {changed}"
    );

    project.write("aludel.toml", &asking.replace("true", "false"));
    assert_eq!(project.run(&["diff"]).ok(), "", "roles are only named");
}

/// No provider is loaded here, so the labels are put into the catalog as a provider would have left them.
#[test]
fn security_labels_are_compared() {
    let (from, to) = (database(), database());
    let table = "CREATE TABLE t (a integer); SET allow_system_table_mods = on;";
    let label = |column: u32, text: &str| {
        format!(
            "INSERT INTO pg_seclabel VALUES ('t'::regclass, 'pg_class'::regclass, {column}, 'anon', '{text}');"
        )
    };
    execute(
        &from,
        &format!("{table} {} {}", label(0, "old"), label(1, "gone")),
    );
    execute(&to, &format!("{table} {}", label(0, "it''s new")));
    let (from, to) = (from.to_connection_string(), to.to_connection_string());
    let project = Project::new();
    assert_eq!(
        project.run(&["diff", "--from", &from, "--to", &to]).ok(),
        "SECURITY LABEL FOR anon ON TABLE public.t IS 'it''s new';\n\
         SECURITY LABEL FOR anon ON COLUMN public.t.a IS NULL;\n"
    );
    project.write(
        "schema.sql",
        "CREATE TABLE t (a integer);\nSECURITY LABEL FOR anon ON TABLE t IS 'x';",
    );
    let error = project
        .run(&["diff", "--from", "empty", "--to", "schema.sql"])
        .error();
    assert!(
        error.contains("security label provider \"anon\" is not loaded"),
        "{error}"
    );
    assert!(error.contains("ALUDEL_SCRATCH_URL"), "{error}");
}

#[test]
fn strict_ends_with_what_is_not_compared() {
    let holds = database();
    execute(
        &holds,
        &format!(
            "SELECT lo_create(4711); ALTER DATABASE {0} SET search_path = 'a', 'b'; ALTER DATABASE {0} SET my.token = '{SECRET}';
             ALTER ROLE CURRENT_USER IN DATABASE {0} SET work_mem = '8MB'",
            holds.database()
        ),
    );
    let url = holds.to_connection_string();
    let project = Project::new();
    for command in [
        &["dump", "--from", &url][..],
        &["diff", "--from", &url, "--to", "empty"],
    ] {
        let ran = project.run(command);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for named in [
            "large object 4711",
            "setting of a role in this database aludel.work_mem",
            "setting of this database my.token, search_path",
        ] {
            let warning = format!("not compared, as Aludel does not model it: {named}\n");
            assert!(ran.stderr.contains(&warning), "{}", ran.stderr);
        }
        assert!(!ran.stderr.contains(SECRET), "{}", ran.stderr);
        let ran = project.run(&[command, &["--strict"]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("large object 4711"), "{}", ran.stderr);
    }
}
