//! libpq's connection service file: named sets of parameters.

use std::path::{Path, PathBuf};

use super::Environment;
use super::parameters::{Parameters, UrlError};

/// Adds what the named service says, where nothing is stated yet.
pub(super) fn complete(
    parameters: &mut Parameters,
    environment: &Environment,
) -> Result<(), UrlError> {
    let stated = parameters.get("service").map(str::to_owned);
    let Some(service) = stated.or_else(|| environment("PGSERVICE")) else {
        return Ok(());
    };
    let files = service_files(environment);
    for file in &files {
        let Ok(text) = fs_err::read_to_string(file) else {
            continue;
        };
        if let Some(found) = find(&text, &service, file)? {
            for (keyword, value) in found {
                if parameters.get(&keyword).is_none() {
                    parameters.state(&keyword, value)?;
                }
            }
            return Ok(());
        }
    }
    let shown: Vec<_> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    Err(UrlError::UnknownService {
        service,
        files: shown.join(" or "),
    })
}

fn service_files(environment: &Environment) -> Vec<PathBuf> {
    let mut files = Vec::new();
    match (environment("PGSERVICEFILE"), environment("HOME")) {
        (Some(file), _) => files.push(PathBuf::from(file)),
        (None, Some(home)) => files.push(Path::new(&home).join(".pg_service.conf")),
        (None, None) => {}
    }
    let system = environment("PGSYSCONFDIR").unwrap_or_else(|| "/etc/postgresql-common".to_owned());
    files.push(Path::new(&system).join("pg_service.conf"));
    files
}

type Settings = Vec<(String, String)>;

fn find(text: &str, service: &str, file: &Path) -> Result<Option<Settings>, UrlError> {
    let mut found: Option<Settings> = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(section) = line.strip_prefix('[') {
            if found.is_some() {
                break;
            }
            if section.trim_end_matches(']') == service {
                found = Some(Vec::new());
            }
            continue;
        }
        let Some(settings) = &mut found else { continue };
        let Some((keyword, value)) = line.split_once('=') else {
            return Err(UrlError::ServiceFile {
                file: file.display().to_string(),
                line: index + 1,
                reason: "expected `keyword=value`".to_owned(),
            });
        };
        settings.push((keyword.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(found)
}
