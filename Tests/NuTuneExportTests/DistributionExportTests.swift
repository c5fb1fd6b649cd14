import Foundation
import NuTuneCore
import NuTuneExport
import NuTuneFiles
import NuTuneImport
import NuTuneReport
import Testing

@Suite("distributions, contours, covariances")
struct DistributionExportTests {
  private let folder: TemporaryFolder
  private let run: FinishedRun

  init() throws {
    folder = try TemporaryFolder()
    try ExportFixture.writeRun(to: folder.path)
    run = try FinishedRun(folder: folder.path)
  }

  @Test("CSV holds events with Poisson and posterior errors")
  func csv() throws {
    let files = DistributionExport.csv(run, labels: ["theory"])
    let far = try #require(files.first { $0.name == "far-numu-fhc.csv" })
    let text = try ExportFixture.text(far)
    #expect(
      text.contains(
        "lepton_energy_low,lepton_energy_high,cos_theta_low,cos_theta_high,data,data_error,truth,theory,theory_error\n")
    )
    let rows = ExportFixture.rows(text, ",")
    #expect(rows.count == 6)
    // 0.15 of 200 events are 30 ± √30; 0.13 ± 0.02 of them 26 ± 4.
    #expect(rows[1][..<4] == [0.5, 1, 0, 0.5])
    for (found, expected) in zip(rows[1][4...], [30, 30.0.squareRoot(), 28, 26, 4]) {
      #expect(abs(found - expected) < 1e-9)
    }
    let covariance = try #require(files.first { $0.name == "theory-covariance.csv" })
    let matrix = ExportFixture.rows(try ExportFixture.text(covariance), ",")
    #expect(abs(matrix[0][0] - 0.015 * 0.015) < 1e-15 && abs(matrix[0][1] - 0.3 * 0.015 * 1.1e-5) < 1e-18)
    #expect(matrix[0][1] == matrix[1][0])
    let contours = try #require(files.first { $0.name == "truth-contours.csv" })
    #expect(ExportFixture.rows(try ExportFixture.text(contours), ",").count == 5)
  }

  @Test("UHI has variances, of shares where events are infinite none")
  func histograms() throws {
    struct Histogram: Decodable {
      struct Storage: Decodable {
        var type: String
        var values: [[Double]]
        var variances: [[Double]]?
      }
      var storage: Storage
    }
    let files = try DistributionExport.histograms(run, labels: ["theory"])
    func read(_ name: String) throws -> [String: Histogram] {
      guard case .bytes(let bytes)? = files.first(where: { $0.name == name })?.content else { return [:] }
      return try JSONDecoder().decode([String: Histogram].self, from: Data(bytes))
    }
    let far = try read("far-numu-fhc.json")
    #expect(far["data"]?.storage.type == "weighted" && far["truth"]?.storage.type == "double")
    let data = try #require(far["data"]?.storage.variances)
    #expect(abs(data[0][1] - 30) < 1e-9 && data[1][0] == 0)
    let model = try #require(far["model:theory"]?.storage.variances)
    #expect(abs(model[0][1] - 16) < 1e-9)
    #expect(try read("near-numu-fhc.json")["data"]?.storage.variances == nil)
  }

  /// The round trip through the reader of HEPData tables that imports measurements.
  @Test("HEPData tables are read back, and the submission names them")
  func hepData() throws {
    let submission = HepDataSubmission(run, labels: ["theory"])
    for file in submission.files { try file.write(in: folder.path) }
    let documents = try folder.text("submission.yaml").components(separatedBy: "---\n")
    #expect(documents[0].hasPrefix("comment: \""))
    #expect(documents.count == 1 + submission.files.count - 1)
    for document in documents.dropFirst() {
      let keys = document.split(separator: "\n").map { $0.prefix { $0 != ":" } }
      #expect(keys == ["name", "description", "keywords", "data_file"])
    }
    #expect(documents[2].contains("description: \"Far detector, \\\"ν_μ\\\"\""))

    let table = try ColumnTable(hepData: "\(folder.path)/far-numu-fhc.yaml")
    #expect(
      table.names == [
        "lepton_energy [GeV] low", "lepton_energy [GeV] high", "cos_theta low", "cos_theta high", "data [events]",
        "data [events] ± total", "truth [events]", "theory [events]", "theory [events] ± total",
      ])
    let cells = table.rows[1].cells.map { cell -> Double in
      if case .number(let number) = cell { return number }
      return .nan
    }
    for (found, expected) in zip(cells, [0.5, 1, 0, 0.5, 30, 30.0.squareRoot(), 28, 26, 4]) {
      #expect(abs(found - expected) < 1e-9)
    }
    // YAML 1.1 takes 3e-05 for text: every number with an exponent has a point.
    let text = try folder.text("theory-covariance.yaml")
    #expect(text.contains("e-") && text.matches(of: /[ {][0-9]+e-/).isEmpty)
    let covariance = try ColumnTable(hepData: "\(folder.path)/theory-covariance.yaml")
    #expect(covariance.rows.count == 4)
  }

  @Test("the validator of HEPData accepts the submission", .enabled(if: Python.has("hepdata_validator")))
  func validator() throws {
    let place = "\(folder.path)/submission"
    for file in HepDataSubmission(run, labels: ["theory"]).files { try file.write(in: place) }
    let answer = try Python.run(
      """
      import sys
      from hepdata_validator.full_submission_validator import FullSubmissionValidator
      validator = FullSubmissionValidator()
      print("valid" if validator.validate(directory=sys.argv[1]) else validator.get_messages())
      """, place)
    #expect(answer.hasPrefix("valid"), "\(answer)")
  }

  /// The round trip through the reader of ROOT files that imports covariances.
  @Test("a ROOT file opens with the same numbers", .enabled(if: Python.has("uproot")))
  func root() throws {
    let path = "\(folder.path)/run.root"
    let python = try Python.withUproot()
    try RootExport(run, labels: ["theory"]).write(to: path) { try python.run(script: $0, $1) }
    let file = try RootFile(path, names: ["far-numu-fhc/theory", "fits/theory-covariance"], python: python)
    let triangle = try python.run(
      script: """
        import sys, uproot
        matrix = uproot.open(sys.argv[1])["fits/theory-covariance-matrix"]
        print(matrix.classname, matrix.member("fNrows"), *map(float, matrix.member("fElements")))
        """, [path])
    let words = String(decoding: triangle, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    #expect(words.prefix(2) == ["TMatrixTSym<double>", "2"], "\(words)")
    let elements = words.dropFirst(2).compactMap { Double($0) }
    for (found, expected) in zip(elements, [0.015 * 0.015, 0.3 * 0.015 * 1.1e-5, 1.1e-5 * 1.1e-5]) {
      #expect(elements.count == 3 && abs(found / expected - 1) < 1e-9, "\(elements)")
    }
    guard case .matrix(let theory)? = file.objects["far-numu-fhc/theory"],
      case .matrix(let covariance)? = file.objects["fits/theory-covariance"]
    else {
      Issue.record("no TH2D")
      return
    }
    #expect(theory.rows == 2 && theory.columns == 3 && abs(theory[0, 1] - 26) < 1e-9)
    #expect(abs(covariance[1, 0] - 0.3 * 0.015 * 1.1e-5) < 1e-18)
  }
}
