//! Rows of different lengths in two flat arrays: a million small lists without a million allocations.

use serde::{Deserialize, Serialize};

/// A list per row. A row that does not exist is empty.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Rows<T> {
    values: Vec<T>,
    ends: Vec<u32>,
}

impl<T> Rows<T> {
    /// No row, with room for so many rows and values.
    pub(super) fn with_capacity(rows: usize, values: usize) -> Self {
        Self {
            values: Vec::with_capacity(values),
            ends: Vec::with_capacity(rows),
        }
    }

    /// The row's values.
    pub(super) fn row(&self, index: usize) -> &[T] {
        let end = self.ends.get(index).copied().unwrap_or_default() as usize;
        let start = match index.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default() as usize,
            None => 0,
        };
        self.values.get(start..end).unwrap_or_default()
    }

    /// The row's values, to change.
    pub(super) fn row_mut(&mut self, index: usize) -> &mut [T] {
        let start = self.start(index);
        let end = self.ends.get(index).copied().unwrap_or_default() as usize;
        self.values.get_mut(start..end).unwrap_or_default()
    }

    /// Where the row starts among all values.
    pub(super) fn start(&self, index: usize) -> usize {
        match index.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or_default() as usize,
            None => 0,
        }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = T>) {
        self.values.extend(row);
        self.close();
    }

    /// Adds a value to the row that `close` will end.
    pub(super) fn push_value(&mut self, value: T) {
        self.values.push(value);
    }

    /// Removes all rows.
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.ends.clear();
    }

    /// The values of the row that `close` will end.
    pub(super) fn open(&self) -> &[T] {
        let start = self.ends.last().copied().unwrap_or_default();
        self.values.get(start as usize..).unwrap_or_default()
    }

    /// Ends the row.
    pub(super) fn close(&mut self) {
        let end = u32::try_from(self.values.len())
            .expect("fewer than 2^32 values: tables of that size do not fit the memory");
        self.ends.push(end);
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All values, row after row.
    pub(super) fn values(&self) -> &[T] {
        &self.values
    }

    /// The same rows with other values.
    pub(super) fn map<U>(&self, f: impl FnMut(&T) -> U) -> Rows<U> {
        Rows {
            values: self.values.iter().map(f).collect(),
            ends: self.ends.clone(),
        }
    }

    /// These rows, in this order.
    pub(super) fn select(&self, rows: &[u32]) -> Self
    where
        T: Copy,
    {
        let values = rows.iter().map(|row| self.row(*row as usize).len()).sum();
        let mut selected = Self::with_capacity(rows.len(), values);
        for row in rows {
            selected.push(self.row(*row as usize).iter().copied());
        }
        selected
    }

    /// The rows of `other` after these.
    pub(super) fn append(&mut self, other: Self) {
        let base = u32::try_from(self.values.len())
            .expect("fewer than 2^32 values: tables of that size do not fit the memory");
        self.values.extend(other.values);
        self.ends.extend(other.ends.iter().map(|end| end + base));
    }

    /// Gives back spare room.
    pub(super) fn shrink(&mut self) {
        self.values.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

impl<T> FromIterator<Vec<T>> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = Vec<T>>>(rows: I) -> Self {
        let mut all = Self {
            values: Vec::new(),
            ends: Vec::new(),
        };
        for row in rows {
            all.push(row);
        }
        all
    }
}

/// A hash that is the same on every machine and in every version, unlike the standard library's: keys only meet keys of the same run, but
/// ties are broken by them.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(state)
}

/// Spreads a number's bits over all 64 (the finaliser of splitmix64).
pub(super) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The hash of two keys, in this order.
pub(super) fn pair(a: u64, b: u64) -> u64 {
    mix(a ^ mix(b).rotate_left(23))
}
