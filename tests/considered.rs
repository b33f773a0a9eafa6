//! Partitions that must be among those considered, whichever of them is chosen: one test for each structure by which documents list laureates.

mod sample;

use palmares::config::Expect;
use palmares::extract::extract;
use palmares::model::raw::Format;
use palmares::profile::LEXICON;
use palmares::segment::segment;

/// What a record is about: its name and its project.
type Record<'t> = (Option<&'t str>, Option<&'t str>);

/// Holds that one of the partitions considered gives these records and no others.
#[track_caller]
fn check(format: Format, source: &str, records: &[Record<'_>]) {
    let document = sample::document(format, source);
    let chosen = segment(&document, &LEXICON, None, Expect::default());
    let others = (0..).map_while(|number| chosen.with_runner_up(number));
    let mut seen = Vec::new();
    for segmentation in std::iter::once(chosen.clone()).chain(others) {
        let mentions = extract(&document, &segmentation, None).mentions;
        let found: Vec<Record<'_>> = mentions
            .iter()
            .map(|mention| (mention.name.as_deref(), mention.project.as_deref()))
            .collect();
        if found == records {
            return;
        }
        let method = segmentation.chosen.map(|chosen| chosen.method);
        seen.push(format!("{method:?}: {found:?}"));
    }
    panic!("none is {records:?}:\n{}", seen.join("\n"));
}

#[test]
fn paragraphs_that_introduce_a_list_decide_nothing_for_its_lines() {
    check(
        Format::Plain,
        "Les Lauriers de la mobilité ont été remis le 6 février, devant les élus des départements ruraux et leurs voisins.\n\n\
         Le jury, réuni deux fois, a primé quatre structures.\n\n\
         La Ville de Ribérac (24) pour son école du vélo, ouverte deux soirs par semaine.\n\n\
         L’Atelier de la Puisaye (89) pour sa flotte de voiturettes.\n\n\
         Le Syndicat des transports du Haut-Forez (42) pour sa ligne de covoiturage.\n\n\
         La Poste communale de Brassac (81) pour son dépôt de vélos.\n",
        &[
            (Some("La Ville de Ribérac"), None),
            (Some("L’Atelier de la Puisaye"), None),
            (Some("Le Syndicat des transports du Haut-Forez"), None),
            (Some("La Poste communale de Brassac"), None),
        ],
    );
}

#[test]
fn the_year_that_opens_a_line_is_of_its_edition() {
    check(
        Format::Plain,
        "Prix du patrimoine vivant\n\nSur quoi le comité se base\n\n• Authenticité du geste\n• Transmission aux jeunes\n• Constance\n\nLes lauréats\n\n\
         • 2022 : Veillées du Rang Quatre\n• 2021 : Aucun\n• 2020 : Boulangerie La Huche\n• 2019 : Atelier du Flancheur\n",
        &[
            (Some("Veillées du Rang Quatre"), None),
            (Some("Boulangerie La Huche"), None),
            (Some("Atelier du Flancheur"), None),
        ],
    );
}

#[test]
fn whose_a_title_is_stands_behind_it() {
    check(
        Format::Plain,
        "Les lauréats\n\n- Le projet « Tremplin » de la régie de quartier de Cholet\n- Le projet « Passerelle » d’Estuaire Relais\n\
         - Le projet « Le déclic » porté par la Maison des possibles\n",
        &[
            (Some("régie de quartier de Cholet"), Some("Tremplin")),
            (Some("Estuaire Relais"), Some("Passerelle")),
            (Some("Maison des possibles"), Some("Le déclic")),
        ],
    );
}

#[test]
fn ranks_are_ranks_in_other_languages() {
    check(
        Format::Plain,
        "Questi i tre progetti premiati:\n\n- Primo Premio (2.000 euro): Il cortile delle lingue, presentato da Coop. La Girandola (categoria: scuola)\n\
         - Secondo Premio (1.200 euro): Banco mobile, presentato da Ass. Genitori di via Ripagrande (categoria: scuola)\n\
         - Menzione speciale: Api in terrazza, presentato da Tommaso Rinaldini (categoria: orti)\n",
        &[
            (Some("Coop. La Girandola"), Some("Il cortile delle lingue")),
            (
                Some("Ass. Genitori di via Ripagrande"),
                Some("Banco mobile"),
            ),
            (Some("Tommaso Rinaldini"), Some("Api in terrazza")),
        ],
    );
    check(
        Format::Html,
        "<h2>Conheça os vencedores</h2><div><p><b>1º Lugar • Rede Vila Forte - Cesta Conjunta</b><br>2º Lugar • Agrounião - Painel de Fornecedores<br>\
         3º Lugar • Rede Bom Vizinho - Estoque à Vista</p></div>",
        &[
            (Some("Rede Vila Forte"), Some("Cesta Conjunta")),
            (Some("Agrounião"), Some("Painel de Fornecedores")),
            (Some("Rede Bom Vizinho"), Some("Estoque à Vista")),
        ],
    );
}

#[test]
fn a_table_without_heads_is_read_by_what_stands_in_its_columns() {
    check(
        Format::Markdown,
        "Aides du canton, ligne par ligne.\n\n| Sport : | 1 050,00 € |\n| Tournoi de Pentecôte – Union sportive de Rougemont | 450,00 € |\n\
         | achat de maillots – Handball club des Trois Rivières | 300,00 € |\n| initiation au canoë – Foyer rural de Beaumotte | 300,00 € |\n\
         | TOTAL DU CANTON | 1 050,00 € |\n",
        &[
            (
                Some("Union sportive de Rougemont"),
                Some("Tournoi de Pentecôte"),
            ),
            (
                Some("Handball club des Trois Rivières"),
                Some("achat de maillots"),
            ),
            (
                Some("Foyer rural de Beaumotte"),
                Some("initiation au canoë"),
            ),
        ],
    );
}

#[test]
fn lines_that_recur_with_a_period_are_one_record() {
    check(
        Format::Plain,
        "Sept idées étaient proposées, trois l’ont emporté :\n\nUn four à pain partagé\n\nDéposé par le comité de quartier des Tanneries\n\n18 500 €\n\n\
         Un jardin de pluie\n\nDéposé par l’amicale des Quais\n\n22 000 €\n\nDes nichoirs\n\nDéposé par l’association Les Moineaux\n\n2 400 €\n",
        &[
            (
                Some("comité de quartier des Tanneries"),
                Some("Un four à pain partagé"),
            ),
            (Some("amicale des Quais"), Some("Un jardin de pluie")),
            (Some("association Les Moineaux"), Some("Des nichoirs")),
        ],
    );
}

#[test]
fn a_qualified_label_is_the_label() {
    check(
        Format::Plain,
        "Les 3 projets financés\n\nTitre long : Champignons et fixation du cadmium\n\nÉquipe porteuse HUMUS : GEOSOL\n\n\
         Titre long : Qui possède le ver de terre ?\n\nÉquipe porteuse HUMUS : CEDRUS\n\n\
         Titre long : Tourbières d’altitude\n\nÉquipe porteuse HUMUS : LADRHO\n",
        &[
            (Some("GEOSOL"), Some("Champignons et fixation du cadmium")),
            (Some("CEDRUS"), Some("Qui possède le ver de terre ?")),
            (Some("LADRHO"), Some("Tourbières d’altitude")),
        ],
    );
}

#[test]
fn who_gets_a_sum_is_named_behind_it() {
    check(
        Format::Plain,
        "Aides accordées\n\n48 000 € accordés au Stade orthézien Basket au titre de la saison 2019-2020\n\n15 300 € accordés à la Mairie de Garlin pour la réfection de son fronton\n\n\
         6 400 € alloués à l’association « Quilles en selle » en vue de l’achat de tandems\n",
        &[
            (Some("Stade orthézien Basket"), None),
            (Some("Mairie de Garlin"), None),
            (Some("Quilles en selle"), None),
        ],
    );
}

#[test]
fn prizes_by_rank_name_who_gets_them_first() {
    check(
        Format::Plain,
        "Les lauréats du prix\n\nCatégorie Germe\n\n1er prix : Les Granges rieuses, projet de café itinérant dans les hameaux du Jura. Récompense : 6 500 €.\n\n\
         2e prix : Tandem de nuit, projet de veille téléphonique tenue par des étudiants. Récompense : 4 500 €.\n\nCatégorie Racine\n\n\
         1er prix : Point et virgule, projet de relecture de courriers pour les personnes qui lisent mal. Récompense : 7 000 €.\n",
        &[
            (Some("Les Granges rieuses"), None),
            (Some("Tandem de nuit"), None),
            (Some("Point et virgule"), None),
        ],
    );
}

#[test]
fn one_labelled_fiche_alone_is_an_entry() {
    check(
        Format::Plain,
        "Porteur du projet : Coopératives de Pays\n\nPartenaires : Jeunesse des Bourgs, Entraide bleue\n\nDurée : 2017-2021\n\n\
         Description :\n\nCoopératives de Pays ouvre à titre d’essai des arrière-boutiques où l’on répare, où l’on apprend et où l’on se parle.\n",
        &[(Some("Coopératives de Pays"), None)],
    );
}

#[test]
fn heads_of_two_storeys_head_the_columns_below() {
    check(
        Format::Html,
        "<p>Aides accordées en 2020</p><table><tr><td rowspan=2><b>Bénéficiaires</b></td><td rowspan=2><b>Projets</b></td><td colspan=2><b>Budget</b></td></tr>\
         <tr><td><b>Décidé</b></td><td><b>Dépensé</b></td></tr>\
         <tr><td>Association Les Moineaux</td><td>Des nichoirs</td><td>2 400,00</td><td>1 200,00</td></tr>\
         <tr><td>Foyer rural de Beaumotte</td><td>Initiation au canoë</td><td>300,00</td><td>300,00</td></tr>\
         <tr><td>Commune de Vauxroy</td><td>Les bancs qui parlent</td><td>900,00</td><td>0,00</td></tr></table>",
        &[
            (Some("Association Les Moineaux"), Some("Des nichoirs")),
            (
                Some("Foyer rural de Beaumotte"),
                Some("Initiation au canoë"),
            ),
            (Some("Commune de Vauxroy"), Some("Les bancs qui parlent")),
        ],
    );
}
