//! What RTF is made of. In: bytes; out: braces, control words, and the characters between them.

/// What RTF is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// A control word and its number.
    Word(&'a str, Option<i32>),
    /// A control symbol.
    Symbol(u8),
    /// A character of a code page, written as its number or as itself.
    Byte(u8),
}

pub(super) struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn take_while(&mut self, is_part: fn(&u8) -> bool) -> &'a str {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| is_part(byte)).count();
        self.at += length;
        let part = rest.get(..length).unwrap_or_default();
        std::str::from_utf8(part).unwrap_or_default()
    }

    /// The next token; nothing at the end.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            return Some(match self.take()? {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\\' => self.control()?,
                b'\r' | b'\n' | 0 => continue,
                byte => Token::Byte(byte),
            });
        }
    }

    /// What follows a backslash.
    fn control(&mut self) -> Option<Token<'a>> {
        let name = self.take_while(u8::is_ascii_alphabetic);
        if name.is_empty() {
            return Some(match self.take()? {
                b'\'' => {
                    let digits = self.bytes.get(self.at..self.at + 2)?;
                    self.at += 2;
                    let digits = std::str::from_utf8(digits).unwrap_or_default();
                    Token::Byte(u8::from_str_radix(digits, 16).unwrap_or(b'?'))
                }
                symbol => Token::Symbol(symbol),
            });
        }
        let is_negative = self.peek() == Some(b'-');
        self.at += usize::from(is_negative);
        let digits = self.take_while(u8::is_ascii_digit);
        let number = digits.parse().ok();
        let number = number.map(|number: i32| if is_negative { -number } else { number });
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        // What follows are bytes, of whatever meaning.
        if let ("bin", Some(length)) = (name, number) {
            self.at += usize::try_from(length).unwrap_or_default();
        }
        Some(Token::Word(name, number))
    }
}
