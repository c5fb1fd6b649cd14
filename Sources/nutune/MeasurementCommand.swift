import ArgumentParser
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

/// `nutune measurement`.
struct MeasurementCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measurement",
    abstract: "Compares a prediction with a published measurement.",
    discussion: """
      Prints bins, sum, rank of the covariance and the plain χ² of a prediction of zero; with a prediction its χ² by \
      every statistic. Nothing is trained. The prediction is a column of a CSV file with a row for each bin, in the \
      order and the unit of the measurement.

      Example:
        nutune measurement t2k-cc-inclusive-2018 --prediction tune.csv
      """)

  @Argument(help: "A measurement that `nutune list measurements` shows.")
  var name: String

  @Option(help: ArgumentHelp("A CSV file with a predicted cross section for each bin.", valueName: "FILE"))
  var prediction: String?

  @Option(help: "With --prediction: its column.")
  var column = "value"

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let entry = try interpreting { try Catalog.find().entry(.measurements, named: name) }
    let configuration = try MeasurementConfiguration(entry)
    let agreement = try prediction.map {
      try configuration.agreement(with: try Self.column(column, of: $0, count: configuration.measurement.bins.count))
    }
    let summary = MeasurementSummary(configuration, agreement)
    try StandardOutput.write(json ? try summary.json().rendered() : try summary.text())
  }

  /// Numbers of a column, one for each bin.
  private static func column(_ name: String, of file: String, count: Int) throws -> [Double] {
    var lines = try DelimitedFile(file, content: "a table in CSV with a column \(name)").lines
    let header = lines.removeFirst()
    let names = header.fields.map(\.text)
    guard let place = names.firstIndex(of: name) else {
      throw NuTuneError(
        .badData, at: header.location(of: 0), key: "--column", found: "no column “\(name)”",
        expected: "one of \(names.joined(separator: ", "))", suggestion: Suggestion.nearest(to: name, among: names))
    }
    guard lines.count == count else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), key: "--prediction", found: "\(lines.count) rows",
        expected: "\(count), one for each bin of the measurement")
    }
    return try lines.map { line in
      try line.requireFields(names.count, because: "as in the header")
      return try line.number(place, key: name)
    }
  }
}
