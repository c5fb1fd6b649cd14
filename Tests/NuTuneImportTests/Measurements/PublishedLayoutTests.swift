import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneImport
import Testing

/// Measurements as they are published in several files, with made-up numbers, and units that contradict one another.
@Suite("Measurements in published layouts")
struct PublishedLayoutTests {
  private let place: MeasurementPlace

  init() throws { place = try MeasurementPlace() }

  private func sums(_ found: CrossSectionMeasurement, _ sum: Double, _ error: Double?) {
    #expect(abs(found.integral / sum - 1) < 1e-12)
    if let error { #expect(abs((found.integralError ?? 0) / error - 1) < 5e-3) }
  }

  @Test("covariances add up: both, statistical and systematic")
  func parts() throws {
    // Areas are 0.4; 0.4 √0.60, 0.4 √0.22 and 0.4 √0.82.
    sums(try place.small(MeasurementPlace.statistical), 5.6e-39, 3.0984e-40)
    sums(try place.small(MeasurementPlace.systematic), 5.6e-39, 1.8762e-40)
    let both = try place.small(MeasurementPlace.statistical, MeasurementPlace.systematic)
    sums(both, 5.6e-39, 3.6222e-40)
    #expect(abs(both.errors[3] - (0.25 + 0.04).squareRoot()) < 1e-15)
    // Each in a unit of its own.
    let scaled = MeasurementPlace.systematic.replacing("0.0", with: "0.000")
    sums(
      try place.small(MeasurementPlace.statistical, scaled) {
        $0.covarianceUnit = [MeasurementPlace.unit, "1e-38 cm2/GeV/nucleon"]
      }, 5.6e-39, 3.6222e-40)
    #expect(
      place.folder.sentence {
        _ = try place.small(MeasurementPlace.statistical) { $0.covariance.append($0.covariance[0]) }
      } == "--covariance: found c0.txt twice; expected every part once: they add up")
    #expect(
      place.folder.sentence {
        _ = try place.small(MeasurementPlace.statistical) { $0.covarianceUnit = ["cm2/GeV/nucleon", "relative"] }
      } == "--covariance-unit: found 2 times; expected once, or once for each of 1 --covariance")
  }

  @Test("T2K CC0π: values and three covariances between bars, each under its header")
  func t2kCC0pi() throws {
    let data = """
      Units: momentum (GeV), cross-section (10^-39 cm2/(nucleon x GeV))

      bin number | cosTheta min - cosTheta max | momentum min - momentum max | measured xsec
      0 | -1 - 0 | 0.2 - 0.6 | 2.00e+00
      1 | -1 - 0 | 0.6 - 1.0 | 3.00e+00
      2 | 0 - 1 | 0.2 - 0.6 | 4.00e+00
      3 | 0 - 1 | 0.6 - 1.0 | 5.00e+00

      """
    func file(_ name: String, _ element: (Int, Int) -> Double) throws -> String {
      let rows = (0..<4).flatMap { i in (0..<4).map { j in "\(i) - \(j) | \(element(i, j))" } }
      return try place.folder.file(
        name,
        "Units: cross-section (10^-39 cm2/(nucleon x GeV))\n\nrow (bin i) - column (bin j) | sigma_i x sigma_j x rho_ij\n"
          + rows.joined(separator: "\n") + "\n")
    }
    let table = try ColumnTable(blankSeparated: try place.folder.file("xsec.txt", data), skip: 3)
    let files = [
      try file("stat.txt") { $0 == $1 ? 0.04 : 0 }, try file("shape.txt") { $0 == $1 ? 0.02 : 1e-5 },
      try file("norm.txt") { _, _ in 0.01 },
    ]
    let columns = "-,\(MeasurementPlace.columns)"
    let found = try place.measurement([table], columns: columns) { $0.covariance = files }
    #expect(found.bins[1] == CrossSectionMeasurement.Bin(first: 0.6...1, second: -1...0))
    #expect(abs((found.covariance?[0, 0] ?? 0) - 0.07) < 1e-15 && abs((found.covariance?[0, 1] ?? 0) - 0.01001) < 1e-15)
    sums(found, 5.6e-39, nil)
    // A unit ten times larger than the headers say, of values or of the covariance.
    #expect(
      place.folder.sentence {
        _ = try place.measurement([table], columns: columns) {
          ($0.covariance, $0.unit) = (files, "1e-38 cm2/GeV/nucleon")
        }
      }.hasPrefix("xsec.txt: --unit: found “1e-38 cm2/GeV/nucleon”; expected what the file says of the header, 10^-39"))
    #expect(
      place.folder.sentence {
        _ = try place.measurement([table], columns: columns) {
          ($0.covariance, $0.covarianceUnit) = (files, ["1e-38 cm2/GeV/nucleon"])
        }
      }.hasPrefix(
        "stat.txt: --covariance-unit: found “1e-38 cm2/GeV/nucleon”; expected what the file says of the header"))
  }

  @Test("bins in one file and values in another")
  func beside() throws {
    let bins = try ColumnTable(
      blankSeparated: try place.folder.file(
        "bins.txt", "//min costh  max costh  min mom  max mom\n-1 0 0.2 0.6\n-1 0 0.6 1\n0 1 0.2 0.6\n0 1 0.6 1\n"),
      skip: 1)
    let values = try ColumnTable(
      blankSeparated: try place.folder.file("values.txt", "2 0.2\n3 0.3\n4 0.4\n5 0.5\n"), skip: 0)
    let found = try place.measurement(
      [try ColumnTable(beside: [bins, values])], columns: "\(MeasurementPlace.columns),error")
    sums(found, 5.6e-39, nil)
    #expect(found.errors == [0.2, 0.3, 0.4, 0.5])
    let short = try ColumnTable(blankSeparated: try place.folder.file("short.txt", "2\n3\n"), skip: 0)
    #expect(
      place.folder.sentence { _ = try ColumnTable(beside: [bins, short]) }
        == "short.txt: --beside: found 2 rows; expected 4, as in bins.txt")
  }

  @Test("HEPData says its units: they need no options, and contradict others")
  func hepDataUnits() throws {
    func table(_ energy: String, _ value: String) throws -> ColumnTable {
      try ColumnTable(
        hepData: try place.folder.file(
          "u.yaml",
          """
          independent_variables:
          - {header: {name: p, units: "\(energy)"}, values: [{low: 200, high: 600}, {low: 600, high: 1000}]}
          - {header: {name: cos, units: ""}, values: [{low: -1, high: 0}, {low: -1, high: 0}]}
          dependent_variables:
          - header: {name: xs, units: "\(value)"}
            values: [{value: 2, errors: [{symerror: 0.2}]}, {value: 3, errors: [{symerror: 0.3}]}]

          """))
    }
    func sentence(_ energy: String, _ value: String, option: String? = nil, unit: String? = nil) -> String {
      place.folder.sentence {
        let found = try place.measurement(
          [try table(energy, value)],
          columns: "lepton_momentum.low,lepton_momentum.high,cos_theta.low,cos_theta.high,value,error"
        ) { ($0.energy, $0.unit) = (option, unit) }
        sums(found, 2e-39, nil)
      }
    }
    for value in [
      "1E-39 CM**2/GEV/NUCLEON", "10**-39 CM**2/(GEV NUCLEON)", "1E-42 CM^2/MEV/NUCLEON", "FB/GEV/NUCLEON",
      "10^{-39} cm^{2}/(GeV/c)/nucleon",
    ] {
      #expect(sentence("MEV", value) == "no error", "\(value)")
      #expect(sentence("MEV/C", value, option: "MeV", unit: MeasurementPlace.unit) == "no error", "\(value)")
    }
    let value = "1E-39 CM**2/GEV/NUCLEON"
    #expect(
      sentence("MEV", value, option: "GeV")
        == "u.yaml: --energy: found “GeV”; expected what the file says of “p [MEV] low”, MEV")
    #expect(
      sentence("MEV", value, unit: "1e-38 cm2/GeV/nucleon")
        == "u.yaml: --unit: found “1e-38 cm2/GeV/nucleon”; expected what the file says of “xs [\(value)]”, \(value)")
    #expect(
      sentence("MEV", "1E-39 CM**2/GEV**2/NUCLEON", unit: MeasurementPlace.unit).hasPrefix("u.yaml: --unit: found"))
    // Words that are not understood say nothing: the options are needed, and believed.
    #expect(sentence("MEV", "arbitrary", unit: MeasurementPlace.unit) == "no error")
    #expect(sentence("MEV", "arbitrary").hasPrefix("found no --unit; expected --unit"))
    #expect(sentence("FURLONG", value, unit: MeasurementPlace.unit).hasPrefix("found no --energy"))
    #expect(sentence("DEG", value, option: "MeV").contains("found lepton_momentum for “p [DEG] low”, in DEG"))
  }

  @Test("cross sections and errors of a size that nothing has")
  func plausibility() throws {
    let stat = MeasurementPlace.statistical
    #expect(
      place.folder.sentence {
        _ = try place.small(stat) {
          ($0.unit, $0.covarianceUnit) = ("1e-33 cm2/GeV/nucleon", ["1e-33 cm2/GeV/nucleon"])
        }
      } == "unit: found bins that sum up to 5.6e-33 cm2/nucleon in units of 1e-33 cm2/GeV/nucleon; expected 1e-44 to "
        + "1e-35, about 0.7e-38 per GeV of the beam: another unit")
    #expect(
      place.folder.sentence { _ = try place.small(stat) { $0.unit = "1e-46 cm2/GeV/nucleon" } }.contains("sum up to"))
    #expect(
      place.folder.sentence { _ = try place.small(stat) { $0.covarianceUnit = ["cm2/GeV/nucleon"] } }
        == "c0.txt: covariance: found a median error of 1e+40 %; expected 0.05 to 200.0 %: errors or covariance in another "
        + "unit")
    #expect(
      place.folder.sentence { _ = try place.small(stat) { $0.covarianceUnit = ["1e-42 cm2/GeV/nucleon"] } }
        .contains("found a median error of 0.01 %"))
    let table = try ColumnTable(blankSeparated: try place.folder.file("m.txt", MeasurementPlace.bins), skip: 0)
    let draft = try place.draft([table], columns: MeasurementPlace.columns) {
      $0.covariance = [try place.folder.file("c.txt", stat)]
      $0.covarianceUnit = ["1e-40 cm2/GeV/nucleon"]
    }
    #expect(draft.hints.contains("the median error is 1 %: look at the units") || draft.hints.count == 1)
  }
}
