//! What is done in transactions of its own, or in none.

use std::collections::BTreeSet;

use aludel_catalog::{ObjectId, Online, Stage};

use super::Writer;
use crate::graph::{Act, Node};
use crate::step::{Step, Transaction};

impl Writer<'_> {
    /// Returns what the node does in transactions of its own; `None` when it is one step among others.
    pub(super) fn stages(&self, node: &Node) -> Option<&[Stage]> {
        let form = self.expanded.online.get(&node.id)?;
        match node.act {
            Act::Build => Some(&form.ahead),
            Act::Settle => Some(&form.after),
            Act::Drop if !self.expanded.creates.contains(&node.id) => Some(&form.after),
            _ => None,
        }
    }

    /// Returns the steps of the stages. What leads to a drop is lost with it.
    pub(super) fn staged(&self, node: &Node, stages: &[Stage]) -> Vec<Step> {
        let stages = stages.iter();
        let mut steps: Vec<Step> = stages
            .flat_map(|stage| self.stage(&node.id, stage))
            .collect();
        if node.act == Act::Drop {
            let losses: BTreeSet<_> = steps.iter().flat_map(|step| step.losses.clone()).collect();
            for step in &mut steps {
                step.losses = losses.iter().cloned().collect();
            }
        }
        steps
    }

    /// Returns whether what a reader should know of the form stands above the node's first statement.
    pub(super) fn carries_notes(&self, node: &Node) -> bool {
        match node.act {
            Act::Create | Act::Alter | Act::Finish => true,
            Act::Drop => !self.expanded.creates.contains(&node.id),
            _ => false,
        }
    }

    fn stage(&self, id: &ObjectId, stage: &Stage) -> Vec<Step> {
        match stage {
            Stage::Outside(sql) => vec![Step {
                transaction: Transaction::Outside,
                ..self.step(id, sql)
            }],
            Stage::Transaction(statements) => {
                let mut steps: Vec<Step> =
                    statements.iter().map(|sql| self.step(id, sql)).collect();
                if let Some(first) = steps.first_mut() {
                    first.transaction = Transaction::New;
                }
                steps
            }
        }
    }

    /// Returns the statements that were not done ahead in another form.
    pub(super) fn not_begun(&self, id: &ObjectId, statements: &[String]) -> Vec<String> {
        let form = self.expanded.online.get(id);
        let is_begun = |sql: &String| form.is_some_and(|form: &Online| form.begun.contains(sql));
        let statements = statements.iter();
        statements.filter(|sql| !is_begun(sql)).cloned().collect()
    }
}
