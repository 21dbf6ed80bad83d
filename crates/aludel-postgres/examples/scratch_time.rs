//! Prints what scratch costs: from nothing to the first query, an empty database, a clone.
//!
//! `cargo run --release -p aludel-postgres --example scratch_time [major]`

use std::time::Instant;

use aludel_postgres::{ConnectOptions, Scratch, ScratchOptions, Session};

type AnyError = Box<dyn std::error::Error>;

fn main() -> Result<(), AnyError> {
    let major = std::env::args()
        .nth(1)
        .map(|text| text.parse())
        .transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for _ in 0..7 {
        let line = runtime.block_on(once(major))?;
        #[expect(clippy::print_stdout, reason = "an example's output is its purpose")]
        {
            println!("{line}");
        }
    }
    Ok(())
}

async fn once(major: Option<u32>) -> Result<String, AnyError> {
    let options = ScratchOptions {
        major,
        ..ScratchOptions::default()
    };
    let begun = Instant::now();
    let plan = Scratch::plan(&options).await?;
    let planned = begun.elapsed();
    let scratch = plan.start().await?;
    let started = begun.elapsed();
    let database = scratch.database().await?;
    let session = Session::connect(database.url(), &ConnectOptions::default()).await?;
    session.scalar("SELECT 1").await?;
    let queried = begun.elapsed();
    session
        .execute(
            "DO $$ BEGIN FOR i IN 1..100 LOOP
             EXECUTE format('CREATE TABLE t%s (id bigint PRIMARY KEY, note text)', i);
             END LOOP; END $$",
        )
        .await?;
    drop(session);
    let filled = Instant::now();
    let clone = scratch.clone_of(&database).await?;
    let cloned = filled.elapsed();
    clone.close().await;
    let version = scratch.server_version_num();
    let stopping = Instant::now();
    scratch.stop().await?;
    Ok(format!(
        "{version}: planned {planned:.1?}, server ready {started:.1?}, first query in a database \
         {queried:.1?}; clone of 100 tables {cloned:.1?}; stopped in {:.1?}",
        stopping.elapsed()
    ))
}
