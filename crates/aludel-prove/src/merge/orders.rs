//! The branches run one after the other, in every order.

use std::collections::BTreeSet;

use aludel_catalog::Catalog;
use aludel_revision::{RevisionId, Section};

use crate::apply::ApplyError;
use crate::error::TrialError;
use crate::merge::Question;
use crate::world::World;
use crate::world::rows::{self, Rows};

/// Up to so many branches every order is run; of more, each branch comes first once, in both directions.
const ALL_ORDERS_MAX: usize = 3;

/// What came of an order.
pub(crate) struct Run {
    /// The places of the branches, first to last.
    pub(crate) order: Vec<usize>,
    /// The statement that failed.
    pub(crate) failure: Option<Box<ApplyError>>,
    /// The catalog and rows at the end; nothing when a statement failed.
    pub(crate) end: Option<(Catalog, Rows)>,
}

/// Runs all orders.
pub(crate) async fn run(
    world: &World<'_>,
    question: &Question<'_>,
) -> Result<Vec<Run>, TrialError> {
    let mut runs = Vec::new();
    for order in orders(question.branches.len()) {
        runs.push(run_one(world, question, order).await?);
    }
    Ok(runs)
}

/// Runs one order.
pub(crate) async fn run_one(
    world: &World<'_>,
    question: &Question<'_>,
    order: Vec<usize>,
) -> Result<Run, TrialError> {
    let mut sections: Vec<&Section> = Vec::new();
    let mut seen = BTreeSet::new();
    for &branch in &order {
        for revision in &question.branches[branch].revisions {
            // More than two branches may share what not all of them have.
            if seen.insert(revision.id()) {
                sections.push(&revision.body()?.upgrade);
            }
        }
    }
    sections.extend(question.afterwards);
    let copy = world.copy().await?;
    let mut failure = None;
    for section in sections {
        if let Err(error) = copy.apply(section, world.options).await {
            failure = Some(error);
            break;
        }
    }
    let end = if failure.is_none() {
        Some((
            copy.catalog(world.options).await?,
            rows::read(&copy.session).await?,
        ))
    } else {
        None
    };
    copy.close().await;
    Ok(Run {
        order,
        failure,
        end,
    })
}

/// The heads in an order.
pub(crate) fn heads(question: &Question<'_>, order: &[usize]) -> Vec<RevisionId> {
    order
        .iter()
        .map(|place| question.branches[*place].head.clone())
        .collect()
}

fn orders(count: usize) -> Vec<Vec<usize>> {
    if count <= ALL_ORDERS_MAX {
        return permutations(&(0..count).collect::<Vec<_>>());
    }
    let turned = |start: usize| (0..count).map(move |step| (start + step) % count);
    let forward = (0..count).map(|start| turned(start).collect());
    let backward = (0..count).map(|start| turned(start).rev().collect());
    forward.chain(backward).collect()
}

fn permutations(places: &[usize]) -> Vec<Vec<usize>> {
    if places.len() < 2 {
        return vec![places.to_vec()];
    }
    let mut all = Vec::new();
    for (index, first) in places.iter().enumerate() {
        let mut rest = places.to_vec();
        rest.remove(index);
        for tail in permutations(&rest) {
            all.push([vec![*first], tail].concat());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_branches_are_run_in_every_order() {
        assert_eq!(orders(2), [vec![0, 1], vec![1, 0]]);
        assert_eq!(orders(3).len(), 6);
    }

    #[test]
    fn of_many_each_comes_first() {
        let all = orders(5);
        assert_eq!(all.len(), 10);
        assert!((0..5).all(|place| all.iter().any(|order| order[0] == place)));
    }
}
