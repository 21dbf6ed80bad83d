//! Random choices that a seed repeats.

/// A seeded source of choices.
#[derive(Debug)]
pub struct Draw(fastrand::Rng);

impl Draw {
    /// The same seed draws the same choices.
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// True in so many of 100 draws.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.0.u32(0..100) < percent
    }

    /// A number below `limit`, which is at least 1.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0.usize(0..limit.max(1))
    }

    /// A number between these, both included.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        self.0.usize(least..=most)
    }

    /// A variant of something; what it means is up to who renders it.
    pub fn variant(&mut self) -> u8 {
        self.0.u8(0..16)
    }

    /// One of these, `None` when there is none.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        self.0.choice(from).copied()
    }

    /// One of these, which are some.
    pub fn one<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Some of these in random order, at least one when there is one, at most `most`.
    pub fn some<T: Copy>(&mut self, from: &[T], most: usize) -> Vec<T> {
        let mut all = from.to_vec();
        self.0.shuffle(&mut all);
        let count = self.between(1, most.max(1)).min(all.len());
        all.truncate(count);
        all
    }

    /// `Some` of what is drawn, in so many of 100 draws.
    pub fn maybe<T>(&mut self, percent: u32, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.chance(percent) {
            Some(draw(self))
        } else {
            None
        }
    }
}
