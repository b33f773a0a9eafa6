//! The array of a `TJ` operator, read in place: strings and the kerning between them.
//!
//! hayro reads arrays in general, and tries every number as a reference first (`4 0 R`), which content streams do not have. `TJ` is most of
//! what a text page says, so it has a reader of its own: a sixth of the time of a document.

/// A string or an adjustment in thousandths of an em.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'b> {
    String(&'b [u8]),
    Number(f64),
}

/// The pieces of an array's bytes, brackets aside (ISO 32000-2, 7.3).
pub(super) struct Pieces<'d> {
    data: &'d [u8],
    at: usize,
}

impl<'d> Pieces<'d> {
    pub(super) fn new(data: &'d [u8]) -> Self {
        Self { data, at: 0 }
    }

    /// The next piece; a string is decoded into `buffer`.
    pub(super) fn next<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Option<Piece<'b>> {
        loop {
            match self.byte()? {
                b'(' => {
                    buffer.clear();
                    self.literal(buffer);
                    return Some(Piece::String(buffer));
                }
                b'<' => {
                    buffer.clear();
                    self.hexadecimal(buffer);
                    return Some(Piece::String(buffer));
                }
                first @ (b'0'..=b'9' | b'+' | b'-' | b'.') => {
                    return Some(Piece::Number(self.number(first)));
                }
                b'%' => while !matches!(self.byte(), None | Some(b'\n' | b'\r')) {},
                _ => {}
            }
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.data.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn peek(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    fn literal(&mut self, out: &mut Vec<u8>) {
        let mut depth = 1;
        while let Some(byte) = self.byte() {
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                b'\\' => {
                    self.escape(out);
                    continue;
                }
                // A line end of any kind is a line feed.
                b'\r' => {
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    out.push(b'\n');
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) {
        let Some(byte) = self.byte() else { return };
        out.push(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 0x08,
            b'f' => 0x0C,
            b'\n' => return,
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
                return;
            }
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    match self.peek() {
                        Some(digit @ b'0'..=b'7') => {
                            code = code * 8 + u32::from(digit - b'0');
                            self.at += 1;
                        }
                        _ => break,
                    }
                }
                // High-order overflow is ignored.
                u8::try_from(code & 0xFF).unwrap_or(0)
            }
            other => other,
        });
    }

    fn hexadecimal(&mut self, out: &mut Vec<u8>) {
        let mut high: Option<u8> = None;
        while let Some(byte) = self.byte() {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'f' => byte - b'a' + 10,
                b'A'..=b'F' => byte - b'A' + 10,
                b'>' => break,
                _ => continue,
            };
            match high.take() {
                Some(first) => out.push(first << 4 | digit),
                None => high = Some(digit),
            }
        }
        if let Some(first) = high {
            out.push(first << 4);
        }
    }

    fn number(&mut self, first: u8) -> f64 {
        let negative = first == b'-';
        let mut value = match first {
            b'0'..=b'9' => f64::from(first - b'0'),
            _ => 0.0,
        };
        let mut scale = if first == b'.' { 0.1 } else { 1.0 };
        while let Some(byte) = self.peek() {
            match byte {
                b'0'..=b'9' if scale < 1.0 => {
                    value += f64::from(byte - b'0') * scale;
                    scale /= 10.0;
                }
                b'0'..=b'9' => value = value * 10.0 + f64::from(byte - b'0'),
                b'.' if scale >= 1.0 => scale = 0.1,
                // Some producers write `--5`; viewers read the digits.
                b'-' | b'+' if value == 0.0 => {}
                _ => break,
            }
            self.at += 1;
        }
        if negative { -value } else { value }
    }
}

#[cfg(test)]
mod tests {
    use hayro_syntax::content::TypedIter;
    use hayro_syntax::content::ops::TypedInstruction;
    use hayro_syntax::object::{MaybeRef, Object};
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, PartialEq)]
    enum Owned {
        String(Vec<u8>),
        Number(f64),
    }

    fn ours(array: &[u8]) -> Vec<Owned> {
        let mut pieces = Pieces::new(array);
        let mut buffer = Vec::new();
        let mut all = Vec::new();
        while let Some(piece) = pieces.next(&mut buffer) {
            all.push(match piece {
                Piece::String(bytes) => Owned::String(bytes.to_vec()),
                Piece::Number(number) => Owned::Number((number * 1e3).round()),
            });
        }
        all
    }

    fn theirs(array: &[u8]) -> Vec<Owned> {
        let content = [b"[".as_slice(), array, b"] TJ".as_slice()].concat();
        let mut all = Vec::new();
        let mut instructions = TypedIter::new(&content);
        while let Some(instruction) = instructions.next() {
            if let TypedInstruction::ShowTexts(array) = instruction {
                for item in array.0.raw_iter() {
                    match item {
                        MaybeRef::NotRef(Object::String(string)) => {
                            all.push(Owned::String(string.as_bytes().to_vec()));
                        }
                        MaybeRef::NotRef(Object::Number(number)) => {
                            all.push(Owned::Number((number.as_f64() * 1e3).round()));
                        }
                        _ => {}
                    }
                }
            }
        }
        all
    }

    #[test]
    fn arrays_are_read_as_hayro_reads_them() {
        for array in [
            r"(Un toit) -250 (un \(bon\) emploi) 12.5 <00e9>",
            r"(a\101\1014b\)) -.5 (\\) +3 <4 1 4>",
            "(nested (parentheses) here)-120.25(line\\\nbroken)",
            "",
        ] {
            assert_eq!(ours(array.as_bytes()), theirs(array.as_bytes()), "{array}");
        }
    }

    proptest! {
        #[test]
        fn any_strings_and_numbers_come_back(items in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..12), -5_000_i32..5_000), 0..6)) {
            let mut array = Vec::new();
            let mut expected = Vec::new();
            for (bytes, number) in items {
                array.push(b'<');
                array.extend(bytes.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()));
                array.extend(format!("> {} ", f64::from(number) / 10.0).into_bytes());
                expected.push(Owned::String(bytes));
                expected.push(Owned::Number(f64::from(number) * 100.0));
            }
            prop_assert_eq!(ours(&array), expected);
        }

        #[test]
        fn whatever_the_bytes_it_ends(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            ours(&bytes);
        }
    }
}
