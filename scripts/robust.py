"""Reads documents that are made to take too much and tells what each took. See robust.sh."""
import concurrent.futures
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

SECONDS = 10
# Starting the processes, and handing over what was read, come on top of reading; a busy machine makes both longer.
GRACE = 2
MEGABYTES = 512
# The case and the size at which it took too much once, or the largest that shows something.
SHORT = {
    "enc_cidrange": 4294967295, "tounicode_bfrange": 4294967295,
    "predictor_columns": 2147483647, "xref_size": 2147483647, "xref_stream_index": 2147483647, "objstm_n": 2147483647,
    "flate_zeros": 1 << 26, "form_laughs": 10, "pages_share_ops": 200, "pages_share_text": 400,
    "pages_loop": 1, "pages_inline": 300000, "nest_array": 300000, "nest_dict": 300000, "content_nest": 300000, "txt_label_empty": 630000,
    "md_table_cols": 200000, "html_br": 500000, "html_lt": 2000000, "html_entities": 1000000, "html_attrs": 20000,
}
# Sizes for cases whose own size is for a patient person.
FULL = {"flate_zeros": 1 << 28, "pages_share_text": 400}


def peaks(folder):
    """The largest resident memory, in megabytes, that any process with this in its environment has or had."""
    largest = 0
    for process in pathlib.Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            if f"PALMARES_ROBUST={folder}".encode() not in (process / "environ").read_bytes():
                continue
            found = re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())
            largest = max(largest, int(found.group(1)) / 1000) if found else largest
        except (OSError, ProcessLookupError):
            pass
    return largest


def read(palmares, document, scratch):
    """Seconds, megabytes and outcome of one document; the outcome is a text that begins with FAILED where it must not be."""
    environment = {**os.environ, "PALMARES_ROBUST": scratch}
    environment.pop("RUST_BACKTRACE", None)
    start, largest = time.monotonic(), 0
    with open(f"{scratch}/out", "wb") as out, open(f"{scratch}/err", "wb") as err:
        process = subprocess.Popen(
            [palmares, "extract", "--no-config", document], stdout=out, stderr=err, stdin=subprocess.DEVNULL, env=environment)
        while process.poll() is None:
            largest = max(largest, peaks(scratch))
            if time.monotonic() - start > 6 * SECONDS:
                process.kill()
            time.sleep(0.02)
    seconds = time.monotonic() - start
    said = pathlib.Path(f"{scratch}/err").read_text(errors="replace")
    with open(f"{scratch}/out", "rb") as out:
        mentions = sum(1 for _ in out)
    first = next((line for line in said.splitlines() if line.startswith(("error", "warning", "rejected"))), "")
    if process.returncode not in (0, 1, 2):
        outcome = f"FAILED: exit code {process.returncode}: {said[:200]!r}"
    elif "the parser failed" in said or "ended before it was done" in said or "palmares itself failed" in said:
        outcome = f"FAILED: {first}"
    elif seconds > SECONDS + GRACE:
        outcome = f"FAILED: took {seconds:.1f} s: {first}"
    elif largest > MEGABYTES * 1.048576:
        outcome = f"FAILED: took {largest:.0f} MB: {first}"
    elif process.returncode and not first:
        outcome = f"FAILED: no message, exit code {process.returncode}"
    else:
        outcome = f"{mentions} mentions" if mentions or not first else first
    return seconds, largest, outcome


def main():
    palmares, shared, size = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    generator = shared / "robust" / "gen.py"
    listed = subprocess.run([sys.executable, str(generator)], capture_output=True, text=True, check=True).stdout
    sizes = {name: int(number) for name, number in (line.split() for line in listed.splitlines())}
    cases = SHORT if size == "short" else {**sizes, **FULL}
    files = sorted(path for path in (shared / "robust").iterdir() if path.suffix in {".pdf", ".html", ".md", ".txt", ".csv"})
    if size == "full":
        for folder in ("hostile", "field", "trial"):
            files += sorted(path for path in (shared / folder).rglob("*") if path.is_file() and path.suffix not in {".json", ".py"})
    jobs = [(str(path.relative_to(shared)), path, None) for path in files]
    jobs += [(f"{name} {number}", name, number) for name, number in cases.items()]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        for name, found in threads.map(lambda job: (job[0], one(palmares, generator, job[1], job[2])), jobs):
            if found is None:
                continue
            seconds, megabytes, outcome = found
            failed += outcome.startswith("FAILED")
            print(f"{name:<34} {seconds:6.2f} s {megabytes:6.0f} MB  {outcome[:150]}", flush=True)
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return failed > 0


def one(palmares, generator, document, number):
    """What one document took: a file, or a case of the generator with its size; nothing where that makes none."""
    with tempfile.TemporaryDirectory() as scratch:
        if number is not None:
            made = f"{scratch}/{document}"
            with open(made, "wb") as out:
                if subprocess.run([sys.executable, str(generator), document, str(number)], stdout=out, check=False).returncode:
                    return None
            document = made
        return read(palmares, str(document), scratch)


if __name__ == "__main__":
    # A document that gets past the limits must not take the machine down.
    resource.setrlimit(resource.RLIMIT_AS, (12 << 30, 12 << 30))
    sys.exit(main())
