//! A private server, an empty database and a folder of revisions.

use std::fmt::Write as _;
use std::time::Duration;

use aludel_postgres::{
    ConnectOptions, DatabaseUrl, Scratch, ScratchDatabase, ScratchOptions, Session,
};
use aludel_revision::History;
use aludel_runner::{Event, LossPolicy, Outcome, RunError, Runner, RunnerSettings, UpgradeOptions};
use tempfile::TempDir;

pub(crate) struct Place {
    pub(crate) session: Session,
    pub(crate) folder: TempDir,
    pub(crate) settings: RunnerSettings,
    database: ScratchDatabase,
    _scratch: Scratch,
}

/// One revision file.
pub(crate) struct File<'f> {
    pub(crate) id: &'f str,
    pub(crate) parents: &'f [&'f str],
    pub(crate) header: &'f str,
    pub(crate) up: &'f str,
    pub(crate) down: Option<&'f str>,
}

impl<'f> File<'f> {
    pub(crate) fn new(id: &'f str, parents: &'f [&'f str], up: &'f str) -> Self {
        Self {
            id,
            parents,
            header: "",
            up,
            down: Some(""),
        }
    }

    pub(crate) fn down(self, down: &'f str) -> Self {
        Self {
            down: Some(down),
            ..self
        }
    }

    pub(crate) fn header(self, header: &'f str) -> Self {
        Self { header, ..self }
    }
}

impl Place {
    pub(crate) async fn new() -> Self {
        // The version matrix runs the same tests with each major.
        let major = std::env::var("ALUDEL_TEST_MAJOR").ok();
        let options = ScratchOptions {
            major: major.map(|major| major.parse().unwrap()),
            ..ScratchOptions::default()
        };
        let scratch = Scratch::start(&options).await.unwrap();
        if let Some(major) = options.major {
            assert_eq!(scratch.server_version_num() / 10_000, major);
        }
        let database = scratch.database().await.unwrap();
        let session = connect(database.url()).await;
        let settings = RunnerSettings {
            retry_pause: Duration::from_millis(20),
            ..RunnerSettings::default()
        };
        Self {
            session,
            folder: TempDir::new().unwrap(),
            settings,
            database,
            _scratch: scratch,
        }
    }

    pub(crate) fn write(&self, file: &File<'_>) {
        let parents: Vec<String> = file.parents.iter().map(|id| format!("\"{id}\"")).collect();
        let mut text = format!(
            "-- aludel: revision = \"{}\"\n-- aludel: parents = [{}]\n-- aludel: created = \"2026-11-22T18:30:00Z\"\n-- aludel: message = \"about {}\"\n{}\n-- aludel: upgrade\n{}\n",
            file.id,
            parents.join(", "),
            file.id,
            file.header,
            file.up
        );
        if let Some(down) = file.down {
            write!(text, "\n-- aludel: downgrade\n{down}\n").unwrap();
        }
        std::fs::write(self.path(file.id), text).unwrap();
    }

    pub(crate) fn path(&self, id: &str) -> std::path::PathBuf {
        self.folder.path().join(format!("{id}.sql"))
    }

    pub(crate) fn history(&self) -> History {
        History::load(&[self.folder.path().to_owned()]).unwrap()
    }

    /// A second session to the same database.
    pub(crate) async fn other(&self) -> Session {
        connect(self.database.url()).await
    }

    pub(crate) fn url(&self) -> &DatabaseUrl {
        self.database.url()
    }

    pub(crate) async fn upgrade(&self, target: &str) -> (Result<Outcome, RunError>, Vec<Event>) {
        self.upgrade_on(&self.session, target).await
    }

    pub(crate) async fn upgrade_on(
        &self,
        session: &Session,
        target: &str,
    ) -> (Result<Outcome, RunError>, Vec<Event>) {
        let history = self.history();
        let runner = Runner::new(session, &history, self.settings.clone());
        let mut events = Vec::new();
        let result = runner
            .upgrade(target, &UpgradeOptions::default(), &mut |event| {
                events.push(event.clone());
            })
            .await;
        (result, events)
    }

    pub(crate) async fn downgrade(
        &self,
        target: &str,
        policy: LossPolicy<'_>,
    ) -> Result<Outcome, RunError> {
        let history = self.history();
        let runner = Runner::new(&self.session, &history, self.settings.clone());
        runner.downgrade(target, policy, &mut |_| ()).await
    }

    pub(crate) async fn scalar(&self, sql: &str) -> String {
        self.session.scalar(sql).await.unwrap().unwrap_or_default()
    }

    pub(crate) async fn rows(&self, sql: &str) -> Vec<String> {
        let rows = self.session.rows(sql).await.unwrap();
        rows.iter()
            .map(|row| {
                let fields: Vec<&str> = (0..row.len()).map(|index| row.text(index)).collect();
                fields.join(" ")
            })
            .collect()
    }

    pub(crate) async fn version_rows(&self) -> Vec<String> {
        self.rows("SELECT version_num FROM public.alembic_version ORDER BY 1")
            .await
    }

    pub(crate) async fn log(&self) -> Vec<String> {
        self.rows(
            "SELECT revision, direction, segment, segments, outcome FROM aludel.log ORDER BY id",
        )
        .await
    }
}

pub(crate) async fn connect(url: &DatabaseUrl) -> Session {
    Session::connect(url, &ConnectOptions::default())
        .await
        .unwrap()
}
