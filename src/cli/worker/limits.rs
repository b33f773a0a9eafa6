//! What a worker may take, held by the system. Where the system has no such limits, whoever waits for the worker still watches the time.

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub(super) use unix::{end_with_children, end_with_parent, lift, limit};

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub(super) use other::{end_with_children, end_with_parent, lift, limit};

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
mod unix {
    use std::process::Child;

    use palmares::config::{Limits, STACK};
    use rustix::process::{
        Pid, Resource, Rlimit, Signal, getrlimit, kill_process_group, setpgid, setrlimit,
    };
    use rustix::time::{ClockId, clock_gettime};

    /// Seconds of processor time beyond the limit: the clock on the wall, which the other side watches, is what counts.
    const GRACE: u64 = 1;

    /// Seconds of processor time for what a worker starts: the pictures of a document's pages.
    const CHILDREN: u64 = 3600;

    /// A worker ends when the program that asks it does, even if that was killed in the middle of a document.
    pub(in super::super) fn end_with_parent() {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        {
            use rustix::process::set_parent_process_death_signal;
            // Without it the worker ends with its document: then there is no further request.
            let _ = set_parent_process_death_signal(Some(Signal::KILL));
        }
    }

    /// Kills a worker, and what it has started.
    pub(in super::super) fn end_with_children(child: &mut Child) {
        if let Ok(id) = i32::try_from(child.id())
            && let Some(group) = Pid::from_raw(id)
        {
            // There is no such group where the worker never started anything.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = child.kill();
    }

    /// Limits memory, and the processor time of the next document. Only what can be raised again is lowered, for the next may have other limits.
    pub(in super::super) fn limit(limits: &Limits, n_threads: usize, has_children: bool) {
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
        let mut seconds = seconds.saturating_mul(n_threads as u64);
        if has_children {
            // What it starts is ended with it; how many pages there are to draw is not known yet.
            let _ = setpgid(None, None);
            seconds = seconds.saturating_add(CHILDREN);
        }
        lower(
            Resource::Cpu,
            used.saturating_add(seconds).saturating_add(GRACE),
        );
        // What dies of a limit would leave its memory on the disk.
        lower(Resource::Core, 0);
    }

    /// Lifts what `limit` has lowered.
    pub(in super::super) fn lift() {
        for resource in [Resource::Data, Resource::Cpu] {
            let Rlimit { maximum, .. } = getrlimit(resource);
            let all = Rlimit {
                current: maximum,
                maximum,
            };
            let _ = setrlimit(resource, all);
        }
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
    use std::process::Child;

    use palmares::config::Limits;

    pub(in super::super) fn end_with_parent() {}

    pub(in super::super) fn end_with_children(child: &mut Child) {
        let _ = child.kill();
    }

    pub(in super::super) fn lift() {}

    pub(in super::super) fn limit(_: &Limits, _: usize, _: bool) {}
}
