//! Plain text: paragraphs, bullets, numbers.
