//! Fonts as far as text needs them: code to advance and characters, looked up once for each code; weight, slant, ascent and descent.
//!
//! Font dictionaries and their encodings are read by hayro-font; outlines are never drawn.

use std::sync::Arc;

use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontResolverFn};
use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Array, Dict, Name, ObjRef, Rect, Stream};
use rustc_hash::FxHashMap;

use crate::model::page::UnicodeOrigin;

/// Codes above this are not kept in the lookup table: fonts use at most two bytes, and damaged ones must not make the table huge.
const LARGEST_TABLE_CODE: u32 = 0xFFFF;

/// A glyph of more characters than this is a map gone wrong, not a ligature.
const MOST_CHARACTERS_PER_GLYPH: usize = 12;

/// Codes that a font may have widths for: a few times what two bytes tell apart.
const MOST_CODES: u32 = 4 * 65_536;

/// From this `/FontWeight` on, a font is bold: 600 is semi-bold.
const BOLD_WEIGHT: f32 = 600.0;

/// Ascent and descent of most text fonts, in ems, where the font does not say.
const USUAL_ASCENT: f32 = 0.75;
const USUAL_DESCENT: f32 = 0.22;

/// What one character code stands for.
#[derive(Clone, Debug)]
pub(super) struct CodeGlyph {
    /// Advance in ems.
    pub(super) advance: f32,
    /// The first character; all of them in `more` when there are several, none at all when `nothing`.
    pub(super) character: char,
    /// Several characters, for a ligature.
    pub(super) more: Option<Box<[char]>>,
    /// Whether the glyph stands for no character, such as a zero-width joiner.
    pub(super) nothing: bool,
    /// How the characters were known.
    pub(super) origin: UnicodeOrigin,
}

/// A font in use.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent properties of a font"
)]
pub(super) struct Face<'a> {
    font: Font<'a>,
    /// Whether every code has exactly two bytes that are the CID, which spares the general reading of codes.
    two_bytes: bool,
    /// Whether every code has exactly one byte.
    one_byte: bool,
    table: Vec<u32>,
    glyphs: Vec<CodeGlyph>,
    /// Bold by name, weight or flag.
    pub(super) bold: bool,
    /// Italic by name, angle or flag.
    pub(super) italic: bool,
    /// Above the baseline, in ems.
    pub(super) ascent: f32,
    /// Below the baseline, in ems, positive.
    pub(super) descent: f32,
    /// What an em of the font is in text space units: 1 but for Type 3 fonts.
    pub(super) em: f32,
    /// Whether lines run from left to right.
    pub(super) horizontal: bool,
}

impl Face<'_> {
    /// The next code of a shown string, and its length in bytes.
    pub(super) fn read_code(&self, bytes: &[u8], offset: usize) -> (u32, usize) {
        if self.one_byte {
            return (bytes.get(offset).copied().map_or(0, u32::from), 1);
        }
        if self.two_bytes {
            return match bytes.get(offset..offset + 2) {
                Some(&[high, low]) => (u32::from(high) << 8 | u32::from(low), 2),
                _ => (0, 1),
            };
        }
        let (code, length) = self.font.read_code(bytes, offset);
        (code, length.max(1))
    }

    /// Whether word spacing applies to this code: the single byte 32.
    pub(super) fn is_word_space(code: u32, length: usize) -> bool {
        code == 32 && length == 1
    }

    /// What a code stands for.
    pub(super) fn glyph(&mut self, code: u32) -> &CodeGlyph {
        let slot = code.min(LARGEST_TABLE_CODE) as usize;
        if slot >= self.table.len() {
            self.table.resize(slot + 1, u32::MAX);
        }
        let known = self.table.get(slot).copied().unwrap_or(u32::MAX);
        let index = if known == u32::MAX || code > LARGEST_TABLE_CODE {
            let glyph = self.look_up(code);
            let index = u32::try_from(self.glyphs.len()).unwrap_or(u32::MAX - 1);
            self.glyphs.push(glyph);
            if let Some(entry) = self.table.get_mut(slot) {
                *entry = index;
            }
            index
        } else {
            known
        };
        self.glyphs
            .get(index as usize)
            .expect("the table holds indices of glyphs that were pushed before")
    }

    fn look_up(&self, code: u32) -> CodeGlyph {
        let advance = if self.horizontal {
            self.font.code_advance(code).x
        } else {
            self.font.code_advance(code).y
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "advances are small numbers; geometry is f32"
        )]
        let advance = (advance / 1000.0) as f32;
        let unicode = match self.font.glyph(self.font.map_code(code), code) {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        let mut origin = UnicodeOrigin::Mapped;
        let mut characters: Vec<char> = Vec::new();
        match unicode {
            Some(hayro_cmap::BfString::Char(character)) => spell(character, &mut characters),
            Some(hayro_cmap::BfString::String(string)) => string
                .chars()
                .take(MOST_CHARACTERS_PER_GLYPH)
                .for_each(|character| spell(character, &mut characters)),
            None => {
                let guess = (self.one_byte && code >= 0x20)
                    .then(|| char::from_u32(code))
                    .flatten()
                    .filter(|character| !character.is_control());
                if let Some(character) = guess {
                    origin = UnicodeOrigin::Guessed;
                    spell(character, &mut characters);
                } else {
                    origin = UnicodeOrigin::Unknown;
                    characters.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        CodeGlyph {
            advance,
            character: characters.first().copied().unwrap_or(' '),
            nothing: characters.is_empty(),
            more: (characters.len() > 1).then(|| characters.into_boxed_slice()),
            origin,
        }
    }
}

/// Writes a character the way the rest of the program wants it: plain spaces, ligatures opened, symbol bullets as bullets.
pub(super) fn spell(character: char, out: &mut Vec<char>) {
    match character {
        '\u{FB00}' => out.extend(['f', 'f']),
        '\u{FB01}' => out.extend(['f', 'i']),
        '\u{FB02}' => out.extend(['f', 'l']),
        '\u{FB03}' => out.extend(['f', 'f', 'i']),
        '\u{FB04}' => out.extend(['f', 'f', 'l']),
        '\u{FB05}' | '\u{FB06}' => out.extend(['s', 't']),
        // The Symbol and Wingdings fonts put their glyphs at U+F000 + code; these are what word processors use as bullets.
        '\u{F0B7}' | '\u{F09F}' | '\u{F06C}' => out.push('•'),
        '\u{F0A7}' | '\u{F06E}' => out.push('▪'),
        '\u{F071}' | '\u{F06F}' => out.push('□'),
        '\u{F0D8}' => out.push('➢'),
        '\u{F0FC}' => out.push('✓'),
        '\u{F0E0}' | '\u{F0E8}' => out.push('→'),
        '\u{F02D}' => out.push('-'),
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}' => {}
        '\t' | '\n' | '\r' => out.push(' '),
        other if other.is_whitespace() => out.push(' '),
        other if other.is_control() => {}
        other => out.push(other),
    }
}

/// The fonts of a document, for one thread: hayro's fonts cannot be shared between threads.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    font_resolver: FontResolverFn,
    cmap_resolver: CMapResolverFn,
    faces: Vec<Option<Face<'a>>>,
    by_reference: FxHashMap<ObjRef, usize>,
    by_dictionary: FxHashMap<Vec<u8>, usize>,
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Self {
        Self {
            cache: FontCache::new(),
            // Widths of the standard fonts are built into hayro-font; without a program glyphs have no outline, which text does not need. An
            // empty resolver would make hayro refuse the font, so it is given its own substitutes.
            font_resolver: Arc::new(|query| match query {
                hayro_font::FontQuery::Standard(standard) => Some(standard.get_font_data()),
                hayro_font::FontQuery::Fallback(fallback) => {
                    Some(fallback.pick_standard_font().get_font_data())
                }
            }),
            cmap_resolver: Arc::new(hayro_cmap::load_embedded),
            faces: Vec::new(),
            by_reference: FxHashMap::default(),
            by_dictionary: FxHashMap::default(),
        }
    }

    /// The number of the font that a resource dictionary calls `name`.
    pub(super) fn find(&mut self, fonts: &Dict<'a>, name: &Name<'_>) -> Option<usize> {
        if let Some(reference) = fonts.get_ref(name.as_ref()) {
            if let Some(&index) = self.by_reference.get(&reference) {
                return Some(index);
            }
            let index = self.load(&fonts.get::<Dict<'a>>(name.as_ref())?);
            self.by_reference.insert(reference, index);
            return Some(index);
        }
        let dict = fonts.get::<Dict<'a>>(name.as_ref())?;
        if let Some(&index) = self.by_dictionary.get(dict.data()) {
            return Some(index);
        }
        let index = self.load(&dict);
        self.by_dictionary.insert(dict.data().to_vec(), index);
        Some(index)
    }

    pub(super) fn face(&mut self, index: usize) -> Option<&mut Face<'a>> {
        self.faces.get_mut(index)?.as_mut()
    }

    fn load(&mut self, dict: &Dict<'a>) -> usize {
        let font = has_room(dict)
            .then(|| {
                self.cache
                    .font(dict, &self.font_resolver, &self.cmap_resolver)
            })
            .flatten();
        self.faces.push(font.map(|font| describe(font, dict)));
        self.faces.len() - 1
    }
}

/// Whether the widths that a font states fit into memory: the parser makes an entry for each code of a range, and ranges that no font needs take
/// a dozen bytes to write.
fn has_room(dict: &Dict<'_>) -> bool {
    let first = dict.get::<i64>(keys::FIRST_CHAR).unwrap_or(0);
    let descendants = dict.get::<Array<'_>>(keys::DESCENDANT_FONTS);
    first <= i64::from(MOST_CODES)
        && descendants.is_none_or(|descendants| {
            descendants.iter::<Dict<'_>>().all(|descendant| {
                [(keys::W, false), (keys::W2, true)]
                    .into_iter()
                    .all(|(key, is_vertical)| {
                        let widths = descendant.get::<Array<'_>>(key);
                        widths.is_none_or(|widths| {
                            n_in_ranges(&widths, is_vertical) <= u64::from(MOST_CODES)
                        })
                    })
            })
        })
}

/// Glyphs that get their metrics from ranges; those that get them from lists take room in the file themselves.
fn n_in_ranges(widths: &Array<'_>, is_vertical: bool) -> u64 {
    let mut items = widths.flex_iter();
    let mut sum = 0_u64;
    loop {
        if items.next::<(u32, Array<'_>)>().is_some() {
            continue;
        }
        let range = if is_vertical {
            let range = items.next::<(u32, u32, f32, f32, f32)>();
            range.map(|(first, last, ..)| (first, last))
        } else {
            let range = items.next::<(u32, u32, f32)>();
            range.map(|(first, last, _)| (first, last))
        };
        let Some((first, last)) = range else {
            return sum;
        };
        sum = sum.saturating_add(u64::from(last.saturating_sub(first)) + 1);
    }
}

fn describe<'a>(font: Font<'a>, dict: &Dict<'a>) -> Face<'a> {
    let subtype = dict.get::<Name<'_>>(keys::SUBTYPE);
    let is_type = |name: &[u8]| {
        subtype
            .as_ref()
            .is_some_and(|subtype| subtype.as_ref() == name)
    };
    let type0 = is_type(keys::TYPE0);
    let two_bytes = type0
        && dict
            .get::<Name<'_>>(keys::ENCODING)
            .is_some_and(|name| name.as_ref() == b"Identity-H");
    let descendant = type0
        .then(|| {
            dict.get::<Array<'a>>(keys::DESCENDANT_FONTS)?
                .iter::<Dict<'a>>()
                .next()
        })
        .flatten();
    let descriptor = descendant
        .as_ref()
        .unwrap_or(dict)
        .get::<Dict<'a>>(keys::FONT_DESC)
        .unwrap_or_default();
    let name = dict
        .get::<Name<'_>>(keys::BASE_FONT)
        .or_else(|| descriptor.get::<Name<'_>>(keys::FONT_NAME))
        .map(|name| name.as_str().to_ascii_lowercase())
        .unwrap_or_default();
    let flags = descriptor.get::<u32>(keys::FLAGS).unwrap_or(0);
    let weight = descriptor.get::<f32>(keys::FONT_WEIGHT).unwrap_or(0.0);
    let angle = descriptor.get::<f32>(b"ItalicAngle").unwrap_or(0.0);
    let style_name = name.split_once('+').map_or(name.as_str(), |(_, rest)| rest);
    let bold = weight >= BOLD_WEIGHT
        || flags & (1 << 18) != 0
        || ["bold", "black", "heavy", "semibold", "demi"]
            .iter()
            .any(|word| style_name.contains(word))
        || style_name.ends_with("-bd");
    let italic = angle.abs() > 1.0
        || flags & (1 << 6) != 0
        || ["italic", "oblique"]
            .iter()
            .any(|word| style_name.contains(word));
    let mut em = 1.0;
    let (mut ascent, mut descent) = (
        descriptor.get::<f32>(b"Ascent").unwrap_or(0.0) / 1000.0,
        descriptor.get::<f32>(b"Descent").unwrap_or(0.0).abs() / 1000.0,
    );
    if is_type(keys::TYPE3) {
        (ascent, descent) = (0.0, 0.0);
        em = type3_em(dict);
    }
    // Some fonts give no metrics or those of their tallest glyph; lines must not reach into each other.
    if !(0.5..=1.0).contains(&ascent) {
        ascent = USUAL_ASCENT;
    }
    if !(0.1..=0.35).contains(&descent) {
        descent = USUAL_DESCENT;
    }
    let horizontal = font.is_horizontal();
    Face {
        one_byte: !type0,
        font,
        two_bytes,
        table: Vec::new(),
        glyphs: Vec::new(),
        bold,
        italic,
        ascent,
        descent,
        em,
        horizontal,
    }
}

/// The height of a Type 3 font's glyphs in text space, from its box and matrix: such fonts are often drawn at size 1 with a large matrix.
fn type3_em(dict: &Dict<'_>) -> f32 {
    let bounds = dict
        .get::<Rect>(b"FontBBox")
        .map_or(0.0, |bounds| bounds.height());
    let scale = dict
        .get::<Array<'_>>(keys::FONT_MATRIX)
        .and_then(|matrix| matrix.iter::<f32>().nth(3))
        .unwrap_or(0.001);
    #[expect(clippy::cast_possible_truncation, reason = "geometry is f32")]
    let em = (bounds as f32 * scale).abs();
    if (0.05..=20.0).contains(&em) { em } else { 1.0 }
}

/// Whether a stream can be read as content: images cannot.
pub(super) fn decoded<'a>(stream: &Stream<'a>) -> Option<std::borrow::Cow<'a, [u8]>> {
    stream.decoded_data().ok()
}
