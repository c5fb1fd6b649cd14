import NuTuneCore

/// A table of probabilities of visible hadronic energy in CSV, by energy transfer and bin: the rows of one ω follow one
/// another, its bins rise without gaps, and all ω have the same bins.
struct HadronicTable: Sendable {
  /// Columns, in order.
  static let header = ["energy_transfer", "hadronic_energy_low", "hadronic_energy_high", "probability"]
  /// Largest excess of a sum of probabilities above one that rounding in print explains.
  private static let tolerance = 1e-6

  /// Energy transfers ω in GeV, rising.
  private(set) var transfers: [Double] = []
  /// Edges of the bins in GeV, rising.
  private(set) var edges: [Double] = []
  /// Probabilities, shape [transfers][bins].
  private(set) var probabilities: [[Double]] = []
  /// The file.
  let place: SourceLocation

  /// Reads a table.
  init(file: String) throws {
    place = SourceLocation(file: file)
    var lines = try DelimitedFile(file, content: "a CSV table with the columns \(Self.header.joined(separator: ","))")
      .lines
    let header = lines.removeFirst()
    guard header.fields.map(\.text) == Self.header else {
      throw NuTuneError(
        .badData, at: header.location(of: 0), key: "header",
        found: "“\(header.fields.map(\.text).joined(separator: ","))”", expected: Self.header.joined(separator: ","))
    }
    var ofTransfer: [(edges: [Double], line: DelimitedFile.Line)] = []
    for line in lines {
      try line.requireFields(Self.header.count, because: "as in the header")
      let numbers = try Self.header.indices.map { try line.number($0, key: Self.header[$0]) }
      if transfers.last != numbers[0] {
        if let last = transfers.last, numbers[0] < last {
          throw Self.refusal(line, 0, "ω = \(numbers[0]) after \(last)", "energy transfers that rise")
        }
        transfers.append(numbers[0])
        probabilities.append([])
        ofTransfer.append(([numbers[1]], line))
      }
      let current = transfers.count - 1
      guard let before = ofTransfer[current].edges.last, before == numbers[1], numbers[1] < numbers[2] else {
        throw Self.refusal(
          line, 1, "a bin from \(numbers[1]) to \(numbers[2])", "bins of one ω that rise and follow one another")
      }
      guard numbers[3] >= 0 else { throw Self.refusal(line, 3, "\(numbers[3])", "a probability that is not negative") }
      ofTransfer[current].edges.append(numbers[2])
      probabilities[current].append(numbers[3])
    }
    try finish(ofTransfer)
  }

  /// Checks that all energy transfers have the same bins, with probabilities that sum to at most one.
  private mutating func finish(_ ofTransfer: [(edges: [Double], line: DelimitedFile.Line)]) throws {
    guard let first = ofTransfer.first else {
      throw NuTuneError(.badData, at: place, key: "table", found: "a header alone", expected: "rows of probabilities")
    }
    edges = first.edges
    for (index, (bins, line)) in ofTransfer.enumerated() {
      guard bins == edges else {
        throw Self.refusal(line, 0, "other bins at ω = \(transfers[index])", "those of ω = \(transfers[0])")
      }
      let sum = probabilities[index].reduce(0, +)
      guard sum <= 1 + Self.tolerance else {
        throw Self.refusal(line, 3, "probabilities at ω = \(transfers[index]) that sum to \(sum)", "at most 1")
      }
      if sum > 1 { probabilities[index] = probabilities[index].map { $0 / sum } }
    }
  }

  private static func refusal(_ line: DelimitedFile.Line, _ field: Int, _ found: String, _ expected: String)
    -> NuTuneError
  {
    NuTuneError(.badData, at: line.location(of: field), key: header[field], found: found, expected: expected)
  }
}
