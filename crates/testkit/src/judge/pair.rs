//! One direction of one pair: the plan runs, gives the wanted schema, keeps what stands on both sides, and leaves nothing to do.

use std::collections::BTreeMap;

use aludel_catalog::Catalog;
use aludel_diff::diff;
use aludel_plan::{Plan, plan};

use crate::judge::side::{AnyError, Fingerprint, Server, Side, difference};
use crate::judge::{dump, rows};

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
    ignored: &[String],
) -> Result<Verdict, AnyError> {
    let steps = match planned(&before.catalog, &wanted.catalog) {
        Ok(steps) => steps,
        Err(why) => return Ok(Verdict::Wrong(Fault::Refused, why)),
    };
    let script = script(&steps);
    let query = rows::contents_query(&before.tables, &wanted.tables, ignored);
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
    let lost = rows::lost(&before.tables, &wanted.tables, &after.tables);
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
