//! What is left of a failing pair when everything is taken out that it fails without.

use std::collections::BTreeSet;
use std::path::Path;

use crate::judge::pair::{Fault, Verdict};
use crate::judge::side::{AnyError, Server};
use crate::name::quoted;
use crate::renames::flags;
use crate::schema::{Key, PUBLIC, ROLES, Schema};
use crate::soak::{Pair, one_way};

/// A failing pair made small.
#[derive(Clone, Debug)]
pub struct Small {
    /// The pair.
    pub pair: Pair,
    /// Why it is wrong.
    pub why: String,
}

struct Shrinking<'a> {
    server: &'a Server,
    fault: Fault,
    small: Small,
    tries: usize,
}

/// Makes a pair small that fails from its old schema to its new one, judging at most `tries` smaller ones.
pub async fn shrink(
    server: &Server,
    pair: Pair,
    fault: Fault,
    why: &str,
    tries: usize,
) -> Result<Small, AnyError> {
    let small = Small {
        pair,
        why: why.to_owned(),
    };
    let mut shrinking = Shrinking {
        server,
        fault,
        small,
        tries,
    };
    let bare = Pair {
        old_rows: Vec::new(),
        new_rows: Vec::new(),
        ..shrinking.small.pair.clone()
    };
    shrinking.try_pair(bare).await?;
    loop {
        let before = shrinking.size();
        shrinking.without_items().await?;
        shrinking.without_edits().await?;
        shrinking.without_trimmings().await?;
        if shrinking.size() == before || shrinking.tries == 0 {
            return Ok(shrinking.small);
        }
    }
}

impl Shrinking<'_> {
    fn size(&self) -> usize {
        let pair = &self.small.pair;
        pair.old.items.len() + pair.new.items.len() + pair.old_rows.len() + self.different().len()
    }

    /// Takes a pair if it fails in the same way.
    async fn try_pair(&mut self, pair: Pair) -> Result<bool, AnyError> {
        if self.tries == 0 {
            return Ok(false);
        }
        self.tries -= 1;
        let dumps = self.fault == Fault::DumpDiffers;
        let verdict = one_way(self.server, &pair, dumps).await?;
        match verdict {
            Verdict::Wrong(fault, why) if fault == self.fault && alike(&why, &self.small.why) => {
                self.small = Small { pair, why };
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Drops items from both sides, many at a time and then one by one.
    async fn without_items(&mut self) -> Result<(), AnyError> {
        let mut size = self.keys().len() / 2;
        while size >= 1 {
            let keys = self.keys();
            for chunk in keys.chunks(size) {
                let mut pair = self.small.pair.clone();
                for schema in [&mut pair.old, &mut pair.new] {
                    schema.items.retain(|key, _| !chunk.contains(key));
                    schema.tidy();
                }
                self.try_pair(pair).await?;
            }
            size /= 2;
        }
        Ok(())
    }

    /// Takes edits back, item by item.
    async fn without_edits(&mut self) -> Result<(), AnyError> {
        for key in self.different() {
            let mut pair = self.small.pair.clone();
            match pair.old.items.get(&key) {
                Some(item) => pair.new.items.insert(key, item.clone()),
                None => pair.new.items.remove(&key),
            };
            pair.new.tidy();
            self.try_pair(pair).await?;
        }
        Ok(())
    }

    /// Takes comments, owners and privileges away.
    async fn without_trimmings(&mut self) -> Result<(), AnyError> {
        let trimmed: Vec<Key> = self
            .keys()
            .into_iter()
            .filter(|key| {
                [&self.small.pair.old, &self.small.pair.new]
                    .iter()
                    .any(|schema| has_trimmings(schema, *key))
            })
            .collect();
        for key in trimmed {
            let mut pair = self.small.pair.clone();
            for schema in [&mut pair.old, &mut pair.new] {
                if let Some(item) = schema.items.get_mut(&key) {
                    item.comment = None;
                    item.owner = None;
                    item.grants.clear();
                    item.is_private = false;
                }
            }
            self.try_pair(pair).await?;
        }
        Ok(())
    }

    fn keys(&self) -> Vec<Key> {
        let pair = &self.small.pair;
        let all: BTreeSet<Key> = pair
            .old
            .items
            .keys()
            .chain(pair.new.items.keys())
            .copied()
            .collect();
        all.into_iter().rev().filter(|key| *key != PUBLIC).collect()
    }

    fn different(&self) -> Vec<Key> {
        let pair = &self.small.pair;
        self.keys()
            .into_iter()
            .filter(|key| pair.old.items.get(key) != pair.new.items.get(key))
            .collect()
    }
}

fn has_trimmings(schema: &Schema, key: Key) -> bool {
    schema.items.get(&key).is_some_and(|item| {
        item.comment.is_some() || item.owner.is_some() || !item.grants.is_empty() || item.is_private
    })
}

/// Whether two faults are about the same thing: their first lines begin with the same words, names aside.
fn alike(one: &str, other: &str) -> bool {
    let words = |text: &str| {
        let first = text.lines().next().unwrap_or_default();
        let outside: Vec<&str> = first.split(['"', '`']).step_by(2).collect();
        outside
            .concat()
            .split_whitespace()
            .take(3)
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    words(one) == words(other)
}

/// Writes a case folder.
pub fn write(
    folder: &Path,
    small: &Small,
    seed: u64,
    major: u32,
    fault: Fault,
) -> Result<(), AnyError> {
    fs_err::create_dir_all(folder)?;
    let pair = &small.pair;
    let scripts = [pair.old.script(), pair.new.script()];
    for (name, script) in ["old.sql", "new.sql"].iter().zip(&scripts) {
        fs_err::write(folder.join(name), roles(&scripts) + script)?;
    }
    let rows = pair
        .old_rows
        .iter()
        .fold(String::new(), |text, row| text + row + ";\n");
    if !rows.is_empty() {
        fs_err::write(folder.join("seed_old.sql"), rows)?;
    }
    let flags = flags(&pair.old, &pair.new);
    if !flags.is_empty() {
        fs_err::write(folder.join("flags_old"), flags)?;
    }
    fs_err::write(
        folder.join("why.txt"),
        format!("seed {seed} on {major}: {fault:?}\n{}", small.why),
    )?;
    Ok(())
}

/// The roles that the scripts speak of, made where they are not there yet.
fn roles(scripts: &[String; 2]) -> String {
    let used: Vec<String> = ROLES
        .iter()
        .filter(|role| scripts.iter().any(|script| script.contains(&quoted(role))))
        .map(|role| {
            format!(
                "  EXECUTE 'CREATE ROLE {}';\n",
                quoted(role).replace('\'', "''")
            )
        })
        .collect();
    if used.is_empty() {
        return String::new();
    }
    let begin = used.iter().fold(String::new(), |text, statement| {
        text + "DO $$ BEGIN\n" + statement + "EXCEPTION WHEN duplicate_object THEN NULL;\nEND $$;\n"
    });
    begin + "\n"
}
