//! Seeded damage: what transfers, disks and careless tools do to files. The same seed gives the same damage on every machine.

/// A copy with one to eight places damaged.
pub(crate) fn damaged(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut dice = Dice(seed);
    let mut copy = bytes.to_vec();
    for _ in 0..=dice.below(8) {
        damage(&mut copy, &mut dice);
    }
    copy
}

/// Longest stretch that is doubled or deleted.
const STRETCH: usize = 2000;

/// Numbers at the edges of what programs hold them in, and beyond.
const HUGE: [&str; 8] = [
    "255",
    "65536",
    "2147483648",
    "4294967295",
    "999999999999",
    "18446744073709551616",
    "-1",
    "0.0000000001",
];

fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    if bytes.is_empty() {
        return;
    }
    let start = dice.below(bytes.len());
    let stretch = start..bytes.len().min(start + 1 + dice.below(STRETCH));
    match dice.below(12) {
        0 => bytes.truncate(start),
        1 | 2 => {
            let doubled = bytes[stretch.clone()].to_vec();
            bytes.splice(stretch.end..stretch.end, doubled);
        }
        3 | 4 => drop(bytes.drain(stretch)),
        5 | 6 => {
            let other = dice.below(bytes.len());
            bytes.swap(start, other);
        }
        7..=9 => {
            if let Some(digits) = digits_from(bytes, start) {
                bytes.splice(digits, HUGE[dice.below(HUGE.len())].bytes());
            }
        }
        _ => bytes[start] ^= 1 << dice.below(8),
    }
}

/// The first run of digits at or after a place.
fn digits_from(bytes: &[u8], start: usize) -> Option<std::ops::Range<usize>> {
    let first = start + bytes[start..].iter().position(u8::is_ascii_digit)?;
    let length = bytes[first..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    Some(first..first + length)
}

/// Numbers that look random (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound as u64).expect("the remainder is under a usize")
    }
}
