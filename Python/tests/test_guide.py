"""The Python blocks of docs/how-to/python.md, in their order, with the coarse study and a run of it."""

import json
import re

import pytest
from conftest import COARSE, ROOT

import nutune

PAGE = ROOT / "docs/how-to/python.md"


def test_the_page_does_what_it_says(run_folder, tmp_path, monkeypatch, capsys):
    if not nutune.Run(run_folder).figures:
        pytest.skip("gnuplot is not installed, so that the run has no report")
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    assert len(blocks) == 5
    (tmp_path / "coarse.yaml").write_text(json.dumps(COARSE), encoding="utf-8")
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs/dune-closure").symlink_to(run_folder)
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for block in blocks:
        exec(compile(block.replace('"dune-closure"', '"coarse.yaml"'), str(PAGE), "exec"), names)
    assert names["p"].shape == (3, 3, 1000) and names["far"].names == ("sin2_theta23", "dm2_32")
    assert "60 60" in capsys.readouterr().out, "the training tells of its progress"
    assert (tmp_path / "runs/from-python/results.json").exists()
    far, study = names["far"], names["study"]
    assert far.with_data(far.rates({"sin2_theta23": 0.6}))({"sin2_theta23": 0.6}) == pytest.approx(0, abs=1e-9)
    assert study.likelihood("neural")(far.values) == study.likelihood("runs/dune-closure#neural")(far.values)
