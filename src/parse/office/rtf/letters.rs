//! The code pages that RTF knows by number. In: what a text or a font says of its own; out: how its bytes are decoded.

use encoding_rs::{Encoding, WINDOWS_1252};

/// What the bytes of a font mean.
#[derive(Clone, Copy, Debug)]
pub(super) enum Letters {
    Page(&'static Encoding),
    /// Pictures in the place of letters.
    Symbols,
}

impl Letters {
    /// A code page by its number, as Windows counts them.
    pub(super) fn page(number: i32) -> Self {
        let label = match number {
            874 => "windows-874".to_owned(),
            932 => "shift_jis".to_owned(),
            936 => "gbk".to_owned(),
            949 => "euc-kr".to_owned(),
            950 => "big5".to_owned(),
            10000 => "macintosh".to_owned(),
            65001 => "utf-8".to_owned(),
            number => format!("windows-{number}"),
        };
        Self::Page(Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252))
    }

    /// The code page of a font's character set; nothing for the document's own.
    pub(super) fn set(number: i32) -> Option<Self> {
        Some(Self::page(match number {
            2 => return Some(Self::Symbols),
            77 => 10000,
            128 => 932,
            129 => 949,
            134 => 936,
            136 => 950,
            161 => 1253,
            162 => 1254,
            163 => 1258,
            177 => 1255,
            178 => 1256,
            186 => 1257,
            204 => 1251,
            222 => 874,
            238 => 1250,
            _ => return None,
        }))
    }

    pub(super) fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Page(encoding) => (encoding.decode_without_bom_handling(bytes).0).into_owned(),
            Self::Symbols => "•".repeat(bytes.len()),
        }
    }
}
