//! Names of places in; what they stand for in the Code officiel géographique out, by a binary search over the lines of `data/places.tsv` itself.

use std::ops::Range;
use std::sync::LazyLock;

/// Names, folded and sorted, one a line, each with the units that bear it; `scripts/places.py` makes it and says where it is from.
static NAMES: &str = include_str!("../../data/places.tsv");

/// The longest name has no more bytes.
pub const LONGEST: usize = 80;

/// What kind of unit bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A commune.
    Commune,
    /// A former commune that is part of one: déléguée or associée.
    Associated,
    /// A municipal arrondissement of Paris, Lyon or Marseille.
    Municipal,
    /// An intercommunality (EPCI).
    Epci,
    /// An établissement public territorial of the Grand Paris.
    Ept,
    /// An EPCI by its initials.
    Initials,
    /// An arrondissement of a département.
    Arrondissement,
    /// A département.
    Departement,
    /// An overseas collectivity that is no département.
    Overseas,
    /// A region.
    Region,
    /// A country.
    Country,
    /// A town abroad; its code is its country's.
    Abroad,
    /// A postal code; its code lists those of its communes.
    Postal,
}

/// A unit that bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What it is.
    pub kind: Kind,
    /// Its official code; of countries and towns abroad, the country by ISO 3166.
    pub code: &'static str,
    /// Its official name; of a postal code that of its commune, where it has one alone.
    pub name: &'static str,
    /// Longitude and latitude as the file has them; empty where none is known.
    point: &'static str,
    /// The unit that it is part of: of a former commune the commune, of an arrondissement or EPCI the département, of a département the region.
    pub within: &'static str,
    /// Inhabitants, of communes and EPCI.
    pub inhabitants: u32,
    /// Of communes, the arrondissement.
    pub arrondissement: &'static str,
    /// Of communes, the EPCI.
    pub epci: &'static str,
}

impl Unit {
    fn parse(unit: &'static str) -> Option<Self> {
        let kind = match unit.as_bytes().first()? {
            b'c' => Kind::Commune,
            b'g' => Kind::Associated,
            b'm' => Kind::Municipal,
            b'e' => Kind::Epci,
            b't' => Kind::Ept,
            b'k' => Kind::Initials,
            b'a' => Kind::Arrondissement,
            b'd' => Kind::Departement,
            b'o' => Kind::Overseas,
            b'r' => Kind::Region,
            b'n' => Kind::Country,
            b'x' => Kind::Abroad,
            b'p' => Kind::Postal,
            _ => return None,
        };
        let mut fields = unit.get(1..)?.split(';');
        let mut next = || fields.next().unwrap_or_default();
        Some(Self {
            kind,
            code: next(),
            name: next(),
            point: next(),
            within: next(),
            inhabitants: next().parse().unwrap_or(0),
            arrondissement: next(),
            epci: next(),
        })
    }

    /// Longitude and latitude in degrees (WGS 84): of a commune its town, of what groups communes the middle of their inhabitants.
    pub fn point(&self) -> Option<[f64; 2]> {
        let (longitude, latitude) = self.point.split_once(',')?;
        Some([longitude.parse().ok()?, latitude.parse().ok()?])
    }

    /// The département that the unit lies in, or is; empty for regions and what is abroad.
    pub fn departement(&self) -> &'static str {
        match self.kind {
            Kind::Commune | Kind::Associated | Kind::Municipal => {
                let digits = if self.code.starts_with("97") || self.code.starts_with("98") {
                    3
                } else {
                    2
                };
                self.code.get(..digits).unwrap_or_default()
            }
            Kind::Epci | Kind::Ept | Kind::Initials | Kind::Arrondissement => self.within,
            Kind::Departement | Kind::Overseas => self.code,
            Kind::Region | Kind::Country | Kind::Abroad | Kind::Postal => "",
        }
    }

    /// The region that the unit lies in, or is; empty for what is abroad.
    pub fn region(&self) -> &'static str {
        match self.kind {
            Kind::Region => self.code,
            Kind::Departement | Kind::Overseas => self.within,
            _ => region_of(self.departement()),
        }
    }
}

/// The region of a département, by their codes.
pub fn region_of(departement: &str) -> &'static str {
    by_code('d', departement).map_or("", |unit| unit.within)
}

/// A unit by its letter in the file and its code: `e` EPCI, `t` EPT, `a` arrondissement, `d` département, `r` region.
pub fn by_code(letter: char, code: &str) -> Option<Unit> {
    if code.is_empty() {
        return None;
    }
    units(&format!("={letter}{code}")).next()
}

/// The units that bear a folded name, hyphens as spaces.
pub fn units(name: &str) -> impl Iterator<Item = Unit> + use<> {
    let line = if name.len() > LONGEST {
        None
    } else {
        find(name)
    };
    line.into_iter().flat_map(parsed)
}

/// The names that begin with some letters, and the units that bear each.
pub fn beginning(start: &str) -> impl Iterator<Item = (&'static str, Vec<Unit>)> + use<'_> {
    (lower_bound(0..count(), start.as_bytes())..count())
        .map_while(line)
        .take_while(move |line| line.starts_with(start))
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, units)| (name, parsed(units).collect()))
}

/// Whether a name begins with some letters.
pub fn begins(start: &str) -> bool {
    line(lower_bound(0..count(), start.as_bytes())).is_some_and(|line| line.starts_with(start))
}

/// Whether a folded name, hyphens as spaces, is that of a commune, a département, a country or a town abroad.
pub fn is_known(name: &str) -> bool {
    name.len() <= LONGEST
        && find(name).is_some_and(|units| {
            (units.split('\t')).any(|unit| unit.starts_with(['c', 'g', 'm', 'd', 'o', 'n', 'x']))
        })
}

/// The names of France that differ from this one by one letter: one more, one less, another, or two that changed places. The first letter is right.
pub fn misspelt(name: &str) -> Vec<(&'static str, Vec<Unit>)> {
    /// So few names are compared one by one.
    const FEW: usize = 64;
    let bytes = name.as_bytes();
    let mut found: Vec<&'static str> = Vec::new();
    let mut range = 0..count();
    for at in 1..=bytes.len() {
        let (start, end) = bytes.split_at(at);
        range = beginning_with(range, start);
        if range.len() < FEW {
            let is_near = |line: &&str| {
                let other = line.split('\t').next().unwrap_or_default();
                is_one_off(bytes, other.as_bytes())
            };
            found.extend(range.filter_map(line).filter(is_near));
            break;
        }
        let mut take = |middle: &[u8], end: &[u8]| {
            let other = [start, middle, end].concat();
            let first = line(lower_bound(range.clone(), &other));
            let is_whole = |line: &&str| {
                line.as_bytes()
                    .strip_prefix(other.as_slice())
                    .and_then(<[u8]>::first)
                    == Some(&b'\t')
            };
            found.extend(first.filter(is_whole));
        };
        for letter in (b'a'..=b'z').chain([b' ', b'\'']) {
            take(&[letter], end);
            if let [_, behind @ ..] = end {
                take(&[letter], behind);
            }
        }
        match end {
            [first, second, behind @ ..] => {
                take(&[*second, *first], behind);
                take(&[*second], behind);
            }
            [_] => take(&[], &[]),
            [] => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    (found.into_iter())
        .filter_map(|line| line.split_once('\t'))
        .filter(|(other, _)| *other != name)
        .map(|(other, units)| (other, parsed(units).collect()))
        .collect()
}

/// Whether one letter makes the difference: see `misspelt`.
fn is_one_off(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (
        a.get(same..).unwrap_or_default(),
        b.get(same..).unwrap_or_default(),
    );
    match (a, b) {
        ([], [_]) | ([_], []) => true,
        ([_, x @ ..], [_, y @ ..]) if x == y => true,
        ([_, x @ ..], y) if x == y => true,
        (x, [_, y @ ..]) if x == y => true,
        ([first, second, x @ ..], [other, last, y @ ..]) => {
            first == last && second == other && x == y
        }
        _ => false,
    }
}

fn parsed(units: &'static str) -> impl Iterator<Item = Unit> {
    units.split('\t').filter_map(Unit::parse)
}

/// What stands behind a name.
fn find(name: &str) -> Option<&'static str> {
    let line = line(lower_bound(0..count(), name.as_bytes()))?;
    line.strip_prefix(name)?.strip_prefix('\t')
}

/// Where lines start, and the end of the last: a search then looks at nothing but names.
static STARTS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let first = std::iter::once(0);
    let others = memchr::memchr_iter(b'\n', NAMES.as_bytes()).map(|at| at + 1);
    first
        .chain(others)
        .filter_map(|at| u32::try_from(at).ok())
        .collect()
});

fn count() -> usize {
    STARTS.len() - 1
}

fn line(number: usize) -> Option<&'static str> {
    let (start, end) = (*STARTS.get(number)?, *STARTS.get(number + 1)?);
    NAMES.get(start as usize..end as usize - 1)
}

/// The lines of a range that begin with some bytes.
fn beginning_with(range: Range<usize>, start: &[u8]) -> Range<usize> {
    let end = range.end;
    let from = lower_bound(range, start);
    // No name has a byte above those of letters, so this stands behind all that begin so.
    let above = [start, &[0xff]].concat();
    from..lower_bound(from..end, &above)
}

/// The first line of a range that is not below some bytes. What ends a name, the tab, is below all letters.
fn lower_bound(range: Range<usize>, bytes: &[u8]) -> usize {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if line(middle).unwrap_or_default().as_bytes() < bytes {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_the_search_expects() {
        let names = || {
            NAMES
                .lines()
                .skip_while(|line| line.starts_with('#'))
                .map(|line| line.split('\t').next().unwrap_or_default())
        };
        assert!(names().zip(names().skip(1)).all(|(a, b)| a < b));
        assert!(names().all(|name| name.len() <= LONGEST && name.bytes().all(|byte| byte < 0xff)));
        assert!(NAMES.ends_with('\n'));
    }

    #[test]
    fn every_line_is_found_by_its_name() {
        for (name, line) in NAMES
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('\t'))
            .step_by(97)
        {
            assert_eq!(find(name), Some(line), "{name}");
        }
        assert_eq!(find("lill"), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn a_unit_says_where_it_lies() {
        let lomme: Vec<Unit> = units("lomme").collect();
        assert_eq!(
            (
                lomme[0].kind,
                lomme[0].code,
                lomme[0].within,
                lomme[0].region()
            ),
            (Kind::Associated, "59355", "59350", "32")
        );
        assert_eq!(
            units("saint denis")
                .filter(|unit| unit.kind == Kind::Commune && unit.region() == "04")
                .map(|unit| unit.code)
                .collect::<Vec<_>>(),
            ["97411"]
        );
        assert_eq!(
            by_code('d', "2A").map(|unit| unit.name),
            Some("Corse-du-Sud")
        );
        assert_eq!(
            units("59000").next().map(|unit| (unit.kind, unit.code)),
            Some((Kind::Postal, "59350"))
        );
    }

    #[test]
    fn a_unit_has_a_point() {
        let point = |name: &str| units(name).find_map(|unit| unit.point());
        assert_eq!(point("lille"), Some([3.06, 50.63]));
        assert_eq!(point("59000"), point("lille"));
        // In Réunion the mean of its communes is no town.
        assert_eq!(point("=r04"), Some([55.47, -21.08]));
        // GeoNames knows no town of so few inhabitants.
        assert_eq!(point("rouvroy sur serre"), None);
        for (name, line) in NAMES.lines().filter_map(|line| line.split_once('\t')) {
            for unit in parsed(line).filter(|unit| !unit.point.is_empty()) {
                let is_on_earth = unit
                    .point()
                    .is_some_and(|[x, y]| x.abs() <= 180.0 && y.abs() <= 90.0);
                assert!(is_on_earth, "{name}: {}", unit.point);
            }
        }
    }

    #[test]
    fn one_letter_may_be_wrong() {
        let names = |name: &str| {
            misspelt(name)
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        for (wrong, right) in [
            ("quimperle", ""),
            ("arcques", "arques"),
            ("saint briec", "saint brieuc"),
            ("roubiax", "roubaix"),
            ("valancienne", ""),
            ("tourcoin", "tourcoing"),
            ("lorient", "lorien"),
        ] {
            assert!(
                right.is_empty() || names(wrong).contains(&right) || names(right).contains(&wrong),
                "{wrong}: {:?}",
                names(wrong)
            );
        }
        assert!(names("valancienne").is_empty());
    }

    #[test]
    fn names_that_begin_alike() {
        let marquette: Vec<&str> = beginning("marquette ").map(|(name, _)| name).collect();
        assert!(
            marquette.contains(&"marquette lez lille")
                && marquette.contains(&"marquette en ostrevant")
        );
    }
}
