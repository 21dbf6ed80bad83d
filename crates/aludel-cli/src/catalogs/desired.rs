//! The schema that the models ask for: their SQL read by a server, then seen as a project's settings want it seen.

use std::collections::BTreeSet;

use aludel_catalog::{Catalog, ObjectId, ObjectKind};
use aludel_diff::{Managed, complete, diff, keep_wording};
use aludel_plan::PlanOptions;
use aludel_postgres::{BuildError, DatabaseUrl};
use aludel_source::{ForeignKeys, Intents, Loaded, SourceContext, SourceWarning, SpeaksFor};
use aludel_sql::Statement;

use super::refused::{Refused, complete_set_aside, is_of_foreign_key, of_others};
use super::{Catalogs, spec_of, spoken_for};
use crate::config::file::Source;
use crate::env_filters::{narrow, version_table_warning};
use crate::ui::problem::Problem;
use crate::unnamed::named_as_found;

/// The schema that the models ask for.
pub(crate) struct Desired {
    /// What the models' SQL leads to, completed with what they do not speak for.
    pub(crate) catalog: Catalog,
    /// What they say that SQL cannot.
    pub(crate) intents: Intents,
    /// What a person should know.
    pub(crate) warnings: Vec<SourceWarning>,
    /// How many objects of each kind are left alone.
    pub(crate) left_alone: Vec<(&'static str, usize)>,
}

/// Models that have run on scratch.
struct Ran {
    groups: Vec<Vec<Statement>>,
    catalog: Catalog,
    refused: Option<Refused>,
}

impl Catalogs<'_> {
    /// The catalog of the project's models, completed from `current` with what they do not speak for.
    pub(crate) async fn models(&self, current: &Catalog) -> Result<Desired, Problem> {
        self.models_then(current, &[]).await
    }

    /// What the models say, before any server has read it.
    pub(crate) async fn loaded(&self) -> Result<Loaded, Problem> {
        let sources = self.sources()?;
        Ok(self.load(sources, ForeignKeys::Inside).await?.0)
    }

    fn sources(&self) -> Result<&[Source], Problem> {
        let sources = &self.project.models.sources;
        if sources.is_empty() {
            return Err(Problem::new("no-models", "the project has no models: [models] sources is empty")
                .hint("write sources = [{ sqlalchemy = \"app.models:Base\" }] or [{ sql = \"schema\" }] below [models] in aludel.toml"));
        }
        Ok(sources)
    }

    /// The same, after these statements have run behind the models' own.
    pub(crate) async fn models_then(
        &self,
        current: &Catalog,
        then: &[Statement],
    ) -> Result<Desired, Problem> {
        let sources = self.sources()?;
        if let [
            Source {
                database: Some(url),
                ..
            },
        ] = sources
        {
            let catalog = self.database(&DatabaseUrl::parse(url)?).await?;
            let loaded = Loaded::everything(Vec::new());
            return self.desired(current, catalog, loaded, None).await;
        }
        let (mut loaded, environment) = self.load(sources, ForeignKeys::Inside).await?;
        let before = self.undeclared(current, &loaded).await?;
        let mut ran = self.run(current, &before, &loaded, then).await;
        if let Err((error, _)) = &ran
            && is_of_foreign_key(error)
        {
            (loaded, _) = self.load(sources, ForeignKeys::Apart).await?;
            ran = self.run(current, &before, &loaded, then).await;
        }
        let Ran {
            mut groups,
            mut catalog,
            refused,
        } = ran.map_err(|(error, groups)| Problem::from_build(error, &groups))?;
        let home = self.runner.first_schema();
        let names = named_as_found(current, &catalog, &loaded.tables, &home);
        if !names.is_empty() {
            groups.push(names);
            catalog = self.build(&groups).await?;
        }
        if let Some(refused) = refused {
            let warning = refused.complete(current, &mut catalog);
            loaded.warnings.push(warning);
        }
        let warnings = complete_set_aside(&loaded.set_aside, current, &mut catalog);
        loaded.warnings.extend(warnings);
        self.desired(current, catalog, loaded, environment.as_deref())
            .await
    }

    /// Runs the models' statements on scratch, between others; what the history has too may fail among them.
    async fn run(
        &self,
        current: &Catalog,
        before: &[Statement],
        loaded: &Loaded,
        then: &[Statement],
    ) -> Result<Ran, (BuildError, Vec<Vec<Statement>>)> {
        let around = |models| vec![before.to_vec(), models, then.to_vec()];
        let mut groups = around(loaded.statements.clone());
        let mut built = self.builder.catalog(&self.script(&groups)).await;
        let mut refused = None;
        if let Err(error) = &built {
            refused = Refused::of(error, current, &loaded.statements);
        }
        if let Some(refused) = &refused {
            groups = around(refused.statements());
            built = self.builder.catalog(&self.script(&groups)).await;
        }
        match built {
            Ok(catalog) => Ok(Ran {
                groups,
                catalog,
                refused,
            }),
            Err(error) => Err((error, groups)),
        }
    }

    /// What a source states one by one.
    fn stated_ids(&self, loaded: &Loaded) -> BTreeSet<ObjectId> {
        let home = self.runner.first_schema();
        let id = |(schema, name): &(Option<String>, String)| {
            ObjectId::new(ObjectKind::Domain, schema.as_deref().unwrap_or(&home), name)
        };
        loaded.stated_domains.iter().map(id).collect()
    }

    async fn desired(
        &self,
        current: &Catalog,
        mut catalog: Catalog,
        mut loaded: Loaded,
        environment: Option<&str>,
    ) -> Result<Desired, Problem> {
        let mut managed = self.managed(spoken_for(&loaded.speaks_for));
        managed.stated = self.stated_ids(&loaded);
        let home = self.runner.first_schema();
        let others = loaded.set_aside.iter();
        managed
            .ignore
            .extend(others.filter_map(|aside| of_others(aside, &home)));
        if let Some(spec) = environment {
            let context = self.source_context();
            let kept = narrow(spec, &context, &home, current, &loaded, &mut managed);
            let kept = Box::pin(kept).await?;
            kept.apply(current, &mut catalog);
        }
        loaded.warnings.extend(self.version_table_warning(&loaded));
        let left_alone = complete(current, &mut catalog, &managed);
        keep_wording(current, &mut catalog);
        Ok(Desired {
            catalog,
            intents: loaded.intents,
            warnings: loaded.warnings,
            left_alone: left_alone
                .into_iter()
                .map(|(kind, count)| (kind.name(), count))
                .collect(),
        })
    }

    /// A version table elsewhere than Alembic's makes two histories of one.
    fn version_table_warning(&self, loaded: &Loaded) -> Option<SourceWarning> {
        let environment = loaded.environment.as_ref()?;
        let runner = &self.runner;
        let message =
            version_table_warning(environment, &runner.version_table, &runner.home_schema())?;
        Some(SourceWarning {
            file: Some(self.project.shown(environment.file.as_ref())),
            line: 1,
            message,
            hint: Some(
                "say the same with version-table and version-schema in [database]".to_owned(),
            ),
        })
    }

    /// Loads every source, in order, as one; the source that is an `env.py` is named beside it.
    async fn load(
        &self,
        sources: &[Source],
        foreign_keys: ForeignKeys,
    ) -> Result<(Loaded, Option<String>), Problem> {
        let context = SourceContext {
            foreign_keys,
            ..self.source_context()
        };
        let mut all: Option<Loaded> = None;
        let mut environment = None;
        for source in sources {
            let loaded = aludel_source::load(&spec_of(source)?, &context).await?;
            if loaded.environment.is_some() && environment.is_none() {
                environment.clone_from(&source.sqlalchemy);
            }
            all = Some(match all {
                None => loaded,
                Some(mut all) => {
                    all.statements.extend(loaded.statements);
                    all.speaks_for = all.speaks_for.union(&loaded.speaks_for);
                    all.intents.extend(loaded.intents);
                    all.stated_domains.extend(loaded.stated_domains);
                    all.tables.extend(loaded.tables);
                    all.set_aside.extend(loaded.set_aside);
                    all.environment = all.environment.or(loaded.environment);
                    all.warnings.extend(loaded.warnings);
                    all
                }
            });
        }
        let all = all.unwrap_or_else(|| Loaded::everything(Vec::new()));
        Ok((all, environment))
    }

    /// SQL that makes what `current` holds, no source speaks for and the models may need: extensions,
    /// schemas, types, functions; not what stands on a table, since the models make the tables.
    async fn undeclared(
        &self,
        current: &Catalog,
        loaded: &Loaded,
    ) -> Result<Vec<Statement>, Problem> {
        if loaded.speaks_for == SpeaksFor::Everything {
            return Ok(Vec::new());
        }
        let managed = Managed {
            kinds: spoken_for(&loaded.speaks_for),
            stated: self.stated_ids(loaded),
            ..Managed::default()
        };
        let mut wanted = self.empty().await?;
        let from = wanted.clone();
        // Creation order: what an object needs was judged before it, so one pass is nearly enough; two are.
        for _ in 0..2 {
            for object in current.objects.values() {
                let stands = object
                    .depends_on
                    .iter()
                    .all(|needed| wanted.objects.contains_key(needed));
                if stands && !managed.covers(&object.id, &object.definition) {
                    wanted.objects.insert(object.id.clone(), object.clone());
                }
            }
        }
        let plan = aludel_plan::plan(
            &from,
            &wanted,
            &diff(&from, &wanted),
            &PlanOptions::default(),
        )?;
        if plan.is_empty() {
            return Ok(Vec::new());
        }
        let first = Statement::new("SET check_function_bodies = off");
        Ok(std::iter::once(first)
            .chain(plan.steps.into_iter().map(|step| Statement::new(step.sql)))
            .collect())
    }
}
