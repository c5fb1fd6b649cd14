import pathlib
import re
import subprocess

import nutune

HEADER = pathlib.Path(__file__).resolve().parents[2] / "Sources/CNuTune/include/nutune.h"


def test_provenance_is_that_of_the_library():
    about = nutune.provenance()
    assert about["library"].endswith("libNuTuneC.so") and about["version"] == nutune.__version__
    notes = subprocess.run(["readelf", "--notes", about["library"]], capture_output=True, text=True, check=True).stdout
    assert re.search("Build ID: ([0-9a-f]{40})", notes)[1] == about["build"]


def test_every_function_of_the_header_is_declared_with_as_many_arguments():
    text = re.sub(r"//.*", "", HEADER.read_text(encoding="utf-8"))
    declared = {
        name: arguments.count(",") + 1
        for name, arguments in re.findall(r"int32_t nutune_(\w+)\(([^;]*)\);", text) if name != "progress"
    }
    assert declared == {name: len(types) + 1 for name, types in nutune._library._ARGUMENTS.items()}


def test_the_inventory_names_plugins_and_entries():
    inventory = nutune.inventory()
    assert "toy-sf" in [plugin["name"] for plugin in inventory["plugins"]["cross-section"]]
    assert "dune-closure" in inventory["entries"]["studies"] and inventory["folders"]


def test_catalogs_that_are_given_hide_all_others(tmp_path, monkeypatch):
    assert nutune.inventory(catalogs=[tmp_path])["entries"]["studies"] == []
    monkeypatch.setenv("NUTUNE_CATALOGS", str(tmp_path))
    assert nutune.catalog_folders()[0] == str(tmp_path) and len(nutune.catalog_folders()) == 2
