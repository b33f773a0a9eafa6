//! The golden record: one laureate, from all its mentions.
