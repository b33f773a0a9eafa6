//! Mentions against gold: precision, recall and F1 per field and document, in four matching modes.
