use super::*;

#[track_caller]
fn check(text: &str, expected: &[(&str, &str, &str)]) {
    let found = periods(text);
    let found: Vec<(String, String, String)> = found
        .into_iter()
        .map(|(period, range)| {
            assert_eq!(text.get(range), Some(period.text.as_str()));
            let days = [period.start, period.end].map(Option::unwrap_or_default);
            (period.text, days.join("/"), period.precision)
        })
        .collect();
    let found: Vec<(&str, &str, &str)> = (found.iter())
        .map(|(text, days, precision)| (text.as_str(), days.as_str(), precision.as_str()))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn days() {
    check(
        "Au 31/03/2018",
        &[("31/03/2018", "2018-03-31/2018-03-31", "day")],
    );
    check(
        "le 31.03.2018.",
        &[("31.03.2018", "2018-03-31/2018-03-31", "day")],
    );
    check(
        "2018-03-31",
        &[("2018-03-31", "2018-03-31/2018-03-31", "day")],
    );
    check(
        "lundi 1er juin 2020 à 14 h",
        &[("1er juin 2020", "2020-06-01/2020-06-01", "day")],
    );
    check(
        "May 7, 2021",
        &[("May 7, 2021", "2021-05-07/2021-05-07", "day")],
    );
    check(
        "29 février 2020",
        &[("29 février 2020", "2020-02-29/2020-02-29", "day")],
    );
    check("31/02/2018, 29 février 2021, 05/31/2018", &[]);
}

#[test]
fn stretches() {
    check(
        "du 7 mai au 23 juin 2021",
        &[("du 7 mai au 23 juin 2021", "2021-05-07/2021-06-23", "day")],
    );
    check(
        "du 7 au 23 juin 2021",
        &[("du 7 au 23 juin 2021", "2021-06-07/2021-06-23", "day")],
    );
    check(
        "du 15 décembre au 3 janvier 2022",
        &[(
            "du 15 décembre au 3 janvier 2022",
            "2021-12-15/2022-01-03",
            "day",
        )],
    );
    check(
        "septembre 2019 – juin 2020",
        &[(
            "septembre 2019 – juin 2020",
            "2019-09-01/2020-06-30",
            "month",
        )],
    );
    check(
        "entre 2018 et 2020",
        &[("entre 2018 et 2020", "2018-01-01/2020-12-31", "year")],
    );
    check(
        "2017-2021",
        &[("2017-2021", "2017-01-01/2021-12-31", "year")],
    );
    check(
        "2021/2022",
        &[("2021/2022", "2021-01-01/2022-12-31", "year")],
    );
    check("du 5 juin 2021 au 3 mai 2020", &[]);
}

#[test]
fn lists() {
    check(
        "juillet et août 2023",
        &[
            ("juillet", "2023-07-01/2023-07-31", "month"),
            ("août 2023", "2023-08-01/2023-08-31", "month"),
        ],
    );
    check(
        "7 et 14 juin 2021",
        &[
            ("7", "2021-06-07/2021-06-07", "day"),
            ("14 juin 2021", "2021-06-14/2021-06-14", "day"),
        ],
    );
}

#[test]
fn parts_of_a_year() {
    check(
        "fin 2017",
        &[("fin 2017", "2017-09-01/2017-12-31", "approximate")],
    );
    check(
        "mi-juin 2021",
        &[("mi-juin 2021", "2021-06-11/2021-06-20", "approximate")],
    );
    check(
        "été 2024",
        &[("été 2024", "2024-06-01/2024-08-31", "season")],
    );
    check(
        "2e trimestre 2021",
        &[("2e trimestre 2021", "2021-04-01/2021-06-30", "month")],
    );
    check(
        "hiver 2020-2021",
        &[("hiver 2020-2021", "2020-12-01/2021-02-28", "approximate")],
    );
    check(
        "année scolaire 2021/2022",
        &[("scolaire 2021/2022", "2021-09-01/2022-08-31", "approximate")],
    );
    check(
        "courant 2021",
        &[("2021", "2021-01-01/2021-12-31", "approximate")],
    );
}

#[test]
fn open_stretches() {
    check(
        "jusqu'au 31 mars 2018",
        &[("jusqu'au 31 mars 2018", "/2018-03-31", "day")],
    );
    check("depuis 2018", &[("depuis 2018", "2018-01-01/", "year")]);
    check(
        "à partir de mai 2020",
        &[("à partir de mai 2020", "2020-05-01/", "month")],
    );
    check("dès 2020", &[("dès 2020", "2020-01-01/", "year")]);
    check(
        "d'ici fin 2022",
        &[("d'ici fin 2022", "/2022-12-31", "approximate")],
    );
}

#[test]
fn what_may_mean_two_things_is_no_date() {
    check(
        "hiver 2021, 2011-12, avant 2020, du 7 mai au 23 juin, 12 h, n°12021",
        &[],
    );
    check(
        "décembre et janvier 2022",
        &[("janvier 2022", "2022-01-01/2022-01-31", "month")],
    );
}
