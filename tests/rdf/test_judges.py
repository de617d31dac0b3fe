"""Another toolkit reads what Herbier writes to the same triples: rapper, of the Raptor libraries."""

import os
import shutil
import subprocess
from pathlib import Path

import pyoxigraph
import pytest
from tests.conftest import ROOT, run

FORMATS = {".ttl": "turtle", ".nt": "ntriples", ".rdf": "rdfxml"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_rapper_reads_the_same(suffix: str, tmp_path: Path) -> None:
    rapper = shutil.which("rapper")
    if rapper is None and os.environ.get("CI") != "true":
        pytest.skip("rapper is not installed (raptor2-utils)")
    assert rapper is not None, "CI installs raptor2-utils"
    files = {wanted: tmp_path / f"seeds{wanted}" for wanted in (suffix, ".nq")}
    for file in files.values():
        assert run("build", ROOT / "seeds", "-o", file).code == 0
    command = [rapper, "--quiet", "--input", FORMATS[suffix], "--output", "ntriples", str(files[suffix])]
    read = subprocess.run(command, capture_output=True, check=True)
    assert read.stderr == b""
    theirs = {quad.triple for quad in pyoxigraph.parse(read.stdout, format=pyoxigraph.RdfFormat.N_TRIPLES)}
    ours = {quad.triple for quad in pyoxigraph.parse(path=files[".nq"], format=pyoxigraph.RdfFormat.N_QUADS)}
    assert len(ours) > 3_000
    assert theirs == ours
