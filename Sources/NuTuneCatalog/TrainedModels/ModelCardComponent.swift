import NuTuneCore
import NuTuneFiles

/// A plugin that a trained model is made of, a theory prior for instance, as the model's card keeps it.
package struct ModelCardComponent: Codable, Sendable {
  /// A file that a parameter names.
  package struct ReadFile: Codable, Sendable, Hashable {
    /// Absolute path.
    package var path: String
    /// SHA-256 of its content when the model was trained.
    package var sha256: String
  }

  /// The plugin.
  package var model: String
  /// Its parameters.
  package var parameters: [String: ParameterValue]
  /// The plugins it is made of, by the name of the component.
  package var components: [String: ModelCardComponent]?
  /// Files that its parameters name, by parameter; nil without any.
  package var files: [String: ReadFile]?
  /// The name of the trained model that it is; nil for one that is not trained. Its tensors stand beside those of the
  /// model that it is part of, their names behind that of the component (`prior//neutrino.weights`).
  package var trained: String?
  /// The state of a trained model without its tensors.
  package var state: [String: ParameterValue]?
  /// The members of an ensemble, whose mean the trained model is.
  package var members: [ModelCardMember]?
  /// What a trained model learned from.
  package var origin: ModelOrigin?

  /// Describes a component.
  init(_ selection: PluginSelection) {
    model = selection.name
    parameters = selection.parameters.effective
    components = Self.all(of: selection)
    trained = selection.trained?.reference
    state = selection.trained?.state.card
    members = selection.trained.flatMap { $0.members.isEmpty ? nil : $0.members.map(\.card) }
    origin = selection.trained?.origin
    var files: [String: ReadFile] = [:]
    for declaration in selection.parameters.schema.declarations where declaration.domain == .text {
      guard let path = selection.configuration.path(named: declaration.name),
        let digest = Digest.sha256(ofFile: path)
      else { continue }
      files[declaration.name] = ReadFile(path: FilePath.absolute(path), sha256: digest)
    }
    self.files = files.isEmpty ? nil : files
  }

  /// The plugin of a trained model before its training, as its card describes it.
  init(_ card: ModelCard) {
    model = card.model
    parameters = card.parameters
    components = card.components
  }

  /// Describes everything that a plugin is made of, by component; nil when it is whole.
  static func all(of selection: PluginSelection) -> [String: ModelCardComponent]? {
    selection.components.isEmpty
      ? nil : Dictionary(uniqueKeysWithValues: selection.components.map { ($0.label, ModelCardComponent($0)) })
  }
}
