//! What the pages of a document may cost together, however many threads read them.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Operations that a page counts by itself before it adds them to the document's: threads that write one number at every operation hold each other up.
const BATCH: usize = 1024;

/// The operations of a document. Whether they were too many does not depend on the order in which pages are read: all are counted to the end, or up
/// to where the sum is over the limit.
pub(super) struct Budget {
    spent: AtomicUsize,
    limit: usize,
}

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            spent: AtomicUsize::new(0),
            limit,
        }
    }

    /// Whether more was spent than there is.
    pub(super) fn is_overdrawn(&self) -> bool {
        self.spent.load(Ordering::Relaxed) > self.limit
    }

    /// An account for one page.
    pub(super) fn account(&self) -> Account<'_> {
        Account {
            budget: self,
            unpaid: 0,
        }
    }
}

/// What one page spends of the document's budget. What is not paid yet is paid when it is dropped.
pub(super) struct Account<'b> {
    budget: &'b Budget,
    unpaid: usize,
}

impl Account<'_> {
    /// Spends operations; false where there are none left.
    pub(super) fn spend(&mut self, operations: usize) -> bool {
        self.unpaid = self.unpaid.saturating_add(operations);
        if self.unpaid < BATCH {
            return true;
        }
        self.pay();
        !self.budget.is_overdrawn()
    }

    fn pay(&mut self) {
        let unpaid = std::mem::take(&mut self.unpaid);
        let paid = |spent: usize| Some(spent.saturating_add(unpaid));
        // The closure gives a value for every number, so there is always one.
        let _ = self
            .budget
            .spent
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, paid);
    }
}

impl Drop for Account<'_> {
    fn drop(&mut self) {
        self.pay();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_share_a_budget() {
        let budget = Budget::new(3 * BATCH);
        for _ in 0..3 {
            assert!(budget.account().spend(BATCH));
        }
        assert!(!budget.is_overdrawn());
        assert!(budget.account().spend(1));
        assert!(budget.is_overdrawn());
        assert!(!budget.account().spend(BATCH));
    }

    #[test]
    fn what_cannot_be_counted_is_too_much() {
        let budget = Budget::new(usize::MAX - 1);
        budget.account().spend(usize::MAX);
        budget.account().spend(usize::MAX);
        assert!(budget.is_overdrawn());
    }
}
