//! Segmentation and extraction on the smallest documents that show each behaviour.

mod sample;

use palmares::config::Expect;
use palmares::extract::extract;
use palmares::model::mention::Mention;
use palmares::model::raw::Format;
use palmares::profile::LEXICON;
use palmares::segment::{Segmentation, segment};

fn read(format: Format, source: &str) -> (Segmentation, Vec<Mention>) {
    let document = sample::document(format, source);
    let segmentation = segment(&document, &LEXICON, None, Expect::default());
    let mentions = extract(&document, &segmentation, None).mentions;
    (segmentation, mentions)
}

#[track_caller]
fn check_names(format: Format, source: &str, names: &[&str]) {
    let (segmentation, mentions) = read(format, source);
    let found: Vec<&str> = mentions
        .iter()
        .map(|mention| {
            mention
                .name
                .as_deref()
                .or(mention.project.as_deref())
                .unwrap_or("-")
        })
        .collect();
    assert_eq!(found, names, "chosen: {:?}", segmentation.chosen);
}

const LABELLED: &str = "Lauréats du fonds Rivages\n\nRADEAU DES BRUMES\n\nProjet : « Cap au large »\n\nTerritoire : Paimpol\n\nPublic : adultes isolés\n\n\
    PHARE ET BALISE\n\nProjet : « Feux de port »\n\nTerritoire : Roscoff\n\nPublic : lycéens\n\n\
    GRANDE MARÉE\n\nTerritoire : Saint-Malo\n\nPublic : marins retraités\n";

#[test]
fn a_head_and_labels_make_an_entry() {
    check_names(
        Format::Plain,
        LABELLED,
        &["RADEAU DES BRUMES", "PHARE ET BALISE", "GRANDE MARÉE"],
    );
}

#[test]
fn a_missing_label_leaves_its_field_empty() {
    let (_, mentions) = read(Format::Plain, LABELLED);
    assert_eq!(mentions[2].project, None);
    assert_eq!(mentions[2].territory.as_deref(), Some("Saint-Malo"));
}

#[test]
fn numbers_that_restart_open_another_call() {
    let source = "2 lauréats ont été sélectionnés.\n\n1\n\nLE PHARE – VIGIE\n\nTerritoire : Brest.\n\nUn guet la nuit.\n\n2\n\nLA BALISE – CORNE\n\nTerritoire : Crozon.\n\nUn signal de brume.\n\n\
        Pour mémoire, l'appel à projets Gens de mer est annuel.\n\nLes projets lauréats de cet appel à projets sont les suivants :\n\n1\n\nLE QUAI – AMARRE\n\nTerritoire : Morlaix.\n\nUn accueil à quai.\n\n\
        2\n\nLA CALE – ÉTRAVE\n\nTerritoire : Lannion.\n\nUne cale ouverte.\n";
    let (_, mentions) = read(Format::Plain, source);
    assert_eq!(
        mentions
            .iter()
            .map(|mention| mention.ordinal)
            .collect::<Vec<_>>(),
        [Some(1), Some(2), Some(1), Some(2)]
    );
    assert_eq!(
        mentions[1].description.as_deref(),
        Some("Un signal de brume.")
    );
    assert_eq!(mentions[2].call.as_deref(), Some("Gens de mer"));
}

#[test]
fn a_heading_between_entries_is_their_group() {
    let source = "# Lauréats\n\n## Le Filet\n\n**Projet :** Mailles\n\n**Territoire :** Lorient\n\n# Les ports du sud\n\n## La Nasse\n\n**Projet :** Casiers\n\n**Territoire :** Étel\n\n## Le Chalut\n\n**Projet :** Pont\n\n**Territoire :** Quiberon\n";
    let (_, mentions) = read(Format::Markdown, source);
    assert_eq!(
        mentions
            .iter()
            .map(|mention| mention.group.as_deref())
            .collect::<Vec<_>>(),
        [None, Some("Les ports du sud"), Some("Les ports du sud")]
    );
}

/// Holds that of four entries in two sections none takes its section's heading for its project, and all know what they stand under.
#[track_caller]
fn check_sections(format: Format, source: &str) {
    let (segmentation, mentions) = read(format, source);
    let found: Vec<_> = mentions
        .iter()
        .map(|mention| {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            (
                text(&mention.name),
                text(&mention.project),
                text(&mention.group),
            )
        })
        .collect();
    let expected = [
        ("Les Amis du lavoir", "", "Culture et patrimoine"),
        ("Chorale des Deux Ponts", "", "Culture et patrimoine"),
        ("Secours du Perche", "", "Solidarité et insertion"),
        ("La Boussole", "", "Solidarité et insertion"),
    ];
    let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(found, expected, "chosen: {:?}", segmentation.chosen);
}

/// A page of two sections of two entries each.
fn sections(heading: [&str; 2], list: [&str; 2], entry: [&str; 4]) -> String {
    let [open, close] = heading;
    let item = |[name, town, sum]: [&str; 3]| {
        let [before, beside, behind, after] = entry;
        format!("{before}{name}{beside}{town}{behind}{sum}{after}")
    };
    let section = |title: &str, items: [[&str; 3]; 2]| {
        let items = items.map(item).concat();
        format!("{open}{title}{close}{}{items}{}", list[0], list[1])
    };
    let culture = [
        ["Les Amis du lavoir", "Bonneval", "1 200 €"],
        ["Chorale des Deux Ponts", "Brou", "2 400 €"],
    ];
    let solidarity = [
        ["Secours du Perche", "Nogent", "3 100 €"],
        ["La Boussole", "Anet", "1 750 €"],
    ];
    section("Culture et patrimoine", culture) + &section("Solidarité et insertion", solidarity)
}

#[test]
fn a_heading_of_a_section_is_nobodys_project() {
    const TITLE: &str = "<!DOCTYPE html><title>t</title><h1>Les lauréats du fonds Marée haute</h1>";
    const HEADER: &str = "<tr><th>Structure<th>Commune<th>Montant";
    let heading = ["<h2>", "</h2>"];
    let row = ["<tr><td>", "<td>", "<td>", ""];
    // A table a section, and one table whose sections have a row of their own.
    let opened = format!("<table>{HEADER}");
    let tables = sections(heading, [&opened, "</table>"], row);
    check_sections(Format::Html, &format!("{TITLE}{tables}"));
    let rows = sections(["<tr><td colspan=3>", ""], ["", ""], row);
    check_sections(
        Format::Html,
        &format!("{TITLE}<table>{HEADER}{rows}</table>"),
    );
    // Items of a list, and fiches whose titles are headings of the next storey.
    let items = sections(heading, ["<ul>", "</ul>"], ["<li>", " (", ") : ", ""]);
    check_sections(Format::Html, &format!("{TITLE}{items}"));
    let fiche = ["### ", "\n\nTerritoire : ", "\n\nMontant : ", "\n\n"];
    let fiches = sections(["## ", "\n\n"], ["", ""], fiche);
    let title = "# Les lauréats du fonds Marée haute\n\n";
    check_sections(Format::Markdown, &format!("{title}{fiches}"));
}

/// Holds the themes of a list's lines.
#[track_caller]
fn check_themes(lines: &[&str], themes: &[Option<&str>]) {
    let source = format!(
        "# Les lauréats du prix Marée haute\n\n- {}\n",
        lines.join("\n- ")
    );
    let (segmentation, mentions) = read(Format::Markdown, &source);
    let found: Vec<Option<&str>> = mentions
        .iter()
        .map(|mention| mention.theme.as_deref())
        .collect();
    assert_eq!(found, themes, "chosen: {:?}", segmentation.chosen);
}

#[test]
fn a_clause_that_goes_on_with_the_sentence_is_no_theme() {
    check_themes(
        &[
            "Les Amis du lavoir, de Bonneval, qui reçoit 1 200 €",
            "Chorale des Deux Ponts, de Brou, qui reçoit 2 400 €",
            "Secours du Perche, de Nogent, qui reçoit 3 100 €",
        ],
        &[None; 3],
    );
    check_themes(
        &[
            "Les Amis du lavoir, Bonneval, culture",
            "Chorale des Deux Ponts, Brou, musique",
            "Secours du Perche, Nogent, solidarité",
            "La Boussole, Anet, qui accueille",
        ],
        &[Some("culture"), Some("musique"), Some("solidarité"), None],
    );
}

#[test]
fn a_kicker_that_repeats_starts_entries() {
    let card = |kicker: &str, title: &str, place: &str, text: &str| {
        format!("{kicker}\n\n{title}\n\n({place})\n\n{text}\n\n")
    };
    let source = format!(
        "Nos projets soutenus :\n\n{}{}{}",
        card(
            "Aide au démarrage",
            "« Ancre » – Association Mouillage",
            "Brest",
            "Un abri pour ceux qui arrivent."
        ),
        card(
            "Aide au démarrage",
            "Le Ponton – « Passerelle »",
            "Auray",
            "Une passerelle entre deux rives."
        ),
        card(
            "Aide au démarrage",
            "La Gaffe",
            "Vannes",
            "Une perche tendue aux jeunes."
        )
    );
    let (_, mentions) = read(Format::Plain, &source);
    let found: Vec<_> = mentions
        .iter()
        .map(|mention| {
            (
                mention.name.as_deref(),
                mention.project.as_deref(),
                mention.territory.as_deref(),
                mention.aid_type.as_deref(),
            )
        })
        .collect();
    let aid = Some("Aide au démarrage");
    assert_eq!(
        found,
        [
            (
                Some("Association Mouillage"),
                Some("Ancre"),
                Some("Brest"),
                aid
            ),
            (Some("Le Ponton"), Some("Passerelle"), Some("Auray"), aid),
            (Some("La Gaffe"), None, Some("Vannes"), aid)
        ]
    );
}

#[test]
fn an_index_by_number_gives_keywords() {
    let source = "# Sommaire\n\n- 1 - Le gouvernail\n- 2 - La quille\n- 3 - Le foc\n\n## Par mot-clé\n\n- Mer – fiches 1 / 3\n- Bois – fiche 2\n\n# Fiches\n\n\
        ## Le gouvernail\n\n**Porteur :** Cap Ouest\n\n**Public :** jeunes\n\n## La quille\n\n**Porteur :** Bordée\n\n**Public :** adultes\n\n## Le foc\n\n**Porteur :** Vent debout\n\n**Public :** familles\n";
    let (_, mentions) = read(Format::Markdown, source);
    assert_eq!(
        mentions
            .iter()
            .map(|mention| mention.ordinal)
            .collect::<Vec<_>>(),
        [Some(1), Some(2), Some(3)]
    );
    assert_eq!(
        mentions
            .iter()
            .map(|mention| mention.keywords.join(","))
            .collect::<Vec<_>>(),
        ["Mer", "Bois", "Mer"]
    );
}

#[test]
fn a_testimonial_is_neither_description_nor_head() {
    let entry = |name: &str, place: &str, quote: &str| {
        format!(
            "## {name}\n\n**Territoire :** {place}\n\n**Besoins :** un local\n\nUn atelier de voile.\n\n{quote}"
        )
    };
    let source = format!(
        "# Lauréats\n\n{}{}{}",
        entry(
            "Le Hauban",
            "Brest",
            "J'ai appris à barrer, et à me lever tôt.\n\nMaël, 17 ans\n\n"
        ),
        entry("La Drisse", "Roscoff", ""),
        entry("L'Écoute", "Carantec", "")
    );
    let (_, mentions) = read(Format::Markdown, &source);
    assert_eq!(mentions.len(), 3);
    assert_eq!(mentions[0].quotes.len(), 1);
    assert_eq!(
        (
            mentions[0].quotes[0].author.as_deref(),
            mentions[0].quotes[0].age
        ),
        (Some("Maël"), Some(17))
    );
    assert_eq!(
        mentions[0].description.as_deref(),
        Some("Un atelier de voile.")
    );
}

#[test]
fn labels_without_laureates_are_no_laureates() {
    let source = "Appel à projets Littoral\n\nObjectifs : soutenir la pêche à pied.\n\nPublic : associations de la côte.\n\nBudget : 50 000 €\n\nCalendrier : dépôt avant juin.\n\nDossier à retirer en mairie.\n";
    check_names(Format::Plain, source, &[]);
}

#[test]
fn one_line_records_need_a_text_that_speaks_of_laureates() {
    let lines = "Le Bief (Dole), lecture, 3 000 €\nLa Vanne (Gray), danse, 2 500 €\nL'Écluse (Pesmes), cuisine, 4 000 €\n";
    check_names(
        Format::Plain,
        &format!("Projets soutenus en 2022\n\n{lines}"),
        &["Le Bief", "La Vanne", "L'Écluse"],
    );
    check_names(
        Format::Plain,
        &format!("Prix des menus du restaurant\n\n{lines}"),
        &[],
    );
}

#[test]
fn every_value_is_grounded() {
    let (_, mentions) = read(Format::Plain, LABELLED);
    for mention in &mentions {
        for (pointer, evidence) in &mention.evidence {
            let spans: Vec<_> = evidence.iter().filter_map(|piece| piece.span).collect();
            assert!(!spans.is_empty(), "{pointer}");
            let joined: String = spans
                .iter()
                .map(|span| &LABELLED[span[0] as usize..span[1] as usize])
                .collect();
            let value = serde_json::to_value(mention)
                .expect("a mention is JSON")
                .pointer(pointer)
                .and_then(|value| value.as_str().map(str::to_owned));
            if let Some(value) = value {
                assert_eq!(joined, value, "{pointer}");
            }
        }
    }
}

#[test]
fn what_ends_a_card_is_not_the_next_ones() {
    let card = |title: &str, bearer: &str, sum: &str| {
        format!(
            "<div class=\"fiche\"><p>Intitulé du projet : {title}</p><p>Structure porteuse : {bearer}</p><p>Avec l’appui du port de {bearer}</p><p>Aide accordée : {sum}</p></div>"
        )
    };
    let cards: String = [
        ("Bouées parlantes", "Sémaphore", "4 000 €"),
        ("Filets d’antan", "Mareyeurs unis", "7 500 €"),
        ("École de godille", "Avirons du Trieux", "1 200 €"),
    ]
    .map(|(title, bearer, sum)| card(title, bearer, sum))
    .concat();
    let source = format!(
        "<body><h1>Fonds des marins</h1><main><h2>Les trois projets soutenus en 2021</h2>{cards}</main></body>"
    );
    let (_, mentions) = read(Format::Html, &source);
    let sums: Vec<Option<&str>> = (mentions.iter())
        .map(|mention| Some(mention.amount.as_ref()?.text.as_str()))
        .collect();
    assert_eq!(sums, [Some("4 000 €"), Some("7 500 €"), Some("1 200 €")]);
}

#[test]
fn a_bold_first_cell_below_a_head_is_a_value() {
    let row = |post: &str, name: &str, project: &str| {
        format!("<tr><th>{post}</th><td>{name}</td><td>{project}</td></tr>")
    };
    let rows: String = [
        ("SECTEUR A", "Amicale des gabiers", "Un mât pour l’école"),
        ("SECTEUR A", "Les Écoutilles", "Chants de quart"),
        ("SECTEUR B", "Cercle du cabestan", "Nœuds et mémoire"),
    ]
    .map(|(post, name, project)| row(post, name, project))
    .concat();
    let source = format!(
        "<body><h1>Projets lauréats</h1><table><tr><th>Tournée</th><th>Association</th><th>Intitulé du projet</th></tr>{rows}</table></body>"
    );
    let (_, mentions) = read(Format::Html, &source);
    let posts: Vec<Option<&str>> = (mentions.iter())
        .map(|mention| mention.other.get("Tournée").map(String::as_str))
        .collect();
    assert_eq!(
        posts,
        [Some("SECTEUR A"), Some("SECTEUR A"), Some("SECTEUR B")]
    );
}
