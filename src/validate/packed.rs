//! A valid record as the line that it is written as: what a run of many documents keeps of each. As a value it takes three times the memory.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ValidRecord;

/// A valid record as its line of JSON, fields in the order of the contract.
pub struct Packed<T> {
    line: Box<str>,
    of: PhantomData<fn() -> T>,
}

impl<T> Packed<T> {
    /// The record's JSON, without a line feed.
    pub fn line(&self) -> &str {
        &self.line
    }
}

impl<T: DeserializeOwned> Packed<T> {
    /// The record itself.
    ///
    /// # Panics
    ///
    /// Where a record cannot be read from what it was written as, which no type of the contract allows.
    pub fn unpack(&self) -> T {
        serde_json::from_str(&self.line).expect("a record is read from what it was written as")
    }
}

impl<T: Serialize> From<ValidRecord<T>> for Packed<T> {
    fn from(record: ValidRecord<T>) -> Self {
        let line = serde_json::to_string(record.get()).expect("a valid record was written as JSON");
        Self {
            line: line.into(),
            of: PhantomData,
        }
    }
}

impl<T> AsRef<str> for Packed<T> {
    fn as_ref(&self) -> &str {
        self.line()
    }
}

impl<T> fmt::Debug for Packed<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Packed").field(&self.line).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::laureate::Laureate;
    use crate::model::mention::Mention;
    use crate::validate::{Schema, validate};

    #[track_caller]
    fn check<T: Serialize + DeserializeOwned + fmt::Debug + PartialEq>(schema: Schema) {
        let record: T = serde_json::from_value(schema.example()).unwrap();
        let packed = Packed::from(validate(schema, record).unwrap());
        let record: T = packed.unpack();
        assert_eq!(packed.line(), serde_json::to_string(&record).unwrap());
        let again = Packed::from(validate(schema, record).unwrap());
        assert_eq!(again.unpack(), packed.unpack());
    }

    #[test]
    fn a_record_is_the_same_after_packing() {
        check::<Mention>(Schema::Mention);
        check::<Laureate>(Schema::Laureate);
    }
}
