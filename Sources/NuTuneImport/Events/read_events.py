"""Prints what an import needs of a tree of events as JSON.

usage: python read_events.py FILE gst|nuisance

To be run with `python -I`, so that modules lying in the current folder are not taken for numpy or uproot.

{"columns": {name: base64 of little-endian doubles}, "scale": number or null}, with the columns neutrino, target, charged,
lepton, neutrino_energy, lepton_energy, cos_theta, weight, of one length. "scale" is what an event of weight one is worth in
cm2 per nucleon (fScaleFactor of NUISANCE). What goes wrong is {"error": sentence}.
"""
import base64
import json
import resource
import sys

import numpy
import uproot


MEMORY = 4 << 30
MOST = 10_000_000

# The tree, and branches by column; a second name is taken where the first is not there.
LAYOUTS = {
    "gst": ("gst", {"neutrino": ["neu"], "target": ["tgt"], "charged": ["cc"], "lepton": ["fspl"],
                    "neutrino_energy": ["Ev"], "lepton_energy": ["El"], "cos_theta": ["cthl"], "weight": ["wght"]}),
    "nuisance": ("FlatTree_VARS", {"neutrino": ["PDGnu"], "target": ["tgt"], "charged": ["cc", "flagCCINC"],
                                   "lepton": ["PDGLep"], "neutrino_energy": ["Enu_true"], "lepton_energy": ["ELep"],
                                   "cos_theta": ["CosLep"], "weight": ["Weight"]}),
}


def main(path, layout):
    name, branches = LAYOUTS[layout]
    with uproot.open(path) as file:
        trees = [key.rpartition(";")[0] for key, kind in file.classnames().items() if kind in ("TTree", "TNtuple")]
        if name not in trees:
            return {"error": f"no tree {name}, but {', '.join(sorted(set(trees))) or 'none'}"}
        tree = file[name]
        if tree.num_entries > MOST:
            return {"error": f"{tree.num_entries} events; at most {MOST} of one file are read"}
        keys = set(tree.keys())
        chosen = {}
        for column, choices in branches.items():
            found = [branch for branch in choices if branch in keys]
            # Old trees have no fspl: the lepton of the neutrino's family then, where cc says so.
            if not found and column == "lepton" and layout == "gst":
                continue
            if not found:
                return {"error": f"no branch {' or '.join(choices)} in {name}"}
            chosen[column] = found[0]
        columns = {column: tree[branch].array(library="np").astype("<f8") for column, branch in chosen.items()}
        if "lepton" not in columns:
            neutrino = columns["neutrino"]
            columns["lepton"] = numpy.where(columns["charged"] != 0, neutrino - numpy.sign(neutrino), 0).astype("<f8")
        scale = None
        if layout == "nuisance":
            if "fScaleFactor" not in keys:
                return {"error": f"no branch fScaleFactor in {name}"}
            scales = tree["fScaleFactor"].array(library="np")
            if scales.size:
                scale = float(scales[0])
                if not numpy.all(numpy.abs(scales - scale) <= 1e-9 * abs(scale)):
                    return {"error": "an fScaleFactor that differs between events, as of several files that were added"}
        return {"columns": {key: base64.b64encode(value.tobytes()).decode() for key, value in columns.items()},
                "scale": scale}


if __name__ == "__main__":
    ceiling = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY if ceiling == resource.RLIM_INFINITY else min(MEMORY, ceiling), ceiling))
    try:
        answer = main(sys.argv[1], sys.argv[2])
    except MemoryError:
        answer = {"error": f"events that take more than {MEMORY >> 30} GB"}
    except Exception as error:
        answer = {"error": " ".join(str(error).split())[:300]}
    print(json.dumps(answer))
