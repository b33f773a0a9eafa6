//! HTML: pages as content systems write them, and fragments inside other texts. In: decoded text; out: blocks with their element and byte spans, the
//! table of elements, the page's metadata.

mod attributes;
mod blocks;
mod embedded;
mod furniture;
mod json;
mod tables;
mod tree;

use std::ops::Range;

use crate::config::Limits;
use crate::diagnostic::Diagnostic;
use crate::message;
use crate::model::document::{Block, BlockLabel, Document, Layer, Metadata};
use crate::model::text::Style;

use self::blocks::{Page, Reading};
use self::tree::{Content, NodeIdx, ROOT, Tree};
use super::encoding::Decoded;
use super::markdown::label_title;
use super::writer::{LineIndex, TextWriter};

/// Where class names leave less than one part in so many of a page's text, they do not mean what they say there.
const MIN_BODY: usize = 20;

/// Bytes of text that a page says to browsers without scripts at least: less only asks for another browser.
const MIN_NOSCRIPT: usize = 200;

/// Fills `document` with the blocks, elements and metadata of a page.
pub(super) fn read(
    decoded: &Decoded,
    limits: &Limits,
    document: &mut Document,
    warnings: &mut Vec<Diagnostic>,
) {
    let tree = tree::build(decoded.text(), 0..decoded.text().len(), limits.nesting);
    if tree.is_flattened {
        warnings.push(Diagnostic::warning(message!("elements are nested more than {nesting} deep or repeated without end; those beyond were read as plain text", nesting = limits.nesting)));
    }
    if tree.has_too_many_attributes {
        warnings.push(Diagnostic::warning(message!(
            "a tag has more than {most} attributes; those beyond were left out",
            most = attributes::MAX_ATTRIBUTES
        )));
    }
    let mut reading = Reading {
        decoded,
        lines: None,
        tree: &tree,
        by_class: true,
        shows_noscript: false,
        first_table: 0,
    };
    let mut page = blocks::read(&reading);
    // A page that is empty until a program fills it says in `<noscript>` what it says to those without.
    if length(&page, Some(Layer::Body)) == 0 {
        reading.shows_noscript = true;
        let without_scripts = blocks::read(&reading);
        if length(&without_scripts, Some(Layer::Body)) >= MIN_NOSCRIPT {
            page = without_scripts;
        }
        reading.shows_noscript = false;
    }
    if length(&page, Some(Layer::Body)) * MIN_BODY < length(&page, None) {
        reading.by_class = false;
        page = blocks::read(&reading);
    }
    document.metadata = metadata(decoded, &tree);
    show_title(&mut page.blocks);
    label_title(&mut page.blocks);
    document.blocks = page.blocks;
    document.nodes = page.nodes;
    let records = embedded::read(decoded, &tree, limits.nesting, document, &mut page.n_tables);
    if let Some(n_records) = records {
        warnings.push(Diagnostic::note(message!(
            "{n_records} records were read from the data that a program shows in the browser",
            n_records
        )));
    }
}

/// The blocks of a piece of HTML inside a text; tables are numbered on from `n_tables`.
pub(super) fn read_fragment(
    decoded: &Decoded,
    index: &LineIndex,
    range: Range<usize>,
    limits: &Limits,
    n_tables: &mut u32,
) -> Vec<Block> {
    let tree = tree::build(decoded.text(), range, limits.nesting);
    let page = blocks::read(&Reading {
        decoded,
        lines: Some(index),
        tree: &tree,
        by_class: false,
        shows_noscript: false,
        first_table: *n_tables,
    });
    *n_tables += page.n_tables;
    page.blocks
}

/// Bytes of text in a layer, or in all.
fn length(page: &Page, layer: Option<Layer>) -> usize {
    page.blocks
        .iter()
        .filter(|block| layer.is_none_or(|layer| block.layer == layer))
        .map(|block| block.text.len())
        .sum()
}

/// The only main heading of a page is content, even where it stands in the banner.
fn show_title(blocks: &mut [Block]) {
    let is_main =
        |block: &&mut Block| block.label == BlockLabel::SectionHeader && block.level == Some(1);
    let mut main = blocks.iter_mut().filter(is_main);
    if let (Some(only), None) = (main.next(), main.next()) {
        only.layer = Layer::Body;
    }
}

fn metadata(decoded: &Decoded, tree: &Tree) -> Metadata {
    let mut metadata = Metadata::default();
    let mut author = None;
    for index in tree.within(ROOT) {
        let Some(element) = tree.element(index) else {
            continue;
        };
        match element.tag_name() {
            "html" => metadata.language = non_empty(element.attribute("lang")),
            "title" if metadata.title.is_none() => metadata.title = text_of(decoded, tree, index),
            "meta" => {
                let name = element
                    .attribute("property")
                    .or_else(|| element.attribute("name"))
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                let content = || non_empty(element.attribute("content"));
                match name.as_str() {
                    "og:site_name" => metadata.publisher = metadata.publisher.or_else(content),
                    "publisher" | "dc.publisher" | "dcterms.publisher" | "author" => {
                        author = author.or_else(content);
                    }
                    _ => {}
                }
            }
            "body" => break,
            _ => {}
        }
    }
    metadata.publisher = metadata.publisher.or(author);
    metadata
}

fn non_empty(value: Option<&str>) -> Option<String> {
    value
        .map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|value| !value.is_empty())
}

/// The text of an element, white space collapsed.
fn text_of(decoded: &Decoded, tree: &Tree, top: NodeIdx) -> Option<String> {
    let mut writer = TextWriter::new(decoded, None);
    for index in tree.within(top) {
        if let Some(Content::Text(runs)) = tree.node(index).map(|node| &node.content) {
            for run in runs {
                match &run.characters {
                    Some(characters) => {
                        writer.push_as(characters, &run.range, Style::default(), None);
                    }
                    None => writer.push(run.range.clone(), Style::default(), None),
                }
            }
        }
    }
    let text = writer.take().text;
    (!text.is_empty()).then(|| text.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::raw::{DocumentId, Format, RawDocument};
    use crate::parse::parse_text;

    pub(super) fn parse(html: impl AsRef<[u8]>) -> Document {
        let bytes = html.as_ref().to_vec();
        let raw = RawDocument {
            address: None,
            id: DocumentId::of(&bytes),
            path: "page.html".to_owned(),
            format: Format::Html,
            bytes: bytes.into(),
        };
        parse_text(&raw, &Limits::default()).unwrap().output
    }

    /// `Text`, `h2`, `-` for an item, `>` for a quotation…; furniture in parentheses; cells with row and column.
    fn line(block: &Block) -> String {
        let label = match block.label {
            BlockLabel::Title => "title".to_owned(),
            BlockLabel::SectionHeader => format!("h{}", block.level.unwrap()),
            BlockLabel::Text => "p".to_owned(),
            BlockLabel::ListItem => format!("{}-", "  ".repeat(usize::from(block.depth))),
            BlockLabel::Quote => ">".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        let marker = block
            .marker
            .as_ref()
            .map_or(String::new(), |marker| format!("[{}] ", marker.as_str()));
        let cell = block.cell.map_or(String::new(), |cell| {
            let header = if cell.header { "h" } else { "" };
            format!("{},{}{header} ", cell.row, cell.column)
        });
        let text = format!("{label} {cell}{marker}{}", block.text.as_str());
        if block.is_body() {
            text
        } else {
            format!("({text})")
        }
    }

    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        let document = parse(html);
        let lines: Vec<String> = document.blocks.iter().map(line).collect();
        assert_eq!(lines, expected);
        for block in &document.blocks {
            assert!(block.node.is_some());
            for segment in block.text.segments() {
                if let crate::model::text::Source::Exact { start, .. } = segment.source {
                    let part = &block.text.as_str()[segment.start as usize..segment.end as usize];
                    assert_eq!(&html[start as usize..start as usize + part.len()], part);
                }
            }
        }
    }

    #[test]
    fn headings_paragraphs_and_lists() {
        check(
            "<h1>Le palmarès</h1><h2>Un toit</h2><p>Du texte.<ul><li>un<li>deux<ul><li>trois</ul></ul>",
            &[
                "title Le palmarès",
                "h2 Un toit",
                "p Du texte.",
                "- un",
                "- deux",
                "  - trois",
            ],
        );
    }

    #[test]
    fn numbered_lists_show_their_numbers() {
        check(
            "<ol start=4><li>un<li value=9><p>deux</p><p>suite</p><li>3) trois</ol>",
            &["- [4.] un", "- [9.] deux", "p suite", "- [3)] trois"],
        );
    }

    #[test]
    fn one_break_is_a_line_and_two_are_a_paragraph() {
        check(
            "<p><b>Lieu :</b> Rodez<br>\n<b>Public :</b> jeunes<br><br>Un texte.<br></p>",
            &["p Lieu : Rodez\nPublic : jeunes", "p Un texte."],
        );
        check("<h2>Un<br><br>titre</h2>", &["h2 Un\ntitre"]);
    }

    #[test]
    fn printed_bullets_are_markers() {
        check(
            "<p>Il y a :<br>• un toit<br>• un emploi</p><li>– trois</li>",
            &[
                "p Il y a :",
                "- [•] un toit",
                "- [•] un emploi",
                "- [–] trois",
            ],
        );
    }

    #[test]
    fn divs_and_bare_text_are_blocks() {
        check(
            "<div>un<div>deux <span>et <i>demi</i></span></div>trois<p>quatre</p>cinq</div>",
            &["p un", "p deux et demi", "p trois", "p quatre", "p cinq"],
        );
    }

    #[test]
    fn boxes_of_one_class_are_blocks() {
        check(
            "<div><a class=c href=1>Un</a> <a class=c href=2>Deux</a> <a class=c href=3>Trois</a></div><p>De <a class=c href=1>l’un</a> à <a class=c href=2>l’autre</a></p>",
            &["p Un", "p Deux", "p Trois", "p De l’un à l’autre"],
        );
    }

    #[test]
    fn definition_lists_have_bold_terms() {
        let document = parse("<dl><dt>Porteur</dt><dd>Radio Rivage</dd></dl>");
        assert!(document.blocks[0].style.bold && !document.blocks[1].style.bold);
    }

    #[test]
    fn styles_come_from_tags_and_from_style_attributes() {
        let document = parse(
            "<p><span style='font-weight: bold'>Lieu</span> 1<sup>er</sup> <em>prix</em></p>",
        );
        let text = &document.blocks[0].text;
        let style = |needle: &str| text.style_at(text.as_str().find(needle).unwrap());
        assert!(style("Lieu").bold);
        assert!(style("er").superscript);
        assert!(style("prix").italic);
        assert!(!style("1").superscript);
    }

    #[test]
    fn a_quotation_and_who_is_quoted() {
        check(
            "<blockquote><p>Je revis.</p><cite>Inès, 20 ans</cite></blockquote>
             <blockquote>Comme dans <cite>Les Misérables</cite>, tout change.<footer>Paul</footer></blockquote>",
            &[
                "> Je revis.",
                "p Inès, 20 ans",
                "> Comme dans Les Misérables, tout change.",
                "p Paul",
            ],
        );
    }

    #[test]
    fn data_tables_have_cells() {
        check(
            "<table><tr><th>Nom<th>Ville<tr><td>Le Toit<td>Lens</table>",
            &["p 0,0h Nom", "p 0,1h Ville", "p 1,0 Le Toit", "p 1,1 Lens"],
        );
        check(
            "<table><tr><td><b>Nom</b><td><b>Ville</b><tr><td rowspan=2>Le Toit<td>Lens<tr><td>Liévin</table>",
            &[
                "p 0,0h Nom",
                "p 0,1h Ville",
                "p 1,0 Le Toit",
                "p 1,1 Lens",
                "p 2,1 Liévin",
            ],
        );
        check(
            "<table><tr><td>Nom<td>Montant<tr><td>Le Toit<td>5 000 €<tr><td>Le Pont<td>900 €</table>",
            &[
                "p 0,0h Nom",
                "p 0,1h Montant",
                "p 1,0 Le Toit",
                "p 1,1 5 000 €",
                "p 2,0 Le Pont",
                "p 2,1 900 €",
            ],
        );
    }

    #[test]
    fn layout_tables_have_none() {
        check(
            "<table role=presentation><tr><td>un<td>deux<tr><td>trois<td>quatre</table>",
            &["p un", "p deux", "p trois", "p quatre"],
        );
        check(
            "<table><tr><td><h2>Le Toit</h2><p>Un texte.</p><td><img src=x></table>",
            &["h2 Le Toit", "p Un texte."],
        );
        check(
            "<table><tr><td>un<tr><td><table><tr><td>a<td>b<tr><td>c<td>d</table></table>",
            &["p un", "p 0,0 a", "p 0,1 b", "p 1,0 c", "p 1,1 d"],
        );
    }

    #[test]
    fn menus_banners_and_footers_are_furniture() {
        check(
            "<header><a href=/>Site</a><nav><ul><li>Accueil</ul></nav></header>
             <div id=cookie-bar>Nous utilisons des cookies.</div>
             <ol class=breadcrumb><li>Accueil</ol>
             <main><h1>Lauréats</h1><p>Radio Rivage et ses quatre projets pour la jeunesse.</p>
             <div class=social-share>Partager</div><form><label>Chercher</label></form></main>
             <aside class=sidebar><h3>« Un projet » – Association Voisine</h3></aside>
             <footer>Mentions légales</footer>",
            &[
                "(p Site)",
                "(- Accueil)",
                "(p Nous utilisons des cookies.)",
                "(- [1.] Accueil)",
                "title Lauréats",
                "p Radio Rivage et ses quatre projets pour la jeunesse.",
                "(p Partager)",
                "(p Chercher)",
                "(h3 « Un projet » – Association Voisine)",
                "(p Mentions légales)",
            ],
        );
    }

    #[test]
    fn what_other_pages_hold_is_furniture() {
        check(
            "<main><p>Le palmarès de cette année distingue trois associations du littoral.</p>
             <section><div><h2>À lire aussi</h2></div><article><h3>Le prix Horizon</h3></article></section></main>",
            &[
                "p Le palmarès de cette année distingue trois associations du littoral.",
                "(h2 À lire aussi)",
                "(h3 Le prix Horizon)",
            ],
        );
        check(
            "<p>Le palmarès de cette année distingue trois associations du littoral.</p>
             <h3>Voir aussi</h3><ul><li>Un autre prix</ul><h2>Contact</h2>",
            &[
                "p Le palmarès de cette année distingue trois associations du littoral.",
                "(h3 Voir aussi)",
                "(- Un autre prix)",
                "h2 Contact",
            ],
        );
    }

    #[test]
    fn class_names_do_not_cost_a_page_its_content() {
        check(
            "<body class='has-sidebar'><div class='page-with-sidebar no-menu'><div class=content-navigation><h2>Un toit</h2><p>Un texte.</p></div></div><div class=menu>Accueil</div>",
            &["h2 Un toit", "p Un texte.", "(p Accueil)"],
        );
        check(
            "<ul class=menu><li>Le Toit (Lens)</ul><ul class=menu><li>Le Pont (Liévin)</ul><ul class=menu><li>Le Fil (Avion)</ul>",
            &["- Le Toit (Lens)", "- Le Pont (Liévin)", "- Le Fil (Avion)"],
        );
    }

    #[test]
    fn headers_and_footers_of_cards_are_content() {
        check(
            "<article><header>Prix du public</header><h3>Le Toit</h3><footer>Lens</footer><aside>12 emplois</aside></article>",
            &["p Prix du public", "h3 Le Toit", "p Lens", "p 12 emplois"],
        );
    }

    #[test]
    fn names_of_projects_are_no_furniture() {
        check(
            "<div id=partage-ton-toit><h3>Partage ton toit</h3></div><div class=card><div class=header>Le Pont</div><div class=card-footer>Lens</div></div>",
            &["h3 Partage ton toit", "p Le Pont", "p Lens"],
        );
    }

    #[test]
    fn a_public_service_page() {
        check(
            "<div class=fr-skiplinks><a href=#c>Contenu</a></div>
             <header role=banner class=fr-header><p class=fr-logo>République</p><h1>Le service</h1></header>
             <main id=c><nav class=fr-breadcrumb>Accueil</nav><section class=fr-accordion>
             <h3 class=fr-accordion__title><button class=fr-accordion__btn aria-expanded=false aria-controls=a1>Le Toit</button></h3>
             <div class=fr-collapse id=a1><p>Un lieu partagé à Rodez.</p></div></section>
             <figure class=fr-quote><blockquote><p>« Je revis. »</p></blockquote><figcaption><p>Inès</p></figcaption></figure>
             <div class=fr-share>Partager la page</div></main><div class=fr-follow>Suivre</div>
             <dialog class=fr-modal>Paramètres</dialog><footer class=fr-footer>Plan du site</footer>",
            &[
                "(p Contenu)",
                "(p République)",
                "title Le service",
                "(p Accueil)",
                "h3 Le Toit",
                "p Un lieu partagé à Rodez.",
                "> « Je revis. »",
                "p Inès",
                "(p Partager la page)",
                "(p Suivre)",
                "(p Paramètres)",
                "(p Plan du site)",
            ],
        );
    }

    #[test]
    fn what_is_not_shown_is_not_read() {
        check(
            "<p>un<script>x</script><style>y</style><span hidden>z</span><span class=sr-only>lire</span></p>
             <div style='display: none'>caché</div><template><p>modèle</p></template><noscript>sans</noscript>
             <i aria-hidden=true>★</i><svg><text>dessin</text></svg><p>deux</p>",
            &["p un", "p deux"],
        );
    }

    #[test]
    fn panels_that_open_are_read() {
        check(
            "<main><h3><button aria-expanded=false>Le Toit</button></h3><div class=accordion-body hidden>Un texte.</div>
             <details><summary>Le Pont</summary>Une suite.</details></main>",
            &["h3 Le Toit", "p Un texte.", "p Le Pont", "p Une suite."],
        );
    }

    #[test]
    fn preformatted_text_keeps_its_lines() {
        check(
            "<pre>\nun\n  deux\n\ntrois</pre>",
            &["p un\ndeux", "p trois"],
        );
    }

    #[test]
    fn notes_begin_with_a_raised_figure() {
        check(
            "<p><sup>2</sup> Projet retenu en 2020</p>",
            &["footnote [2] Projet retenu en 2020"],
        );
    }

    #[test]
    fn links_and_selectors() {
        let document = parse(
            "<div id=liste><p>un</p><p>voir <a href='https://exemple.fr'><b>le site</b></a></p></div>",
        );
        let block = &document.blocks[1];
        assert_eq!(block.links[0].target, "https://exemple.fr");
        assert_eq!(block.links[0].range, 5..12);
        assert_eq!(
            document.selector(block.node.unwrap()),
            "#liste > p:nth-of-type(2)"
        );
        let inner = document.evidence(&block.text);
        assert_eq!(
            inner.last().unwrap().selector.as_deref(),
            Some("#liste > p:nth-of-type(2) > a:nth-of-type(1) > b:nth-of-type(1)")
        );
    }

    #[test]
    fn what_is_for_browsers_without_scripts_counts_where_there_is_nothing_else() {
        let words = "Les lauréats de l'année sont connus. ".repeat(8);
        let of = |page: &str| parse(page).blocks.len();
        assert_eq!(
            of(&format!("<div id=app></div><noscript><p>{words}<p>Fin")),
            2
        );
        assert_eq!(of(&format!("<p>Bonjour</p><noscript><p>{words}")), 1);
        assert_eq!(
            of("<div id=app></div><noscript>Activez JavaScript.</noscript>"),
            0
        );
    }

    #[test]
    fn metadata_of_the_page() {
        let document = parse(
            "<html lang=fr><title>Les lauréats &amp; leurs projets</title><meta property=og:site_name content='La Région'><p>x",
        );
        assert_eq!(
            document.metadata,
            Metadata {
                title: Some("Les lauréats & leurs projets".to_owned()),
                publisher: Some("La Région".to_owned()),
                language: Some("fr".to_owned()),
                address: None,
            }
        );
    }

    #[test]
    fn entities_and_other_encodings_keep_their_bytes() {
        let html = b"<meta charset=utf-8><p>L&rsquo;\xe9t\xe9&nbsp;: 3&#160;000&eacute</p>";
        let document = parse(html);
        let text = &document.blocks[0].text;
        assert_eq!(text.as_str(), "L’été : 3 000é");
        let span = text.evidence(&())[0].span;
        assert_eq!(span, Some([23, 59]));
    }

    #[test]
    fn utf_16_pages_keep_their_bytes() {
        let html: Vec<u8> = "\u{feff}<p>été</p>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let document = parse(html);
        let text = &document.blocks[0].text;
        assert_eq!(text.as_str(), "été");
        assert_eq!(text.evidence(&())[0].span, Some([8, 14]));
    }

    #[test]
    fn hostile_pages_are_read_to_the_end() {
        let many = 20_000;
        for html in [
            format!("{}fond", "<div>".repeat(many)),
            format!("{}fond", "<span><table><tr><td>".repeat(many / 10)),
            format!("{}fond", "<ul><li>".repeat(many)),
            format!("<p>fond{}", "<br>- <a href=x>y</a>".repeat(many / 10)),
            format!("fond{}", "<".repeat(many)),
            format!("fond{}", "&".repeat(many)),
            format!("fond{}", "<p><a href='".repeat(many / 10)),
            format!("<blockquote>{}fond", "<cite></cite>".repeat(many / 10)),
            format!("{}fond", "<a><b><i><font size=1>".repeat(many / 10)),
            format!("{}fond", "<h2>Partager</h2>".repeat(many / 10)),
            "fond<p\0 \u{0}>\u{0}</p".to_owned(),
            "fond<table><tr><td colspan=99999999 rowspan=99999999>x<tr><td>y".to_owned(),
        ] {
            let document = parse(&html);
            assert!(
                document
                    .blocks
                    .iter()
                    .any(|block| block.text.as_str().contains("fond"))
            );
        }
    }
}
