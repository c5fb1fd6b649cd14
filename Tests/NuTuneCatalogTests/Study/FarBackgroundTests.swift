import NuTuneCatalog
import NuTuneCore
import Testing

@Suite("Backgrounds of far samples, and norms of samples and without a prior")
struct FarBackgroundTests {
  /// Four bins in energy times four in cosθ.
  private static let bins = 16

  private static func sample(_ background: String) -> String {
    "far.samples={electrons: {mode: fhc, components: {numu-to-nue: 1092}, backgrounds: {neutral-current: \(background)}}}"
  }

  private static let numbers = (1...bins).map { "\($0)" }.joined(separator: ", ")

  private func files() throws -> TemporaryStudy {
    let files = try TemporaryStudy([("study.yaml", "far: {events: 100, sample: poisson}\n", "far: {sample: poisson}\n")]
    )
    let rows = (1...Self.bins).map { "\($0),\(2 * $0)\n" }.joined()
    try files.write("# bins\nbin,events\n" + rows, to: "shape.csv")
    try files.write("weight\n1\n-2\n", to: "negative.csv")
    try files.write("1\n2\n", to: "headless.csv")
    return files
  }

  private func contents(_ background: String) throws -> [Double] {
    let study = try files().load([Self.sample(background)])
    let sample = study.farSamples[0]
    return sample.backgrounds[0].contents(in: try #require(study.farDetector).binning)
  }

  @Test("shapes are lists, words or files")
  func shapes() throws {
    let list = try contents("{events: 272, shape: [\(Self.numbers)]}")
    for (bin, events) in list.enumerated() { #expect(abs(events - 2 * Double(bin + 1)) < 1e-12) }
    #expect(try contents("{shape: [\(Self.numbers)]}").reduce(0, +) == 136)
    #expect(try contents("{file: shape.csv}") == (1...Self.bins).map { 2 * Double($0) })
    let column = try contents("{file: shape.csv, column: bin, events: 136}")
    #expect(zip(column, 1...Self.bins).allSatisfy { abs($0 - Double($1)) < 1e-12 })
    // cosθ from −1 to 0, 0 to 0.5, and two of 0.25.
    let flat = try contents("{events: 80, shape: flat}")
    #expect(abs(flat.reduce(0, +) - 80) < 1e-12)
    #expect(flat.count % 4 == 0 && abs(flat[0] / flat[1] - 2) < 1e-12 && abs(flat[1] / flat[2] - 2) < 1e-12)
  }

  @Test("the effective study can be given back, with the contents of files")
  func effective() throws {
    let files = try files()
    let study = try files.load([Self.sample("{file: shape.csv, norm: 0.1}"), "likelihood={statistic: poisson}"])
    let path = "far.samples.electrons.backgrounds.neutral-current"
    let values = study.effective.values
    #expect(values["\(path).norm"] == .number(0.1) && values["\(path).events"] == nil)
    #expect(values["\(path).shape"] == .numbers((1...Self.bins).map { 2 * Double($0) }))
    #expect(study.farSamples[0].backgrounds[0].norm == 0.1)
    // Charged currents only.
    #expect(study.farEvents == 1092)
    #expect(study.unusedValues.allSatisfy { !$0.key.hasPrefix("far") })
  }

  @Test(
    "mistakes are said with their place",
    arguments: [
      ("{events: 91}", "shape", "nothing"),
      ("{shape: flat}", "events", "nothing, beside a flat shape"),
      ("{events: 91, shape: round}", "shape", "“round”"),
      ("{events: 91, shape: [1, 2, 3]}", "shape", "3 contents"),
      ("{events: 91, shape: [0, 0]}", "shape", "no content"),
      ("{events: 91, shape: [1, -2]}", "shape", "-2"),
      ("{events: 91, shape: flat, file: shape.csv}", "shape", "shape beside file"),
      ("{events: -1, shape: flat}", "events", "-1"),
      ("{shape: [1.0e10]}", "shape", "contents of 10000000000 events"),
      ("{events: 91, shape: flat, norm: 2}", "norm", "2"),
      ("{events: 91, shape: flat, rate: 2}", "rate", "an unknown key"),
    ])
  func mistakes(_ background: String, key: String, found: String) throws {
    let errors = try files().errors([Self.sample(background)])
    let path = "far.samples.electrons.backgrounds.neutral-current.\(key)"
    #expect(errors.contains { $0.key == path && $0.found.contains(found) }, "\(errors)")
  }

  @Test(
    "mistakes in files are said with their place",
    arguments: [
      ("{file: shapes.csv}", "no such file"), ("{file: shape.csv, column: nc}", "no column nc"),
      ("{file: negative.csv}", "-2"), ("{file: headless.csv}", "a number, “1”"),
    ])
  func filesWithMistakes(_ background: String, found: String) throws {
    let errors = try files().errors([Self.sample(background)])
    #expect(errors.contains { $0.found.contains(found) && ($0.location?.file.hasSuffix(".csv") ?? false) }, "\(errors)")
  }

  @Test("a background has no name of a norm, and pseudo-experiments know no norm of it")
  func names() throws {
    func errors(_ name: String, _ more: [String] = []) throws -> [NuTuneError] {
      let sample =
        "far.samples={a: {mode: fhc, components: {numu: 100}, backgrounds: {\(name): {events: 9, shape: flat, norm: 0.1}}}}"
      return try files().errors([sample] + more)
    }
    #expect(try errors("wrong_sign").contains { $0.found == "the name of a norm of charged currents" })
    #expect(
      try errors("nc", ["fit.feldman_cousins=1000"]).contains {
        $0.key == "fit.feldman_cousins" && $0.found.contains("nuisance parameters")
      })
  }

  @Test("norms may be free, and samples have their own")
  func norms() throws {
    let sample = "far.samples={a: {mode: fhc, components: {numu: 100}}, b: {mode: fhc, components: {numu-to-nue: 10}}}"
    func load(_ norm: String, statistic: String = "poisson") throws -> StudyConfiguration {
      try files().load([sample, "likelihood={statistic: \(statistic), norm: \(norm)}"])
    }
    let free = try load("{neutrino: free, electron: 0.05, sample: {b: 0.03, a: 0}}")
    #expect(free.likelihood.optionalText("norm.neutrino") == "free")
    #expect(free.sampleNorms.map(\.sample) == ["b"] && free.sampleNorms[0].sigma == 0.03)
    #expect(free.effective.values["likelihood.norm.neutrino"] == .text("free"))
    #expect(free.effective.values["likelihood.norm.sample.b"] == .number(0.03))
    #expect(free.unusedValues.allSatisfy { !$0.key.hasPrefix("likelihood") })
    #expect(try load("{sample: {b: free}}").sampleNorms[0].sigma == nil)
    #expect(
      try load("{antineutrino: free}").unusedValues.map(\.key).filter { $0.hasPrefix("likelihood") }
        == ["likelihood.norm.antineutrino"])
    #expect(
      try load("{sample: {b: 0.1}}", statistic: "shape").unusedValues.map(\.key).filter {
        $0.hasPrefix("likelihood.norm")
      }
        == ["likelihood.norm.sample.b"])
    let errors = try files().errors([sample, "likelihood={statistic: poisson, norm: {sample: {c: 0.1, b: 3}}}"])
    #expect(errors.contains { $0.key == "likelihood.norm.sample.b" && $0.found.contains("3") }, "\(errors)")
    let unknown = try files().errors([sample, "likelihood={statistic: poisson, norm: {sample: {c: 0.1}}}"])
    #expect(unknown.contains { $0.key == "likelihood.norm.sample.c" && $0.found == "no sample “c”" }, "\(unknown)")
    let word = try files().errors([sample, "likelihood.norm.common=open"])
    #expect(word.contains { $0.key == "likelihood.norm.common" && $0.expected.contains("“free”") }, "\(word)")
  }
}
