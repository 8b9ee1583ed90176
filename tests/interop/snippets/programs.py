"""Runs programs in each language, and returns for each what it printed and what it failed with."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT / "target" / "tools" / "interop"
EXAMPLES = Path(os.environ["EXAMPLES"])
# The workspace's own choice of versions, so that nothing else has to be downloaded.
MANIFEST = """
[workspace]

[package]
name = "snippets"
version = "0.0.0"
edition = "2024"

[dependencies]
reqwest = { version = "0.13", default-features = false, features = ["blocking"] }
serde_json = "1"

[profile.dev]
debug = false
"""


def command(arguments, seen=lambda: None, text="", **options):
    """A program's output as text, and what it complained of if it failed. It calls `seen` for each
    piece of the output."""
    with tempfile.TemporaryFile() as complaints:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": complaints}
        process = subprocess.Popen(arguments, **pipes, **options)
        process.stdin.write(text.encode())
        process.stdin.close()
        output = b""
        while piece := process.stdout.read1():
            output += piece
            seen()
        failed = process.wait() != 0
        complaints.seek(0)
        return output.decode(), complaints.read().decode()[-500:] if failed else None


def several(run, programs):
    """Runs programs two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(programs, pool.map(lambda item: run(*item), programs.items())))


def shell(programs, seen):
    """Each program as a person pastes it."""
    return several(lambda name, code: command(["sh"], lambda: seen(name), code), programs)


def python(programs, seen):
    """Each in this process, since the SDKs take long to load."""
    return {name: execute(name, code, seen) for name, code in programs.items()}


class Heard(io.StringIO):
    """An output that tells when there is something in it."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def write(self, piece):
        if piece:
            self.seen()
        return super().write(piece)


def execute(name, code, seen):
    printed = Heard(lambda: seen(name))
    error = None
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(code, name, "exec"), {"__name__": "__main__"})
        except BaseException as raised:
            error = f"{type(raised).__name__}: {raised}"
    return printed.getvalue(), error


def javascript(programs, seen):
    """All in one process, each a module beside the packages."""
    folder = TOOLS / "js" / "snippets"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = []
    for name, code in programs.items():
        files.append(folder / f"{name}.mjs")
        files[-1].write_bytes(code.encode())
    runner = Path(__file__).with_name("run.mjs")
    results = {}
    with subprocess.Popen([os.environ["NODE"], runner, *files], stdout=subprocess.PIPE) as node:
        for line in map(json.loads, node.stdout):
            if "printed" in line:
                results[line["name"]] = (line["printed"], line["error"])
            else:
                seen(line["name"])
    return results


def rust(programs, seen):
    """All compiled as one program, each a module of its own."""
    folder = TOOLS / "rust"
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(MANIFEST)
    if not (folder / "Cargo.lock").exists():
        shutil.copy(ROOT / "Cargo.lock", folder / "Cargo.lock")
    module = 'mod {0} {{\n    include!("{0}.rs");\n    pub fn run() -> Result<(), Box<dyn std::error::Error>> {{ main() }}\n}}'
    choice = '        Some("{0}") => {0}::run(),'
    for name, code in programs.items():
        (folder / "src" / f"{name}.rs").write_bytes(code.encode())
    modules = "\n".join(map(module.format, programs))
    choices = "\n".join(map(choice.format, programs))
    (folder / "src" / "main.rs").write_text(
        f"{modules}\n\nfn main() -> Result<(), Box<dyn std::error::Error>> {{\n"
        f"    match std::env::args().nth(1).as_deref() {{\n{choices}\n        _ => unreachable!(),\n    }}\n}}\n"
    )
    build = [os.environ["CARGO"], "build", "--quiet", "--offline", "--manifest-path", folder / "Cargo.toml"]
    _, error = command([*build, "--target-dir", folder / "target"], cwd=folder)
    if error:
        raise SystemExit(f"cargo: {error}")
    program = folder / "target" / "debug" / "snippets"
    return several(lambda name, _: command([program, name], lambda: seen(name)), programs)
