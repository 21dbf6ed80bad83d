//! Random pairs of schemas, judged in both directions: the oracle's rules hold for each.
//!
//! The seeds are fixed, so that what fails tomorrow fails because of us. `cargo xtask soak` runs others.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use std::path::Path;

use aludel_postgres::{default_cache_dir, install};
use testkit::judge::client::client_programs;
use testkit::soak::{Options, Report, failures_folder, run};

/// Major version (this machine's server where none is named), first seed, pairs: a thousand in all.
const RUNS: [(Option<u32>, u64, u64); 3] = [
    (None, 10_000, 600),
    (Some(14), 20_000, 200),
    (Some(18), 30_000, 200),
];

#[test]
fn plans_are_right_for_random_pairs() {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap();
    let (mut directions, mut wrong) = (0, Vec::new());
    for (major, seed, pairs) in RUNS {
        if major.is_some() {
            install(major, &default_cache_dir(), &mut |_| ()).unwrap();
        }
        let report = judged(&checkout, major, seed, pairs);
        assert_eq!(report.pairs, pairs);
        assert!(
            report.dumped * 5 >= 2 * pairs,
            "pg_dump judges one pair in five, both ways"
        );
        assert!(
            report.refused * 50 < report.items,
            "the server refuses {} of {} items: the schemas are not what they should be",
            report.refused,
            report.items
        );
        assert!(report.rows > pairs, "there are rows in the tables");
        directions += 2 * usize::try_from(report.pairs).unwrap();
        wrong.extend(report.failures.into_iter().map(|failure| {
            let (seed, major, folder) = (failure.seed, failure.major, failure.folder);
            let why: Vec<&str> = failure.why.lines().take(12).collect();
            format!(
                "seed {seed} on {major}: {}\n{}",
                folder.display(),
                why.join("\n")
            )
        }));
    }
    assert!(
        wrong.is_empty(),
        "{} of {directions} directions are wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn judged(checkout: &Path, major: Option<u32>, seed: u64, pairs: u64) -> Report {
    let options = Options {
        pairs,
        seed,
        major,
        time: None,
        workers: 2,
        dump_every: 5,
        tries: 15,
        wide: false,
        client: client_programs(checkout, major.unwrap_or(0)),
        failures: failures_folder(checkout),
    };
    run(&options, &|_| ()).unwrap()
}
