import BuiltInPlugins
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneImport
import NuTuneNumerics
import Testing

@Suite("Imported measurements")
struct MeasurementImportTests {
  private let folder: TemporaryFolder
  private static let columns =
    "-,cos_theta.low,cos_theta.high,lepton_momentum.low,lepton_momentum.high,value,error"
  private static let unit = MeasurementPlace.unit

  init() throws {
    folder = try MeasurementPlace().folder
  }

  /// Options of a measurement in (p, cosθ) on CH.
  private static func options(covariance: String?) -> MeasurementImport.Options {
    var options = MeasurementImport.Options()
    (options.columns, options.energy, options.channel, options.target) = ([columns], "GeV", "numu", "CH")
    (options.flux, options.unit) = ("beam", unit)
    (options.covariance, options.covarianceUnit) = (covariance.map { [$0] } ?? [], [unit])
    options.hasNoCovariance = covariance == nil
    return options
  }

  private func draft(_ tables: [ColumnTable], _ options: MeasurementImport.Options) throws -> EntryDraft {
    var interview = Interview(ask: nil)
    let measurement = try MeasurementImport(
      tables, options, catalog: Catalog(folders: [folder.catalog]), &interview)
    try interview.finish()
    return try #require(measurement).draft(try description("data"), python: RootPython.found)
  }

  private func measurement(_ draft: EntryDraft) throws -> CrossSectionMeasurement {
    try folder.write(draft)
    return try MeasurementConfiguration(
      try Catalog(folders: [folder.catalog]).entry(.measurements, named: "data")
    ).measurement
  }

  /// Two bins in cosθ and two in p.
  private static let data = """
    i,c0,c1,p0,p1,v,e
    0,-1,0.5,0,1,4,0.4
    1,-1,0.5,1,30,0.1,0.02
    2,0.5,1,0,1,8,0.5
    3,0.5,1,1,30,1,0.1
    """
  private static let covariance = "0.16,0.001,0,0\n0.001,0.0004,0,0\n0,0,0.25,0.01\n0,0,0.01,0.01\n"

  private func small(_ covariance: String, change: (inout MeasurementImport.Options) -> Void = { _ in }) throws
    -> EntryDraft
  {
    let table = try ColumnTable(commaSeparated: try folder.file("data.csv", Self.data))
    var options = Self.options(covariance: try folder.file("cov.csv", covariance))
    change(&options)
    return try draft([table], options)
  }

  @Test("bins in the order of the catalog, values and covariance as they were")
  func small() throws {
    let found = try measurement(try small(Self.covariance))
    #expect(found.observables.first == .leptonMomentum && found.observables.second == .cosTheta)
    #expect(found.bins[1] == CrossSectionMeasurement.Bin(first: 1...30, second: -1...0.5))
    #expect(found.values == [4, 0.1, 8, 1] && found.errors == [0.4, 0.02, 0.5, 0.1])
    #expect(found.covariance?[0, 1] == 0.001 && found.unit.factor == 1e-39)
    // Areas 1.5, 43.5, 0.5, 14.5.
    #expect(abs(found.integral / 28.85e-39 - 1) < 1e-14)
    let first = 2.25 * 0.16 + 2 * 1.5 * 43.5 * 0.001 + 43.5 * 43.5 * 0.0004
    let second = 0.25 * 0.25 + 2 * 0.5 * 14.5 * 0.01 + 14.5 * 14.5 * 0.01
    let error = try #require(found.integralError)
    #expect(abs(error / ((first + second).squareRoot() * 1e-39) - 1) < 1e-12)
  }

  @Test("a covariance in another unit, or relative to the values")
  func units() throws {
    let plain = try measurement(try small(Self.covariance)).covariance
    let scaled = Self.covariance.split(separator: "\n").map { line in
      line.split(separator: ",").map { "\(Double($0)! * 1e-78)" }.joined(separator: " ")
    }.joined(separator: "\n")
    let other = try measurement(try small(scaled) { $0.covarianceUnit = ["cm2/GeV/nucleon"] }).covariance
    let values = [4, 0.1, 8, 1]
    let relative = Self.covariance.split(separator: "\n").enumerated().map { i, line in
      line.split(separator: ",").enumerated().map { j, text in "\(Double(text)! / values[i] / values[j])" }
        .joined(separator: ",")
    }.joined(separator: "\n")
    let fraction = try measurement(try small(relative) { $0.covarianceUnit = ["relative"] }).covariance
    for (index, wanted) in try #require(plain).elements.enumerated() {
      #expect(abs(try #require(other).elements[index] - wanted) <= 1e-12 * wanted)
      #expect(abs(try #require(fraction).elements[index] - wanted) <= 1e-12 * wanted)
    }
    // Per MeV is a thousand times as much per GeV.
    let perMeV = try measurement(
      try small(Self.covariance) {
        $0.unit = "1e-42 cm2/MeV/nucleon"
        $0.covarianceUnit = ["1e-42 cm2/MeV/nucleon"]
      })
    #expect(abs(perMeV.unit.factor / 1e-39 - 1) < 1e-15)
  }

  @Test("a covariance that does not belong to the errors: the worst bin, both values, a common factor")
  func mismatch() throws {
    let thousandth = Self.covariance.split(separator: "\n").map { line in
      line.split(separator: ",").map { "\(Double($0)! * 1e-6)" }.joined(separator: ",")
    }.joined(separator: "\n")
    let common = folder.sentence { _ = try small(thousandth) }
    #expect(common.hasPrefix("cov.csv: covariance: found √C = "))
    #expect(
      common.contains(": the factor 0.001 in every bin, 1e-06 in the matrix; expected the square root of the diagonal"))
    let one = folder.sentence { _ = try small(Self.covariance.replacing("0,0,0.25,", with: "0,0,0.36,")) }
    #expect(
      one
        == "cov.csv: covariance: found √C = 0.6 in bin 2 (lepton_momentum 0.0…1.0, cos_theta 0.5…1.0), whose error is "
        + "0.5; expected the square root of the diagonal to be the error to 1 % in every bin")
  }

  @Test("a matrix that is no covariance")
  func noCovariance() throws {
    let turned = folder.sentence { _ = try small(Self.covariance.replacing("0.001,0.0004", with: "0.002,0.0004")) }
    #expect(turned.contains("found 0.002 for bin 1 ") && turned.hasSuffix("; expected a symmetric matrix"))
    let indefinite = folder.sentence {
      _ = try small("0.16,0.01,0,0\n0.01,0.0004,0,0\n0,0,0.25,0.01\n0,0,0.01,0.01\n")
    }
    #expect(indefinite.contains("negative eigenvalue -0.25"))
    #expect(
      folder.sentence { _ = try small("1,2\n2,1\n") } == "cov.csv: covariance: found 2 × 2 elements; expected 4 × 4")
  }

  @Test("bins that overlap, units that do not fit the observables, a flux that is not there")
  func mistakes() throws {
    let table = try ColumnTable(
      commaSeparated: try folder.file("o.csv", Self.data.replacing("1,-1,0.5,1,30", with: "1,-1,0.5,0.9,30")))
    #expect(
      folder.sentence { _ = try draft([table], Self.options(covariance: nil)) }
        == "bins: found bin 1 (lepton_momentum 0.9…30.0, cos_theta -1.0…0.5), which overlaps bin 0 (lepton_momentum "
        + "0.0…1.0, cos_theta -1.0…0.5); expected bins that do not overlap")
    #expect(
      folder.sentence { _ = try small(Self.covariance) { $0.unit = "1e-39 cm2/GeV2/nucleon" } }
        == "--unit: found the unit “1e-39 cm2/GeV2/nucleon”; expected cm2/GeV/nucleon or a multiple of it, 1e-39 "
        + "cm2/GeV/nucleon")
    #expect(folder.sentence { _ = try small(Self.covariance) { $0.flux = "beem" } }.hasSuffix("did you mean “beam”?"))
    #expect(
      folder.sentence {
        _ = try small(Self.covariance) {
          $0.columns = ["-,cos_theta.low,cos_theta.high,theta.low,theta.high,value,error"]
        }
      }.contains("the pair (cos_theta, theta)"))
    #expect(
      folder.sentence { _ = try small(Self.covariance) { $0.covarianceUnit = [] } }.contains("no --covariance-unit"))
  }

  @Test("HEPData: a table for each slice in cosθ, errors in quadrature, the covariance row by row")
  func hepData() throws {
    func table(_ name: String, _ values: [(Double, Double, Double)]) throws -> ColumnTable {
      let lines = values.map {
        "    - {value: \($0.0), errors: [{label: stat, symerror: \($0.1)}, {label: sys, symerror: \($0.2)}]}"
      }
      return try ColumnTable(
        hepData: try folder.file(
          name,
          """
          independent_variables:
            - header: {name: p, units: GeV}
              values: [{low: 0, high: 1}, {low: 1, high: 30}]
          dependent_variables:
            - header: {name: sigma}
              values:
          \(lines.joined(separator: "\n"))

          """))
    }
    let tables = [
      try table("a.yaml", [(4, 0.24, 0.32), (0.1, 0.012, 0.016)]),
      try table("b.yaml", [(8, 0.3, 0.4), (1, 0.06, 0.08)]),
    ]
    let elements = Self.covariance.split(whereSeparator: { ",\n".contains($0) })
    let covariance = try folder.file(
      "cov.yaml",
      """
      independent_variables: [{header: {name: i}, values: [\(elements.map { _ in "{value: 0}" }.joined(separator: ", "))]}]
      dependent_variables: [{header: {name: C}, values: [\(elements.map { "{value: \($0)}" }.joined(separator: ", "))]}]
      """)
    var options = Self.options(covariance: covariance)
    options.columns = ["lepton_momentum.low,lepton_momentum.high,value,error,error"]
    options.slices = ["cos_theta=-1:0.5", "cos_theta=0.5:1"]
    let found = try measurement(try draft(tables, options))
    let plain = try measurement(try small(Self.covariance))
    #expect(found.bins == plain.bins)
    #expect(found.values == plain.values)
    #expect(found.covariance == plain.covariance)
    for (first, second) in zip(found.errors, plain.errors) { #expect(abs(first - second) < 1e-15) }
    options.slices = ["cos_theta=-1:0.5"]
    #expect(
      folder.sentence { _ = try draft(tables, options) } == "--slice: found 1 slices; expected 2, one for each table")
  }

  @Test("kinetic energies become energies")
  func kineticEnergy() throws {
    let table = try ColumnTable(commaSeparated: try folder.file("t.csv", "a,b,c,d,e,f\n500,600,0.5,1,3,0.1\n"))
    var options = Self.options(covariance: nil)
    options.columns = [
      "lepton_kinetic_energy.low,lepton_kinetic_energy.high,cos_theta.low,cos_theta.high,value,error"
    ]
    options.energy = "MeV"
    let draft = try draft([table], options)
    #expect(draft.hints == ["without a covariance the errors count as independent, which they rarely are"])
    let bin = try measurement(draft).bins[0]
    #expect(abs(bin.first.lowerBound - (0.5 + NeutrinoSpecies.numu.leptonMass)) < 1e-11)
    #expect(bin.second == 0.5...1)
  }

  @Test(
    "T2K 2018 and MINERvA 2020 with their covariances; a matrix of a millionth is refused",
    .enabled(if: PublishedData.isThere, "no \(PublishedData.folder); set NUTUNE_DATA"),
    arguments: [
      ("xsec_T2K_CCinc_2018_neut", columns, "1e-39 cm2/GeV/nucleon", 71, 7.3253e-39, 0.80616e-39),
      (
        "xsec_MINERvA_LE_CCinc_2020",
        "-,-,longitudinal_momentum.low,longitudinal_momentum.high,transverse_momentum.low,transverse_momentum.high,"
          + "value,error", "1e-39 cm2/GeV2/nucleon", 144, 18.3438e-39, 1.30452e-39
      ),
    ])
  func published(name: String, columns: String, unit: String, bins: Int, sum: Double, error: Double) throws {
    let path = "\(PublishedData.folder)/measurements/\(name)"
    let table = try ColumnTable(commaSeparated: "\(path).csv")
    var options = Self.options(covariance: "\(path)_cov.csv")
    (options.columns, options.unit, options.covarianceUnit) = ([columns], unit, [unit])
    let found = try measurement(try draft([table], options))
    #expect(found.bins.count == bins)
    // Sums that numpy gives for the same files, five digits.
    #expect(abs(found.integral / sum - 1) < 1e-5)
    let sumError = try #require(found.integralError)
    #expect(abs(sumError / error - 1) < 1e-5)
    options.covarianceUnit = [unit.replacing("1e-39", with: "1e-42")]
    #expect(
      folder.sentence { _ = try draft([table], options) }.contains("the factor 0.001 in every bin, 1e-06 in the matrix")
    )
  }

  @Test(
    "the release's own layout, [low,high] in brackets, is the same measurement as the table",
    .enabled(if: PublishedData.isThere, "no \(PublishedData.folder); set NUTUNE_DATA"))
  func brackets() throws {
    let path = "\(PublishedData.folder)/measurements/xsec_T2K_CCinc_2018_neut"
    let lines = try String(contentsOfFile: "\(path).csv", encoding: .utf8).split(separator: "\n").dropFirst()
    let text = lines.map { line in
      let field = line.split(separator: ",")
      return "\(field[0])  [\(field[1]),\(field[2])]  [\(field[3]),\(field[4])]  \(field[5])  \(field[6])"
    }.joined(separator: "\n")
    let matrix = try String(contentsOfFile: "\(path)_cov.csv", encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: ",").map { "\(Double($0)! * 1e-78)" }.joined(separator: " ") }.joined(separator: "\n")
    let nuisance = try ColumnTable(
      blankSeparated: try folder.file("data.txt", "DATA FIT W/ NEUT\n#bin …\n\(text)\n"), skip: 1)
    var options = Self.options(covariance: try folder.file("cov.txt", matrix + "\n"))
    options.covarianceUnit = ["cm2/GeV/nucleon"]
    let found = try measurement(try draft([nuisance], options))
    let plain = try measurement(
      try draft([try ColumnTable(commaSeparated: "\(path).csv")], Self.options(covariance: "\(path)_cov.csv")))
    #expect(found.bins == plain.bins)
    #expect(found.values == plain.values)
    #expect(found.errors == plain.errors)
    for (first, second) in zip(try #require(found.covariance).elements, try #require(plain.covariance).elements) {
      #expect(abs(first - second) <= 1e-12 * abs(second))
    }
  }

  @Test("a TH2 as covariance", .enabled(if: RootPython.python != nil, "\(RootPython.reason)"))
  func rootCovariance() throws {
    let path = "\(folder.path)/cov.root"
    try RootPython.run(
      """
      import sys, numpy, uproot
      with uproot.recreate(sys.argv[1]) as file:
        matrix = numpy.array([[float(x) for x in line.split(",")] for line in sys.argv[2].split()])
        edges = numpy.arange(len(matrix) + 1.0)
        file["cov"] = (matrix, edges, edges)
      """, path, Self.covariance)
    let plain = try measurement(try small(Self.covariance)).covariance
    #expect(try measurement(try small(Self.covariance) { $0.covariance = ["\(path):cov"] }).covariance == plain)
    #expect(
      folder.sentence { _ = try small(Self.covariance) { $0.covariance = [path] } }
        .hasSuffix("expected the name of the matrix behind the file, cov.root:OBJECT"))
  }
}
