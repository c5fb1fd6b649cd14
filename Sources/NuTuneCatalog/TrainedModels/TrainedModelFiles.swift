import Foundation
import NuTuneCore

/// The files of a trained model, found by its name: `RUN#LABEL` for one of a run's folder, or the name of a catalog
/// entry.
package struct TrainedModelFiles: Sendable, Hashable {
  /// Path of the card.
  package var card: String
  /// Path of the weights.
  package var weights: String
  /// SHA-256 that the weights should have; nil when only the card says it.
  package var weightsDigest: String?

  /// Files that are known.
  package init(card: String, weights: String, weightsDigest: String? = nil) {
    self.card = card
    self.weights = weights
    self.weightsDigest = weightsDigest
  }

  /// Keys of a catalog entry of a trained model, beside those that describe it.
  static let entryKeys = [
    EntryKey("card", "text", "file of the card, relative to the entry", required: true),
    EntryKey("weights", "text", "file of the weights (safetensors), relative to the entry", required: true),
    EntryKey("weights_sha256", "64 digits", "SHA-256 of the weights", required: true),
    EntryKey("licence", "text", "terms under which the weights may be used"),
  ]

  /// Whether a word names a trained model: one of a run, or one of the catalog.
  package static func isNamed(_ word: String, in catalog: Catalog) -> Bool {
    word.contains("#") || catalog.path(of: .crossSections, named: word) != nil
  }

  /// Finds the files of a trained model.
  ///
  /// - Parameters:
  ///   - name: `RUN#LABEL`, or the name of a catalog entry.
  ///   - folder: what the path of a run is relative to.
  ///   - catalog: where entries are looked up.
  ///   - location: where the name stands, for errors.
  ///   - key: what it stands under.
  package init(
    of name: String, in folder: String, catalog: Catalog, at location: SourceLocation? = nil, key: String? = nil
  ) throws {
    guard let mark = name.lastIndex(of: "#") else {
      try self.init(try catalog.entry(.crossSections, named: name, at: location, key: key))
      return
    }
    let (path, label) = (String(name[..<mark]), String(name[name.index(after: mark)...]))
    let run = FilePath.join(folder, path)
    let known = path.isEmpty ? [] : Self.labels(in: run)
    let members = path.isEmpty ? [] : Self.labels(in: run, below: "\(Self.members)/")
    guard !known.isEmpty || !members.isEmpty else {
      let isThere = FilePath.isFolder(run)
      let here = FilePath.absolute(path)
      throw NuTuneError(
        isThere ? .badData : .missingInput, at: location, key: key,
        found: isThere ? "“\(run)”, a folder without trained models" : "no folder “\(run)”",
        expected: "RUN#LABEL, a run's folder (relative to the file that names it) and the label of a model",
        suggestion: !isThere && !Self.labels(in: here).isEmpty ? "\(here)#\(label)" : nil)
    }
    guard known.contains(label) || members.contains(label) else {
      throw NuTuneError(
        .badData, at: location, key: key,
        found: label.isEmpty ? "no label of a model" : "no trained model “\(label)” in \(run)",
        expected: "one of \(known.map { "\(path)#\($0)" }.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: label, among: known).map { "\(path)#\($0)" })
    }
    self.init(card: "\(run)/models/\(label).json", weights: "\(run)/models/\(label).safetensors")
  }

  /// The files of a catalog entry.
  init(_ entry: CatalogEntry) throws {
    var problems = NuTuneErrors()
    for error in entry.values.unknownKeys(known: Self.entryKeys.names, path: "") { problems.add(error) }
    func text(_ key: String) -> String {
      if let text = entry.node[key]?.text, !text.isEmpty { return text }
      problems.add(
        NuTuneError(
          .badData, at: entry.node[key]?.location ?? entry.node.location, key: key,
          found: entry.node[key]?.summary ?? "nothing", expected: "text, as `nutune models add` writes it"))
      return ""
    }
    let folder = FilePath.folder(of: entry.path)
    (card, weights) = (FilePath.join(folder, text("card")), FilePath.join(folder, text("weights")))
    weightsDigest = text("weights_sha256")
    try problems.throwIfAny()
  }

  /// Folder of the models of the members of an ensemble, below that of the models.
  package static let members = "members"

  /// Labels of the trained models of a run, sorted; none for a folder that holds none.
  ///
  /// - Parameters:
  ///   - run: the folder of the run.
  ///   - below: what the labels begin with, `members/` for those of an ensemble.
  package static func labels(in run: String, below: String = "") -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(run)/models/\(below)")) ?? []
    let ending = ".safetensors"
    // A plus stands in front of the component of the flux that a model was tuned along.
    return names.filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") && !$0.contains("+") }
      .map { below + $0.dropLast(ending.count) }.sorted()
  }
}
