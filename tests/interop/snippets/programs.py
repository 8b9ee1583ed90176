"""Runs programs in each language, and returns for each what it printed and what it failed with."""

import contextlib
import io
import json
import os
import shutil
import subprocess
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


def command(arguments, **options):
    """A program's output as text, and what it complained of if it failed."""
    run = subprocess.run(arguments, capture_output=True, **options)
    return run.stdout.decode(), None if run.returncode == 0 else run.stderr.decode()[-500:]


def several(run, programs):
    """Runs programs two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(programs, pool.map(run, programs.values())))


def shell(programs):
    """Each program as a person pastes it."""
    return several(lambda code: command(["sh"], input=code.encode()), programs)


def python(programs):
    """Each in this process, since the SDKs take long to load."""
    return {name: execute(name, code) for name, code in programs.items()}


def execute(name, code):
    printed = io.StringIO()
    error = None
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(code, name, "exec"), {"__name__": "__main__"})
        except BaseException as raised:
            error = f"{type(raised).__name__}: {raised}"
    return printed.getvalue(), error


def javascript(programs):
    """All in one process, each a module beside the packages."""
    folder = TOOLS / "js" / "snippets"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    files = []
    for name, code in programs.items():
        files.append(folder / f"{name}.mjs")
        files[-1].write_bytes(code.encode())
    runner = Path(__file__).with_name("run.mjs")
    output, error = command([os.environ["NODE"], runner, *files])
    if error:
        raise SystemExit(f"node: {error}")
    lines = [json.loads(line) for line in output.splitlines()]
    return {line["name"]: (line["printed"], line["error"]) for line in lines}


def rust(programs):
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
    return several(lambda name: command([program, name]), {name: name for name in programs})
