import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// Figures of merit of several finished runs against the value of one key in which they differ: how errors depend on a
/// number of bins, on a resolution, on a number of events.
///
/// Other than in a comparison, detectors, bins and truth may differ from run to run.
package struct RunScan: Sendable {
  /// What is shown of every model.
  struct Quantity: Sendable {
    /// What its axis is like.
    enum Scale: Sendable {
      /// Linear, with zero on it.
      case linear
      /// Logarithmic: a distance, or a number of events.
      case logarithmic
      /// Logarithmic, from one to where a probability no longer matters.
      case probability
    }

    /// Name in the CSV file.
    var name: String
    /// Title of its panel and column.
    var title: String
    /// What its axis is like.
    var scale = Scale.linear
    /// Its value for a model.
    var value: @Sendable (ModelResults) -> Double?
    /// Its value with the true cross section, where that has one.
    var ofTruth: @Sendable (StudyResults) -> Double? = { _ in nil }
    /// Whether it is the goodness of fit by which near data refuse a model.
    var isGoodness = false

    /// Its value for a model as text, `–` for none.
    func text(_ model: ModelResults) -> String {
      guard let value = value(model) else { return "–" }
      return scale == .probability ? DecimalText.probability(value) : DecimalText.general(value, 3)
    }
  }

  /// The key by its dotted path.
  let key: String
  /// The folder of the scan of which the runs are variants; nil for runs that were made one by one.
  let home: String?
  /// The runs' folders in the order of the values.
  let folders: [String]
  /// The values of the key.
  let values: [ScannedValue]
  /// The results of the runs.
  let results: [StudyResults]
  /// Models that have results in any run.
  let labels: [String]
  /// What is shown.
  let quantities: [Quantity]
  /// The runs as pseudo-experiments with one truth; nil where they are none.
  let calibration: Calibration?

  /// Reads runs; a missing file is an exit-66 error, a run that does not have the key, or the same value of it as another, an
  /// exit-65 error.
  package init(folders: [String], key: String) throws { try self.init(folders: folders, key: key, home: nil) }

  /// Reads the variants of a scan from its folder; a variant that has not been run yet is an exit-66 error.
  package init(folder: String) throws {
    let record = try ResultFile.read(
      ScanRecord.self, schema: ScanRecord.schemaName, from: FilePath.join(folder, ScanRecord.fileName),
      madeBy: "nutune scan")
    try self.init(folders: record.variants.map { FilePath.join(folder, $0) }, key: record.key, home: folder)
  }

  private init(folders: [String], key: String, home: String?) throws {
    guard folders.count > 1 else {
      throw NuTuneError(.usage, found: "\(folders.count) run", expected: "at least two run folders")
    }
    var problems = NuTuneErrors()
    let runs = folders.compactMap { folder in problems.attempt { try FinishedRun(folder: folder).results } }
    try problems.throwIfAny()
    let values = try Self.values(of: key, in: zip(folders, runs).map { (name: $0, study: $1.study) })
    var points = zip(folders, zip(values, runs)).map { (folder: $0, value: $1.0, results: $1.1) }
    let numbers = points.compactMap(\.value.number)
    if Set(numbers).count == points.count {
      points.sort { ($0.value.number ?? 0) < ($1.value.number ?? 0) }
    } else {
      // Words, or lists of the same length.
      for index in points.indices { points[index].value.number = nil }
    }
    self.key = key
    self.home = home
    self.folders = points.map(\.folder)
    self.values = points.map(\.value)
    results = points.map(\.results)
    var labels: [String] = []
    for run in results { labels += run.orderedLabels.filter { !labels.contains($0) } }
    self.labels = labels
    quantities = Self.quantities(results)
    calibration = Calibration(over: key, points.map { ($0.value.text, $0.results) })
  }

  /// Refuses studies that do not have the key, or two of which have the same value of it.
  package static func check(_ variants: [EffectiveStudy], key: String) throws {
    _ = try values(of: key, in: variants.enumerated().map { (name: "variant \($0 + 1)", study: $1) })
  }

  /// The values of a key in studies by the names of their runs; texts that would be alike say everything.
  private static func values(of key: String, in studies: [(name: String, study: EffectiveStudy)]) throws
    -> [ScannedValue]
  {
    var values: [ScannedValue] = []
    for (name, study) in studies {
      guard let value = ScannedValue(key, in: study) else {
        throw NuTuneError(
          .badData, at: SourceLocation(file: name), key: key, found: "no value of it in this run",
          expected: "a key that every run has, as results.json says them under study.values",
          suggestion: Suggestion.nearest(to: key, among: study.values.keys.sorted()))
      }
      if let same = values.firstIndex(where: { $0.content == value.content }) {
        throw NuTuneError(
          .badData, at: SourceLocation(file: name), key: key, found: "\(value.text), as in \(studies[same].name)",
          expected: "another value in every run")
      }
      values.append(value)
    }
    guard Set(values.map(\.text)).count < values.count else { return values }
    for index in values.indices { values[index].text = values[index].content }
    return values
  }

  private static func quantities(_ results: [StudyResults]) -> [Quantity] {
    let models = results.flatMap { $0.models.values }
    var list = [
      Quantity(name: "near.tv", title: "near tv", scale: .logarithmic, value: { $0.near.tv }),
      Quantity(name: "far.tv", title: "far tv", scale: .logarithmic, value: { $0.far?.tv }),
    ]
    for energy in Set(models.flatMap { $0.slices.map(\.energy) }).sorted() {
      let text = DecimalText.general(energy, 4)
      list.append(
        Quantity(
          name: "slices.\(text).tv", title: "tv at \(text) GeV", scale: .logarithmic,
          value: { model in model.slices.first { $0.energy == energy }?.tv }))
    }
    for name in results.compactMap({ $0.models.values.compactMap(\.oscillation).first?.parameters }).first ?? [] {
      let parameter = FittedParameter(name)
      list.append(
        Quantity(
          name: "bias_sigma.\(name)", title: "bias in \(parameter.symbol) [σ]",
          value: { $0.oscillation?.biasSigma?[name] }))
      list.append(
        Quantity(
          name: "errors.\(name)", title: "error of \(parameter.heading)",
          value: { $0.oscillation?.errors[name].map { $0 * parameter.scale } },
          ofTruth: { $0.truth.oscillation?.errors[name].map { $0 * parameter.scale } }))
    }
    for name in Set(models.flatMap { ($0.training?.response ?? [:]).keys }).sorted() {
      list.append(
        Quantity(
          name: "response.\(name)", title: "fitted \(name)",
          value: { $0.training?.response?[name]?.value },
          ofTruth: { run in run.models.values.lazy.compactMap { $0.training?.response?[name]?.truth }.first }))
    }
    list += [
      Quantity(
        name: "near.p_value", title: "near p value", scale: .probability, value: { $0.near.goodnessOfFit?.pValue },
        isGoodness: true),
      Quantity(
        name: "near.visible_events", title: "near events that show the misfit", scale: .logarithmic,
        value: { $0.near.goodnessOfFit?.visibleEvents }, isGoodness: true),
    ]
    return list.filter { quantity in models.contains { quantity.value($0) != nil } }
  }

  /// One row for each value and model.
  var table: TextTable {
    var table = TextTable(header: [shortKey, "model"] + quantities.map(\.title), leftColumns: 2)
    for (value, run) in zip(values, results) {
      for label in labels {
        guard let model = run.models[label] else { continue }
        let goodness = quantities.indices.filter { quantities[$0].isGoodness }.map { $0 + 2 }
        table.append(
          [value.text, label] + quantities.map { $0.text(model) }, bad: model.isRefused ? Set(goodness) : [])
      }
    }
    return table
  }

  /// The table as text, for a terminal; of pseudo-experiments what they say together.
  package var text: String { calibration?.text ?? "\(key)\n\n\(table.text)" }

  /// Whether all trainings and fits of all runs converged.
  package var converged: Bool { results.allSatisfy(\.converged) }

  /// The last two parts of the key.
  var shortKey: String { key.split(separator: ".").suffix(2).joined(separator: ".") }

  /// Writes the figure with its numbers and `report.html` into a folder, which may not be the folder of a run.
  package func write(
    to folder: String, jobs: Int, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    guard !FilePath.exists(FilePath.join(folder, "results.json")) else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder), found: "the folder of a run",
        expected: "a folder of its own")
    }
    try AtomicFile.makeFolder(folder)
    let figures = try FigureFiles(
      folder: folder, started: results.map(\.provenance.started).max() ?? "",
      gnuplot: try Gnuplot(environment: environment), jobs: jobs
    ).write([calibration.map { CalibrationFigure(calibration: $0).figure } ?? ScanFigure(scan: self).figure])
    try AtomicFile.write(ScanPage(scan: self, figures: figures).html, to: FilePath.join(folder, "report.html"))
  }
}
