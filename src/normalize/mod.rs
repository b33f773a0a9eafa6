//! A mention in, the mention out: coded values beside the text found.
