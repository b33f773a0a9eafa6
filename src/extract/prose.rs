//! Prose in; inferred publics, partners, results and figures out, each with its sentence.
