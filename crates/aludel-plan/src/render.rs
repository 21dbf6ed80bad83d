//! Writes the sorted actions as statements.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::grants::{self, Grants};
use aludel_catalog::identifier::{literal, quote};
use aludel_catalog::kinds::column::ValueMap;
use aludel_catalog::{
    Catalog, Comparison, Definition, Naming, Nature, Object, ObjectId, ObjectKind, expression,
    type_change,
};
use aludel_sql::loss::SET_ASIDE;
use aludel_sql::{Hazard, Origin, Statement};

use crate::attachments::attachments_sql;
use crate::expand::Expanded;
use crate::explain::{Explainer, Explanation};
use crate::graph::{Act, Graph, Node, Sides};
use crate::order::Sorted;
use crate::step::{Plan, Step, Transaction};

mod copies;
mod online;

/// Writes the plan.
pub(crate) fn render(
    sides: Sides<'_>,
    expanded: &Expanded,
    graph: &Graph,
    sorted: &Sorted,
    explainer: Option<&Explainer<'_>>,
) -> Plan {
    let Sides {
        current, desired, ..
    } = sides;
    let unchecked = unchecked(sides, graph, sorted);
    let writer = Writer {
        current,
        desired,
        expanded,
        default_privileges: default_privileges(desired),
        heirs: heirs(current, expanded),
    };
    let mut steps = Vec::new();
    let mut noted = BTreeSet::new();
    let mut transaction = Transaction::Same;
    for &place in &sorted.order {
        let node = &graph.nodes[place];
        if unchecked.first() == Some(&place) {
            let mut step = Step::new(node.id.clone(), "SET check_function_bodies = off");
            step.explanation = explainer.map(|_| Box::new(Explanation::of_unchecked()));
            steps.push(step);
        }
        let first = steps.len();
        if let Some(stages) = writer.stages(node) {
            steps.extend(writer.staged(node, stages));
            transaction = Transaction::New;
        } else {
            for sql in writer.statements(node) {
                steps.push(Step {
                    transaction: std::mem::take(&mut transaction),
                    ..writer.step(&node.id, &sql)
                });
            }
        }
        if let (Some(form), Some(step)) = (expanded.online.get(&node.id), steps.get_mut(first))
            && writer.carries_notes(node)
            && noted.insert(&node.id)
        {
            step.notes.clone_from(&form.notes);
        }
        if let (Some(explainer), Some(step)) = (explainer, steps.get_mut(first)) {
            step.explanation = Some(Box::new(explainer.explain(place)));
        }
        if unchecked.last() == Some(&place) {
            steps.push(Step::new(node.id.clone(), "RESET check_function_bodies"));
        }
    }
    commit_before_use(current, desired, expanded, &mut steps);
    Plan { steps }
}

struct Writer<'a> {
    current: &'a Catalog,
    desired: &'a Catalog,
    expanded: &'a Expanded,
    /// The default privileges in force when the plan runs.
    default_privileges: Vec<(&'a ObjectId, &'a Grants)>,
    /// Columns that child tables have from a dropped one.
    heirs: BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>,
}

impl Writer<'_> {
    fn statements(&self, node: &Node) -> Vec<String> {
        let id = &node.id;
        let release = self.expanded.releases.get(id);
        let old = self.current.get(id);
        match node.act {
            Act::LetGo => release
                .map(|release| self.not_begun(id, &release.before))
                .unwrap_or_default(),
            Act::TakeHold => release
                .map(|release| release.after.clone())
                .unwrap_or_default(),
            Act::Finish => release
                .map(|release| release.last.clone())
                .unwrap_or_default(),
            Act::Drop => old
                .filter(|_| !self.is_implicit(self.current, id))
                .map_or_else(Vec::new, |old| self.drop(old)),
            Act::SetAside => old.map_or_else(Vec::new, Self::set_aside),
            Act::Discard => old.map_or_else(Vec::new, |old| old.definition.drop(&aside(id))),
            Act::Create => self.create(node),
            Act::Alter => self.alter(id),
            Act::Build | Act::Settle => Vec::new(),
        }
    }

    /// Returns whether the object comes and goes with another one. A part of a relation that leaves its parents stays
    /// behind, and one of a relation that joins them must be there before.
    fn is_implicit(&self, catalog: &Catalog, id: &ObjectId) -> bool {
        let implicit = catalog
            .get(id)
            .is_some_and(|object| object.definition.nature() == Nature::Implicit);
        implicit && !(id.is_part() && self.changes_parents(catalog, id))
    }

    fn changes_parents(&self, catalog: &Catalog, part: &ObjectId) -> bool {
        let parents = |catalog: &Catalog| {
            part.relations()
                .find_map(|relation| match &catalog.get(&relation)?.definition {
                    // A partition changes its bounds by leaving its parent for a while.
                    Definition::Table(table) if table.bound.is_none() => {
                        Some(table.parents.clone())
                    }
                    _ => None,
                })
        };
        let kept = |(schema, relation): &(String, String)| {
            let origin = part.in_relation(schema, relation);
            let comes_from = |object: &Object| object.depends_on.contains(&origin);
            catalog.get(part).is_some_and(comes_from)
        };
        if let (Some(before), Some(after)) = (parents(self.current), parents(self.desired))
            && before
                .iter()
                .filter(|parent| after.contains(parent))
                .any(kept)
        {
            return false; // a parent that it has on both sides has the part
        }
        part.relations()
            .filter_map(|relation| {
                let release = self.expanded.releases.get(&relation)?;
                Some((relation, release))
            })
            .any(|(relation, release)| {
                if std::ptr::eq(catalog, self.current) {
                    return !release.before.is_empty();
                }
                // What comes last need not be the join: storage parameters wait for the columns too.
                let joins = !release.before.is_empty() || self.has_other_parents(&relation);
                joins && !release.last.is_empty()
            })
    }

    fn has_other_parents(&self, relation: &ObjectId) -> bool {
        let sides = (self.current.get(relation), self.desired.get(relation));
        match sides {
            (Some(before), Some(after)) => match (&before.definition, &after.definition) {
                (Definition::Table(before), Definition::Table(after)) => {
                    (&before.parents, &before.bound) != (&after.parents, &after.bound)
                }
                _ => false,
            },
            _ => true,
        }
    }

    /// Returns the statements that drop `old`. Where a child keeps what it had from here as its own, the others lose
    /// it one by one.
    fn drop(&self, old: &Object) -> Vec<String> {
        let sql = old.definition.drop(&old.id);
        let heirs: Vec<&Object> = self
            .heirs
            .get(&old.id)
            .into_iter()
            .flatten()
            .filter_map(|id| self.current.get(id))
            .collect();
        let is_made_again = self.expanded.creates.contains(&old.id);
        let cascades = || sql.iter().any(|sql| sql.ends_with(" CASCADE"));
        if is_made_again && old.id.kind.is_type() && !cascades() {
            // Under the name of what is set aside nobody takes the drop for the loss of a type.
            let drop = old.definition.drop(&aside(&old.id));
            return [Self::set_aside(old), drop].concat();
        }
        let stays = |heir: &&Object| self.desired.get(&heir.id).is_some();
        if is_made_again || !heirs.iter().any(stays) {
            return sql;
        }
        let mut sql: Vec<String> = sql
            .iter()
            .map(|one| one.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1))
            .collect();
        for heir in heirs
            .into_iter()
            .filter(|heir| self.expanded.drops.contains(&heir.id))
        {
            sql.extend(self.drop(heir));
        }
        sql
    }

    fn set_aside(old: &Object) -> Vec<String> {
        let name = old.definition.target(&old.id).unwrap_or_default();
        vec![format!(
            "ALTER {name} RENAME TO {}",
            quote(&aside(&old.id).name)
        )]
    }

    fn create(&self, node: &Node) -> Vec<String> {
        let Some(object) = self.desired.get(&node.id) else {
            return Vec::new();
        };
        if let Some(old) = self.standing_copy(object) {
            return copies::rename_standing(old, object);
        }
        let parts: Vec<&Object> = node
            .parts
            .iter()
            .filter_map(|part| self.desired.get(part))
            .collect();
        let mut clauses: Vec<_> = parts
            .iter()
            .filter_map(|part| {
                part.definition
                    .clause(&part.id)
                    .map(|clause| (clause, &part.id))
            })
            .collect();
        clauses.sort_by(|(first, one), (second, two)| (first.place, one).cmp(&(second.place, two)));
        let mut merging = BTreeSet::new();
        let (clauses, apart): (Vec<_>, Vec<_>) = clauses.into_iter().partition(|(clause, _)| {
            let merges = clause.merges.as_ref();
            merges.is_none_or(|same| merging.insert(same.clone()))
        });
        let implicit = self.is_implicit(self.desired, &node.id);
        let texts: Vec<String> = clauses
            .iter()
            .map(|(clause, _)| clause.sql.clone())
            .filter(|text| !text.is_empty())
            .collect();
        let mut sql = if let Some(form) = self.expanded.online.get(&node.id) {
            form.change.clone()
        } else if implicit {
            let own = object.definition.clause(&object.id);
            let then = own.map(|clause| clause.then).unwrap_or_default();
            [self.takes_name(object), then].concat()
        } else {
            object.definition.create(&object.id, &texts)
        };
        sql.extend(parts.iter().flat_map(|part| self.takes_name(part)));
        sql.extend(clauses.into_iter().flat_map(|(clause, _)| clause.then));
        let apart = apart.iter().filter_map(|(_, id)| self.desired.get(id));
        sql.extend(apart.flat_map(|part| part.definition.create(&part.id, &[])));
        // What comes with another object is owned with it.
        if let (false, Some(owner), Some(target)) = (
            implicit,
            self.new_owner(object),
            object.definition.target(&object.id),
        ) {
            sql.push(format!("ALTER {target} OWNER TO {}", quote(owner)));
        }
        for made in std::iter::once(object).chain(parts) {
            if let Some(target) = made.definition.target(&made.id) {
                sql.extend(made.comment.iter().map(|_| comment_sql(&target, made)));
                sql.extend(attachments_sql(&target, None, made));
            }
            let born = self.granted_at_birth(made);
            let held = match self.new_owner(made) {
                Some(owner) => born.handed_to(owner, made.id.is_part()),
                None => born,
            };
            sql.extend(self.grants(&held, made));
            sql.extend(self.overrides(made));
        }
        sql
    }

    /// Returns what makes an inherited column differ from its parent's.
    fn overrides(&self, made: &Object) -> Vec<String> {
        let Definition::Column(column) = &made.definition else {
            return Vec::new();
        };
        let relation = ObjectId::new(ObjectKind::Table, &made.id.schema, &made.id.relation);
        let Some(Definition::Table(table)) =
            self.desired.get(&relation).map(|object| &object.definition)
        else {
            return Vec::new();
        };
        // One of several parents may have no such column.
        let parent = table
            .parents
            .iter()
            .filter(|_| column.is_inherited())
            .find_map(|(schema, name)| self.desired.get(&made.id.in_relation(schema, name)));
        match parent.map(|parent| &parent.definition) {
            Some(Definition::Column(parent)) => column.override_sql(parent, &made.id),
            _ => Vec::new(),
        }
    }

    /// Returns the owner to hand a new object to, when that is not the role that makes it.
    fn new_owner<'a>(&self, object: &'a Object) -> Option<&'a str> {
        let maker = self.current.session_user.as_str();
        object.owner.as_deref().filter(|owner| {
            *owner != maker
                && !(self.desired.owners_unstated && *owner == self.desired.session_user)
        })
    }

    /// Returns what the default privileges in force will have granted on a new object.
    fn granted_at_birth(&self, object: &Object) -> Grants {
        let sort = match &object.definition {
            Definition::Table(_) | Definition::View(_) | Definition::MaterializedView(_) => {
                "TABLES"
            }
            Definition::Sequence(_) => "SEQUENCES",
            Definition::Routine(_) | Definition::Aggregate(_) => "FUNCTIONS",
            Definition::EnumType(_)
            | Definition::Domain(_)
            | Definition::CompositeType(_)
            | Definition::RangeType(_)
            | Definition::BaseType(_) => "TYPES",
            Definition::Schema(_) => "SCHEMAS",
            _ => return Grants::default(),
        };
        let mut born = Grants::default();
        for &(id, grants) in &self.default_privileges {
            let applies =
                id.arguments == sort && (id.schema.is_empty() || id.schema == object.id.schema);
            if applies && (id.name.is_empty() || id.name == self.current.session_user) {
                born.granted.extend(grants.granted.iter().cloned());
                born.revoked.extend(grants.revoked.iter().cloned());
            }
        }
        born
    }

    fn grants(&self, held: &Grants, object: &Object) -> Vec<String> {
        let Some(target) = object.definition.grant_target(&object.id) else {
            return Vec::new();
        };
        let owner = object
            .owner
            .as_deref()
            .or_else(|| self.relation_owner(&object.id))
            .unwrap_or_default();
        let unstated = self.desired.owners_unstated && owner == self.desired.session_user;
        // Who the owner will be is not known here; CURRENT_USER is the migrating role.
        let owner = if unstated {
            "CURRENT_USER".into()
        } else {
            quote(owner)
        };
        grants::statements(&target, held, &object.grants, &owner)
    }

    /// Returns the owner that the object, or the relation it is a part of, is handed to.
    fn handed_to<'a>(&'a self, id: &ObjectId) -> Option<&'a str> {
        std::iter::once(id.clone())
            .chain(id.relations())
            .find_map(|id| {
                let (before, after) = (self.current.get(&id)?, self.desired.get(&id)?);
                self.desired.new_owner(after, self.current, before)
            })
    }

    fn relation_owner(&self, part: &ObjectId) -> Option<&str> {
        part.relations()
            .find_map(|relation| self.desired.get(&relation)?.owner.as_deref())
    }

    fn alter(&self, id: &ObjectId) -> Vec<String> {
        let (Some(old), Some(new)) = (self.current.get(id), self.desired.get(id)) else {
            return Vec::new();
        };
        let mut sql = match (
            self.expanded.online.get(id),
            old.definition.compare(&new.definition),
        ) {
            (Some(form), _) => form.change.clone(),
            (None, Comparison::Same) => Vec::new(),
            (None, _) => old.definition.alter(&new.definition, id).change,
        };
        if let Some(release) = self.expanded.releases.get(id) {
            sql.retain(|statement| !release.before.contains(statement));
        }
        let target = new.definition.target(id);
        let owner = self.desired.new_owner(new, self.current, old);
        if let (Some(owner), Some(target)) = (owner, &target) {
            sql.push(format!("ALTER {target} OWNER TO {}", quote(owner)));
        }
        if let Some(target) = target {
            if old.comment != new.comment {
                sql.push(comment_sql(&target, new));
            }
            sql.extend(attachments_sql(&target, Some(old), new));
        }
        if old.grants != new.grants {
            let held = self.handed_to(id).map_or_else(
                || old.grants.clone(),
                |owner| old.grants.handed_to(owner, id.is_part()),
            );
            sql.extend(self.grants(&held, new));
            sql.extend(self.grants_taken_along(&held, new));
        }
        sql
    }

    /// Returns the statements that give back what a REVOKE on a relation has taken from its parts too.
    fn grants_taken_along(&self, held: &Grants, relation: &Object) -> Vec<String> {
        let id = &relation.id;
        let (_, revoked) = held.changes_to(&relation.grants);
        if revoked.is_empty() || !id.kind.is_relation() {
            return Vec::new();
        }
        let first = ObjectId::part(ObjectKind::Column, &id.schema, &id.name, "");
        let of_relation = |part: &ObjectId| {
            (part.kind, &part.schema, &part.relation) == (first.kind, &id.schema, &id.name)
        };
        let parts = self.desired.objects.range(first.clone()..);
        parts
            .take_while(|(part, _)| of_relation(part))
            .filter(|(part, _)| !self.expanded.creates.contains(*part))
            .flat_map(|(_, part)| self.grants(&part.grants.without(&revoked), part))
            .collect()
    }

    fn step(&self, id: &ObjectId, sql: &str) -> Step {
        let sql = if id.kind.naming() == Naming::WithArguments {
            sql.to_owned()
        } else {
            expression::stable(sql)
        };
        let statement = Statement {
            text: sql.clone(),
            origin: Origin {
                file: None,
                line: 1,
            },
        };
        let mut losses: Vec<(Hazard, String)> = aludel_sql::losses(&statement)
            .into_iter()
            .map(|loss| (loss.hazard, loss.object))
            .collect();
        if let (Some(Definition::Column(old)), Some(Definition::Column(new))) = (
            self.current.get(id).map(|object| &object.definition),
            self.desired.get(id).map(|object| &object.definition),
        ) && !aludel_sql::type_changes(&statement).is_empty()
        {
            let by_attributes = new.value_maps.iter().any(|map| !map.attributes.is_empty());
            if by_attributes || type_change::loses(&old.type_name, &new.type_name) {
                losses.push((Hazard::NarrowType, id.path()));
            }
            let gone = new.value_maps.iter().flat_map(ValueMap::gone);
            losses.extend(gone.map(|value| (Hazard::DropEnumValue, value)));
        }
        Step {
            losses,
            ..Step::new(id.clone(), sql)
        }
    }
}

/// Returns the implicit columns of the dropped ones that stand in relations which stay.
fn heirs<'a>(
    current: &'a Catalog,
    expanded: &'a Expanded,
) -> BTreeMap<&'a ObjectId, Vec<&'a ObjectId>> {
    let mut heirs: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for object in current.objects.values() {
        let inherits = object.definition.nature() == Nature::Implicit
            && matches!(object.definition, Definition::Column(_));
        let from = object.depends_on.iter().filter(|needed| {
            inherits && needed.kind == object.id.kind && needed.name == object.id.name
        });
        for needed in from.filter(|needed| needed.is_part() && expanded.drops.contains(*needed)) {
            if needed.relation != object.id.relation || needed.schema != object.id.schema {
                heirs.entry(needed).or_default().push(&object.id);
            }
        }
    }
    heirs
}

fn default_privileges(desired: &Catalog) -> Vec<(&ObjectId, &Grants)> {
    desired
        .objects
        .values()
        .filter_map(|object| match &object.definition {
            Definition::DefaultPrivileges(own) => Some((&object.id, &own.grants)),
            _ => None,
        })
        .collect()
}

/// The name that a type has while its columns move over.
fn aside(id: &ObjectId) -> ObjectId {
    let mut name: String = id.name.chars().take(50).collect();
    name.push_str(SET_ASIDE);
    id.with_name(&name)
}

fn comment_sql(target: &str, object: &Object) -> String {
    let comment = object
        .comment
        .as_ref()
        .map_or_else(|| "NULL".to_owned(), |text| literal(text));
    format!("COMMENT ON {target} IS {comment}")
}

/// Returns the nodes that make routines whose bodies PostgreSQL would refuse, in their order: they name what is made
/// after them, or what is found only with a search path that somebody sets. Their check is put off, as `pg_dump` does.
fn unchecked(sides: Sides<'_>, graph: &Graph, sorted: &Sorted) -> Vec<usize> {
    let mut places = vec![0; graph.nodes.len()];
    for (place, &node) in sorted.order.iter().enumerate() {
        places[node] = place;
    }
    let makes = |id: &ObjectId| graph.find(id, Act::Create).or(graph.find(id, Act::Alter));
    let mut nodes: Vec<usize> = sides
        .desired_bodies
        .by_routine
        .iter()
        .filter_map(|(routine, body)| {
            let node = makes(routine)?;
            let unmet = sorted.given_way.iter().any(|why| {
                let used = &why.earlier;
                let of_relation = |id: &&ObjectId| {
                    used.is_part() && id.schema == used.schema && id.name == used.relation
                };
                why.later == **routine
                    && (body.read_at_once.contains(used)
                        || body.read_at_once.iter().any(of_relation))
            });
            (body.unreadable || unmet).then_some(node)
        })
        .collect();
    nodes.sort_by_key(|&node| places[node]);
    nodes
}

/// A new enum value cannot be used before its transaction has committed (measured: 55P04).
fn commit_before_use(
    current: &Catalog,
    desired: &Catalog,
    expanded: &Expanded,
    steps: &mut [Step],
) {
    for id in &expanded.alters {
        let (Some(Definition::EnumType(old)), Some(Definition::EnumType(new))) = (
            current.get(id).map(|object| &object.definition),
            desired.get(id).map(|object| &object.definition),
        ) else {
            continue;
        };
        let added: Vec<&String> = new
            .labels
            .iter()
            .filter(|label| !old.labels.contains(label))
            .collect();
        let name = id.qualified();
        // In a list (`'{new}'::status[]`) the value has no quotes of its own.
        let uses = |sql: &str, label: &str| {
            sql.contains(&literal(label)) || sql.contains(&name) && sql.contains(label)
        };
        let user = steps.iter().position(|step| {
            step.object != *id && added.iter().any(|label| uses(&step.sql, label))
        });
        if let Some(user) = user.filter(|_| !added.is_empty())
            && steps[user].transaction == Transaction::Same
        {
            steps[user].transaction = Transaction::New;
        }
    }
}
