//! What `aludel db engines` shows: every engine, what was found of it, which one is picked and why.

use crate::programs::{self, Programs};

use super::{EngineChoice, ScratchOptions, plan, url};

/// One line of the survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineFinding {
    /// `url`, `native` or `embedded`.
    pub engine: &'static str,
    /// What was found: a URL without password, a directory, nothing.
    pub what: String,
    /// The server's version, when known.
    pub version_num: Option<u32>,
    /// True for the one that would be used.
    pub picked: bool,
    /// Why it would, or why not.
    pub reason: String,
}

/// Looks for every engine; starts none.
pub async fn survey(options: &ScratchOptions) -> Vec<EngineFinding> {
    let (search, _, _) = plan::search(options);
    let url_wanted = matches!(options.engine, EngineChoice::Auto | EngineChoice::Url);
    let mut findings = vec![survey_url(options, url_wanted).await];
    let native_wanted = match options.engine {
        EngineChoice::Native => true,
        EngineChoice::Auto => options.url.is_none(),
        EngineChoice::Url | EngineChoice::Embedded => false,
    };
    let chosen = native_wanted
        .then(|| programs::choose_programs(&search, options.major))
        .flatten();
    let found = programs::find_programs(&search);
    for programs in &found.usable {
        let picked = chosen
            .as_ref()
            .is_some_and(|chosen| chosen.bin_dir == programs.bin_dir);
        findings.push(EngineFinding {
            engine: "native",
            what: programs.bin_dir.display().to_string(),
            version_num: Some(programs.version_num),
            picked,
            reason: native_reason(programs, picked, options, native_wanted),
        });
    }
    for unusable in &found.unusable {
        findings.push(absent(
            "native",
            unusable.bin_dir.display().to_string(),
            &unusable.reason,
        ));
    }
    if found.usable.is_empty() {
        let reason = "no server programs; `aludel db install` fetches some";
        findings.push(absent("native", "not found".to_owned(), reason));
    }
    findings.push(absent(
        "embedded",
        "not part of this release".to_owned(),
        "comes in a later release",
    ));
    findings
}

fn absent(engine: &'static str, what: String, reason: &str) -> EngineFinding {
    EngineFinding {
        engine,
        what,
        version_num: None,
        picked: false,
        reason: reason.to_owned(),
    }
}

async fn survey_url(options: &ScratchOptions, wanted: bool) -> EngineFinding {
    let Some(url) = &options.url else {
        let reason = "ALUDEL_SCRATCH_URL is not set";
        return absent("url", "not configured".to_owned(), reason);
    };
    let (version_num, reason) = match url::connect(url).await {
        Ok(session) if wanted => (
            Some(session.server_version_num()),
            "you named it".to_owned(),
        ),
        Ok(session) => {
            let reason = "another engine is configured".to_owned();
            (Some(session.server_version_num()), reason)
        }
        Err(error) => (None, error.to_string()),
    };
    EngineFinding {
        engine: "url",
        what: url.to_string(),
        version_num,
        // A server that was named is used or is an error; nothing takes its place in silence.
        picked: wanted,
        reason,
    }
}

fn native_reason(
    programs: &Programs,
    picked: bool,
    options: &ScratchOptions,
    wanted: bool,
) -> String {
    let found = format!("from {}", programs.found_in);
    if !wanted {
        return format!("{found}; another engine is configured");
    }
    match (picked, options.major) {
        (true, Some(major)) if programs.major() == major => {
            format!("{found}; the wanted major version {major}")
        }
        (true, Some(major)) => format!("{found}; the wanted major version {major} is not here"),
        (true, None) => format!("{found}; the first place that has any"),
        (false, Some(major)) if programs.major() != major => {
            format!("{found}; not version {major}")
        }
        (false, _) => format!("{found}; another was found first"),
    }
}
