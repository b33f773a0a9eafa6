//! The stages in order, for one document and for many; the only module that knows them all.
