//! Files of learnt weights: those that are built in or, for learning, those of a folder.

use std::borrow::Cow;

/// A file of `data/` that the programs of scripts/learn write.
macro_rules! weights {
    ($file:literal) => {
        $crate::profile::weights::text(
            $file,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/", $file)),
        )
    };
}

pub(crate) use weights;

/// With the feature `learn`, the file of this name in the folder `PALMARES_WEIGHTS`, where that is set: weights are tried by the hundred, and a build takes a minute.
#[cfg(feature = "learn")]
pub(crate) fn text(file: &str, built_in: &'static str) -> Cow<'static, str> {
    match std::env::var_os("PALMARES_WEIGHTS") {
        Some(folder) => std::fs::read_to_string(std::path::Path::new(&folder).join(file))
            .expect("the folder of weights has them all")
            .into(),
        None => built_in.into(),
    }
}

#[cfg(not(feature = "learn"))]
pub(crate) fn text(_: &str, built_in: &'static str) -> Cow<'static, str> {
    built_in.into()
}
