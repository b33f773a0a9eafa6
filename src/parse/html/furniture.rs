//! What surrounds the content of a page: menus, banners, sidebars, share buttons. In: an element and what it holds; out: whether it is shown at all, and
//! whether it is furniture.
//!
//! Elements and roles tell first; class names are words that designers happen to use, so they count only as whole words, and never against an
//! element that holds most of the page.

use super::tree::Element;
use crate::profile::fold;

/// Elements whose text is not on the page.
const DROPPED: &[&str] = &[
    "script", "style", "template", "noscript", "head", "svg", "iframe", "object", "embed", "video",
    "audio", "canvas", "del", "select", "datalist", "textarea", "input", "progress", "meter", "rp",
    "map", "frameset", "noframes", "noembed", "applet",
];

/// Classes of what is there for screen readers, or not at all.
const HIDDEN_CLASSES: &[&str] = &[
    "visually-hidden",
    "visuallyhidden",
    "sr-only",
    "screen-reader-text",
    "screen-reader",
    "screen-reader-only",
    "element-invisible",
    "element-hidden",
    "fr-sr-only",
    "u-hidden-visually",
    "a11y-hidden",
    "hidden",
    "is-hidden",
];

/// Words in the names of panels that scripts open: what they hide until then is content.
const PANEL_WORDS: &[&str] = &[
    "accordion",
    "accordeon",
    "collapse",
    "collapsible",
    "tab",
    "tabpanel",
    "panel",
    "toggle",
    "modal",
    "pane",
    "slide",
    "carousel",
    "details",
];

/// Roles of what surrounds content, wherever they stand.
const FURNITURE_ROLES: &[&str] = &[
    "navigation",
    "menu",
    "menubar",
    "search",
    "tablist",
    "toolbar",
    "banner",
    "contentinfo",
    "complementary",
];

/// Words in class names and ids of what surrounds content, wherever they stand.
const FURNITURE_WORDS: &[&str] = &[
    "breadcrumb",
    "breadcrumbs",
    "filariane",
    "menu",
    "submenu",
    "sidemenu",
    "menubar",
    "nav",
    "navbar",
    "navigation",
    "share",
    "shares",
    "sharing",
    "sharer",
    "partage",
    "partager",
    "addtoany",
    "addthis",
    "sharethis",
    "follow",
    "sidebar",
    "related",
    "pager",
    "pagination",
    "pagenavi",
    "newsletter",
    "skiplink",
    "skiplinks",
    "comments",
    "respond",
    "tagcloud",
    "searchform",
    "advert",
    "adverts",
    "advertisement",
    "offcanvas",
    "megamenu",
    "topbar",
    "colophon",
    "masthead",
];

/// Two words that follow each other in a class name or id.
const FURNITURE_PAIRS: &[(&str, &str)] = &[
    ("skip", "link"),
    ("skip", "links"),
    ("skip", "to"),
    ("social", "links"),
    ("social", "media"),
    ("social", "icons"),
    ("social", "networks"),
    ("social", "buttons"),
    ("reseaux", "sociaux"),
    ("fil", "ariane"),
    ("fil", "dariane"),
    ("see", "also"),
    ("voir", "aussi"),
    ("lire", "aussi"),
    ("more", "posts"),
    ("recent", "posts"),
    ("search", "form"),
    ("search", "block"),
    ("search", "box"),
    ("back", "to"),
    ("scroll", "top"),
    ("site", "header"),
    ("site", "footer"),
    ("page", "footer"),
    ("main", "header"),
    ("main", "footer"),
    ("region", "footer"),
    ("region", "header"),
    ("footer", "widgets"),
    ("widget", "area"),
    ("off", "canvas"),
];

/// Ids that say it only as a whole: as a part, or as a class, they also name the top and bottom of a card.
const FURNITURE_IDS: &[&str] = &[
    "header", "footer", "top", "bottom", "entete", "pied", "banner", "bandeau",
];

/// Classes that say it only as a whole.
const FURNITURE_CLASSES: &[&str] = &["social", "ads", "widgets"];

/// Words that say it only outside the main element of a page that has one.
const OUTER_WORDS: &[&str] = &[
    "popup", "popin", "footer", "modal", "overlay", "widget", "toolbar", "login", "promo",
];

/// Words that stand beside those above in ids. Other words make an id the name of what it holds: `partage-ton-toit`.
const ID_WORDS: &[&str] = &[
    "site",
    "main",
    "block",
    "views",
    "view",
    "top",
    "bottom",
    "left",
    "right",
    "page",
    "header",
    "footer",
    "principal",
    "principale",
    "primary",
    "secondary",
    "wrapper",
    "wrap",
    "container",
    "content",
    "bar",
    "item",
    "list",
    "links",
    "link",
    "buttons",
    "button",
    "social",
    "area",
    "widget",
    "widgets",
    "section",
    "box",
    "zone",
    "inner",
    "outer",
    "mobile",
    "desktop",
    "icon",
    "icons",
    "region",
    "system",
    "banner",
    "popup",
    "modal",
    "form",
    "toggle",
];

/// Words that turn a class name into a remark on the layout: `has-sidebar`, `no-menu`.
const LAYOUT_WORDS: &[&str] = &[
    "has", "with", "without", "no", "not", "is", "hide", "avec", "sans",
];

/// Elements that a class name can make furniture.
const CLASSED: &[&str] = &[
    "div", "section", "ul", "ol", "dl", "aside", "header", "footer", "span", "a", "li", "p",
    "form", "button",
];

/// Headings of what other pages hold, or of what a visitor may do: compared without case and accents.
const FURNITURE_HEADINGS: &[&str] = &[
    "a lire aussi",
    "a lire egalement",
    "lire aussi",
    "a voir aussi",
    "voir aussi",
    "a decouvrir aussi",
    "sur le meme theme",
    "sur le meme sujet",
    "dans la meme rubrique",
    "dans la meme categorie",
    "articles lies",
    "articles similaires",
    "articles associes",
    "articles recents",
    "contenus lies",
    "contenus associes",
    "contenus similaires",
    "pages liees",
    "autres actualites",
    "nos autres actualites",
    "actualites liees",
    "actualites recentes",
    "dernieres actualites",
    "nos dernieres actualites",
    "toutes les actualites",
    "les autres actualites",
    "ces articles pourraient vous interesser",
    "cela pourrait vous interesser",
    "vous aimerez aussi",
    "vous pourriez aussi aimer",
    "partager",
    "partagez",
    "partager cette page",
    "partager cet article",
    "partager la page",
    "suivez-nous",
    "suivez nous",
    "nous suivre",
    "newsletter",
    "inscription a la newsletter",
    "abonnez-vous a la newsletter",
    "lettre d'information",
    "related articles",
    "related posts",
    "related content",
    "see also",
    "you may also like",
    "share",
    "share this",
    "follow us",
];

/// Longest heading that is compared, in characters.
pub(super) const MAX_HEADING: usize = 60;

/// What an element holds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    /// Characters shown, white space aside.
    pub(super) text: usize,
    /// Of these, in bold elements.
    pub(super) bold: usize,
    /// Elements that are blocks.
    pub(super) n_blocks: usize,
    /// Tables inside it.
    pub(super) n_tables: usize,
    /// Headings inside it.
    pub(super) n_headings: usize,
    /// Whether the page's main element is inside (or is) it.
    pub(super) has_main: bool,
    /// Whether its heading says that it is furniture.
    pub(super) is_related: bool,
    /// Whether it is one of several alike that fill what holds them, as a grid or list of boxes does.
    pub(super) is_item: bool,
}

/// Where an element stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// Inside the main element or an article.
    pub(super) in_main: bool,
    /// Inside an element whose header and footer are its own.
    pub(super) in_section: bool,
    /// Inside a heading or a term.
    pub(super) in_heading: bool,
}

/// Whether an element's text is not on the page, which may be shown as browsers without scripts do.
pub(super) fn is_dropped(element: &Element, shows_noscript: bool) -> bool {
    let tag = element.tag_name();
    if DROPPED.contains(&tag) && !(shows_noscript && tag == "noscript") {
        return true;
    }
    let class = element.attribute("class").unwrap_or_default();
    let style = element.attribute("style").unwrap_or_default();
    let is_icon = element.attribute("aria-hidden") == Some("true") && matches!(tag, "i" | "span");
    let hides = |declaration: &str| {
        // Declarations are written with and without spaces.
        style.split(';').any(|own| {
            own.split_whitespace()
                .collect::<String>()
                .eq_ignore_ascii_case(declaration)
        })
    };
    // `hidden md:block`: hidden on small screens only.
    let is_responsive =
        class.contains(":block") || class.contains(":flex") || class.contains(":grid");
    let is_hidden = element
        .attribute("hidden")
        .is_some_and(|value| value != "until-found")
        || hides("display:none")
        || hides("visibility:hidden")
        || class
            .split_whitespace()
            .any(|name| HIDDEN_CLASSES.contains(&name))
            && !is_responsive;
    let is_panel = || {
        element.attribute("role") == Some("tabpanel")
            || names(element)
                .any(|name| words(name).any(|word| PANEL_WORDS.contains(&word.as_str())))
    };
    // A carousel repeats its first and last slide so that it can turn.
    let is_clone = class.contains("cloned");
    is_icon || is_clone || is_hidden && !is_panel()
}

/// Whether an element surrounds the content. `page` is what the whole page holds; `by_class` says whether class names count.
pub(super) fn is_furniture(
    element: &Element,
    facts: &Facts,
    page: &Facts,
    place: Place,
    by_class: bool,
) -> bool {
    let tag = element.tag_name();
    let role = element.attribute("role").unwrap_or_default();
    let holds_most = facts.text * 2 > page.text;
    if facts.has_main || matches!(tag, "html" | "body" | "main") || role == "main" {
        return false;
    }
    if tag == "nav" || matches!(role, "navigation" | "menu" | "menubar") {
        return true;
    }
    if holds_most {
        return false;
    }
    if tag == "button" || role == "button" && tag != "a" {
        // Where a page marks its main part, buttons outside open menus.
        let in_content = place.in_main || !page.has_main;
        return !(place.in_heading || in_content && opens_panel(element));
    }
    let is_element = match tag {
        "form" | "search" | "fieldset" => true,
        "header" | "footer" | "aside" => !place.in_section,
        "dialog" => !place.in_main,
        _ => false,
    };
    is_element
        || FURNITURE_ROLES.contains(&role)
        || matches!(role, "dialog" | "alertdialog") && !place.in_main
        || facts.is_related
        || by_class
            && CLASSED.contains(&tag)
            && is_named_furniture(element, place, page.has_main && !place.in_main)
}

/// Whether a heading's text announces what other pages hold.
pub(super) fn is_furniture_heading(text: &str) -> bool {
    let folded = fold(text);
    FURNITURE_HEADINGS.contains(&folded.trim_end_matches([':', '!', '…', '.', ' ']))
}

/// A button that opens what belongs to it is its heading.
fn opens_panel(element: &Element) -> bool {
    element.attribute("aria-controls").is_some()
        || element.attribute("aria-expanded").is_some()
        || element
            .attribute("data-bs-toggle")
            .or_else(|| element.attribute("data-toggle"))
            .is_some_and(|target| matches!(target, "collapse" | "tab" | "modal"))
        || names(element).any(|name| {
            let words: Vec<String> = words(name).collect();
            words.iter().any(|word| word.starts_with("accord"))
                || words.ends_with(&["tab".to_owned(), "title".to_owned()])
        })
}

fn is_named_furniture(element: &Element, place: Place, is_outer: bool) -> bool {
    let says = |words: &[String]| {
        words.iter().any(|word| {
            FURNITURE_WORDS.contains(&word.as_str())
                || asks_consent(word)
                || is_outer && OUTER_WORDS.contains(&word.as_str())
        }) || words
            .iter()
            .zip(words.iter().skip(1))
            .any(|(first, second)| FURNITURE_PAIRS.contains(&(first.as_str(), second.as_str())))
    };
    let is_remark = |words: &[String]| {
        words
            .iter()
            .any(|word| LAYOUT_WORDS.contains(&word.as_str()))
    };
    let by_class = element
        .attribute("class")
        .unwrap_or_default()
        .split_whitespace()
        .any(|name| {
            let words: Vec<String> = words(name).collect();
            FURNITURE_CLASSES.contains(&name) || says(&words) && !is_remark(&words)
        });
    let by_id = element.attribute("id").is_some_and(|id| {
        let words: Vec<String> = words(id).collect();
        let is_generic = words.iter().all(|word| {
            let word = word.as_str();
            ID_WORDS.contains(&word)
                || FURNITURE_WORDS.contains(&word)
                || OUTER_WORDS.contains(&word)
                || word.bytes().all(|byte| byte.is_ascii_digit())
        });
        let is_cookie = words.iter().any(|word| asks_consent(word));
        FURNITURE_IDS.contains(&id) && !place.in_main
            || (is_generic || is_cookie) && says(&words) && !is_remark(&words)
    });
    by_class || by_id
}

/// Banners that ask to be allowed to follow the reader: their makers write `cookieBar`, `cookiebanner`, `consentement`, or their own name.
fn asks_consent(word: &str) -> bool {
    const MAKERS: &[&str] = &[
        "gdpr",
        "rgpd",
        "tarteaucitron",
        "didomi",
        "axeptio",
        "onetrust",
        "cmplz",
        "klaro",
        "orejime",
    ];
    word.starts_with("cookie") || word.starts_with("consent") || MAKERS.contains(&word)
}

/// The class names and the id.
fn names(element: &Element) -> impl Iterator<Item = &str> {
    element
        .attribute("class")
        .unwrap_or_default()
        .split_whitespace()
        .chain(element.attribute("id"))
}

/// The words of a class name, lower case: `navBar`, `nav-bar` and `nav_bar` are two words.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for character in name.chars() {
        let begins = !character.is_alphanumeric() || after_small && character.is_uppercase();
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
        after_small = character.is_lowercase();
    }
    words.into_iter().filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_names_fall_into_words() {
        let found: Vec<String> = words("mainNavBar__item--is_open2").collect();
        assert_eq!(found, ["main", "nav", "bar", "item", "is", "open2"]);
    }

    #[test]
    fn headings_are_compared_without_accents() {
        assert!(is_furniture_heading("À lire aussi :"));
        assert!(is_furniture_heading("Lettre d’information"));
        assert!(!is_furniture_heading("Lauréats"));
    }
}
