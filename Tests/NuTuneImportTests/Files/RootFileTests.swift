import Foundation
import NuTuneCore
import NuTuneImport
import NuTuneNumerics
import Testing

@Suite("ROOT files")
struct RootFileTests {
  private func read(_ answer: String) throws -> RootFile { try RootFile(answer: Data(answer.utf8), file: "f.root") }

  @Test("histograms, graphs and matrices as the script prints them")
  func objects() throws {
    let file = try read(
      """
      {"objects": {"h": {"kind": "histogram", "titles": ["numu", "E [GeV]"], "edges": [0, 1, 3], "contents": [4, 5]},
       "g": {"kind": "graph", "titles": [], "x": [1, 2], "y": [3, 4]},
       "c": {"kind": "matrix", "titles": [], "rows": 1, "columns": 2, "elements": [6, 7]}}}
      """)
    #expect(file.objects["h"] == .histogram(edges: [0, 1, 3], contents: [4, 5]))
    #expect(file.objects["g"] == .graph(x: [1, 2], y: [3, 4]))
    #expect(file.objects["c"] == .matrix(try Matrix(rows: 1, columns: 2, elements: [6, 7])))
    #expect(file.titles["h"] == ["numu", "E [GeV]"])
    let table = try ColumnTable(try #require(file.objects["h"]), name: "h", file: "f.root")
    #expect(table.names == ["low", "high", "h"])
    #expect(table.rows.map(\.cells) == [[.number(0), .number(1), .number(4)], [.number(1), .number(3), .number(5)]])
    #expect(throws: NuTuneError.self) { try ColumnTable(try #require(file.objects["c"]), name: "c", file: "f.root") }
  }

  @Test("what is not there, not readable, or no answer")
  func mistakes() throws {
    func sentence(_ answer: String) -> String {
      do {
        _ = try read(answer)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(
      sentence(#"{"missing": ["numu_flx"], "known": ["numu_flux (TH1D)", "cov (TH2D)"]}"#)
        == "f.root: histogram: found no object “numu_flx”; expected one of numu_flux (TH1D), cov (TH2D); did you mean "
        + "“numu_flux”?")
    #expect(sentence(#"{"error": "not a ROOT file"}"#).hasPrefix("f.root: found not a ROOT file; expected "))
    #expect(sentence("Traceback").hasPrefix("f.root: found “Traceback” from the reading script"))
    #expect(
      sentence(#"{"objects": {"h": {"kind": "histogram", "titles": [], "edges": [0], "contents": [4, 5]}}}"#)
        .contains("found an incomplete histogram"))
    #expect(
      try RootFile.contents(
        answer: Data(#"{"objects": [{"name": "h", "class": "TH1D", "title": "x"}]}"#.utf8), file: "f.root")
        == ["h (TH1D, “x”)"])
  }

  @Test("a Python that cannot import uproot is an exit-66 error")
  func python() throws {
    let error = try #require(throws: NuTuneError.self) {
      try PythonWithUproot.find(environment: ["NUTUNE_PYTHON": "/bin/false"], say: { Issue.record("\($0)") })
    }
    #expect(error.category == .missingInput && error.key == "NUTUNE_PYTHON")
    let none = try #require(throws: NuTuneError.self) {
      try PythonWithUproot.find(
        environment: ["PATH": "/nowhere", "XDG_CACHE_HOME": "/nowhere"], say: { Issue.record("\($0)") })
    }
    #expect(none.category == .missingInput && none.found == "no python3 on the PATH")
  }

  @Test("a real file: list, histogram, matrix", .enabled(if: RootPython.python != nil, "\(RootPython.reason)"))
  func real() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/f.root"
    try RootPython.run(
      """
      import sys, numpy, uproot
      with uproot.recreate(sys.argv[1]) as file:
        file["deep/h"] = (numpy.array([4.0, 5.0]), numpy.array([0.0, 1.0, 3.0]))
        edges = numpy.arange(3.0)
        file["c"] = (numpy.array([[1.0, 2.0], [3.0, 4.0]]), edges, edges)
      """, path)
    let python = try RootPython.found()
    #expect(try RootFile.contents(of: path, python: python).map { $0.prefix { $0 != " " } } == ["deep/h", "c"])
    let file = try RootFile(path, names: ["deep/h", "c"], python: python)
    #expect(file.objects["deep/h"] == .histogram(edges: [0, 1, 3], contents: [4, 5]))
    #expect(file.objects["c"] == .matrix(try Matrix(rows: 2, columns: 2, elements: [1, 2, 3, 4])))
    #expect(
      folder.sentence { _ = try RootFile(path, names: ["d"], python: python) }
        == "f.root: histogram: found no object “d”; expected one of deep/h (TH1D), c (TH2D); did you mean “c”?")
    let text = try folder.file("text.root", "no ROOT file")
    #expect(folder.sentence { _ = try RootFile(text, names: ["d"], python: python) }.hasPrefix("text.root: found "))
  }

  @Test(
    "a real file: names with blanks, cycles, titles of axes and what lies outside the bins",
    .enabled(if: RootPython.python != nil, "\(RootPython.reason)"))
  func cyclesAndFlow() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/f.root"
    try RootPython.run(
      """
      import sys, numpy, uproot
      from uproot.writing.identify import to_TAxis, to_TH1x
      def histogram(axis, contents):
        contents = numpy.array(contents)
        return to_TH1x(fName="h", fTitle="t", data=contents, fEntries=1.0, fTsumw=1.0, fTsumw2=1.0, fTsumwx=1.0,
          fTsumwx2=1.0, fSumw2=contents, fXaxis=to_TAxis(fName="xaxis", fTitle=axis, fNbins=2, fXmin=0.0, fXmax=1000.0))
      with uproot.recreate(sys.argv[1]) as file:
        file["dir/numu flux"] = histogram("E_{#nu} (MeV)", [1.0, 4.0, 5.0, 10.0])
        file["h"] = histogram("E (GeV)", [0.0, 1.0, 2.0, 0.0])
        file["h"] = histogram("E (GeV)", [0.0, 3.0, 4.0, 0.0])
      """, path)
    let python = try RootPython.found()
    let file = try RootFile(path, names: ["dir/numu flux", "h", "h;1", "h;2"], python: python)
    #expect(file.objects["dir/numu flux"] == .histogram(edges: [0, 500, 1000], contents: [4, 5]))
    #expect(file.objects["h;1"] == .histogram(edges: [0, 500, 1000], contents: [1, 2]))
    #expect(file.objects["h;2"] == file.objects["h"] && file.objects["h"] != file.objects["h;1"])
    #expect(file.axes["dir/numu flux"]?.first == "E_{#nu} (MeV)" && file.flow["h"] == nil)
    #expect(
      file.flow["dir/numu flux"]?.sentence(of: "f")
        == "f: 1 in the underflow and 10 in the overflow (55 % of all) are left out: they have no energies")
    #expect(folder.sentence { _ = try RootFile(path, names: ["h;3"], python: python) }.contains("no object “h;3”"))
  }

  @Test(
    "TMatrix: whole, or the upper triangle of a symmetric one",
    .enabled(if: RootPython.python != nil, "\(RootPython.reason)"))
  func matrices() throws {
    let folder = try TemporaryFolder()
    let script = URL(filePath: #filePath).appending(path: "../../../../Sources/NuTuneImport/Files/read_root.py")
      .standardized.path
    let answer = "\(folder.path)/answer.json"
    // uproot cannot write a TMatrix: objects with the members that it gives one when it reads.
    try RootPython.run(
      """
      import json, runpy, sys
      reading = runpy.run_path(sys.argv[1], run_name="reading")
      class Matrix:
        def __init__(self, **members): self.members = members
        def member(self, name): return self.members[name]
      packed = Matrix(fNrows=2, fNcols=2, fElements=[1.0, 2.0, 3.0])
      whole = Matrix(fNrows=1, fNcols=2, fElements=[6.0, 7.0])
      objects = {"s": reading["read"](packed, "TMatrixTSym<double>"), "d": reading["read"](whole, "TMatrixT<double>")}
      json.dump({"objects": objects}, open(sys.argv[2], "w"))
      """, script, answer)
    let file = try RootFile(answer: try Data(contentsOf: URL(filePath: answer)), file: "f.root")
    #expect(file.objects["s"] == .matrix(try Matrix(rows: 2, columns: 2, elements: [1, 2, 2, 3])))
    #expect(file.objects["d"] == .matrix(try Matrix(rows: 1, columns: 2, elements: [6, 7])))
  }
}
