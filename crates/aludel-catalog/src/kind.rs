//! The trait that a kind of object implements, and the one list of kinds.
//!
//! Adding a kind: a folder under `kinds/`, one line in [`object_kinds!`], cases under `cases/<kind>/`. The trait has
//! no default methods, so a kind that forgets a stage does not compile.

use std::fmt::Debug;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kinds;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// Everything about one kind of object: how PostgreSQL is asked for it, how two are compared, how it is written.
pub trait Kind: Clone + Debug + Sized {
    /// Returns the query that lists the kind's objects. It begins with the columns that every kind has
    /// (see `assemble.rs`) and goes on with those that [`Kind::decode`] reads.
    fn query(server_version: u32) -> String;
    /// Returns the system catalog, with a condition, that has a row wherever the query has one: to look there is cheaper
    /// than to plan the query. `None` when most databases have objects of the kind. What is not PostgreSQL's own has an
    /// oid from 16384 on (`FirstNormalObjectId`, `access/transam.h`).
    fn listed_in() -> Option<&'static str>;
    /// Reads the kind's own columns.
    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError>;
    /// Returns what the catalogs do not record but the object needs all the same.
    fn depends_on(&self, id: &ObjectId) -> Vec<ObjectId>;
    /// Returns the SQL in which names stand that PostgreSQL does not track (a body kept as text); `None` for what it
    /// tracks.
    fn untracked(&self) -> Option<&str>;
    /// Compares with the desired object of the same name.
    fn compare(&self, desired: &Self) -> Comparison;
    /// Returns what the object is to the objects around it.
    fn nature(&self) -> Nature;
    /// Returns what the object does when `dependency` is dropped and made again (`retyped`: changed its type in place).
    fn follow(&self, id: &ObjectId, dependency: &ObjectId, retyped: bool) -> Follow;
    /// Returns the clause that makes the object as a part of its relation's own CREATE; `None` when there is none.
    fn clause(&self, id: &ObjectId) -> Option<Clause>;
    /// Returns the statements that make the object; `clauses` are those of its parts that are made with it.
    fn create(&self, id: &ObjectId, clauses: &[String]) -> Vec<String>;
    /// Returns the statements that change the object in place.
    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration;
    /// Returns the statements that drop the object.
    fn drop(&self, id: &ObjectId) -> Vec<String>;
    /// Returns whether the change in place takes dependents' ground away (a column's type, a function's result), so
    /// that they are dropped before it and made again after it.
    fn disturbs(&self, desired: &Self) -> bool;
    /// Returns how COMMENT ON and ALTER … OWNER TO name the object; `None` when they cannot.
    fn target(&self, id: &ObjectId) -> Option<String>;
    /// Returns other objects than its relation whose drop takes this one along.
    fn hosts(&self, id: &ObjectId) -> Vec<ObjectId>;
    /// Returns how GRANT names the object; `None` when it has no privileges of its own.
    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget>;
    /// Returns how the task is done while others use the relation; `None` when the plain statements hold nobody up. The
    /// object is the desired one, in a drop the current one.
    fn online(&self, id: &ObjectId, task: Task<'_, Self>, scene: &Scene<'_>) -> Option<Online>;
}

/// How a kind's names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// `public.users`.
    Plain,
    /// `public.total(integer)`.
    WithArguments,
    /// `public.===(integer, integer)`: a symbol, which is never quoted, with its operands.
    Symbol,
    /// `public.by_length USING btree`.
    WithMethod,
    /// SQL already: `(integer AS public.mood)`.
    AsItIs,
}

macro_rules! object_kinds {
    ($($variant:ident => $module:ident, $name:literal;)*) => {
        /// The kinds in creation order; the order is the rank that plans sort by.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ObjectKind { $(#[doc = concat!("A ", $name, ".")] $variant,)* }

        /// What only an object's kind knows about it.
        #[derive(Clone, Debug)]
        pub enum Definition { $(#[doc = concat!("A ", $name, ".")] $variant(Box<kinds::$module::$variant>),)* }

        impl ObjectKind {
            /// Every kind in creation order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the kind's name in PostgreSQL's words.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns the query that lists the kind's objects.
            pub fn query(self, server_version: u32) -> String {
                match self { $(Self::$variant => <kinds::$module::$variant as Kind>::query(server_version),)* }
            }

            /// See [`Kind::listed_in`].
            pub(crate) fn listed_in(self) -> Option<&'static str> {
                match self { $(Self::$variant => <kinds::$module::$variant as Kind>::listed_in(),)* }
            }

            /// Reads the kind's own columns.
            pub fn decode(self, fields: &Fields<'_>) -> Result<Definition, DecodeError> {
                match self {
                    $(Self::$variant => <kinds::$module::$variant as Kind>::decode(fields)
                        .map(|own| Definition::$variant(Box::new(own))),)*
                }
            }
        }

        impl Definition {
            /// See [`Kind::depends_on`].
            pub fn depends_on(&self, id: &ObjectId) -> Vec<ObjectId> {
                match self { $(Self::$variant(own) => own.depends_on(id),)* }
            }

            /// See [`Kind::untracked`].
            pub fn untracked(&self) -> Option<&str> {
                match self { $(Self::$variant(own) => own.untracked(),)* }
            }

            /// See [`Kind::compare`]; objects of different kinds never share an id.
            pub fn compare(&self, desired: &Self) -> Comparison {
                match (self, desired) {
                    $((Self::$variant(current), Self::$variant(desired)) => current.compare(desired),)*
                    _ => Comparison::Recreate("another kind"),
                }
            }

            /// See [`Kind::nature`].
            pub fn nature(&self) -> Nature {
                match self { $(Self::$variant(own) => own.nature(),)* }
            }

            /// See [`Kind::follow`].
            pub fn follow(&self, id: &ObjectId, dependency: &ObjectId, retyped: bool) -> Follow {
                match self { $(Self::$variant(own) => own.follow(id, dependency, retyped),)* }
            }

            /// See [`Kind::clause`].
            pub fn clause(&self, id: &ObjectId) -> Option<Clause> {
                match self { $(Self::$variant(own) => own.clause(id),)* }
            }

            /// See [`Kind::create`].
            pub fn create(&self, id: &ObjectId, clauses: &[String]) -> Vec<String> {
                match self { $(Self::$variant(own) => own.create(id, clauses),)* }
            }

            /// See [`Kind::alter`].
            pub fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
                match (self, desired) {
                    $((Self::$variant(current), Self::$variant(desired)) => current.alter(desired, id),)*
                    _ => Alteration::default(),
                }
            }

            /// See [`Kind::drop`].
            pub fn drop(&self, id: &ObjectId) -> Vec<String> {
                match self { $(Self::$variant(own) => Kind::drop(own.as_ref(), id),)* }
            }

            /// See [`Kind::disturbs`].
            pub fn disturbs(&self, desired: &Self) -> bool {
                match (self, desired) {
                    $((Self::$variant(current), Self::$variant(desired)) => current.disturbs(desired),)*
                    _ => true,
                }
            }

            /// See [`Kind::target`].
            pub fn target(&self, id: &ObjectId) -> Option<String> {
                match self { $(Self::$variant(own) => own.target(id),)* }
            }

            /// See [`Kind::hosts`].
            pub fn hosts(&self, id: &ObjectId) -> Vec<ObjectId> {
                match self { $(Self::$variant(own) => own.hosts(id),)* }
            }

            /// See [`Kind::grant_target`].
            pub fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
                match self { $(Self::$variant(own) => own.grant_target(id),)* }
            }

            /// See [`Kind::online`].
            pub fn online(&self, id: &ObjectId, task: Task<'_, Self>, scene: &Scene<'_>) -> Option<Online> {
                match self {
                    $(Self::$variant(own) => {
                        let task = match task {
                            Task::Create => Task::Create,
                            Task::Replace(Self::$variant(old)) => Task::Replace(old.as_ref()),
                            Task::Alter(Self::$variant(old)) => Task::Alter(old.as_ref()),
                            Task::Drop => Task::Drop,
                            Task::Remake | Task::Replace(_) | Task::Alter(_) => Task::Remake,
                        };
                        own.online(id, task, scene)
                    })*
                }
            }
        }
    };
}

object_kinds! {
    Role => role, "role";
    Schema => schema, "schema";
    Extension => extension, "extension";
    Language => language, "language";
    DefaultPrivileges => default_privileges, "default privileges";
    Collation => collation, "collation";
    ShellType => shell_type, "shell type";
    EnumType => enum_type, "enum";
    CompositeType => composite_type, "composite type";
    RangeType => range_type, "range type";
    BaseType => base_type, "base type";
    Domain => domain, "domain";
    AccessMethod => access_method, "access method";
    TextSearchParser => text_search_parser, "text search parser";
    TextSearchTemplate => text_search_template, "text search template";
    TextSearchDictionary => text_search_dictionary, "text search dictionary";
    TextSearchConfiguration => text_search_configuration, "text search configuration";
    ForeignDataWrapper => foreign_data_wrapper, "foreign-data wrapper";
    ForeignServer => foreign_server, "server";
    UserMapping => user_mapping, "user mapping";
    Sequence => sequence, "sequence";
    Table => table, "table";
    Column => column, "column";
    SequenceOwner => sequence_owner, "sequence ownership";
    View => view, "view";
    MaterializedView => materialized_view, "materialized view";
    Routine => routine, "function";
    Aggregate => aggregate, "aggregate";
    Operator => operator, "operator";
    OperatorFamily => operator_family, "operator family";
    OperatorClass => operator_class, "operator class";
    Cast => cast, "cast";
    Transform => transform, "transform";
    Conversion => conversion, "conversion";
    Constraint => constraint, "constraint";
    Index => index, "index";
    Statistics => statistics, "statistics object";
    ForeignKey => foreign_key, "foreign key";
    Trigger => trigger, "trigger";
    Policy => policy, "policy";
    Rule => rule, "rule";
    Publication => publication, "publication";
    Subscription => subscription, "subscription";
    EventTrigger => event_trigger, "event trigger";
}

impl ObjectKind {
    /// Returns how names of this kind are written.
    pub const fn naming(self) -> Naming {
        match self {
            Self::Routine | Self::Aggregate | Self::DefaultPrivileges => Naming::WithArguments,
            Self::Operator => Naming::Symbol,
            Self::OperatorFamily | Self::OperatorClass => Naming::WithMethod,
            Self::Cast | Self::Transform => Naming::AsItIs,
            _ => Naming::Plain,
        }
    }

    /// Returns whether a name of this kind is complete only with argument types.
    pub const fn has_arguments(self) -> bool {
        matches!(self.naming(), Naming::WithArguments | Naming::Symbol)
    }

    /// Returns whether a column may have this kind for its type.
    pub const fn is_type(self) -> bool {
        matches!(
            self,
            Self::EnumType | Self::CompositeType | Self::RangeType | Self::BaseType | Self::Domain
        )
    }

    /// Returns whether PostgreSQL finds objects of this kind for an expression that does not name them.
    pub const fn is_unnamed(self) -> bool {
        matches!(self, Self::Cast | Self::OperatorClass)
    }

    /// Returns whether what is unnamed is found by objects of this kind.
    pub const fn finds_unnamed(self) -> bool {
        self.is_type() || matches!(self, Self::Routine | Self::Operator)
    }

    /// Returns whether objects of this kind hold expressions, from defaults to queries.
    pub const fn has_expressions(self) -> bool {
        matches!(
            self,
            Self::Column
                | Self::Domain
                | Self::View
                | Self::MaterializedView
                | Self::Routine
                | Self::Constraint
                | Self::Index
                | Self::Statistics
                | Self::Trigger
                | Self::Policy
                | Self::Rule
                | Self::Publication
        )
    }

    /// Returns whether objects of this kind have parts (columns, constraints, policies, …).
    pub const fn is_relation(self) -> bool {
        matches!(self, Self::Table | Self::View | Self::MaterializedView)
    }
}
