import ArgumentParser
import Foundation
import NuTuneCatalog
import NuTuneCore

extension ModelsCommand {
  /// `nutune models list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "Lists trained models of runs and of the catalog.",
      discussion: """
        Example:
          nutune models list
          nutune models list runs/dune-closure runs/t2k --json
        """)

    @Argument(help: ArgumentHelp("Folders of runs; the models of the catalog when left out.", valueName: "RUN"))
    var runs: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let catalog = Catalog.find()
      let names =
        try runs.isEmpty
        ? catalog.names(of: .crossSections)
        : runs.flatMap { run in
          // A folder without models gets the sentence of a name without a label.
          let labels = TrainedModelFiles.labels(in: run)
          if labels.isEmpty { _ = try interpreting { try Self.files("\(run)#", catalog) } }
          return labels.map { "\(run)#\($0)" }
        }
      var models: [(name: String, card: ModelCard)] = []
      for name in names {
        var problems = NuTuneErrors()
        if let card = problems.attempt({ try ModelCard.read(try Self.files(name, catalog).card) }) {
          models.append((name, card))
        }
        for problem in problems.errors { StandardError.warn("\(problem)") }
      }
      try StandardOutput.write(
        json ? try JSONValue.list(models.map { ModelSummary($0.name, $0.card).json }).rendered() : Self.table(models))
    }

    private static func files(_ name: String, _ catalog: Catalog) throws -> TrainedModelFiles {
      try TrainedModelFiles(of: name, in: "", catalog: catalog)
    }

    private static func table(_ models: [(name: String, card: ModelCard)]) -> String {
      let rows = models.map { ModelSummary($0.name, $0.card).row }
      let widths = (0..<ModelSummary.columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
      return rows.map { row in
        var line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line + "\n"
      }.joined()
    }
  }
}
