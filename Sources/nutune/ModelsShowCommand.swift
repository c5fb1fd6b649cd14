import ArgumentParser
import NuTuneCatalog
import NuTuneCore

extension ModelsCommand {
  /// `nutune models show`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "Shows the card of a trained model.",
      discussion: """
        What it is and what it learned from: targets, channels, experiments, where near data constrained it, the scale \
        of its cross section, seeds, version, digests, licence, and how it is evaluated.

        Example:
          nutune models show runs/dune-closure#neural
          nutune models show dune-ar40-v1 --json
        """)

    @Argument(help: ArgumentHelp("RUN#LABEL, or a name of the catalog.", valueName: "MODEL"), completion: .directory)
    var model: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let (card, trained) = try interpreting { () throws -> (ModelCard, TrainedModel) in
        let files = try TrainedModelFiles(of: model, in: "", catalog: Catalog.find())
        let (trained, card) = try TrainedModel.read(files, reference: model)
        return (card, trained)
      }
      let summary = ModelSummary(model, card)
      try StandardOutput.write(json ? try summary.document() : summary.page(parameters: trained.parameterCount))
    }
  }
}
