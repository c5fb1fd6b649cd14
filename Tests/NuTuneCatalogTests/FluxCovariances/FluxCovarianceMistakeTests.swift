import NuTuneCore
import Testing

@Suite("Mistakes in a flux covariance are named with place, key, found and expected")
struct FluxCovarianceMistakeTests {
  static let stories = [
    Story(
      file: "tables.yaml", old: "matrix: matrix.csv", new: "matrx: matrix.csv", place: "tables.yaml:1:1: tables",
      found: "neither matrix nor components", expected: "a matrix with its bins, or components"),
    Story(
      file: "tables.yaml", old: "bins: bins.csv", new: "bins: bins.csv\ncomponents: []",
      place: "tables.yaml:1:1: tables", found: "matrix beside components", expected: "a matrix with its bins"),
    Story(
      file: "tables.yaml", old: "citations", new: "mode: fhc\ncitations", place: "tables.yaml:4:1: mode",
      found: "an unknown key",
      expected: "one of bins, matrix, detectors, modes", suggestion: "modes"),
    Story(
      file: "tables.yaml", old: "SK: far", new: "SK: fra", place: "tables.yaml:9:30: detectors.SK", found: "“fra”",
      expected: "near or far"),
    Story(
      file: "tables.yaml", old: "{FHC: fhc}", new: "", place: "tables.yaml:10:7: modes", found: "nothing",
      expected: "what the names in the table mean"),
    Story(
      file: "tables.yaml", old: "bins.csv", new: "bin.csv", category: .missingInput, place: "tables.yaml:7:7: bins",
      found: "no such file (catalogs/flux-covariances/bin.csv)", expected: "a CSV file", suggestion: "bins.csv"),
    Story(
      file: "bins.csv", old: "flavour", new: "flavor", place: "bins.csv:2:26: header", found: "the column “flavor”",
      expected: "each of index, detector", suggestion: "flavour"),
    Story(
      file: "bins.csv", old: "index,detector,horn_mode,flavour,E_low_GeV,E_high_GeV", new: "index,detector,horn_mode",
      place: "bins.csv:2:1: header", found: "no column flavour", expected: "index,detector,horn_mode,flavour"),
    Story(
      file: "bins.csv", old: "FHC,numub,0,", new: "FHC,nutau,0,", place: "bins.csv:3:13: flavour", found: "“nutau”",
      expected: "one of nue, nueb, nuebar, numu, numub, numubar"),
    Story(
      file: "bins.csv", old: "2,SK", new: "2,INGRID", place: "bins.csv:5:3: detector", found: "“INGRID”",
      expected: "one of ND280, SK"),
    Story(
      file: "bins.csv", old: "0.5,2,0.2", new: "0.4,2,0.2", place: "bins.csv: bins",
      found: "the bin near fhc numubar 0.4–2 GeV after near fhc numubar 0–0.5 GeV, overlapping",
      expected: "begins where the one before it ends"),
    Story(
      file: "bins.csv", old: "0.5,2,0.2", new: "0.5,two,0.2", place: "bins.csv:4:23: E_high_GeV", found: "“two”",
      expected: "a finite number"),
    Story(
      file: "bins.csv", old: "0.5,2,0.2", new: "0.5,2", place: "bins.csv:4:23", found: "6 columns", expected: "7"),
    Story(
      file: "bins.csv", old: "0.5,2,0.2", new: "0.5,2,0.201", place: "bins.csv:4:25: fractional_error_1sigma",
      found: "0.201 for near fhc numubar 0.5–2 GeV, but √C = 0.2", expected: "bins in the order of the matrix"),
    Story(
      file: "bins.csv", old: "1,ND280", new: "2,ND280", place: "bins.csv:4:1: index", found: "“2”", expected: "1, rows"),
    Story(
      file: "matrix.csv", old: "\n\n0,0,0.01", new: "", place: "matrix.csv: matrix", found: "2 rows",
      expected: "3, one a bin"),
    Story(
      file: "matrix.csv", old: "0.04,0", new: "0.04", place: "matrix.csv:2:6", found: "2 columns", expected: "3"),
    Story(
      file: "matrix.csv", old: "0.01,0.01,0", new: "0.01,nan,0", place: "matrix.csv:1:6: matrix", found: "“nan”",
      expected: "a finite number"),
    Story(
      file: "matrix.csv", old: "0.01,0.01,0", new: "0.01,0.011,0", place: "matrix.csv: covariance",
      found: "0.01 for near fhc numubar 0.5–2 GeV with near fhc numubar 0–0.5 GeV, but 0.011",
      expected: "a symmetric matrix"),
    Story(
      file: "matrix.csv", old: "0.01,0.01,0\n0.01,", new: "0.01,0.03,0\n0.03,", place: "matrix.csv: covariance",
      found: "the negative eigenvalue -0.008", expected: "a positive semidefinite matrix"),
    Story(
      file: "made.yaml", old: "detectors: [near, far]", new: "detectors: [near, middle]",
      place: "made.yaml:4:12: detectors",
      found: "“middle”", expected: "near, far"),
    Story(
      file: "made.yaml", old: "[fhc, rhc]", new: "[fhc, fhc]", place: "made.yaml:5:8: modes", found: "a name twice",
      expected: "each once"),
    Story(
      file: "made.yaml", old: "numu: [0, 2, 4]", new: "numu: [0, 2, 2]", place: "made.yaml:7:9: bins.numu",
      found: "edges that do not increase", expected: "strictly increasing"),
    Story(
      file: "made.yaml", old: "nuebar:", new: "nuebr:", place: "made.yaml:8:3: bins", found: "the channel “nuebr”",
      expected: "one of numu", suggestion: "nuebar"),
    Story(
      file: "made.yaml", old: "fraction: 0.1", new: "fractoin: 0.1", place: "made.yaml:11:5: components[0].fractoin",
      found: "an unknown key", expected: "one of name, fraction", suggestion: "fraction"),
    Story(
      file: "made.yaml", old: "fraction: 0.1", new: "fraction: -0.1", place: "made.yaml:11:15: components[0].fraction",
      found: "“-0.1”", expected: "a number from 0 to 1"),
    Story(
      file: "made.yaml", old: "fraction: 0.1", new: "fraction: 7", place: "made.yaml:11:15: components[0].fraction",
      found: "“7”", expected: "a number from 0 to 1"),
    Story(
      file: "made.yaml", old: "[0.02, -0.04]", new: "[-0.02, -0.04]", place: "made.yaml:16:16: components[1].fractions",
      found: "[-0.02, -0.04]", expected: "one above zero"),
    Story(
      file: "made.yaml", old: "correlation_length: 1", new: "correlation_length: -1",
      place: "made.yaml:12:25: components[0].correlation_length", found: "“-1”", expected: "or “infinite”"),
    Story(
      file: "made.yaml", old: "detector: 0.9", new: "detector: 1.1",
      place: "made.yaml:13:29: components[0].correlation.detector", found: "“1.1”", expected: "a number from 0 to 1"),
    Story(
      file: "made.yaml", old: "fractions: [0.02, -0.04]", new: "fractions: [0.02]",
      place: "made.yaml:16:16: components[1].fractions", found: "1 numbers", expected: "2, one for each of energies"),
    Story(
      file: "made.yaml", old: "energies: [1, 3]", new: "energies: [3, 1]",
      place: "made.yaml:15:15: components[1].energies",
      found: "[3, 1]", expected: "strictly increasing energies"),
    Story(
      file: "made.yaml", old: "    energies: [1, 3]\n", new: "", place: "made.yaml:14:5: components[1].fraction",
      found: "nothing", expected: "fraction, or fractions at energies"),
    Story(
      file: "made.yaml", old: "[fhc-numu]", new: "[fhc-nue]", place: "made.yaml:18:14: components[1].spectra",
      found: "“fhc-nue”", expected: "fhc-numu, fhc-nuebar, rhc-numu", suggestion: "fhc-numu"),
  ]

  @Test("mistakes", arguments: stories)
  func mistake(_ story: Story) throws {
    let temporary = try TemporaryFluxCovariance([(story.file, story.old, story.new)])
    defer { temporary.remove() }
    let errors = temporary.errors(story.file == "made.yaml" ? "made" : "tables")
    let error = try #require(errors.first)
    #expect(errors.count == 1, "\(errors)")
    #expect(error.category == story.category)
    let place = [error.location?.description, error.key].compactMap { $0 }.joined(separator: ": ")
    #expect(place == story.place)
    #expect(error.found.contains(story.found), "\(error)")
    #expect(error.expected.contains(story.expected), "\(error)")
    #expect(error.suggestion == story.suggestion)
  }

  @Test("a matrix in %² or in units of the flux, of which no table of bins has the errors")
  func percents() throws {
    let changes: [(file: String, old: String, new: String?)] = [
      ("bins.csv", ",fractional_error_1sigma", ""), ("bins.csv", "0,0.5,0.1", "0,0.5"),
      ("bins.csv", "0.5,2,0.2", "0.5,2"),
      ("bins.csv", "0,1,0.1", "0,1"),
    ]
    let plain = try TemporaryFluxCovariance(changes)
    defer { plain.remove() }
    #expect(plain.errors("tables").isEmpty)
    let percent = try TemporaryFluxCovariance(
      changes + [
        ("matrix.csv", "0.01,0.01,0\n0.01,0.04,0", "100,100,0\n100,400,0"), ("matrix.csv", "0,0,0.01", "0,0,100"),
      ])
    defer { percent.remove() }
    let error = try #require(percent.errors("tables").first)
    #expect(error.category == .badData && error.location?.file == "matrix.csv")
    #expect(error.found == "a median error of 1e+03 % of the flux" && error.expected.contains("neither in %²"))
  }
}
