//! Layouts as data: the types, reading and checking of profiles and of the label lexicon.
