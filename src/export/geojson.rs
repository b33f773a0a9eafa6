//! `GeoJSON` (RFC 7946): a feature for each laureate, at the points of its places. Documents name places and give no points: those are of the units whose codes places
//! have. What draws outlines joins on the codes, which are properties.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;
use serde_json::{Map, Value};

use super::csv::values;
use crate::model::laureate::Laureate;
use crate::model::mention::Place;
use crate::validate::Packed;

/// Between the codes of several places.
const SEPARATOR: &str = " | ";

#[derive(Serialize)]
struct Feature {
    r#type: &'static str,
    id: String,
    /// Null where the feature is unlocated (section 3.2).
    geometry: Option<Geometry>,
    properties: Map<String, Value>,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Point([f64; 2]),
    MultiPoint(Vec<[f64; 2]>),
}

/// Writes one feature a line, so that files of two runs can be compared.
pub(super) fn write(laureates: &[Packed<Laureate>], out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    for (index, laureate) in laureates.iter().enumerate() {
        out.write_all(if index > 0 { b",\n" } else { b"\n" })?;
        let record = laureate.unpack();
        let mut properties = values(&serde_json::from_str(laureate.line())?);
        properties.extend(codes(&record.places));
        let feature = Feature {
            r#type: "Feature",
            id: record.id,
            geometry: geometry(&record.places),
            properties,
        };
        serde_json::to_writer(&mut *out, &feature)?;
    }
    out.write_all(b"\n]}\n")
}

/// The points of places, each once.
fn geometry(places: &[Place]) -> Option<Geometry> {
    let mut points: Vec<[f64; 2]> = Vec::new();
    for point in places.iter().filter_map(|place| place.point) {
        if !points.contains(&point) {
            points.push(point);
        }
    }
    match points.as_slice() {
        [] => None,
        [point] => Some(Geometry::Point(*point)),
        _ => Some(Geometry::MultiPoint(points)),
    }
}

/// The codes of places by what they are, as `codes_commune`; those of usual names, which only stand for the place, as `codes_approximate`.
fn codes(places: &[Place]) -> impl Iterator<Item = (String, Value)> {
    let mut by_kind: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for place in places {
        if let Some(code) = &place.code {
            let kind = if place.approximate {
                "approximate"
            } else {
                &place.kind
            };
            by_kind
                .entry(format!("codes_{kind}"))
                .or_default()
                .push(code);
        }
    }
    by_kind
        .into_iter()
        .map(|(name, codes)| (name, codes.join(SEPARATOR).into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_feature_is_where_its_places_are() {
        let at = |points: &[Option<[f64; 2]>]| {
            let places = points.iter().map(|point| Place {
                point: *point,
                ..Place::default()
            });
            serde_json::to_value(geometry(&places.collect::<Vec<_>>())).unwrap()
        };
        let (brest, vannes) = ([-4.49, 48.39], [-2.76, 47.66]);
        assert_eq!(at(&[None]), Value::Null);
        assert_eq!(
            at(&[Some(brest), None, Some(brest)]),
            json!({ "type": "Point", "coordinates": brest })
        );
        assert_eq!(
            at(&[Some(brest), Some(vannes)]),
            json!({ "type": "MultiPoint", "coordinates": [brest, vannes] })
        );
    }

    #[test]
    fn sure_codes_are_apart_from_those_of_usual_names() {
        let place = |kind: &str, code: &str, approximate| Place {
            kind: kind.to_owned(),
            code: Some(code.to_owned()).filter(|code| !code.is_empty()),
            approximate,
            ..Place::default()
        };
        let places = [
            place("commune", "56121", false),
            place("pays", "593", true),
            place("other", "", false),
            place("commune", "56098", false),
        ];
        let codes: Vec<(String, Value)> = codes(&places).collect();
        assert_eq!(
            codes,
            [
                ("codes_approximate".to_owned(), "593".into()),
                ("codes_commune".to_owned(), "56121 | 56098".into()),
            ]
        );
    }
}
