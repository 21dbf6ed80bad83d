//! What queries lose: `DELETE` and `MERGE … DELETE` wherever they stand, and functions called for
//! their effect.

use squawk_syntax::SourceFile;
use squawk_syntax::ast::{self, AstNode as _};

use super::Found;
use crate::cursor::Cursor;
use crate::hazard::Hazard;
use crate::token::TokenKind;

/// Functions of PostgreSQL that take nothing away: a `SELECT` of nothing else is harmless. Any other
/// function may be the user's own, and nobody can tell what that does.
const HARMLESS: &str = " abs age array_agg array_append array_cat array_length array_position array_prepend \
array_remove array_replace array_to_json array_to_string avg bit_length bool_and bool_or btrim cardinality ceil \
ceiling char_length character_length chr clock_timestamp coalesce col_description concat concat_ws convert_from \
convert_to count cume_dist current_database current_schema current_schemas current_setting currval date_part \
date_trunc decode dense_rank digest div encode every exp first_value floor format format_type gen_random_uuid \
generate_series generate_subscripts greatest has_column_privilege has_database_privilege has_function_privilege \
has_schema_privilege has_table_privilege hashtext initcap isfinite json_agg json_array_elements \
json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text \
json_object_agg json_object_keys json_populate_record json_to_record jsonb_agg jsonb_array_elements \
jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text \
jsonb_object_agg jsonb_object_keys jsonb_path_query jsonb_pretty jsonb_set jsonb_strip_nulls jsonb_typeof \
justify_days justify_interval lag last_value lastval lead least left length ln log lower lpad ltrim make_date \
make_interval make_timestamp max md5 min mod nextval now ntile nullif num_nonnulls num_nulls obj_description \
octet_length overlay percent_rank percentile_cont percentile_disc pg_advisory_lock pg_advisory_unlock \
pg_advisory_unlock_all pg_advisory_xact_lock pg_backend_pid pg_column_size pg_database_size pg_get_constraintdef \
pg_get_expr pg_get_functiondef pg_get_indexdef pg_get_ruledef pg_get_serial_sequence pg_get_triggerdef \
pg_get_userbyid pg_get_viewdef pg_indexes_size pg_is_in_recovery pg_notify pg_relation_size pg_size_pretty \
pg_sleep pg_table_is_visible pg_table_size pg_total_relation_size pg_try_advisory_lock \
pg_try_advisory_xact_lock pg_typeof pi position power quote_ident quote_literal quote_nullable random rank \
regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table repeat replace reverse \
right round row_number row_to_json rpad rtrim set_config setseed setval sha224 sha256 sha384 sha512 \
shobj_description sign split_part sqrt starts_with statement_timestamp stddev string_agg string_to_array strpos \
substr substring sum timeofday timezone to_char to_date to_hex to_json to_jsonb to_number to_regclass to_regproc \
to_regrole to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim trunc \
txid_current unnest upper variance version width_bucket ";

/// Adds what a query loses; `first` is the statement's first word in lower case.
pub(super) fn losses(first: &str, cursor: &mut Cursor<'_>, found: &mut Found<'_>) {
    let is_query = match first {
        "explain" => executes(cursor),
        "create" => cursor.holds("as") && creates_relation(cursor),
        // A query in parentheses begins with no word.
        "" | "select" | "with" | "insert" | "update" | "delete" | "merge" | "values" | "table"
        | "copy" => true,
        _ => false,
    };
    if !is_query
        || !(cursor.holds("delete")
            || matches!(first, "" | "select" | "with" | "values" | "explain"))
    {
        return;
    }
    if depth_bound(cursor) > DEPTH_MAX {
        if !cursor.holds("insert") && !cursor.holds("update") {
            found.add(Hazard::Unclassified, "SELECT".to_owned(), 0);
        }
        return unread(cursor, found);
    }
    let parse = SourceFile::parse(&found.statement.text);
    let tree = parse.tree();
    let before = found.losses.len();
    for node in tree.syntax().descendants() {
        if let Some(delete) = ast::Delete::cast(node.clone()) {
            let table = delete.relation_name().map(|name| name.syntax().clone());
            deleted(found, table, &node);
        } else if ast::MergeDelete::can_cast(node.kind()) {
            let merge = node.ancestors().find_map(ast::Merge::cast);
            let table = merge
                .and_then(|merge| merge.table_relation_name())
                .map(|name| name.syntax().clone());
            deleted(found, table, &node);
        }
    }
    if let Some(statement) = tree.stmts().next()
        && selects(&statement)
    {
        for call in statement
            .syntax()
            .descendants()
            .filter_map(ast::CallExpr::cast)
        {
            called(found, &call);
        }
    }
    if found.losses.len() == before && !parse.errors().is_empty() {
        unread(cursor, found);
    }
}

/// How deep the parser may have to go at most. It calls itself for what is nested, and on a thread of
/// 2 MiB a debug build survives twice this depth of anything.
const DEPTH_MAX: usize = 1600;

/// Returns a bound of a statement's depth: tokens pile up in each open parenthesis until a comma, and
/// those that nest weigh more.
fn depth_bound(cursor: &Cursor<'_>) -> usize {
    let mut cursor = cursor.clone();
    let mut groups = vec![(0_usize, 0_usize)];
    let (mut total, mut deepest) = (0_usize, 0);
    while let Some(kind) = cursor.peek().map(|token| token.kind) {
        let weight = match kind {
            TokenKind::Symbol(b'(' | b'[') => 4,
            TokenKind::Symbol(b'-' | b'+' | b'~') => 2,
            TokenKind::Word if cursor.is("case") => 4,
            TokenKind::Word if cursor.is("not") => 2,
            _ => 1,
        };
        // Queries joined by UNION nest across the commas of their lists.
        let lasting =
            usize::from(cursor.is("union") || cursor.is("except") || cursor.is("intersect"));
        if let Some((passing, lasts)) = groups.last_mut() {
            *passing += weight - lasting;
            *lasts += lasting;
            total += weight;
            if kind == TokenKind::Symbol(b',') {
                total -= std::mem::take(passing);
            }
        }
        match kind {
            TokenKind::Symbol(b'(' | b'[') => groups.push((0, 0)),
            TokenKind::Symbol(b')' | b']') if groups.len() > 1 => {
                total -= groups.pop().map_or(0, |(passing, lasts)| passing + lasts);
            }
            _ => {}
        }
        deepest = deepest.max(total);
        cursor.advance();
    }
    deepest
}

/// Whether an `EXPLAIN` runs what it explains.
fn executes(cursor: &Cursor<'_>) -> bool {
    cursor.holds("analyze") || cursor.holds("analyse")
}

fn creates_relation(cursor: &Cursor<'_>) -> bool {
    let mut cursor = cursor.clone();
    cursor.advance();
    cursor.eat_any(&["global", "local"]);
    cursor.eat_any(&["temporary", "temp", "unlogged", "materialized"]);
    cursor.is("table")
}

/// Whether the statement is a query whose rows nobody receives, so that it can only be meant for the
/// effect of what it calls.
fn selects(statement: &ast::Stmt) -> bool {
    match statement {
        ast::Stmt::Explain(explain) => {
            let inner = explain
                .syntax()
                .descendants()
                .skip(1)
                .find_map(ast::Stmt::cast);
            inner.is_some_and(|inner| selects(&inner))
        }
        ast::Stmt::Select(_)
        | ast::Stmt::CompoundSelect(_)
        | ast::Stmt::ParenSelect(_)
        | ast::Stmt::Values(_) => true,
        _ => false,
    }
}

fn deleted(
    found: &mut Found<'_>,
    table: Option<squawk_syntax::SyntaxNode>,
    node: &squawk_syntax::SyntaxNode,
) {
    let at = usize::from(table.as_ref().unwrap_or(node).text_range().start());
    let text = table
        .map(|table| table.text().to_string())
        .unwrap_or_default();
    let mut cursor = Cursor::new(&text);
    cursor.eat("only");
    cursor.eat_symbol(b'(');
    let name = cursor.name().unwrap_or_else(|| "DELETE".to_owned());
    let hazard = match name.as_str() {
        "pg_enum" | "pg_catalog.pg_enum" => Hazard::DropEnumValue,
        _ => Hazard::Delete,
    };
    found.add(hazard, name, at);
}

fn called(found: &mut Found<'_>, call: &ast::CallExpr) {
    // The functions with a grammar of their own are PostgreSQL's.
    let Some(function) = call.expr() else {
        return;
    };
    let text = function.syntax().text().to_string();
    let parts = Cursor::new(&text).name_parts();
    let harmless = match parts.as_slice() {
        [name] => is_harmless(name),
        [schema, name] => schema == "pg_catalog" && is_harmless(name),
        _ => false,
    };
    if !harmless {
        let at = usize::from(function.syntax().text_range().start());
        found.add(Hazard::Unclassified, crate::name::join(&parts), at);
    }
}

fn is_harmless(name: &str) -> bool {
    !name.contains(' ') && HARMLESS.contains(&format!(" {name} "))
}

/// The parser could not read the statement: `DELETE FROM` anywhere counts, and so does a `MERGE` that
/// deletes.
fn unread(cursor: &mut Cursor<'_>, found: &mut Found<'_>) {
    while !cursor.at_end() {
        if cursor.eat_all("merge into") {
            cursor.eat("only");
            let at = cursor.offset();
            if let Some(name) = cursor.name()
                && cursor.holds_all("then delete")
            {
                found.add(Hazard::Delete, name, at);
            }
        } else if cursor.eat_all("delete from") {
            cursor.eat("only");
            let at = cursor.offset();
            let name = cursor.name().unwrap_or_else(|| "DELETE".to_owned());
            found.add(Hazard::Delete, name, at);
        } else {
            cursor.advance();
        }
    }
}
