//! Valid records in; bytes out. One file per format; writes to `io::Write`, opens nothing.
