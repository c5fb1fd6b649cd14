import ArgumentParser
import Foundation
import NuTuneCatalog
import NuTuneCore

extension ModelsCommand {
  /// `nutune models add`.
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add",
      abstract: "Installs a trained model into a catalog.",
      discussion: """
        Copies card and weights to cross-sections/NAME.json and NAME.safetensors in a catalogs folder and writes the \
        entry NAME.yaml beside them, with the digest of the weights. The run is not needed any more.

        Example:
          nutune models add runs/dune-closure#neural --name dune-ar40-v1
        """)

    @Argument(help: ArgumentHelp("RUN#LABEL, or a name of the catalog.", valueName: "MODEL"), completion: .directory)
    var model: String

    @Option(help: "Name of the entry.")
    var name: String

    @Option(help: ArgumentHelp("The catalogs folder to write into; by default the nearest one.", valueName: "DIR"))
    var to: String?

    @Option(help: "What it is, a line for people.")
    var title: String?

    @Option(help: "Terms under which the weights may be used, CC-BY-4.0 for instance.")
    var licence: String?

    @Flag(help: "Replace an entry of that name.")
    var force = false

    @OptionGroup
    var plugins: PluginOptions

    func run() throws {
      let (registry, catalog) = (try plugins.registry(), Catalog.find())
      // Whatever cannot be used is not installed.
      let files = try interpreting { () throws -> TrainedModelFiles in
        let selection = try PluginSelection.trained(model, registry: registry, catalog: catalog)
        let _: any CrossSectionModel = try selection.make(registry)
        return try TrainedModelFiles(of: model, in: "", catalog: catalog)
      }
      let ownTitle = ModelSummary.title(try ModelCard.read(files.card))
      let installation = ModelInstallation(name: name, title: title ?? ownTitle, licence: licence, replaces: force)
      let path = try interpreting {
        try installation.write(
          files, reference: model, in: to ?? Catalog.nearest(to: FileManager.default.currentDirectoryPath) ?? "catalogs"
        )
      }
      try StandardOutput.write("wrote \(path)\n")
    }
  }
}
