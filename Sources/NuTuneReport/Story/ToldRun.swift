import Foundation
import NuTuneCore

/// The parts of a finished run or ensemble that a story shows, with the sensitivities that were asked of it.
struct ToldRun: Sendable {
  /// Its folder.
  let folder: String
  /// Everything in `results.json` or `ensemble.json`, and below `sensitivity` the answers by question.
  let values: ResultValue
  /// Its figures, each with the path of its SVG.
  let figures: [(figure: Figure, path: String)]
  /// Warnings, including about anything that did not converge.
  let troubles: [String]
  /// The questions that were asked of it.
  private let questions: [String]

  /// Whether anything is finished in a folder.
  static func exists(_ folder: String) -> Bool {
    FilePath.exists("\(folder)/results.json") || FilePath.exists("\(folder)/\(EnsembleReport.source)")
      || !SensitivityReport.files(in: folder).isEmpty
  }

  /// Reads what is finished.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - name: its name in the story.
  ///   - location: where the story first names it.
  ///   - withFigures: whether the story shows figures of it.
  init(folder: String, name: String, at location: SourceLocation, withFigures: Bool) throws {
    self.folder = folder
    let path = "\(folder)/results.json"
    let asked = SensitivityReport.files(in: folder)
    questions = asked.map(\.question)
    var figures: [Figure] = []
    var values = ResultValue.object([:])
    if FilePath.exists(path) {
      let run = try FinishedRun(folder: folder)
      troubles = ResultTable.troubles(run.results) + ResultTable.warnings(run.results).map { "WARNING: \($0)" }
      if withFigures { figures = Figure.all(of: run) }
      values = try Self.content(of: path)
    } else if FilePath.exists("\(folder)/\(EnsembleReport.source)") {
      let ensemble = try FinishedEnsemble(folder: folder)
      troubles = EnsembleRows.troubles(ensemble.results)
      if withFigures { figures = Figure.all(of: ensemble) }
      values = try Self.content(of: "\(folder)/\(EnsembleReport.source)")
    } else {
      guard !asked.isEmpty else {
        throw NuTuneError(
          .missingInput, at: location, key: "run", found: "no finished run “\(name)” (\(path))",
          expected: "one; nutune run makes it")
      }
      troubles = []
    }
    var shown = figures.map { (figure: $0, path: "\(folder)/figures/\($0.name).svg") }
    var answers: [String: ResultValue] = [:]
    for (question, path) in asked {
      answers[question] = try Self.content(of: path)
      guard withFigures else { continue }
      let figure = try SensitivityReport.figure(of: question, at: path)
      shown.append((figure, "\(folder)/sensitivity/\(question)/figures/\(figure.name).svg"))
    }
    if !answers.isEmpty, case .object(var entries) = values {
      entries["sensitivity"] = .object(answers)
      values = .object(entries)
    }
    self.values = values
    self.figures = shown
  }

  /// Whether a figure is of a question that was not asked yet.
  func lacksQuestion(_ figure: String) -> Bool {
    SensitivityReport.questions.contains { figure == "sensitivity-\($0)" && !questions.contains($0) }
  }

  private static func content(of path: String) throws -> ResultValue {
    do {
      return try JSONDecoder().decode(ResultValue.self, from: FileManager.default.contents(atPath: path) ?? Data())
    } catch {
      throw NuTuneError(
        .badData, at: SourceLocation(file: path), found: "content that cannot be read", expected: "JSON")
    }
  }
}
