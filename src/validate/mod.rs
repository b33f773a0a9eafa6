//! A record in; a valid record or a rejection out. JSON Schema is named only here.
