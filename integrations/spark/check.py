"""A standalone cluster on loopback, a master and two workers, gives what one machine gives, though an executor is killed on the way.

    check.py PALMARES [RECORDS]

Two hundred documents are read, and some thousand records linked (of the generator of the shared folder, where that is; their mentions too). What the job writes
is compared with what `palmares run` and `palmares link` write, byte for byte.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyspark
from palmares_spark import read_documents

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = Path(os.environ.get("PALMARES_SHARED", ROOT / "../shared"))
SPARK = Path(pyspark.__file__).parent
DOCUMENTS = 200
PARTITIONS = 6
SECONDS_TO_START = 120


def main(palmares: str, n_records: int) -> None:
    with tempfile.TemporaryDirectory(prefix="palmares-spark-") as name:
        folder = Path(name)
        documents(folder / "store")
        restarted(folder, palmares)
        with cluster(folder) as (master, workers):
            run([palmares, "run", "-q", "--no-config", "-o", "run", "store"], folder, codes=(0, 1))
            job(folder, palmares, master, workers, "extract", [str(folder / "store"), "-o", "mentions.ndjson"], killed_in="extract")
            compare(folder / "run/mentions.ndjson", folder / "mentions.ndjson")
            records(folder, n_records)
            run([palmares, "link", "-q", "records.ndjson", "-o", "one"], folder)
            job(folder, palmares, master, workers, "link", ["records.ndjson", "-o", "many"], killed_in="score")
            for file in ("laureates.ndjson", "links.ndjson"):
                compare(folder / "one" / file, folder / "many" / file)


def restarted(folder: Path, palmares: str) -> None:
    """A process that ends within a document is started again, and nothing is lost; one that always does is told."""
    paths = sorted((folder / "store").glob("*.md"))[:3]
    schema = pa.schema([("name", pa.string()), ("content", pa.binary())])
    batch = pa.record_batch([[path.name for path in paths], [path.read_bytes() for path in paths]], schema=schema)

    def read(command: str) -> list[dict]:
        return [row for read in read_documents(command, [batch]) for row in read.to_pylist()]

    once = folder / "ends-once"
    once.write_text(f'#!/bin/sh\nmkdir "$0.was" 2> /dev/null && head -c 10 > /dev/null && exit 9\nexec "{palmares}" "$@"\n')
    always = folder / "ends-always"
    always.write_text("#!/bin/sh\nexit 9\n")
    for script in (once, always):
        script.chmod(0o755)
    well = read(palmares)
    if not any(row["line"] for row in well) or read(str(once)) != well:
        sys.exit("what a process lost was not read again")
    if [(row["name"], row["line"], row["error"] is None) for row in read(str(always))] != [(path.name, None, False) for path in paths]:
        sys.exit("documents that no process read are not told")
    print("a process that ends is started again")


def documents(store: Path) -> None:
    """Copies of the fixtures that are text, each with a sentence of its own, and the samples."""
    store.mkdir()
    texts = [path for path in sorted(ROOT.glob("fixtures/*/input.*")) if path.suffix in {".md", ".txt", ".html"}]
    samples = sorted(path for path in ROOT.glob("raw/*") if path.suffix in {".pdf", ".html"})
    for sample in samples:
        (store / sample.name).write_bytes(sample.read_bytes())
        # The same bytes under another path.
        (store / f"z-{sample.name}").write_bytes(sample.read_bytes())
    for number in range(DOCUMENTS - 2 * len(samples)):
        path = texts[number % len(texts)]
        own = f"\n\nDocument numéro {number}.\n".encode()
        (store / f"{number:03}{path.suffix}").write_bytes(path.read_bytes() + own)


def records(folder: Path, count: int) -> None:
    """The mentions of the documents, and records of the generator."""
    lines = (folder / "mentions.ndjson").read_text("utf-8").splitlines()
    generator = SHARED / "link/gen_orgs.py"
    if generator.is_file():
        run([sys.executable, str(generator), "--n", str(count), "--seed", "42", "--out", "orgs"], folder, quiet=True)
        with (folder / "orgs.csv").open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                read = {"id": row["rec_id"], "name": row["name"], "project": row["project_title"], "territory": row["territory"], "department": row["dept"], "list": row["source"]}
                lines.append(json.dumps({key: value for key, value in read.items() if value}, ensure_ascii=False))
    elif os.environ.get("CI") == "true":
        sys.exit(f"there is no {generator}")
    else:
        print(f"there is no {generator}: mentions alone are linked")
    (folder / "records.ndjson").write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines)} records")


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """The address of a master, and the processes of its two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"spark://127.0.0.1:{port}"
    daemon = "org.apache.spark.deploy."
    arguments = [[f"{daemon}master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"]]
    arguments += [[f"{daemon}worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(folder / f"work-{n}"), address] for n in range(2)]
    started = []
    try:
        for own in arguments:
            with (folder / f"daemon-{len(started)}.log").open("wb") as log:
                started.append(subprocess.Popen([SPARK / "bin/spark-class", *own], env=environment(), stdout=log, stderr=log))
            until(lambda: is_open(port), folder / "daemon-0.log")
        yield address, [process.pid for process in started[1:]]
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait()


def is_open(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def environment() -> dict[str, str]:
    return {**os.environ, "SPARK_HOME": str(SPARK), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m", "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}


def job(folder: Path, palmares: str, master: str, workers: list[int], command: str, arguments: list[str], killed_in: str) -> None:
    """Runs a job, and kills the executor under which `palmares KILLED_IN` is first seen."""
    settings = ["spark.ui.enabled=false", "spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1", "spark.task.maxFailures=8"]
    start = time.monotonic()
    submit = [SPARK / "bin/spark-submit", "--master", master, "--executor-memory", "640m", "--driver-memory", "640m", *(part for setting in settings for part in ("--conf", setting))]
    submit += [ROOT / "integrations/spark/palmares_spark.py", "--palmares", palmares, "--partitions", str(PARTITIONS), command, *arguments]
    with (folder / f"{command}.log").open("w+b") as log:
        running = subprocess.Popen(submit, cwd=folder, env=environment(), stdout=log, stderr=log)
        killed: list[int] = []
        watching = threading.Thread(target=kill_executor, args=(running, workers, palmares, killed_in, killed))
        watching.start()
        code = running.wait()
        watching.join()
        if code not in (0, 1) or not killed or not (folder / arguments[-1]).exists():
            log.seek(0)
            sys.stderr.buffer.write(log.read()[-8000:])
            sys.exit(f"{command}: exit code {code}, executors killed: {killed}")
    print(f"{command}: {time.monotonic() - start:.0f} s, executor {killed[0]} killed while `palmares {killed_in}` ran")


def kill_executor(running: subprocess.Popen[bytes], workers: list[int], palmares: str, command: str, killed: list[int]) -> None:
    while running.poll() is None:
        parents = {}
        lines = {}
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                try:
                    # The name of a program, in brackets, may hold anything.
                    parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
                    lines[int(process.name)] = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
                except OSError:
                    continue
        for pid, line in lines.items():
            if line[:2] == [palmares, command]:
                above = [pid]
                while above[-1] in parents:
                    above.append(parents[above[-1]])
                executor = [own for own in above if "org.apache.spark.executor.CoarseGrainedExecutorBackend" in lines.get(own, [])]
                if executor and set(above) & set(workers):
                    os.kill(executor[0], signal.SIGKILL)
                    killed.append(executor[0])
                    return
        time.sleep(0.02)


def run(command: list[str], folder: Path, codes: tuple[int, ...] = (0,), quiet: bool = False) -> None:
    start = time.monotonic()
    code = subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode
    if code not in codes:
        sys.exit(f"{' '.join(command)}: exit code {code}")
    if not quiet:
        print(f"{' '.join(command[1:2])} on one machine: {time.monotonic() - start:.1f} s")


def compare(one: Path, many: Path) -> None:
    lines, others = one.read_bytes().splitlines(), many.read_bytes().splitlines()
    if not lines or lines != others:
        differs = next((at for at, (a, b) in enumerate(zip(lines, others)) if a != b), min(len(lines), len(others)))
        sys.exit(f"{one.name}: {len(lines)} lines on one machine, {len(others)} on several; they differ from line {differs + 1} on")
    print(f"{one.name}: the same {len(lines)} lines")


def until(is_so: Callable[[], bool], log: Path) -> None:
    for _ in range(SECONDS_TO_START * 10):
        if is_so():
            return
        time.sleep(0.1)
    sys.exit(f"the master does not start:\n{log.read_text()}")


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
