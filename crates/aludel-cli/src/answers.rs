//! What a person says of a change that the schemas cannot tell: renames, drops that are meant, values that take the place of
//! others. On the command line, in a file, or at a question.

use std::collections::BTreeSet;
use std::path::PathBuf;

use aludel_plan::enum_map::EnumMap;
use aludel_plan::rename::Intent;
use clap::Args;
use serde::Deserialize;

use crate::ui::problem::Problem;

/// The flags of every command that plans.
#[derive(Args, Debug, Default)]
pub(crate) struct AnswerArgs {
    /// Say that something was renamed, as [KIND:]OLD:NEW, e.g. `users.name:full_name` (can be repeated)
    #[arg(long, value_name = "RENAME", value_parser = said_rename)]
    rename: Vec<Intent>,
    /// Say what rows have instead of a value that an enum loses, as TYPE.OLD=NEW, e.g. `status.old=new` (can be repeated)
    #[arg(long, value_name = "MAP", value_parser = said_map)]
    enum_map: Vec<EnumMap>,
    /// Read answers from a TOML file: lists named rename, drop and enum-map
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
}

/// Everything that was said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// What has another name.
    pub(crate) renames: Vec<Intent>,
    /// What becomes of values.
    pub(crate) enum_maps: Vec<EnumMap>,
    /// What was no rename though it looks like one, by path.
    pub(crate) drops: BTreeSet<String>,
    /// Whether a person may be asked for more.
    pub(crate) may_ask: bool,
}

/// A file of answers.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct AnswersFile {
    #[serde(default)]
    rename: Vec<String>,
    #[serde(default)]
    drop: Vec<String>,
    #[serde(default)]
    enum_map: Vec<String>,
}

impl AnswerArgs {
    /// Whether nothing was said.
    pub(crate) fn is_empty(&self) -> bool {
        self.rename.is_empty() && self.enum_map.is_empty() && self.answers.is_none()
    }

    /// Reads the file and puts everything together.
    pub(crate) fn said(&self) -> Result<Said, Problem> {
        let mut said = Said {
            renames: self.rename.clone(),
            enum_maps: self.enum_map.clone(),
            drops: BTreeSet::new(),
            may_ask: true,
        };
        let Some(path) = &self.answers else {
            return Ok(said);
        };
        let fault = |message: String| {
            Problem::new("answers", format!("{}: {message}", path.display())).hint(
                "a file of answers has lists of strings: rename = [\"users.name:full_name\"], drop = [\"public.users.legacy\"], enum-map = [\"status.old=new\"]",
            )
        };
        let text = fs_err::read_to_string(path)
            .map_err(|error| Problem::new("answers", error.to_string()))?;
        let file: AnswersFile = toml::from_str(&text).map_err(|error| fault(error.to_string()))?;
        for text in &file.rename {
            said.renames
                .push(said_rename(text).map_err(|why| fault(format!("`{text}`: {why}")))?);
        }
        for text in &file.enum_map {
            said.enum_maps
                .push(said_map(text).map_err(|why| fault(format!("`{text}`: {why}")))?);
        }
        said.drops.extend(file.drop);
        Ok(said)
    }
}

fn said_rename(text: &str) -> Result<Intent, String> {
    Intent::parse(text).ok_or_else(|| "a rename is OLD:NEW or KIND:OLD:NEW".to_owned())
}

fn said_map(text: &str) -> Result<EnumMap, String> {
    EnumMap::parse(text).ok_or_else(|| "a map is TYPE.OLD=NEW".to_owned())
}
