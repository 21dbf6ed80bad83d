//! Subscriptions. The connection string is never read: it says where a publisher is and often carries a password, and
//! belongs to the environment. Nothing that Aludel writes connects to a publisher, begins to replicate or enables.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{list, literal};
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A subscription without its connection string. Whether it is enabled is how it runs, not what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The publications it takes.
    pub publications: Vec<String>,
    /// The replication slot on the publisher; `None` is NONE.
    pub slot: Option<String>,
    /// The other options, each as `name=value`.
    pub options: Vec<String>,
}

/// The options that came after PostgreSQL 14: the version, and the expression that gives `name=value`.
const LATER: &[(u32, &str)] = &[
    (150_000, "'two_phase=' || (s.subtwophasestate <> 'd')::text"),
    (150_000, "'disable_on_error=' || s.subdisableonerr::text"),
    (
        160_000,
        "'password_required=' || s.subpasswordrequired::text",
    ),
    (160_000, "'run_as_owner=' || s.subrunasowner::text"),
    (160_000, "'origin=' || s.suborigin"),
    (170_000, "'failover=' || s.subfailover::text"),
];

/// Stands where the connection string goes. `.invalid` is never anybody's (RFC 2606), so that a subscription which is
/// enabled before somebody says where its publisher is reaches nothing.
const PLACEHOLDER: &str = "host=set-by-hand.invalid";

fn sorted(names: &[String]) -> Vec<&String> {
    let mut sorted: Vec<_> = names.iter().collect();
    sorted.sort();
    sorted
}

impl Subscription {
    fn slot_sql(&self) -> String {
        let slot = self.slot.as_deref();
        slot.map_or_else(
            || "slot_name = NONE".to_owned(),
            |slot| format!("slot_name = {}", literal(slot)),
        )
    }

    fn options_sql<'a>(options: impl Iterator<Item = &'a String>) -> Vec<String> {
        options
            .filter_map(|option| option.split_once('='))
            .map(|(name, value)| format!("{name} = {}", literal(value)))
            .collect()
    }

    fn publications_sql(&self) -> String {
        list(self.publications.iter().map(String::as_str))
    }
}

impl Kind for Subscription {
    fn query(server_version: u32) -> String {
        let mut later = vec![""];
        later.extend(
            LATER
                .iter()
                .filter(|(since, _)| server_version >= *since)
                .map(|(_, option)| *option),
        );
        let later = later.join(",\n        ");
        include_str!("query.sql").replace("/*later*/", &later)
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_subscription")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            publications: fields.list()?,
            slot: fields.optional(),
            options: fields.list()?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            publications,
            slot,
            options,
        } = self;
        let mut attributes = Vec::new();
        if sorted(publications) != sorted(&desired.publications) {
            attributes.push("publications");
        }
        if *slot != desired.slot {
            attributes.push("slot");
        }
        if *options != desired.options {
            attributes.push("options");
        }
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        Nature::Hanger
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Keep
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let mut options = vec!["connect = false".to_owned(), self.slot_sql()];
        options.extend(Self::options_sql(self.options.iter()));
        vec![format!(
            "-- Set its connection with ALTER SUBSCRIPTION … CONNECTION, make its slot on the publisher, then ENABLE and REFRESH it.\n\
             CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {} WITH ({})",
            id.quoted(),
            literal(PLACEHOLDER),
            self.publications_sql(),
            options.join(", ")
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let head = format!("ALTER SUBSCRIPTION {}", id.quoted());
        let mut sql = Vec::new();
        let changed = desired
            .options
            .iter()
            .filter(|option| !self.options.contains(option));
        let mut options = Self::options_sql(changed);
        if self.slot != desired.slot {
            options.insert(0, desired.slot_sql());
        }
        if !options.is_empty() {
            sql.push(format!("{head} SET ({})", options.join(", ")));
        }
        if sorted(&self.publications) != sorted(&desired.publications) {
            sql.push(format!(
                "-- New tables come with ALTER SUBSCRIPTION … REFRESH PUBLICATION.\n\
                 {head} SET PUBLICATION {} WITH (refresh = false)",
                desired.publications_sql()
            ));
        }
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        let name = id.quoted();
        // With a slot, DROP would go to the publisher, and could run in no transaction.
        let mut sql: Vec<String> = self
            .slot
            .iter()
            .flat_map(|slot| {
                [
                    format!("ALTER SUBSCRIPTION {name} DISABLE"),
                    format!(
                        "-- Its slot stays on the publisher and keeps WAL there until it is dropped: \
                         SELECT pg_drop_replication_slot({});\n\
                         ALTER SUBSCRIPTION {name} SET (slot_name = NONE)",
                        literal(slot)
                    ),
                ]
            })
            .collect();
        sql.push(format!("DROP SUBSCRIPTION {name}"));
        sql
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("SUBSCRIPTION {}", id.quoted()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
