//! What territories name, by examples: each place as `text=code`, `text~code` where it comes near, `text?codes` where the text does not decide, `text<code` for a part
//! of what has the code, and `text` alone where there is none.

use super::places;
use crate::model::mention::{Mention, Place};

fn written(place: &Place) -> String {
    let text = &place.text;
    match (&place.code, &place.parent) {
        (Some(code), _) if place.approximate => format!("{text}~{code}"),
        (Some(code), _) => format!("{text}={code}"),
        (None, _) if place.approximate => format!("{text}~{}", place.alternatives.join("+")),
        (None, _) if !place.alternatives.is_empty() => {
            format!("{text}?{}", place.alternatives.join("|"))
        }
        (None, Some(parent)) => format!("{text}<{parent}"),
        (None, None) => text.clone(),
    }
}

fn read(territories: &[&str], region: Option<&str>) -> Vec<Vec<Place>> {
    let mut mentions: Vec<Mention> = (territories.iter())
        .map(|territory| Mention {
            territory: Some((*territory).to_owned()),
            region: region.map(str::to_owned),
            ..Mention::default()
        })
        .collect();
    places(&mut mentions, &|_, _, _| None);
    mentions.into_iter().map(|mention| mention.places).collect()
}

#[track_caller]
fn check_in(region: &str, territory: &str, expected: &[&str]) {
    let region = Some(region).filter(|region| !region.is_empty());
    let found = read(&[territory], region).remove(0);
    assert_eq!(
        found.iter().map(written).collect::<Vec<_>>(),
        expected,
        "{territory}"
    );
}

#[track_caller]
fn check(territory: &str, expected: &[&str]) {
    check_in("", territory, expected);
}

#[test]
fn the_region_decides_between_towns_of_one_name() {
    check_in(
        "Bretagne",
        "Saint-Malo, Moulins",
        &["Saint-Malo=35288", "Moulins=35198"],
    );
    check_in("Martinique", "Sainte-Marie", &["Sainte-Marie=97228"]);
    check_in(
        "La Réunion",
        "Saint-Denis et Saint-Pierre",
        &["Saint-Denis=97411", "Saint-Pierre=97416"],
    );
    check_in(
        "Auvergne-Rhône-Alpes",
        "Vienne, Bourgoin-Jallieu",
        &["Vienne=38544", "Bourgoin-Jallieu=38053"],
    );
}

#[test]
fn neighbours_decide_between_towns_of_one_name() {
    check(
        "Grenoble, Fontaine, Échirolles",
        &["Grenoble=38185", "Fontaine=38169", "Échirolles=38151"],
    );
    check("Deux-Sèvres et Vienne", &["Deux-Sèvres=79", "Vienne=86"]);
    check_in(
        "Hauts-de-France",
        "Lambersart, Saint-André, Marquette",
        &["Lambersart=59328", "Saint-André=59527", "Marquette=59386"],
    );
}

#[test]
fn what_stands_beside_a_name_decides() {
    check("Saint-Denis (93)", &["Saint-Denis=93066"]);
    check("97400 Saint-Denis", &["Saint-Denis=97411"]);
    check("12 rue de Paris, 59100 Roubaix", &["Roubaix=59512"]);
    check(
        "Oloron (Pyrénées-Atlantiques)",
        &["Oloron=64422", "Pyrénées-Atlantiques=64"],
    );
    check("Lille (Belgique)", &["Lille<BE", "Belgique"]);
    check("69003 Lyon, Sénégal", &["Lyon=69123", "Sénégal"]);
}

#[test]
fn what_nothing_decides_stays_open() {
    check("Saint-Denis", &["Saint-Denis?97411|93066|11339|30247"]);
    check("Vienne", &["Vienne?86|38544"]);
    check("Montagne", &["Montagne?33290|38245"]);
    check("Évry", &["Évry?91228|89162"]);
    check_in("Hauts-de-France", "Marquette", &["Marquette?59386|59387"]);
    check("Nogent", &["Nogent?94052|52353"]);
}

#[test]
fn all_places_of_a_document_decide() {
    let found = read(&["Lozère", "Aveyron", "Tarn", "Mayenne"], None);
    assert_eq!(
        found
            .last()
            .map(|places| places.iter().map(written).collect()),
        Some(vec!["Mayenne=53".to_owned()])
    );
    let found = read(&["Brest", "Rennes", "Vannes", "Sainte-Marie"], None);
    assert_eq!(
        found
            .last()
            .map(|places| places.iter().map(written).collect()),
        Some(vec!["Sainte-Marie=35294".to_owned()])
    );
}

#[test]
fn heads_say_what_a_name_is() {
    check(
        "Arrondissement de Saint-Quentin",
        &["Arrondissement de Saint-Quentin=023"],
    );
    check(
        "Communauté d'agglomération de Cholet",
        &["Communauté d'agglomération de Cholet=200071678"],
    );
    check(
        "Eurométropole de Strasbourg",
        &["Eurométropole de Strasbourg=246700488"],
    );
    check("Département de la Loire", &["Département de la Loire=42"]);
    check("Départements 2A et 2B", &["Départements 2A=2A", "2B=2B"]);
    check("Ville de Paris", &["Ville de Paris=75056"]);
    check(
        "13e arrondissement de Paris",
        &["13e arrondissement de Paris=75113"],
    );
    check(
        "Lyon 8e, Villeurbanne",
        &["Lyon 8e=69388", "Villeurbanne=69266"],
    );
    check(
        "EPT Grand-Orly Seine Bièvre",
        &["EPT Grand-Orly Seine Bièvre=200058014"],
    );
}

#[test]
fn usual_areas_come_near() {
    check(
        "Valenciennois et Thierache",
        &["Valenciennois~596", "Thierache~025"],
    );
    check(
        "Bassins d'emploi de Rennes et Brest",
        &["Bassins d'emploi de Rennes~353", "Brest~291"],
    );
    check(
        "Agglomération lyonnaise",
        &["Agglomération lyonnaise~200046977"],
    );
    check("Grand Lyon", &["Grand Lyon~200046977"]);
    check("Picardie", &["Picardie~02+60+80"]);
    check("Pays de Caux", &["Pays de Caux"]);
}

#[test]
fn initials_are_the_unit() {
    check("MEL, IDF et PACA", &["MEL=200093201", "IDF=11", "PACA=93"]);
    check_in("Hauts-de-France", "CAPSO", &["CAPSO=200069037"]);
    check("CAPSO", &["CAPSO=200069037"]);
}

#[test]
fn parts_have_a_parent() {
    check(
        "Lille Fives, Bordeaux Nord",
        &["Lille Fives<59350", "Bordeaux Nord<33063"],
    );
    check(
        "quartier Saint-Michel à Bordeaux",
        &["quartier Saint-Michel<33063", "Bordeaux=33063"],
    );
    check(
        "Marcq-en-Baroeul (QPV Briqueterie)",
        &["Marcq-en-Baroeul=59378", "QPV Briqueterie<59378"],
    );
    check_in("Occitanie", "Sud Aveyron", &["Sud Aveyron<12"]);
    check("Nord-Est de Tourcoing", &["Nord-Est de Tourcoing<59599"]);
    check("Nord, Pas-de-Calais", &["Nord=59", "Pas-de-Calais=62"]);
    check("vallée de l'Oise", &["vallée de l'Oise"]);
}

#[test]
fn names_are_written_in_many_ways() {
    check(
        "du Havre et du Lamentin",
        &["Havre=76351", "Lamentin=97213"],
    );
    check(
        "St-Etienne, Chalon s/ Saône",
        &["St-Etienne=42218", "Chalon s/ Saône=71076"],
    );
    check("NOEUX LES MINES", &["NOEUX LES MINES=62617"]);
    check(
        "Carvin-Lens et Lille – Roubaix",
        &["Carvin=62215", "Lens=62498", "Lille=59350", "Roubaix=59512"],
    );
    check(
        "Lille Lomme Hellemmes",
        &["Lille=59350", "Lomme=59355", "Hellemmes=59298"],
    );
    check("Montpelier", &["Montpelier=34172"]);
    check("CEAUX -D'ALLEGRE", &["CEAUX -D'ALLEGRE=43043"]);
    check("7 quai Nord, 71100 CHALON", &["CHALON=71076"]);
    check("69150 Décines", &["69150=69275"]);
    check("69150, ZA du Parc", &["69150=69275"]);
    check_in("Bretagne", "Saint Briec", &["Saint Briec=22278"]);
    check("Florac", &["Florac=48061"]);
    check_in("Normandie", "Vire", &["Vire=14762"]);
    check_in(
        "Hauts-de-France",
        "Roubiax, Arcques",
        &["Roubiax=59512", "Arcques=62040"],
    );
}

#[test]
fn a_letter_that_was_put_right_is_doubtful() {
    let mut mentions = ["Roubiax", "Roubaix", "Oloron (64)"].map(|territory| Mention {
        territory: Some(territory.to_owned()),
        region: Some("Hauts-de-France".to_owned()).filter(|_| territory.starts_with("Roub")),
        confidence: [("/territory".to_owned(), 0.97)].into(),
        ..Mention::default()
    });
    places(&mut mentions, &|_, _, _| None);
    let found = mentions.map(|mention| {
        let code = mention.places[0].code.clone().unwrap();
        (code, mention.confidence["/places/0"])
    });
    let expected = [("59512", 0.5), ("59512", 0.97), ("64422", 0.97)];
    assert_eq!(found, expected.map(|(code, sure)| (code.to_owned(), sure)));
}

#[test]
fn generic_words_are_no_places() {
    check("QPV et zones rurales", &[]);
    check("Zones de compétences des Centres sociaux", &[]);
    check("couture", &[]);
    check("Trévoux-Marans", &["Trévoux-Marans"]);
    check("07/12", &[]);
    check("Expérimentation Marseille", &["Marseille=13055"]);
}

#[test]
fn france_and_abroad_have_no_codes() {
    check("France entière et DOM", &["France entière", "DOM"]);
    check("Sénégal, Suisse", &["Sénégal", "Suisse"]);
    assert_eq!(read(&["Bruxelles (Belgique)"], None)[0][0].kind, "etranger");
}

#[test]
fn where_a_project_goes_next_is_an_extension() {
    let roles: Vec<String> = read(&["IDF puis extension à Lyon et Lille"], None)
        .remove(0)
        .into_iter()
        .map(|place| place.role)
        .collect();
    assert_eq!(roles, ["scope", "extension", "extension"]);
}

#[test]
fn a_body_of_a_town_is_there() {
    let mut mentions = ["Ville de Lorient", "Les Amis de Lorient"].map(|name| Mention {
        name: Some(name.to_owned()),
        ..Mention::default()
    });
    places(&mut mentions, &|_, _, _| None);
    let found: Vec<Vec<(&str, Option<&str>)>> = (mentions.iter())
        .map(|mention| {
            mention
                .places
                .iter()
                .map(|place| (place.role.as_str(), place.code.as_deref()))
                .collect()
        })
        .collect();
    assert_eq!(found, [vec![("seat", Some("56121"))], vec![]]);
}

#[test]
fn the_name_of_the_organisation_decides_what_is_open() {
    let mut mentions = [Mention {
        name: Some("Mission locale de Saint-Paul, La Réunion".to_owned()),
        territory: Some("Saint-Denis".to_owned()),
        ..Mention::default()
    }];
    places(&mut mentions, &|_, _, _| None);
    assert_eq!(
        mentions[0].places.iter().map(written).collect::<Vec<_>>(),
        ["Saint-Denis=97411"]
    );
}

#[test]
fn a_place_with_a_code_has_a_point() {
    let territory = "59000, Morlaix, Douaisis, Bretagne, Saint-Denis, centre-ville de Brest";
    let places = read(&[territory], None).remove(0);
    let points: Vec<(&str, Option<[f64; 2]>)> = (places.iter())
        .map(|place| (place.text.as_str(), place.point))
        .collect();
    assert_eq!(
        points,
        [
            ("59000", Some([3.06, 50.63])),
            ("Morlaix", Some([-3.83, 48.58])),
            ("Douaisis", Some([3.16, 50.38])),
            ("Bretagne", Some([-2.85, 48.16])),
            ("Saint-Denis", None),
            ("centre-ville de Brest", None),
        ]
    );
}
