//! How a plan is to be made.

/// What a caller may ask of a plan; `Default` is the shortest one, in a single transaction.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Whether statements that would hold other sessions up for long are replaced by forms that do not.
    pub online: bool,
    /// Whether each step says why it is there and stands where it stands.
    pub explain: bool,
}
