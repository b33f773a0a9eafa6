//! Writes damaged copies of files, by seed: `cargo run --example damage -- FOLDER COUNT FIRST_SEED FILE…`. A copy is named after its seed.

use std::fs;
use std::path::Path;

#[path = "../tests/damage/mod.rs"]
mod damage;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("FOLDER COUNT FIRST_SEED FILE…");
    let folder = next();
    let count: u64 = next().parse().expect("COUNT is a number");
    let first: u64 = next().parse().expect("FIRST_SEED is a number");
    let files: Vec<String> = arguments.collect();
    for (seed, file) in (first..first + count).zip(files.iter().cycle()) {
        let bytes = fs::read(file).expect("FILE can be read");
        let extension = Path::new(file).extension().unwrap_or_default();
        let copy = Path::new(&folder)
            .join(format!("damaged-{seed:06}"))
            .with_extension(extension);
        fs::write(copy, damage::damaged(&bytes, seed)).expect("FOLDER can be written");
    }
}
