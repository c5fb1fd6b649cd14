import NuTuneCore
import NuTuneFiles

/// The content of a card in the form in which a study would say it, so that it is checked by the same declarations.
struct ModelCardNode {
  /// Path of the card.
  let path: String

  private var location: SourceLocation { SourceLocation(file: path) }

  /// `{model: name, parameter: value, …}` with the components. Values that are the defaults of the plugin are left out:
  /// some may be given with others only.
  ///
  /// - Throws: `NuTuneError` when a file that a component reads is not there any more, or is another one.
  func node(
    model: String, parameters: [String: ParameterValue], components: [String: ModelCardComponent]?,
    files: [String: ModelCardComponent.ReadFile]?, _ registry: Registry
  ) throws -> ConfigurationNode {
    let descriptor = try registry.descriptor(.crossSection, named: model, at: location, key: "model")
    var entries = [entry("model", .scalar(model, quoted: true))]
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      let declaration = descriptor.parameters.declaration(named: name)
      guard value.description != declaration?.defaultValue?.description else { continue }
      let file = try files?[name].map(checked)
      entries.append(entry(name, content(file.map { .text($0) } ?? value)))
    }
    for (name, component) in (components ?? [:]).sorted(by: { $0.key < $1.key }) {
      let node = try node(
        model: component.model, parameters: component.parameters, components: component.components,
        files: component.files, registry)
      entries.append(ConfigurationNode.Entry(key: name, location: location, value: node))
    }
    return ConfigurationNode(.mapping(entries), at: location)
  }

  /// The path of a file that a component reads, if its content is still the same.
  private func checked(_ file: ModelCardComponent.ReadFile) throws -> String {
    guard let digest = Digest.sha256(ofFile: file.path) else {
      throw NuTuneError(
        .missingInput, at: location, key: "components", found: "no file \(file.path)",
        expected: "the file that a component of the trained model reads")
    }
    guard digest == file.sha256 else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file.path), found: "a file with SHA-256 \(digest.prefix(16))…",
        expected: "the content with \(file.sha256.prefix(16))…, with which the model was trained")
    }
    return file.path
  }

  private func entry(_ key: String, _ content: ConfigurationNode.Content) -> ConfigurationNode.Entry {
    ConfigurationNode.Entry(key: key, location: location, value: ConfigurationNode(content, at: location))
  }

  private func content(_ value: ParameterValue) -> ConfigurationNode.Content {
    func list(_ texts: [String], quoted: Bool) -> ConfigurationNode.Content {
      .sequence(texts.map { ConfigurationNode(.scalar($0, quoted: quoted), at: location) })
    }
    switch value {
    case .number(let number): return .scalar("\(number)", quoted: false)
    case .integer(let number): return .scalar("\(number)", quoted: false)
    case .boolean(let isTrue): return .scalar("\(isTrue)", quoted: false)
    case .text(let text): return .scalar(text, quoted: true)
    case .numbers(let numbers): return list(numbers.map { "\($0)" }, quoted: false)
    case .texts(let texts): return list(texts, quoted: true)
    }
  }
}
