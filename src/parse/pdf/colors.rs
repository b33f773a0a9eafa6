//! Colours as 0xRRGGBB, from the operands of colour operators: enough to tell styles apart and dark from light.

use hayro_syntax::object::dict::keys;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

/// What colour pattern fills stand for: neither text nor background in particular.
pub(super) const PATTERN_GREY: u32 = 0x80_8080;

/// How the operands of `sc` and `scn` are to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ColorSpace {
    /// By their number: 1 grey, 3 RGB, 4 CMYK.
    Device,
    /// A tint of one ink: from paper white to this colour.
    Tint(u32),
    /// CIE L*a*b*.
    Lab,
    /// A pattern.
    Pattern,
    /// An index into a palette, which is not looked up.
    Indexed,
}

impl ColorSpace {
    /// The colour space of a name or an array.
    pub(super) fn read(object: &Object<'_>) -> Self {
        match object {
            Object::Name(name) if name.as_ref() == b"Pattern" => Self::Pattern,
            Object::Array(array) => Self::of_array(array),
            _ => Self::Device,
        }
    }

    fn of_array(array: &Array<'_>) -> Self {
        let mut items = array.flex_iter();
        let Some(family) = items.next::<Name<'_>>() else {
            return Self::Device;
        };
        match family.as_ref() {
            b"Pattern" => Self::Pattern,
            b"Lab" => Self::Lab,
            b"Indexed" => Self::Indexed,
            b"Separation" => {
                let ink = items.next::<Name<'_>>();
                let alternate = items.next::<Object<'_>>();
                let function = items.next::<Object<'_>>();
                let tint = function.and_then(|function| full_tint(&function));
                match (tint, alternate) {
                    (Some(components), _) => Self::Tint(of_components(&components)),
                    (None, _)
                        if ink
                            .as_ref()
                            .is_some_and(|ink| ink.as_ref().eq_ignore_ascii_case(b"black")) =>
                    {
                        Self::Tint(0)
                    }
                    // Sampled or calculated tints are not evaluated: a colour by the ink's name keeps styles apart.
                    (None, _) => Self::Tint(ink.map_or(0, |ink| by_name(ink.as_ref()))),
                }
            }
            _ => Self::Device,
        }
    }

    /// The colour that operands give.
    pub(super) fn color(self, components: &[f32]) -> u32 {
        match self {
            Self::Device => of_components(components),
            Self::Pattern => PATTERN_GREY,
            Self::Indexed => components
                .first()
                .map_or(0, |&index| rgb(index / 255.0, index / 255.0, index / 255.0)),
            Self::Lab => components
                .first()
                .map_or(0, |&lightness| gray(lightness / 100.0)),
            Self::Tint(full) => {
                let tint = components.first().copied().unwrap_or(1.0).clamp(0.0, 1.0);
                let channel = |shift: u32| {
                    let full = f32::from(u8::try_from((full >> shift) & 0xFF).unwrap_or(0)) / 255.0;
                    1.0 + (full - 1.0) * tint
                };
                rgb(channel(16), channel(8), channel(0))
            }
        }
    }
}

/// The components that a tint function of the exponential kind gives for the full tint.
fn full_tint(function: &Object<'_>) -> Option<Vec<f32>> {
    let dict: Dict<'_> = match function {
        Object::Dict(dict) => dict.clone(),
        Object::Stream(stream) => Stream::dict(stream).clone(),
        _ => return None,
    };
    let components: Vec<f32> = dict.get::<Array<'_>>(keys::C1)?.iter::<f32>().collect();
    (!components.is_empty()).then_some(components)
}

/// A colour that depends on nothing but the name.
fn by_name(name: &[u8]) -> u32 {
    name.iter().fold(0x0081_1C9D_u32, |hash, &byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    }) & 0x007F_7F7F
}

/// A colour from as many components as device spaces have.
pub(super) fn of_components(components: &[f32]) -> u32 {
    match *components {
        [level] => gray(level),
        [red, green, blue] => rgb(red, green, blue),
        [cyan, magenta, yellow, black] => {
            let channel = |ink: f32| (1.0 - ink.clamp(0.0, 1.0)) * (1.0 - black.clamp(0.0, 1.0));
            rgb(channel(cyan), channel(magenta), channel(yellow))
        }
        _ => 0,
    }
}

fn gray(level: f32) -> u32 {
    rgb(level, level, level)
}

fn rgb(red: f32, green: f32, blue: f32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=255 before the cast"
    )]
    let byte = |level: f32| (level.clamp(0.0, 1.0) * 255.0).round() as u32;
    byte(red) << 16 | byte(green) << 8 | byte(blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_give_the_device_colours() {
        assert_eq!(of_components(&[0.0]), 0);
        assert_eq!(of_components(&[1.0, 0.0, 0.0]), 0xFF_0000);
        assert_eq!(of_components(&[0.0, 0.0, 0.0, 1.0]), 0);
        assert_eq!(ColorSpace::Tint(0x00_00FF).color(&[0.0]), 0xFF_FFFF);
        assert_eq!(ColorSpace::Tint(0x00_00FF).color(&[1.0]), 0x00_00FF);
    }
}
