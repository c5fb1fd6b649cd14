import NuTuneCore
import NuTuneFiles

/// The card beside the weights of a trained model: what it is, what it learned from, where it can be used and how it is
/// evaluated.
package struct ModelCard: Codable, Sendable {
  /// Everything before the number of a schema.
  static let schemaFamily = "nutune.model/"
  /// The newest schema that this version reads, and the one that it writes.
  static let schemaNumber = 2
  /// Schema name of this version. Cards of `nutune.model/1` have neither ``origin`` nor ``weightsDigest``.
  package static let schemaName = "\(schemaFamily)\(schemaNumber)"

  /// `nutune.model/2`.
  package var schema = schemaName
  /// Label in the study.
  package var label: String
  /// The plugin.
  package var model: String
  /// Its parameters.
  package var parameters: [String: ParameterValue]
  /// The plugins it is made of, by the name of the component.
  package var components: [String: ModelCardComponent]?
  /// What belongs to the weights: scaling, order of the nets, `formula`.
  package var state: [String: ParameterValue]
  /// The members of an ensemble, whose mean the model is; nil for any other. ``state`` and ``record`` are those of the
  /// first then.
  package var members: [ModelCardMember]?
  /// How the tuning went.
  package var record: TuningRecord
  /// What it learned from and where it can be used; nil in cards of older versions.
  package var origin: ModelOrigin?
  /// SHA-256 of the weights; nil in cards of older versions.
  package var weightsDigest: String?
  /// Terms under which the weights may be used; nil when nobody has said.
  package var licence: String?

  enum CodingKeys: String, CodingKey {
    case schema, label, model, parameters, components, state, members, record, origin, licence
    case weightsDigest = "weights_sha256"
  }

  /// The card of a model that was tuned.
  ///
  /// - Parameters:
  ///   - label: label in the study.
  ///   - selection: plugin, parameters and components.
  ///   - result: the tuned model.
  ///   - origin: what it learned from.
  package init(_ label: String, of selection: PluginSelection, _ result: TuningResult, origin: ModelOrigin?) {
    self.label = label
    model = selection.name
    parameters = selection.parameters.effective
    components = ModelCardComponent.all(of: selection)
    state = result.state.card
    record = result.record
    self.origin = origin
  }
}

extension ModelCard {
  private struct Header: Decodable { var schema: String? }

  /// Reads a card of this version or an older one; a newer one is refused before anything else in it is looked at.
  package static func read(_ path: String) throws -> ModelCard {
    let expected = "the card of a trained model, as nutune wrote it"
    let found = try JSONFile.read(Header.self, from: path, expected: expected).schema ?? "nothing"
    guard found.hasPrefix(schemaFamily), let number = Int(found.dropFirst(schemaFamily.count)), number > 0 else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: path), key: "schema", found: "“\(found)”", expected: "“\(schemaName)”")
    }
    guard number <= schemaNumber else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: path), key: "schema", found: "“\(found)”, the card of a newer version",
        expected: "at most “\(schemaName)”, which nutune \(NuTuneVersion.current) reads")
    }
    return try JSONFile.read(ModelCard.self, from: path, expected: expected)
  }
}
