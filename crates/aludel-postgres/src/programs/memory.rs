//! Remembers the versions of programs, because asking costs ten milliseconds for each.
//!
//! One line a program: modification time, size, version, path. A line counts while the file is as
//! it was; lines are only ever appended, and a file that has grown long is begun anew.

use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// A few lines per installation and upgrade; more than this is old.
const LONGEST: u64 = 64 * 1024;

/// What was learnt before.
pub(super) struct Memory {
    file: PathBuf,
    text: String,
}

impl Memory {
    pub(super) fn open(cache_dir: &Path) -> Self {
        let file = cache_dir.join("program-versions");
        let text = fs_err::read_to_string(&file).unwrap_or_default();
        Self { file, text }
    }

    /// The version of a program that has not changed since it was learnt.
    pub(super) fn version_num(&self, program: &Path) -> Option<u32> {
        let state = state(program)?;
        self.text.lines().rev().find_map(|line| {
            let (known_state, rest) = line.split_once('\t')?;
            let (version, path) = rest.split_once('\t')?;
            let same = known_state == state && Path::new(path) == program;
            same.then(|| version.parse().ok()).flatten()
        })
    }

    /// Keeps a version. A cache that cannot be written costs time and nothing else.
    pub(super) fn keep(&mut self, program: &Path, version_num: u32) {
        let (Some(state), Some(path)) = (state(program), program.to_str()) else {
            return;
        };
        if path.contains('\n') {
            return;
        }
        let mut line = String::new();
        let _ = writeln!(line, "{state}\t{version_num}\t{path}");
        self.text.push_str(&line);
        let mut options = fs_err::OpenOptions::new();
        options.create(true).append(true);
        let Ok(mut file) = options.open(&self.file) else {
            return;
        };
        if file
            .metadata()
            .is_ok_and(|metadata| metadata.len() > LONGEST)
        {
            let _ = file.set_len(0);
        }
        // One write, so that lines of two processes do not mix.
        let _ = file.write_all(line.as_bytes());
    }
}

/// What changes when a program is replaced.
fn state(program: &Path) -> Option<String> {
    let metadata = fs_err::metadata(program).ok()?;
    Some(format!(
        "{}.{:09} {} {}",
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.size(),
        metadata.ino()
    ))
}

#[cfg(test)]
mod tests {
    use super::Memory;

    #[test]
    fn a_version_is_known_until_the_program_changes() {
        let cache = tempfile::tempdir().unwrap();
        let program = cache.path().join("post gres");
        fs_err::write(&program, "1").unwrap();
        let mut memory = Memory::open(cache.path());
        assert_eq!(memory.version_num(&program), None);
        memory.keep(&program, 150_018);
        assert_eq!(memory.version_num(&program), Some(150_018));
        let memory = Memory::open(cache.path());
        assert_eq!(memory.version_num(&program), Some(150_018));
        fs_err::write(&program, "22").unwrap();
        assert_eq!(memory.version_num(&program), None);
    }
}
