//! Bodies, and the names found in them.

use super::*;

/// The names of a body, a letter before each for its place.
fn names(body: &str) -> String {
    let found = mentions(&format!(
        "CREATE OR REPLACE FUNCTION public.f(a integer DEFAULT g(1))\n RETURNS integer\n LANGUAGE sql\nAS $function${body}$function$"
    ));
    let letter = |place| match place {
        Place::Relation => "r",
        Place::Type => "t",
        Place::Routine => "f",
        Place::Any => "a",
    };
    let names: Vec<String> = found
        .names
        .iter()
        .map(|mention| format!("{}:{}", letter(mention.place), mention.parts.join(".")))
        .collect();
    names.join(" ")
}

#[test]
fn relations_stand_behind_their_words() {
    for (body, expected) in [
        (
            "SELECT count(*) FROM a, app.b x JOIN ONLY c ON x.id = c.id, d WHERE e = 1",
            "r:a r:app.b r:c r:d f:count a:c.id a:x.id",
        ),
        (
            "INSERT INTO a (x, y) SELECT 1, 2 FROM (b JOIN c USING (id))",
            "r:a r:b r:c",
        ),
        (
            "UPDATE a SET x = b FROM c WHERE true; DELETE FROM d USING e",
            "r:a r:c r:d r:e",
        ),
        (
            "INSERT INTO a VALUES (1) ON CONFLICT DO UPDATE SET x = 1 FOR UPDATE",
            "r:a",
        ),
        (
            "MERGE INTO a USING b ON true; TRUNCATE TABLE c; REFRESH MATERIALIZED VIEW CONCURRENTLY d",
            "r:a r:b r:c r:d",
        ),
        (
            "SELECT \"My Table\".x FROM \"My Table\"",
            "r:My Table a:My Table.x",
        ),
        (
            "SELECT nextval('app.s'), 'a'::regclass, 'b'",
            "r:a r:app.s t:regclass f:nextval",
        ),
    ] {
        assert_eq!(names(body), expected, "{body}");
    }
}

#[test]
fn from_is_not_always_a_list_of_relations() {
    assert_eq!(
        names("SELECT extract(epoch FROM a), x IS DISTINCT FROM b, substring(c FROM 1)"),
        ""
    );
    assert_eq!(names("SELECT 1 FROM f(1), LATERAL g(2)"), "f:f f:g");
}

#[test]
fn own_names_are_nobody_elses() {
    assert_eq!(
        names("WITH RECURSIVE a AS (SELECT 1 FROM b), c AS (SELECT 2) SELECT FROM a, c, d"),
        "r:b r:d"
    );
    assert_eq!(
        names("CREATE TEMP TABLE IF NOT EXISTS a (x int); SELECT FROM a"),
        ""
    );
}

#[test]
fn types_stand_in_declarations_and_casts() {
    assert_eq!(
        names(
            "DECLARE a app.t; b CONSTANT u := 1; c v%ROWTYPE; d app.w.x%TYPE; e f.g%TYPE; BEGIN a := CAST(b AS y)::z; END"
        ),
        "t:app.t t:app.w t:f t:u t:v t:y t:z"
    );
}

#[test]
fn strings_and_comments_name_nothing() {
    assert_eq!(names("-- FROM a\n/* FROM b */ EXECUTE 'SELECT FROM c'"), "");
}

#[test]
fn the_head_says_language_and_path() {
    let found = mentions(
        "CREATE FUNCTION f()\n RETURNS TABLE(language text)\n LANGUAGE plpgsql\n SET search_path TO 'app', 'pg_temp'\nAS $$ BEGIN END $$",
    );
    assert_eq!(found.language, "plpgsql");
    assert_eq!(found.search_path.unwrap(), ["app", "pg_temp"]);
    assert!(found.names.is_empty());
}
