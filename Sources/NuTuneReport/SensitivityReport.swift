import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// The figure of a sensitivity, beside those of the run.
package enum SensitivityReport {
  /// Draws the figure into `sensitivity/figures/` of a run folder, beside the figures of the run; returns the paths of its documents.
  ///
  /// - Parameters:
  ///   - folder: The run folder.
  ///   - jobs: Largest number of gnuplot processes at a time.
  ///   - environment: Environment with the `PATH` on which gnuplot is found.
  package static func build(
    _ results: SensitivityResults, folder: String, jobs: Int,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> [String] {
    try write(SensitivityFigure(results).figure, of: results.question, folder, jobs, environment)
  }

  /// Draws the figure of milestones into `sensitivity/milestones/figures/`; returns the paths of its documents.
  package static func build(
    _ results: MilestoneResults, folder: String, jobs: Int,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> [String] {
    try write(MilestoneFigure(results: results).figure, of: milestones, folder, jobs, environment)
  }

  /// Draws the figures of all questions that were asked in a run folder; returns whether there are any.
  static func rebuild(folder: String, jobs: Int) throws -> Bool {
    let files = files(in: folder)
    for (question, path) in files {
      _ = try write(
        try figure(of: question, at: path), of: question, folder, jobs, ProcessInfo.processInfo.environment)
    }
    return !files.isEmpty
  }

  /// The figure of a question, from its results.
  static func figure(of question: String, at path: String) throws -> Figure {
    question == milestones
      ? MilestoneFigure(results: try milestones(at: path)).figure : SensitivityFigure(try results(at: path)).figure
  }

  /// Reads and checks the answers to a question.
  static func results(at path: String) throws -> SensitivityResults {
    try checked(
      try ResultFile.read(
        SensitivityResults.self, schema: SensitivityResults.schemaName, from: path, madeBy: "nutune sensitivity"), path)
  }

  /// Reads and checks milestones.
  static func milestones(at path: String) throws -> MilestoneResults {
    try checked(
      try ResultFile.read(
        MilestoneResults.self, schema: MilestoneResults.schemaName, from: path, madeBy: "nutune sensitivity"), path)
  }

  private static func checked<Content: ReadBack>(_ content: Content, _ path: String) throws -> Content {
    do {
      try content.check()
    } catch let error as NuTuneError {
      throw error.located(at: SourceLocation(file: path))
    }
    return content
  }

  /// The results of all questions that were asked in a run folder, with their paths.
  static func files(in folder: String) -> [(question: String, path: String)] {
    questions.compactMap { question in
      let path = FilePath.join(folder, "sensitivity/\(question).json")
      return FilePath.exists(path) ? (question, path) : nil
    }
  }

  /// Everything that `nutune sensitivity` answers, by the names of its files.
  static let questions = ["octant", "cp", "ordering", "resolution", milestones]

  /// The name of milestones among the questions.
  package static let milestones = "milestones"

  private static func write(
    _ figure: Figure, of question: String, _ folder: String, _ jobs: Int, _ environment: [String: String]
  ) throws -> [String] {
    let folder = FilePath.join(folder, "sensitivity/\(question)")
    try AtomicFile.makeFolder(folder)
    _ = try FigureFiles(
      folder: folder, started: "", gnuplot: try Gnuplot(environment: environment), jobs: jobs
    ).write([figure], progress: nil)
    return ["pdf", "csv"].map { FilePath.join(folder, "figures/\(figure.name).\($0)") }
  }
}
