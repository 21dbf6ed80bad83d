//! One direction of one pair: the plan runs, gives the wanted schema, keeps what stands on both sides, and leaves nothing to do.

use std::collections::BTreeMap;

use aludel_catalog::Catalog;
use aludel_diff::diff;
use aludel_plan::rename::{Intent, following, resolve, steps};
use aludel_plan::{Plan, plan};

use crate::judge::side::{AnyError, Fingerprint, Server, Side, difference};
use crate::judge::{dump, rows};
use crate::renames::Names;

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The oracle's rules hold.
    Right,
    /// The rows that are there do not fit into the wanted schema; the server said so, and without rows all is right.
    RowsRefused,
    /// Why it is not right: what kind of wrong, and all there is to know.
    Wrong(Fault, String),
}

/// What kind of wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// There is no plan.
    Refused,
    /// A statement fails.
    Fails,
    /// The schemas differ by the catalogs.
    Differs,
    /// The schemas differ by `pg_dump`.
    DumpDiffers,
    /// Tables or columns are not the same ones, or rows are gone.
    Lost,
    /// A second plan is not empty.
    Again,
}

/// What one side looks like before anything is done to it.
#[derive(Debug)]
pub struct Before {
    catalog: Catalog,
    fingerprint: Fingerprint,
    tables: rows::Tables,
    dump: Option<String>,
}

impl Before {
    /// Looks at a side; `dumps` means that `pg_dump` judges too.
    pub async fn of(side: &Side, server: &Server, dumps: bool) -> Result<Self, AnyError> {
        Ok(Self {
            catalog: side.catalog().await?,
            fingerprint: side.fingerprint().await?,
            tables: rows::tables(&side.session).await?,
            dump: if dumps { side.dump(server)? } else { None },
        })
    }
}

/// Judges the way from `current`, which is changed, to what `desired` was before.
pub async fn judge(
    server: &Server,
    current: &Side,
    before: &Before,
    wanted: &Before,
    (said, names): (&[Intent], &Names),
    ignored: &[String],
) -> Result<Verdict, AnyError> {
    let (renamed, catalog) = match renamed(current, &before.catalog, &wanted.catalog, said).await? {
        Ok(renamed) => renamed,
        Err((fault, why)) => return Ok(Verdict::Wrong(fault, why)),
    };
    let steps = match planned(&catalog, &wanted.catalog) {
        Ok(steps) => steps,
        Err(why) => return Ok(Verdict::Wrong(Fault::Refused, format!("{why}\n{renamed}"))),
    };
    let script = renamed + &script(&steps);
    let tables = names.given(&before.tables);
    let query = rows::contents_query(&tables, &wanted.tables, ignored);
    let held = contents(current, query.as_deref()).await?;
    for step in &steps.steps {
        if let Err(error) = current.session.execute(&step.sql).await {
            // A text that is no tsvector is a syntax error to the server.
            let is_rows = error.sqlstate.starts_with("22")
                || error.sqlstate.starts_with("23")
                || error.sqlstate == "42601" && step.sql.contains("::tsvector");
            if is_rows && !current.rows.is_empty() {
                return Ok(Verdict::RowsRefused);
            }
            return Ok(Verdict::Wrong(
                Fault::Fails,
                format!("{error}\nin: {}\n\n{script}", step.sql),
            ));
        }
    }
    let wrong = |fault, why: String| Ok(Verdict::Wrong(fault, format!("{why}\n{script}")));
    let after = Before::of(current, server, wanted.dump.is_some()).await?;
    let lost = rows::lost(&tables, &wanted.tables, &after.tables);
    if !lost.is_empty() {
        return wrong(Fault::Lost, format!("made again: {}", lost.join(", ")));
    }
    let holds = contents(current, query.as_deref()).await?;
    if held != holds {
        return wrong(
            Fault::Lost,
            format!("rows before: {held:#?}\nafter: {holds:#?}"),
        );
    }
    if let Some(difference) = difference(&after.fingerprint, &wanted.fingerprint) {
        return wrong(Fault::Differs, difference);
    }
    if let (Some(seen), Some(wanted)) = (&after.dump, &wanted.dump)
        && let Some(difference) = dump::difference(seen, wanted)
    {
        return wrong(Fault::DumpDiffers, difference);
    }
    match planned(&after.catalog, &wanted.catalog) {
        Err(why) => wrong(Fault::Again, why),
        Ok(again) if again.is_empty() => Ok(Verdict::Right),
        Ok(again) => wrong(Fault::Again, self::script(&again)),
    }
}

/// Renames what is said to be renamed, and what follows from that. Returns the statements and the schema afterwards, or what
/// is wrong.
async fn renamed(
    current: &Side,
    catalog: &Catalog,
    wanted: &Catalog,
    said: &[Intent],
) -> Result<Result<(String, Catalog), (Fault, String)>, AnyError> {
    let (mut script, mut catalog) = (String::new(), catalog.clone());
    let resolution = resolve(&catalog, wanted, said, "public");
    if let Some(idle) = resolution.idle.first() {
        let why = format!("{} does not apply: {}", idle.intent.text(), idle.why);
        return Ok(Err((Fault::Refused, why)));
    }
    let (mut renames, mut all) = (resolution.renames, Vec::new());
    while !renames.is_empty() {
        for step in steps(&renames, &catalog, wanted) {
            if let Err(error) = current.session.execute(&step.sql).await {
                let why = format!("{error}\nin: {}\n\n{script}", step.sql);
                return Ok(Err((Fault::Fails, why)));
            }
            script += &step.sql;
            script += ";\n";
        }
        catalog = current.catalog().await?;
        // What follows from the renames that were said; nothing follows from that.
        renames = if all.is_empty() {
            all = renames;
            following(&all, &catalog, wanted)
        } else {
            Vec::new()
        };
    }
    Ok(Ok((script, catalog)))
}

async fn contents(side: &Side, query: Option<&str>) -> Result<BTreeMap<String, String>, AnyError> {
    match query {
        Some(query) => rows::contents(&side.session, query).await,
        None => Ok(BTreeMap::new()),
    }
}

fn planned(current: &Catalog, desired: &Catalog) -> Result<Plan, String> {
    let changes = diff(current, desired);
    plan(
        current,
        desired,
        &changes,
        &aludel_plan::PlanOptions::default(),
    )
    .map_err(|error| error.to_string())
}

fn script(plan: &Plan) -> String {
    plan.steps
        .iter()
        .fold(String::new(), |text, step| text + &step.sql + ";\n")
}
