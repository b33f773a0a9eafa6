//! JSON with the places of everything in it, which `serde_json` does not tell. In: text; out: values. What is not JSON is nothing.

use std::ops::Range;

/// A value with its places in the text.
#[derive(Debug)]
pub(super) enum Value {
    /// Between its quotation marks.
    String(Range<usize>),
    /// As written.
    Number(Range<usize>),
    /// Its items.
    List(Vec<Value>),
    /// Its members: each key between its quotation marks, and its value.
    Object(Vec<(Range<usize>, Value)>),
    /// True, false or null.
    Word,
}

/// Reads the value that a range of a text is, nested no deeper than this.
pub(super) fn read(text: &str, range: Range<usize>, nesting: usize) -> Option<Value> {
    Scanner::new(text, range, nesting).document()
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    left: usize,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, range: Range<usize>, nesting: usize) -> Self {
        Self {
            text,
            at: range.start,
            end: range.end,
            left: nesting,
        }
    }

    /// The whole; nothing where it is not JSON.
    fn document(mut self) -> Option<Value> {
        let value = self.value()?;
        self.space();
        (self.at == self.end).then_some(value)
    }

    fn peek(&self) -> Option<u8> {
        (self.text.as_bytes().get(self.at).copied()).filter(|_| self.at < self.end)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        self.space();
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self) -> Option<Value> {
        self.space();
        match self.peek()? {
            b'"' => Some(Value::String(self.string()?)),
            b'[' => self.within(|scanner| {
                let mut items = Vec::new();
                scanner.at += 1;
                if scanner.takes(b']') {
                    return Some(Value::List(items));
                }
                loop {
                    items.push(scanner.value()?);
                    if scanner.takes(b']') {
                        return Some(Value::List(items));
                    }
                    if !scanner.takes(b',') {
                        return None;
                    }
                }
            }),
            b'{' => self.within(|scanner| {
                let mut members = Vec::new();
                scanner.at += 1;
                if scanner.takes(b'}') {
                    return Some(Value::Object(members));
                }
                loop {
                    scanner.space();
                    let key = scanner.string()?;
                    if !scanner.takes(b':') {
                        return None;
                    }
                    members.push((key, scanner.value()?));
                    if scanner.takes(b'}') {
                        return Some(Value::Object(members));
                    }
                    if !scanner.takes(b',') {
                        return None;
                    }
                }
            }),
            b'-' | b'0'..=b'9' => {
                let start = self.at;
                while matches!(
                    self.peek(),
                    Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
                ) {
                    self.at += 1;
                }
                Some(Value::Number(start..self.at))
            }
            _ => {
                let rest = self.text.get(self.at..self.end)?;
                let word = ["true", "false", "null"]
                    .into_iter()
                    .find(|word| rest.starts_with(word))?;
                self.at += word.len();
                Some(Value::Word)
            }
        }
    }

    /// Reads what holds other values, unless it is nested too deeply.
    fn within(&mut self, read: impl FnOnce(&mut Self) -> Option<Value>) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        let value = read(self)?;
        self.left += 1;
        Some(value)
    }

    /// What stands between quotation marks.
    fn string(&mut self) -> Option<Range<usize>> {
        if self.peek()? != b'"' {
            return None;
        }
        self.at += 1;
        let start = self.at;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(start..self.at - 1)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_no_json_or_nested_too_deeply_holds_no_records() {
        let read = |text: &str| super::read(text, 0..text.len(), 8).is_some();
        assert!(read(
            " [1, -2.5e3, {\"a\": [true, null, \"b\\\"\"]}, {}, []] "
        ));
        for text in [
            "",
            "[",
            "[1,]",
            "{\"a\" 1}",
            "{a: 1}",
            "\"a",
            "\"a\\",
            "[1] 2",
            "nul",
        ] {
            assert!(!read(text), "{text}");
        }
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(&nested(8)) && !read(&nested(9)));
    }
}
