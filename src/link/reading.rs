//! Records of one chunk in, words as numbers and other values as hashes out; the numbers hold in the chunk only, so that chunks are read side by side.

use rustc_hash::FxHashMap;

use super::aside::{ACRONYM, aside};
use super::csr::{Rows, hash, pair};
use super::fields::Fields;
use super::fold::Words;
use super::lexicon::Lexicon;
use super::records::SKETCH;
use super::vocabulary::{Place, Symbol};

/// Prepositions that some acronyms count and others do not.
const SPOKEN: [&str; 6] = ["par", "avec", "dans", "sous", "vers", "chez"];
/// A code and the name of a town: more words are an address.
const TOWN_WORDS: usize = 7;
/// A description of fewer words says too little for its sketch to count.
const SKETCH_WORDS: usize = 12;

/// Words of a name, a title or a call that are read: more are a text, or the rest of a file behind a quote that nothing closes.
const WORDS_READ: usize = 256;

/// Records of one chunk, with numbers for words that hold in the chunk only.
#[derive(Default)]
pub(super) struct Chunk {
    /// The words and places, by number.
    pub(super) words: Vec<Box<str>>,
    pub(super) places: Vec<Box<str>>,
    pub(super) source: Vec<u32>,
    pub(super) list: Vec<u64>,
    pub(super) name: Rows<Symbol>,
    pub(super) title: Rows<Symbol>,
    pub(super) name_key_words: Rows<Symbol>,
    pub(super) initials: Rows<Symbol>,
    pub(super) acronyms: Rows<Symbol>,
    pub(super) places_of: Rows<Place>,
    pub(super) seats_of: Rows<Place>,
    /// Some record states a seat.
    pub(super) is_seated: bool,
    pub(super) territory: Vec<u64>,
    pub(super) departments: Rows<u16>,
    pub(super) public: Vec<u64>,
    pub(super) partners: Rows<u64>,
    pub(super) contacts: Rows<u64>,
    pub(super) sketch: Rows<u32>,
    pub(super) call: Rows<Symbol>,
    pub(super) year: Vec<i16>,
    /// How many records have more words than are read.
    pub(super) cut: usize,
}

/// Makes a chunk, record by record.
#[derive(Default)]
pub(super) struct Reader {
    chunk: Chunk,
    words: Interner,
    places: Interner,
    /// What a word as written is read as: memory of `read_word`.
    readings: FxHashMap<Box<str>, Reading>,
    /// What a territory as written is read as: few are named by many.
    territories: FxHashMap<Box<str>, (Vec<Place>, Vec<u16>)>,
    departments: FxHashMap<Box<str>, Option<u16>>,
    /// Memory of `folded_hash`.
    folded: FxHashMap<Box<str>, u64>,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    name: Vec<NameWord>,
    content: Vec<NameWord>,
    initials: String,
    spoken: String,
    parts: Vec<Symbol>,
    hashes: Vec<u64>,
    sketch: Vec<u32>,
}

/// How a word as written is read.
#[derive(Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what is asked of a word, each for itself"
)]
struct Reading {
    symbol: Symbol,
    /// The word of a head phrase that it may be a misspelling of.
    head: Option<Symbol>,
    stop: bool,
    legal: bool,
    /// It may be an acronym by its length.
    short: bool,
    /// It is written otherwise than it is read: `régionale` is no `région` that heads a name.
    inflected: bool,
    /// A list of common words holds it.
    common: bool,
}

#[derive(Clone, Copy)]
struct NameWord {
    reading: Reading,
    bracketed: bool,
    capitals: bool,
    initial: char,
}

/// Numbers for strings, in the order that they come.
#[derive(Default)]
struct Interner {
    numbers: FxHashMap<Box<str>, u32>,
    text: Vec<Box<str>>,
}

impl Interner {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.text.len()).expect("a chunk has fewer than 2^32 words");
        self.numbers.insert(text.into(), number);
        self.text.push(text.into());
        number
    }

    fn text(&self, number: u32) -> &str {
        self.text.get(number as usize).map_or("", |text| text)
    }
}

impl Reader {
    /// The records read, without what only reading needs.
    pub(super) fn finish(self) -> Chunk {
        Chunk {
            words: self.words.text,
            places: self.places.text,
            ..self.chunk
        }
    }

    pub(super) fn push(&mut self, fields: &Fields<'_>, words: &mut Words, lexicon: &Lexicon) {
        self.chunk.source.push(fields.source);
        self.chunk
            .list
            .push(fields.list.as_deref().map_or(0, text_hash));
        self.push_places(fields, words, lexicon);
        let mut cut = self.push_name(fields.name.as_deref().unwrap_or(""), words, lexicon);
        cut |= self.push_title(fields.project.as_deref().unwrap_or(""), words, lexicon);
        let public = fields.public.as_deref().unwrap_or("");
        let public = self.folded_hash(public, words, lexicon);
        self.chunk.public.push(public);
        let mut partners = std::mem::take(&mut self.scratch.hashes);
        partners.clear();
        for partner in &fields.partners {
            let key = self.folded_hash(partner, words, lexicon);
            if key != 0 {
                partners.push(key);
            }
        }
        partners.sort_unstable();
        partners.dedup();
        self.chunk.partners.push(partners.drain(..));
        for contact in &fields.contacts {
            words.split(contact);
            // `http`, `www` and the like are part of each address: only the whole counts.
            let key = words.iter().fold(0, |key, word| match word.text {
                "http" | "https" | "www" => key,
                text => pair(key, hash(text.as_bytes())),
            });
            if key != 0 {
                partners.push(key);
            }
        }
        partners.sort_unstable();
        partners.dedup();
        self.chunk.contacts.push(partners.drain(..));
        self.scratch.hashes = partners;
        self.push_sketch(fields.description.as_deref().unwrap_or(""), words);
        words.split(fields.call.as_deref().unwrap_or(""));
        cut |= words.len() > WORDS_READ;
        self.chunk.cut += usize::from(cut);
        for word in words.iter().take(WORDS_READ) {
            let reading = read_word(&mut self.readings, &mut self.words, word.text, lexicon);
            if !reading.stop {
                self.chunk.call.push_value(reading.symbol);
            }
        }
        self.chunk.call.close();
        self.chunk.year.push(
            fields
                .year
                .and_then(|year| year.try_into().ok())
                .unwrap_or(0),
        );
    }

    /// Adds a name; whether it has more words than are read.
    fn push_name(&mut self, name: &str, words: &mut Words, lexicon: &Lexicon) -> bool {
        words.split(name);
        let mut found = std::mem::take(&mut self.scratch.name);
        found.clear();
        let mut initials = std::mem::take(&mut self.scratch.initials);
        let mut spoken = std::mem::take(&mut self.scratch.spoken);
        initials.clear();
        spoken.clear();
        let row = self.chunk.departments.len() - 1;
        let departments = self.chunk.departments.row(row);
        let aside = aside(words, departments, lexicon);
        // In a name written in capitals throughout, capitals make no acronym.
        let shouted = words.len() > 1
            && words
                .iter()
                .all(|word| word.capitals || !word.text.starts_with(char::is_alphabetic));
        for (at, word) in words.iter().take(WORDS_READ).enumerate() {
            if aside.silent.contains(&at) || aside.former == Some(at) {
                continue;
            }
            let mut word = word;
            word.bracketed |= at < aside.acronym || aside.former.is_some_and(|former| at > former);
            word.capitals &= !shouted;
            let reading = read_word(&mut self.readings, &mut self.words, word.text, lexicon);
            if reading.stop {
                if !word.bracketed && SPOKEN.contains(&word.text) {
                    spoken.extend(word.text.chars().next());
                }
                continue;
            }
            let initial = word.text.chars().next().unwrap_or(' ');
            if !word.bracketed {
                initials.push(initial);
                spoken.push(initial);
            }
            found.push(NameWord {
                reading,
                bracketed: word.bracketed,
                capitals: word.capitals,
                initial,
            });
        }
        // What stands in brackets behind a name is its acronym or a remark; alone it is the name.
        let outside = found.iter().filter(|word| !word.bracketed).count();
        let core = found
            .iter()
            .filter(|word| !word.bracketed && !word.reading.legal)
            .count();
        let content = |word: &&NameWord| outside == 0 || !word.bracketed;
        if outside >= *ACRONYM.start() {
            let mut push = |initials: &str| {
                // Longer ones stand for no acronym that anybody uses.
                if ACRONYM.contains(&initials.len()) {
                    let number = self.words.number(initials);
                    self.chunk.initials.push_value(number);
                }
            };
            push(&initials);
            if spoken != initials {
                push(&spoken);
            }
            if core < outside && core >= 2 {
                let without: String = found
                    .iter()
                    .filter(|word| !word.bracketed && !word.reading.legal)
                    .map(|word| word.initial)
                    .collect();
                push(&without);
            }
        }
        self.chunk.initials.close();
        self.scratch.initials = initials;
        self.scratch.spoken = spoken;
        for word in &found {
            let marked = word.bracketed || core == 1;
            let alone = core <= 2 && !word.reading.common || marked;
            if word.reading.short && (alone || word.capitals && !word.reading.common) {
                self.chunk.acronyms.push_value(word.reading.symbol);
            }
        }
        self.chunk.acronyms.close();
        let mut kept = std::mem::take(&mut self.scratch.content);
        kept.clear();
        kept.extend(found.iter().filter(content).copied());
        self.push_content(&kept, lexicon);
        self.scratch.content = kept;
        self.scratch.name = found;
        words.len() > WORDS_READ
    }

    /// The name's words, with the heads of networks as one word each.
    fn push_content(&mut self, content: &[NameWord], lexicon: &Lexicon) {
        let mut key = std::mem::take(&mut self.scratch.parts);
        key.clear();
        let mut rest = content;
        let mut at_start = true;
        while let Some((word, after)) = rest.split_first() {
            let head = word.reading.head.and_then(|_| {
                let texts: Vec<&str> = rest
                    .iter()
                    .take(8)
                    .map(|word| {
                        let reading = word.reading;
                        self.words.text(reading.head.unwrap_or(reading.symbol))
                    })
                    .collect();
                let (key, taken) = lexicon.head_at(&texts, at_start && !word.reading.inflected)?;
                // One word that is nearly a head is a word of its own.
                (taken > 1 || word.reading.head == Some(word.reading.symbol))
                    .then(|| (key.to_owned(), taken))
            });
            let symbol = if let Some((head, taken)) = head {
                rest = rest.get(taken..).unwrap_or_default();
                at_start = false;
                self.words.number(&head)
            } else {
                rest = after;
                at_start &= word.reading.legal;
                word.reading.symbol
            };
            // Said twice is said once.
            if self.chunk.name.open().contains(&symbol) {
                continue;
            }
            self.chunk.name.push_value(symbol);
            if !lexicon.is_legal(self.words.text(symbol)) {
                key.push(symbol);
            }
        }
        self.chunk.name.close();
        if key.is_empty() {
            // Nothing but legal forms: then they are the name.
            let start = self.chunk.name.start(self.chunk.name.len() - 1);
            key.extend(self.chunk.name.values().get(start..).unwrap_or_default());
        }
        self.chunk.name_key_words.push(key.drain(..));
        self.scratch.parts = key;
    }

    /// Adds a title; whether it has more words than are read.
    fn push_title(&mut self, title: &str, words: &mut Words, lexicon: &Lexicon) -> bool {
        words.split(title);
        for word in words.iter().take(WORDS_READ) {
            let reading = read_word(&mut self.readings, &mut self.words, word.text, lexicon);
            if !reading.stop {
                self.chunk.title.push_value(reading.symbol);
            }
        }
        self.chunk.title.close();
        words.len() > WORDS_READ
    }

    /// Adds the territory, the seat, and the départements: those of the seat, where it has any.
    fn push_places(&mut self, fields: &Fields<'_>, words: &mut Words, lexicon: &Lexicon) {
        let territory = fields.territory.as_deref().unwrap_or("");
        let seat = fields.seat.as_deref().unwrap_or("");
        let whole = self.folded_hash(territory, words, lexicon);
        self.chunk.territory.push(whole);
        self.chunk.is_seated |= !seat.is_empty();
        for text in [territory, seat] {
            if !self.territories.contains_key(text) {
                let read = self.read_territory(text, words, lexicon);
                self.territories.insert(text.into(), read);
            }
        }
        let stated = fields.department.as_deref().unwrap_or("");
        if !self.departments.contains_key(stated) {
            let read = read_department(stated, words, lexicon);
            self.departments.insert(stated.into(), read);
        }
        let read = |text: &str| {
            self.territories
                .get(text)
                .map_or((&[][..], &[][..]), |read| {
                    (read.0.as_slice(), read.1.as_slice())
                })
        };
        let (seats, of_seat) = read(seat);
        let (places, of_territory) = read(territory);
        let named = if of_seat.is_empty() {
            of_territory
        } else {
            of_seat
        };
        self.chunk.places_of.push(places.iter().copied());
        self.chunk.seats_of.push(seats.iter().copied());
        let stated = self.departments.get(stated).copied().flatten();
        let is_new = |stated: &u16| !named.contains(stated);
        let all = named.iter().copied().chain(stated.filter(is_new));
        self.chunk.departments.push(all);
    }

    /// The places of a territory, and the départements that it names.
    fn read_territory(
        &mut self,
        territory: &str,
        words: &mut Words,
        lexicon: &Lexicon,
    ) -> (Vec<Place>, Vec<u16>) {
        let mut departments: Vec<u16> = Vec::new();
        let mut places: Vec<Place> = Vec::new();
        let mut name = String::new();
        for part in territory.split([',', ';', '/', '\n', '•', '–', '—', '|', '+']) {
            words.split(part);
            name.clear();
            let mut code = None;
            // `44 NANTES`, `75 PARIS 13`: a département, a town, a part of the town.
            let coded = words.iter().next();
            let coded = coded.and_then(|word| leading_department(word.text, lexicon));
            let is_street = words
                .iter()
                .nth(1)
                .is_some_and(|word| lexicon.is_street(word.text));
            let coded = coded.filter(|_| words.len() <= TOWN_WORDS && !is_street);
            departments.extend(coded);
            // What stands before a postal code is a street.
            let postal = words
                .iter()
                .position(|word| postal_department(word.text, lexicon).is_some())
                .filter(|at| at + 1 < words.len());
            let start = postal.unwrap_or(usize::from(coded.is_some()));
            for word in words.iter().skip(start) {
                if coded.is_some()
                    && word.text.len() <= 2
                    && word.text.bytes().all(|byte| byte.is_ascii_digit())
                {
                    continue;
                }
                if let Some(department) = postal_department(word.text, lexicon) {
                    departments.push(department);
                    code = Some(word.text.to_owned());
                    continue;
                }
                if word.bracketed {
                    // `Ville (59)`.
                    departments.extend(lexicon.department_coded(word.text));
                    continue;
                }
                if lexicon.is_stop(word.text) {
                    continue;
                }
                if !name.is_empty() {
                    name.push(' ');
                }
                let word = lexicon.expanded(word.text);
                self.words.number(word);
                name.push_str(word);
            }
            if name.is_empty() {
                // A code alone is the place.
                places.extend(code.map(|code| self.places.number(&code)));
                continue;
            }
            match lexicon.department_named(&name) {
                Some(department) => departments.push(department),
                None => places.push(self.places.number(&name)),
            }
        }
        places.sort_unstable();
        places.dedup();
        departments.sort_unstable();
        departments.dedup();
        (places, departments)
    }

    /// Words three by three, hashed; the smallest hashes stand for the text (bottom-k sketch).
    fn push_sketch(&mut self, description: &str, words: &mut Words) {
        words.split(description);
        let mut hashes = std::mem::take(&mut self.scratch.hashes);
        hashes.clear();
        hashes.extend(words.iter().map(|word| hash(word.text.as_bytes())));
        let mut sketch = std::mem::take(&mut self.scratch.sketch);
        sketch.clear();
        if hashes.len() >= SKETCH_WORDS {
            sketch.extend(hashes.windows(3).map(|three| {
                let key = three.iter().fold(0, |key, word| pair(key, *word));
                u32::try_from(key >> 32).unwrap_or_default()
            }));
            sketch.sort_unstable();
            sketch.dedup();
            sketch.truncate(SKETCH);
        }
        hashes.clear();
        self.chunk.sketch.push(sketch.drain(..));
        self.scratch.sketch = sketch;
        self.scratch.hashes = hashes;
    }

    /// The text without case, accents, articles; 0 where nothing is left.
    fn folded_hash(&mut self, text: &str, words: &mut Words, lexicon: &Lexicon) -> u64 {
        if text.is_empty() {
            return 0;
        }
        if let Some(known) = self.folded.get(text) {
            return *known;
        }
        words.split(text);
        let key = words
            .iter()
            .filter(|word| !lexicon.is_stop(word.text))
            .fold(0, |key, word| {
                pair(key, hash(lexicon.expanded(word.text).as_bytes()))
            });
        self.folded.insert(text.into(), key);
        key
    }
}

/// The département of a postal code or of a commune's code: its first two characters, three overseas.
fn postal_department(word: &str, lexicon: &Lexicon) -> Option<u16> {
    let (first, rest) = word.split_at_checked(2)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if word.len() != 5 || !digits(rest) || !(digits(first) || matches!(first, "2a" | "2b")) {
        return None;
    }
    let overseas = word.get(..3).filter(|_| matches!(first, "97" | "98"));
    lexicon.department_coded(overseas.unwrap_or(first))
}

/// The département that a place begins with: two characters, three overseas.
fn leading_department(word: &str, lexicon: &Lexicon) -> Option<u16> {
    lexicon.department_coded(word).filter(|_| word.len() > 1)
}

/// A département by its code or its name.
fn read_department(text: &str, words: &mut Words, lexicon: &Lexicon) -> Option<u16> {
    lexicon
        .department_coded(&text.trim().to_lowercase())
        .or_else(|| lexicon.department_named(&lexicon.bare(text, words)))
}

fn text_hash(text: &str) -> u64 {
    hash(text.as_bytes()).max(1)
}

fn read_word(
    readings: &mut FxHashMap<Box<str>, Reading>,
    words: &mut Interner,
    text: &str,
    lexicon: &Lexicon,
) -> Reading {
    if let Some(reading) = readings.get(text) {
        return *reading;
    }
    let expanded = lexicon.expanded(text);
    let head = lexicon.head_word(expanded).map(|head| words.number(head));
    let legal = lexicon.is_legal(expanded);
    let reading = Reading {
        symbol: words.number(expanded),
        head,
        stop: lexicon.is_stop(expanded),
        legal,
        short: ACRONYM.contains(&expanded.len()) && !legal,
        inflected: expanded != text,
        common: lexicon.is_common(expanded),
    };
    readings.insert(text.into(), reading);
    reading
}
