//! Paths, folders, globs and standard input in; raw documents out. The only stage that reads outside data; decides the format by content.
