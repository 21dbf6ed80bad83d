//! `cargo xtask cases`: all cases of `cases/` on every major version, judged by `pg_dump`.

use std::error::Error;
use std::process::Command;

use testkit::cases::{Options, judge};

use crate::places::places;
use crate::say;

/// Every version that Aludel works with.
const MAJORS: [u32; 5] = [14, 15, 16, 17, 18];

/// Judges the cases on all majors, or on those that are named.
pub(crate) fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let (checkout, target) = places()?;
    let (mut majors, mut only) = (Vec::new(), String::new());
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if name == "--major" => majors.push(value.parse()?),
            [name, value] if name == "--only" => only.clone_from(value),
            _ => return Err(format!("not understood: {}", pair.join(" ")).into()),
        }
    }
    if majors.is_empty() {
        majors.extend(MAJORS);
    }
    let built = Command::new("cargo")
        .args(["build", "--quiet", "--package", "aludel-cli"])
        .status()?;
    if !built.success() {
        return Err("cargo build failed".into());
    }
    let mut wrong = 0;
    for major in majors {
        let options = Options {
            checkout: checkout.clone(),
            tool: target.join("debug/aludel"),
            major: Some(major),
            only: only.clone(),
        };
        let judged = judge(&options).map_err(|error| error.to_string())?;
        let unexpected = judged.unexpected();
        for why in &unexpected {
            say(why);
        }
        let by = if judged.dumped {
            "pg_dump and a second plan"
        } else {
            "a second plan alone"
        };
        say(&format!(
            "PostgreSQL {}: {} directions judged by {by}, {} wrong",
            judged.major,
            judged.count(),
            unexpected.len()
        ));
        wrong += unexpected.len();
    }
    if wrong == 0 {
        Ok(())
    } else {
        Err(format!("{wrong} directions are wrong").into())
    }
}
