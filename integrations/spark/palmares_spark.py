"""Palmarès on Spark: documents read, and records linked, on as many machines as there are.

    spark-submit palmares_spark.py extract STORE -o mentions.ndjson
    spark-submit palmares_spark.py link mentions.ndjson -o linked

The command `palmares` does the work, one process for each task, and says nothing else than on one machine: the output is that of `palmares extract`
and `palmares link`, byte for byte, however the work is spread. Spark shuffles, joins and sorts. docs/scale.md tells the way and what it costs.
"""

from __future__ import annotations

import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

ATTEMPTS = 3
"""How often a document is sent to a fresh process before it is given up: reading it is watched by `palmares` itself, so this is for what ends the process."""
DOCUMENTS_AT_A_TIME = 16
"""Documents that a task holds in memory."""
LINES_AT_A_TIME = 4096


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--palmares", default=os.environ.get("PALMARES", "palmares"), help="the command, on every machine")
    parser.add_argument("--partitions", type=int, default=64, help="tasks that a stage is parted into; a task of linking holds its records in memory")
    commands = parser.add_subparsers(dest="command", required=True)
    extracting = commands.add_parser("extract", help="read the documents of a store")
    extracting.add_argument("store", help="a folder, as Spark names it")
    extracting.add_argument("-o", "--output", type=Path, default=Path("mentions.ndjson"))
    linking = commands.add_parser("link", help="link the records of a file of NDJSON")
    linking.add_argument("records", type=Path, help="the file, at a path that every machine has")
    linking.add_argument("-o", "--output", type=Path, default=Path("linked"))
    options = parser.parse_args(arguments)
    spark = SparkSession.builder.appName(f"palmares {options.command}").getOrCreate()
    spark.conf.set("spark.sql.shuffle.partitions", options.partitions)
    try:
        if options.command == "extract":
            failed = extract(spark, options)
        else:
            failed = link(spark, options)
    finally:
        spark.stop()
    return 1 if failed else 0


# Documents


def extract(spark: SparkSession, options: argparse.Namespace) -> int:
    """Reads every document of the store; how many failed. The same bytes under several paths are one document, as in `palmares run`."""
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", DOCUMENTS_AT_A_TIME)
    files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(options.store)
    base = os.path.dirname(options.store.rstrip("/"))
    name = f.expr(f"substring(path, locate('{base}/', path) + {len(base) + 1})") if base else f.col("path")
    named = files.select(name.alias("name"), "content")
    first = named.groupBy(f.sha2("content", 256)).agg(f.min("name").alias("name")).select("name")
    documents = named.join(first, "name").repartition(options.partitions, "name")
    palmares = options.palmares
    read = documents.mapInArrow(lambda batches: read_documents(palmares, batches), "name string, at int, line string, error string").cache()
    # Folders are in the order of their names, not of the whole path.
    mentions = read.filter("line is not null").orderBy(f.split("name", "/"), "at")
    write_lines(options.output, mentions.select("line"))
    failed = 0
    for row in read.filter("error is not null").orderBy("name").toLocalIterator():
        failed += 1
        print(f"error: {row.name}: {row.error}", file=sys.stderr)
    return failed


def read_documents(palmares: str, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The mentions of documents, by one process that is started anew where it ends."""
    process: subprocess.Popen[bytes] | None = None
    for batch in batches:
        rows: list[tuple[str, int, str | None, str | None]] = []
        for name, content in zip(batch.column("name").to_pylist(), batch.column("content").to_pylist()):
            for attempt in range(ATTEMPTS):
                process = process or subprocess.Popen([palmares, "extract", "--stdin-stream", "--quiet", "-j1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                try:
                    answer, lines = ask(process, name.encode(), content)
                except (OSError, EOFError) as error:
                    process.kill()
                    process.wait()
                    process = None
                    if attempt + 1 == ATTEMPTS:
                        rows.append((name, 0, None, f"the process that read it ended: {error}"))
                    continue
                rows += [(name, at, line, None) for at, line in enumerate(lines)]
                if answer["error"] is not None:
                    rows.append((name, 0, None, answer["error"]))
                break
        yield table(rows, pa.schema([("name", pa.string()), ("at", pa.int32()), ("line", pa.string()), ("error", pa.string())]))
    if process is not None:
        process.communicate()


def ask(process: subprocess.Popen[bytes], name: bytes, content: bytes) -> tuple[dict, list[str]]:
    """What the process answers to a document: a line that says how many records follow, and these."""
    assert process.stdin and process.stdout
    process.stdin.write(struct.pack(">I", len(name)) + name + struct.pack(">I", len(content)))
    process.stdin.write(content)
    process.stdin.flush()

    def line() -> str:
        read = process.stdout.readline()
        if not read.endswith(b"\n"):
            raise EOFError("no answer")
        return read[:-1].decode()

    answer = json.loads(line())
    return answer, [line() for _ in range(answer["lines"])]


# Records


def link(spark: SparkSession, options: argparse.Namespace) -> int:
    """Links the records of a file."""
    palmares, n = options.palmares, options.partitions
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", LINES_AT_A_TIME)
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="palmares-") as folder:
        statistics = Path(folder, f"statistics-{os.getpid()}.json")
        # Here, once, all records are in the memory of one machine.
        subprocess.run([palmares, "link", str(options.records), "--statistics", str(statistics)], check=True)
        spark.sparkContext.addFile(str(statistics))

        def through(frame: DataFrame, *arguments: str, statistics: str | None = statistics.name) -> DataFrame:
            """The lines of each partition through a process."""
            return frame.mapInArrow(lambda batches: pipe(palmares, arguments, statistics, batches), "line string")

        lines = spark.sparkContext.textFile(str(options.records), n).filter(lambda line: line.strip() != "").zipWithIndex()
        records = lines.map(lambda line: (line[1] + 1, f'{{"row":{line[1] + 1},"record":{line[0]}}}')).toDF("row int, record string").cache()

        # The keys of each record; of the records of a key, the pairs.
        keys = through(records.select(f.col("record").alias("line")), "keys").cache()
        is_key = f.col("line").startswith('{"key"')
        ids = keys.filter(~is_key).select(f.from_json("line", "row int, id string, copy_of string").alias("known")).select("known.*")
        ids = ids.join(records, "row").cache()
        by_key = keys.filter(is_key).withColumn("key", f.substring("line", 9, 16)).repartition(n, "key").sortWithinPartitions("key")
        found = through(by_key.select("line"), "keys", "--pairs", statistics=None)
        found = found.select(f.from_json("line", "a string, b string, blocked_by array<string>").alias("pair")).select("pair.*")
        pairs = found.groupBy("a", "b").agg(f.array_sort(f.array_distinct(f.flatten(f.collect_list("blocked_by")))).alias("blocked_by"))

        # Every pair weighed, beside its records: a partition has each record once.
        pair = f.to_json(f.struct("a", "b", "blocked_by"))
        sides = pairs.select("a", "b", pair.alias("pair")).repartition(n, "a")
        sides = sides.join(ids.select(f.col("id").alias("a"), f.col("record").alias("of_a")), "a")
        sides = sides.join(ids.select(f.col("id").alias("b"), f.col("record").alias("of_b")), "b").repartition(n, "a")
        weighed = through(sides.select("pair", "of_a", "of_b"), "score")
        joins = f.col("line").startswith('{"joins":true')
        weighed = weighed.select(joins.alias("joins"), f.regexp_extract("line", r'^\{"joins":(?:true|false),"link":(.*)\}$', 1).alias("link"))
        sides = f.from_json("link", "a string, b string")
        weighed = weighed.withColumn("a", sides["a"]).withColumn("b", sides["b"]).cache()

        # Connected sets, on the driver: only records that are connected with another take memory there.
        edges = weighed.filter("joins").select("a", "b").union(ids.filter("copy_of is not null").select("copy_of", "id"))
        sets = spark.createDataFrame(connected((row.a, row.b) for row in edges.collect()) or [("", "")], "id string, set string")
        placed = ids.join(sets, "id", "left").select("id", "record", f.coalesce("set", "id").alias("set")).cache()
        set_of = placed.select("id", "set")
        held = weighed.join(set_of.toDF("a", "set_of_a"), "a").join(set_of.toDF("b", "set_of_b"), "b")
        within = held.filter("set_of_a = set_of_b").select(f.col("set_of_a").alias("set"), f.col("link").alias("line"))
        whole = placed.select("set", f.col("record").alias("line")).union(within).repartition(n, "set")
        merged = through(whole.select("line"), "merge").cache()

        is_laureate = f.col("line").startswith('{"row":')
        laureates = merged.filter(is_laureate).select(
            f.regexp_extract("line", r'^\{"row":(\d+),"laureate":(.*)\}$', 1).cast("long").alias("row"),
            f.regexp_extract("line", r'^\{"row":(\d+),"laureate":(.*)\}$', 2).alias("line"),
        )
        write_lines(options.output / "laureates.ndjson", laureates.orderBy("row").select("line"))
        links = merged.filter(~is_laureate).select(f.regexp_extract("line", r'^\{"link":(.*)\}$', 1).alias("link"))
        links = links.union(held.filter("set_of_a != set_of_b").select("link"))
        sides = f.from_json("link", "a string, b string")
        write_lines(options.output / "links.ndjson", links.orderBy(sides["a"], sides["b"]).select("link"))
    return 0


def pipe(palmares: str, arguments: Iterable[str], statistics: str | None, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The lines of a partition through a process, each line once. A task whose process fails, fails: Spark tries it again."""
    command = [palmares, *arguments]
    if statistics is not None:
        command += ["--statistics", SparkFiles.get(statistics)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin and process.stdout
    failures: list[BaseException] = []

    def feed() -> None:
        seen: set[str] = set()
        several = False
        try:
            with process.stdin as given:
                for batch in batches:
                    several = several or batch.num_columns > 1
                    for row in zip(*(column.to_pylist() for column in batch.columns)):
                        for line in row:
                            # Of pairs with their records, many have one record.
                            if several and line in seen:
                                continue
                            if several:
                                seen.add(line)
                            given.write(line.encode() + b"\n")
        except BaseException as failure:
            failures.append(failure)

    feeding = threading.Thread(target=feed)
    feeding.start()
    schema = pa.schema([("line", pa.string())])
    lines: list[tuple[str]] = []
    try:
        for line in process.stdout:
            lines.append((line[:-1].decode(),))
            if len(lines) >= LINES_AT_A_TIME:
                yield table(lines, schema)
                lines = []
        feeding.join()
        if process.wait() != 0 or failures:
            raise RuntimeError(f"{' '.join(command)}: ended with {process.returncode} {failures}")
    finally:
        process.kill()
        process.wait()
    yield table(lines, schema)


def connected(edges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """For each that an edge names, the smallest of those connected with it."""
    parent: dict[str, str] = {}

    def root(of: str) -> str:
        while (up := parent.setdefault(of, of)) != of:
            parent[of] = of = parent[up]
        return of

    for a, b in edges:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return [(of, root(of)) for of in list(parent)]


def table(rows: list[tuple], schema: pa.Schema) -> pa.RecordBatch:
    columns = list(zip(*rows)) or [()] * len(schema)
    return pa.record_batch([pa.array(column, field.type) for column, field in zip(columns, schema)], schema=schema)


def write_lines(path: Path, lines: DataFrame) -> None:
    """The lines of a sorted frame, into a file that is whole or not there."""
    fresh = path.with_name(path.name + ".fresh")
    with fresh.open("w", encoding="utf-8", newline="") as out:
        for (line,) in lines.toLocalIterator():
            out.write(line + "\n")
    fresh.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
