"""Writes histograms and trees into a ROOT file.

usage: python write_root.py DESCRIPTION FILE

DESCRIPTION is JSON: {"histograms": [{"name", "title", "axes", "edges", "contents", "variances"}],
"matrices": [{"name", "rows"}], "contours": [{"name", "columns"}]}. Contents of two axes have the second one fastest. Prints "written", or a sentence.
"""
import json
import struct
import sys

import numpy
import uproot
from uproot.models.TMatrixT import Model_TMatrixTSym_3c_double_3e__v5
from uproot.models.TObject import Model_TObject
from uproot.writing import identify


class SymmetricMatrix(Model_TMatrixTSym_3c_double_3e__v5):
    """A TMatrixDSym, which uproot reads and does not write: the members of TMatrixTBase, then the upper triangle by rows."""

    classname = "TMatrixTSym<double>"
    class_rawstreamers = ()

    @classmethod
    def of(cls, rows):
        rows = numpy.array(rows, dtype=float)
        matrix = cls.empty()
        matrix._bases.append(Model_TObject.empty())
        matrix._members.update(fNrows=len(rows), fNcols=len(rows), fRowLwb=0, fColLwb=0, fNelems=rows.size, fNrowIndex=0,
                               fTol=numpy.finfo(float).eps, fElements=rows[numpy.triu_indices(len(rows))])
        return matrix

    def to_writable(self):
        return self

    def _serialize(self, out, header, name, tobject_flags):
        start = len(out)
        self._bases[0]._serialize(out, True, None, tobject_flags)
        out.append(struct.pack(">iiiiiid", *(self._members[member] for member in self.member_names)))
        out.insert(start, uproot.serialization.numbytes_version(sum(map(len, out[start:])), 5))
        out.append(self._members["fElements"].astype(">f8").tobytes())


def axis(name, title, edges):
    return identify.to_TAxis(fName=name, fTitle=title, fNbins=len(edges) - 1, fXmin=edges[0], fXmax=edges[-1],
                             fXbins=numpy.array(edges, dtype=float))


def padded(values, shape):
    """With under- and overflow; ROOT runs through x fastest."""
    full = numpy.zeros([length + 2 for length in shape])
    full[tuple(slice(1, -1) for _ in shape)] = numpy.array(values, dtype=float).reshape(shape)
    return full.T.reshape(-1).copy()


def histogram(entry):
    edges = [numpy.array(part, dtype=float) for part in entry["edges"]]
    shape = [len(part) - 1 for part in edges]
    values = numpy.array(entry["contents"], dtype=float).reshape(shape)
    variances = entry.get("variances")
    squares = numpy.abs(values) if variances is None else numpy.array(variances, dtype=float).reshape(shape)
    centers = [(part[1:] + part[:-1]) / 2 for part in edges]
    common = dict(fName=None, fTitle=entry["title"], data=padded(values, shape), fEntries=float(values.size),
                  fTsumw=values.sum(), fTsumw2=squares.sum(),
                  fSumw2=None if variances is None else padded(variances, shape),
                  fXaxis=axis("xaxis", entry["axes"][0], entry["edges"][0]))
    x = centers[0] if len(shape) == 1 else centers[0][:, None]
    common.update(fTsumwx=(values * x).sum(), fTsumwx2=(values * x * x).sum())
    if len(shape) == 1:
        return identify.to_TH1x(fYaxis=axis("yaxis", "", [0.0, 1.0]), fZaxis=axis("zaxis", "", [0.0, 1.0]), **common)
    y = centers[1][None, :]
    return identify.to_TH2x(fTsumwy=(values * y).sum(), fTsumwy2=(values * y * y).sum(), fTsumwxy=(values * x * y).sum(),
                            fYaxis=axis("yaxis", entry["axes"][1], entry["edges"][1]),
                            fZaxis=axis("zaxis", "", [0.0, 1.0]), **common)


def main(description, path):
    with open(description) as source:
        content = json.load(source)
    with uproot.recreate(path) as file:
        for entry in content["histograms"]:
            file[entry["name"]] = histogram(entry)
        for entry in content["matrices"]:
            file[entry["name"]] = SymmetricMatrix.of(entry["rows"])
        for entry in content["contours"]:
            columns = {name: numpy.array(values, dtype=float) for name, values in entry["columns"].items()}
            file.mktree(entry["name"], {name: values.dtype for name, values in columns.items()})
            file[entry["name"]].extend(columns)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2])
        print("written")
    except Exception as error:
        print(" ".join(f"{type(error).__name__}: {error}".split())[:280])
