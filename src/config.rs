//! Plain data that stages are given; no globals.

/// What a document may cost at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file.
    pub bytes: u64,
    /// Pages of a PDF.
    pub pages: usize,
    /// Drawing operations of one PDF page, forms included.
    pub operations: usize,
    /// Nesting of HTML elements and PDF forms.
    pub nesting: usize,
}

impl Default for Limits {
    /// Generous for brochures, and far below what would exhaust a machine: 1 GiB, 20,000 pages, 5 million operations a page, nesting of 512.
    fn default() -> Self {
        Self {
            bytes: 1 << 30,
            pages: 20_000,
            operations: 5_000_000,
            nesting: 512,
        }
    }
}
