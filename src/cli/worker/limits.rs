//! What a worker may take, held by the system. Where the system has no such limits, whoever waits for the worker still watches the time.

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) use unix::{end_with_parent, limit};

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) use other::{end_with_parent, limit};

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
mod unix {
    use palmares::config::Limits;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};

    use super::super::super::global::STACK;

    /// Seconds of processor time beyond the limit: the clock on the wall, which the other side watches, is what counts.
    const GRACE: u64 = 1;

    /// A worker ends when the program that asks it does, even if that was killed in the middle of a document.
    pub(in super::super) fn end_with_parent() {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        {
            use rustix::process::{Signal, set_parent_process_death_signal};
            // Without it the worker ends with its document: then there is no further request.
            let _ = set_parent_process_death_signal(Some(Signal::KILL));
        }
    }

    /// Limits memory, and the processor time of the next document. Only what can be raised again is lowered, for the next may have other limits.
    pub(in super::super) fn limit(limits: &Limits, n_threads: usize) {
        // Private memory that can be written: what a program takes, without the files it is mapped from and without address space that is only
        // reserved. Threads' stacks are counted in full, though hardly any of it is touched.
        let stacks = (n_threads * STACK) as u64;
        lower(Resource::Data, limits.megabytes * 1_000_000 + stacks);
        let used = clock_gettime(ClockId::ProcessCPUTime);
        let used = u64::try_from(used.tv_sec).unwrap_or_default();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the limit is positive, and what is too large for a number is no limit"
        )]
        let seconds = limits.seconds.ceil() as u64;
        let seconds = seconds.saturating_mul(n_threads as u64);
        lower(
            Resource::Cpu,
            used.saturating_add(seconds).saturating_add(GRACE),
        );
        // What dies of a limit would leave its memory on the disk.
        lower(Resource::Core, 0);
    }

    fn lower(resource: Resource, value: u64) {
        let Rlimit { maximum, .. } = getrlimit(resource);
        let current = maximum.map_or(value, |maximum| maximum.min(value));
        // Where the system refuses, the watch over the time remains.
        let _ = setrlimit(
            resource,
            Rlimit {
                current: Some(current),
                maximum,
            },
        );
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
mod other {
    use palmares::config::Limits;

    pub(in super::super) fn end_with_parent() {}

    pub(in super::super) fn limit(_: &Limits, _: usize) {}
}
