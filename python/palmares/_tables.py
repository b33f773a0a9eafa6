"""Records as tables of other packages, which are asked for only here and only when they are needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from palmares._command import ask

if TYPE_CHECKING:
    import pandas
    import pyarrow


def to_pandas(schema: str, records: Sequence[Mapping[str, Any]]) -> pandas.DataFrame:
    """A row for each record; what has parts becomes a column for each of them."""
    pd: Any = _package("pandas", "pandas")
    columns = [(name, tuple(_resolved(schema, described).get("properties", ()))) for name, described in _schema(schema)["properties"].items()]
    table: dict[str, list[Any]] = {}
    for name, parts in columns:
        values = [record.get(name) for record in records]
        if not parts or name == "inferred":
            table[name] = values
        for part in parts if name != "inferred" else ():
            table[f"{name}_{part}"] = [value.get(part) if value else None for value in values]
    frame: pandas.DataFrame = pd.DataFrame(table)
    return frame


def to_arrow(schema: str, records: Sequence[Mapping[str, Any]]) -> pyarrow.Table:
    """A row for each record, of the types that the schema states."""
    pa: Any = _package("pyarrow", "arrow")
    described = _schema(schema)["properties"]
    columns = {name: (_arrow_type(pa, schema, of), [record.get(name) for record in records]) for name, of in described.items()}
    arrays = [pa.array([_shaped(pa, value, kind) for value in values], kind) for kind, values in columns.values()]
    table: pyarrow.Table = pa.Table.from_arrays(arrays, names=list(columns))
    return table


def to_rows(table: object) -> Iterable[Mapping[str, Any]]:
    """The rows of a table of pandas, pyarrow or polars, or of anything that is rows already."""
    for method, arguments in (("to_pylist", {}), ("to_dicts", {}), ("to_dict", {"orient": "records"})):
        if hasattr(table, method):
            rows: Iterable[Mapping[str, Any]] = getattr(table, method)(**arguments)
            return rows
    if isinstance(table, Iterable) and not isinstance(table, Mapping):
        return table
    raise TypeError(f"a table is rows, a DataFrame or a file of them, not {type(table).__name__}")


@cache
def _schema(name: str) -> dict[str, Any]:
    printed, _, _ = ask("schema", "--no-config", name)
    schema: dict[str, Any] = json.loads(printed)
    return schema


def _package(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ImportError(f"`{name}` is not installed\nhint: pip install 'palmares[{extra}]'", name=name) from error


def _resolved(schema: str, described: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is described, looked up where it is named, and without its being null."""
    alternatives = [one for one in described.get("anyOf", ()) if one.get("type") != "null"]
    if alternatives:
        return _resolved(schema, alternatives[0])
    if "$ref" in described:
        named: Mapping[str, Any] = _schema(schema)["$defs"][described["$ref"].rpartition("/")[2]]
        return _resolved(schema, named)
    return described


def _arrow_type(pa: Any, schema: str, described: Mapping[str, Any]) -> Any:
    described = _resolved(schema, described)
    kinds = described.get("type", "string")
    kind = next(one for one in ([kinds] if isinstance(kinds, str) else kinds) if one != "null")
    match kind:
        case "integer":
            return pa.int64()
        case "number":
            return pa.float64()
        case "boolean":
            return pa.bool_()
        case "array":
            return pa.list_(_arrow_type(pa, schema, described["items"]))
        case "object" if "properties" in described:
            return pa.struct([(name, _arrow_type(pa, schema, of)) for name, of in described["properties"].items()])
        case "object":
            return pa.map_(pa.string(), _arrow_type(pa, schema, described["additionalProperties"]))
        case _:
            return pa.string()


def _shaped(pa: Any, value: Any, kind: Any) -> Any:
    """A value as pyarrow takes it: maps as lists of pairs, and as text what may be of several types."""
    if value is None:
        return None
    if pa.types.is_map(kind):
        return [(key, _shaped(pa, item, kind.item_type)) for key, item in value.items()]
    if pa.types.is_list(kind):
        return [_shaped(pa, item, kind.value_type) for item in value]
    if pa.types.is_struct(kind):
        return {part.name: _shaped(pa, value.get(part.name), part.type) for part in kind}
    if pa.types.is_string(kind) and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return value
