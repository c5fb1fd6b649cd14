import ArgumentParser
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneResults

/// `nutune cite`.
struct CiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cite",
    abstract: "Prints BibTeX for what a study used.",
    discussion: """
      Example:
        nutune cite runs/dune-closure > dune-closure.bib
      """)

  @Argument(help: "The folder of a run.", completion: .directory)
  var folder: String

  @OptionGroup
  var plugins: PluginOptions

  func run() throws {
    let catalog = Catalog.find(near: folder)
    let study = try study()
    let registry = try plugins.registry()
    // A run folder names libraries, but the user did not ask to load them.
    for library in study.plugins ?? [] where !registry.libraries.contains(library) {
      StandardError.warn(
        "\(library.path): not loaded, so what its plugins ask to cite is left out; --plugin \(library.path) adds it")
    }
    let citations = try StudyCitations.citations(of: study, registry: registry, catalog: catalog)
    try StandardOutput.write(citations.map { "\($0.bibtex)\n" }.joined(separator: "\n"))
  }

  /// Returns the effective study of a run, even if the run has no results.
  private func study() throws -> EffectiveStudy {
    struct Results: Decodable {
      var study: EffectiveStudy
    }
    for name in ["study.json", "results.json", "plan.json"] {
      let path = "\(folder)/\(name)"
      guard let data = FileManager.default.contents(atPath: path) else { continue }
      let decoder = JSONDecoder()
      if let study = try? decoder.decode(EffectiveStudy.self, from: data) { return study }
      if let results = try? decoder.decode(Results.self, from: data) { return results.study }
      throw NuTuneError(
        .badData, at: SourceLocation(file: path), found: "something else", expected: "the effective study of a run")
    }
    throw NuTuneError(
      .missingInput, at: SourceLocation(file: folder), found: "no study.json, results.json or plan.json",
      expected: "the folder of a run or of an ensemble")
  }
}
