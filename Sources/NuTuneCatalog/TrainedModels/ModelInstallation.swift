import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// A trained model on its way into a catalog: `cross-sections/NAME.yaml` with the card and the weights beside it.
package struct ModelInstallation: Sendable {
  /// Name of the entry.
  package var name: String
  /// Title for people.
  package var title: String
  /// Terms under which the weights may be used; those of the card when nil.
  package var licence: String?
  /// Whether an entry of that name is replaced.
  package var replaces = false

  /// Describes an entry.
  package init(name: String, title: String, licence: String? = nil, replaces: Bool = false) {
    self.name = name
    self.title = title
    self.licence = licence
    self.replaces = replaces
  }

  /// Copies card and weights into a catalogs folder, weights first and the entry last, and returns the path of the
  /// entry.
  ///
  /// - Parameters:
  ///   - files: of the model.
  ///   - reference: the name by which it was found.
  ///   - catalog: the catalogs folder.
  package func write(_ files: TrainedModelFiles, reference: String, in catalog: String) throws -> String {
    try FileSafeName.check(name, at: nil, key: "--name", allowingDots: true)
    let (_, card) = try TrainedModel.read(files, reference: reference)
    guard let weights = FileManager.default.contents(atPath: files.weights) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: files.weights), found: "no such file", expected: "trained weights")
    }
    let folder = "\(catalog)/\(CatalogKind.crossSections.rawValue)"
    let paths = ["safetensors", "json", "yaml"].map { "\(folder)/\(name).\($0)" }
    for path in paths + ["\(folder)/\(name).yml"] where !replaces && FilePath.exists(path) {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "a file that is there already",
        expected: "another --name, or --force to replace it")
    }
    let digest = Digest.sha256(weights)
    let installed = try JSONFile.bytes(of: complete(card, files, weightsDigest: digest))
    try AtomicFile.makeFolder(folder)
    try AtomicFile.write(weights, to: paths[0])
    try AtomicFile.write(installed, to: paths[1])
    try AtomicFile.write(entry(card, reference: reference, weightsDigest: digest), to: paths[2])
    return paths[2]
  }

  /// The card with what only the folder of its run knows: study, seeds, commit.
  private func complete(_ card: ModelCard, _ files: TrainedModelFiles, weightsDigest: String) -> ModelCard {
    var card = card
    card.schema = ModelCard.schemaName
    card.weightsDigest = weightsDigest
    card.licence = licence ?? card.licence
    let run = FilePath.folder(of: FilePath.folder(of: files.card))
    let expected = "results of a finished run"
    guard card.origin != nil, card.origin?.study == nil,
      let results = try? JSONFile.read(StudyResults.self, from: "\(run)/results.json", expected: expected)
    else { return card }
    card.origin?.study = results.study.name
    card.origin?.seeds.merge(results.provenance.seeds) { own, _ in own }
    card.origin?.commit = results.provenance.commit.isEmpty ? nil : results.provenance.commit
    return card
  }

  private func entry(_ card: ModelCard, reference: String, weightsDigest: String) -> String {
    func quoted(_ text: String) -> String {
      "\"" + PrintableText.line(text, limit: 400).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
    var lines = [
      "# Written by nutune models add.", "schema: \(CatalogKind.crossSections.schemaName)", "name: \(quoted(name))",
      "title: \(quoted(title))", "card: \(quoted("\(name).json"))", "weights: \(quoted("\(name).safetensors"))",
      "weights_sha256: \"\(weightsDigest)\"",
    ]
    if let licence = licence ?? card.licence { lines.append("licence: \(quoted(licence))") }
    lines += ["source:", "  model: \(quoted(card.model))", "  from: \(quoted(reference))"]
    return lines.joined(separator: "\n") + "\n"
  }
}
