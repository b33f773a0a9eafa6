//! From rows to columns, as the format's model has it (Melnik and others, « Dremel », 2010): each value of a leaf with how deep it is defined and at which depth it
//! repeats.

use parquet::basic::{ConvertedType, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::schema::types::Type;
use serde_json::Value;

/// Columns that are being filled, in the order of the schema's leaves.
pub(super) struct Columns {
    fields: Vec<(String, Node)>,
    leaves: Vec<Leaf>,
}

/// A part of the schema. Everything is optional, and what repeats is a list.
enum Node {
    /// The number of a leaf.
    Leaf(usize),
    Group(Vec<(String, Node)>),
    /// What it holds, and how deep in lists that is.
    List(Box<Node>, i16),
}

struct Leaf {
    values: Values,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Number(Vec<f64>),
    Whole(Vec<i64>),
    Flag(Vec<bool>),
}

impl Columns {
    /// Empty columns.
    pub(super) fn new(schema: &Type) -> Result<Self> {
        let mut leaves = Vec::new();
        let fields = nodes(schema, 0, &mut leaves)?;
        Ok(Self { fields, leaves })
    }

    /// Adds a row. A field that the schema does not have is left out.
    pub(super) fn add(&mut self, row: &Value) -> Result<()> {
        for (name, node) in &self.fields {
            add(node, row.get(name), 0, 0, &mut self.leaves)?;
        }
        Ok(())
    }

    /// Writes the column of a leaf.
    pub(super) fn write(&self, number: usize, writer: &mut ColumnWriter<'_>) -> Result<()> {
        let leaf = self.leaves.get(number).ok_or_else(|| mismatch("a leaf"))?;
        let levels = (
            Some(leaf.definitions.as_slice()),
            Some(leaf.repetitions.as_slice()),
        );
        match (&leaf.values, writer) {
            (Values::Text(values), ColumnWriter::ByteArrayColumnWriter(writer)) => {
                writer.write_batch(values, levels.0, levels.1)
            }
            (Values::Number(values), ColumnWriter::DoubleColumnWriter(writer)) => {
                writer.write_batch(values, levels.0, levels.1)
            }
            (Values::Whole(values), ColumnWriter::Int64ColumnWriter(writer)) => {
                writer.write_batch(values, levels.0, levels.1)
            }
            (Values::Flag(values), ColumnWriter::BoolColumnWriter(writer)) => {
                writer.write_batch(values, levels.0, levels.1)
            }
            _ => Err(mismatch("a column")),
        }?;
        Ok(())
    }
}

/// The fields of a group.
fn nodes(group: &Type, depth: i16, leaves: &mut Vec<Leaf>) -> Result<Vec<(String, Node)>> {
    let fields = group.get_fields().iter();
    fields
        .map(|field| Ok((field.name().to_owned(), node(field, depth, leaves)?)))
        .collect()
}

fn node(field: &Type, depth: i16, leaves: &mut Vec<Leaf>) -> Result<Node> {
    if field.is_primitive() {
        let values = match field.get_physical_type() {
            Physical::BYTE_ARRAY => Values::Text(Vec::new()),
            Physical::DOUBLE => Values::Number(Vec::new()),
            Physical::INT64 => Values::Whole(Vec::new()),
            Physical::BOOLEAN => Values::Flag(Vec::new()),
            _ => return Err(mismatch(field.name())),
        };
        leaves.push(Leaf {
            values,
            definitions: Vec::new(),
            repetitions: Vec::new(),
        });
        return Ok(Node::Leaf(leaves.len() - 1));
    }
    if field.get_basic_info().converted_type() != ConvertedType::LIST {
        return Ok(Node::Group(nodes(field, depth, leaves)?));
    }
    // optional group NAME (LIST) { repeated group list { optional … element } }
    let repeated = field.get_fields().first();
    let element = repeated.and_then(|repeated| repeated.get_fields().first());
    let element = element.ok_or_else(|| mismatch(field.name()))?;
    Ok(Node::List(
        Box::new(node(element, depth + 1, leaves)?),
        depth + 1,
    ))
}

/// Adds a value: all above it are defined to this level, and it repeats at that depth.
fn add(
    node: &Node,
    value: Option<&Value>,
    definition: i16,
    repetition: i16,
    leaves: &mut [Leaf],
) -> Result<()> {
    let value = value.filter(|value| !value.is_null());
    match node {
        Node::Leaf(number) => {
            let leaf = leaves.get_mut(*number).ok_or_else(|| mismatch("a leaf"))?;
            leaf.repetitions.push(repetition);
            leaf.definitions
                .push(definition + i16::from(value.is_some()));
            value.map_or(Ok(()), |value| leaf.values.push(value))
        }
        Node::Group(fields) => {
            let inner = definition + i16::from(value.is_some());
            for (name, field) in fields {
                let part = value.and_then(|value| value.get(name));
                add(field, part, inner, repetition, leaves)?;
            }
            Ok(())
        }
        Node::List(element, depth) => {
            let items = value.and_then(Value::as_array);
            let Some((first, others)) = items.and_then(|items| items.split_first()) else {
                let inner = definition + i16::from(items.is_some());
                return missing(element, inner, repetition, leaves);
            };
            // The list is there, and so is an item of it.
            let inner = definition + 2;
            add(element, Some(first), inner, repetition, leaves)?;
            (others.iter()).try_for_each(|item| add(element, Some(item), inner, *depth, leaves))
        }
    }
}

/// Nothing below a list that has no item.
fn missing(node: &Node, definition: i16, repetition: i16, leaves: &mut [Leaf]) -> Result<()> {
    match node {
        Node::Leaf(_) => add(node, None, definition, repetition, leaves),
        Node::Group(fields) => fields
            .iter()
            .try_for_each(|(_, field)| missing(field, definition, repetition, leaves)),
        Node::List(element, _) => missing(element, definition, repetition, leaves),
    }
}

impl Values {
    fn push(&mut self, value: &Value) -> Result<()> {
        let pushed = match self {
            Self::Text(values) => value.as_str().map(|text| values.push(text.into())),
            Self::Number(values) => value.as_f64().map(|number| values.push(number)),
            Self::Whole(values) => value.as_i64().map(|number| values.push(number)),
            Self::Flag(values) => value.as_bool().map(|flag| values.push(flag)),
        };
        pushed.ok_or_else(|| mismatch(&value.to_string()))
    }
}

/// The rows and the schema are both ours: where they differ, the program is wrong.
fn mismatch(what: &str) -> ParquetError {
    ParquetError::General(format!("{what} is not as the schema has it"))
}

#[cfg(test)]
mod tests {
    use parquet::schema::parser::parse_message_type;
    use serde_json::json;

    use super::*;

    /// The levels of the only leaf, for some rows.
    #[track_caller]
    fn check(schema: &str, rows: &[Value], definitions: &[i16], repetitions: &[i16]) {
        let schema = parse_message_type(&format!("message m {{ {schema} }}")).unwrap();
        let mut columns = Columns::new(&schema).unwrap();
        for row in rows {
            columns.add(row).unwrap();
        }
        assert_eq!(columns.leaves[0].definitions, definitions);
        assert_eq!(columns.leaves[0].repetitions, repetitions);
    }

    #[test]
    fn a_list_may_be_absent_empty_or_hold_nothing() {
        check(
            "optional group a (LIST) { repeated group list { optional int64 element; } }",
            &[
                json!({}),
                json!({"a": []}),
                json!({"a": [null]}),
                json!({"a": [1, 2]}),
            ],
            &[0, 1, 2, 3, 3],
            &[0, 0, 0, 0, 1],
        );
    }

    #[test]
    fn a_list_in_a_list_repeats_deeper() {
        check(
            "optional group a (LIST) { repeated group list { optional group element { optional group b (LIST) { repeated group list { optional int64 element; } } } } }",
            &[
                json!({"a": [{"b": [1, 2]}, {"b": []}, {}]}),
                json!({"a": []}),
            ],
            // a, its item, the item’s group, b, its item, the number.
            &[6, 6, 4, 3, 1],
            &[0, 2, 1, 1, 0],
        );
    }

    #[test]
    fn a_value_of_another_type_is_an_error() {
        let schema = parse_message_type("message m { optional int64 a; }").unwrap();
        let mut columns = Columns::new(&schema).unwrap();
        assert!(columns.add(&json!({"a": "1"})).is_err());
    }
}
