//! Pages in; a document with labelled blocks in reading order out. Geometry only: no format, no field names.
