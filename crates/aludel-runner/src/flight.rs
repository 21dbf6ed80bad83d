//! Statements sent ahead: several are on their way at once, each with an answer of its own.
//!
//! A segment of many short statements costs one round trip and still knows which statement failed, because every
//! statement is a message of its own. Sending ahead is safe inside a transaction only: after a failure the server
//! refuses everything that was sent behind it.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Instant;

use aludel_postgres::{Row, Session, StatementError};

/// How many statements may be on their way.
const WINDOW: usize = 64;

type Answer = Result<Vec<Vec<Row>>, StatementError>;

/// Statements on their way to the server, oldest first.
pub(crate) struct Flight<'s> {
    session: &'s Session,
    waiting: VecDeque<Entry<'s>>,
}

enum Entry<'s> {
    Sent(Pin<Box<dyn Future<Output = Answer> + 's>>, Instant),
    Answered(Answer, Instant),
}

impl<'s> Flight<'s> {
    pub(crate) fn new(session: &'s Session) -> Self {
        Self {
            session,
            waiting: VecDeque::new(),
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.waiting.len() >= WINDOW
    }

    /// Sends a statement whose rows nobody wants.
    pub(crate) async fn send(&mut self, sql: &'s str) {
        let session = self.session;
        self.push(Box::pin(async move {
            session.execute(sql).await.map(|()| Vec::new())
        }))
        .await;
    }

    /// Sends a script whose rows matter.
    pub(crate) async fn send_for_rows(&mut self, sql: &'s str) {
        let session = self.session;
        self.push(Box::pin(async move { session.row_sets(sql).await }))
            .await;
    }

    /// The first poll of a statement's future is what sends it, so each is polled once, in order.
    async fn push(&mut self, mut answer: Pin<Box<dyn Future<Output = Answer> + 's>>) {
        let sent = Instant::now();
        let polled = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await;
        self.waiting.push_back(match polled {
            Poll::Ready(result) => Entry::Answered(result, sent),
            Poll::Pending => Entry::Sent(answer, sent),
        });
    }

    /// Waits for the oldest answer and returns it with the moment its statement was sent.
    ///
    /// May be dropped while it waits and called again: nothing is lost.
    pub(crate) async fn next(&mut self) -> Option<(Answer, Instant)> {
        let (answer, sent) = match self.waiting.front_mut()? {
            Entry::Sent(answer, sent) => (answer.as_mut().await, *sent),
            Entry::Answered(answer, sent) => (std::mem::replace(answer, Ok(Vec::new())), *sent),
        };
        self.waiting.pop_front();
        Some((answer, sent))
    }
}
