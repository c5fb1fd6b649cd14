/// The four kinds of plugin.
public enum PluginKind: String, Sendable, CaseIterable, Hashable {
  /// A ``CrossSectionModel``.
  case crossSection = "cross-section"
  /// A ``FluxProvider``.
  case flux
  /// A ``Detector``.
  case detector
  /// An ``OscillationModel``.
  case oscillation

  /// Plural, as in `nutune list fluxes`.
  public var plural: String {
    switch self {
    case .crossSection: "cross-sections"
    case .flux: "fluxes"
    case .detector: "detectors"
    case .oscillation: "oscillations"
    }
  }
}

/// A work to cite.
public struct Citation: Sendable, Hashable, Codable {
  /// BibTeX key.
  public var key: String
  /// The whole BibTeX entry.
  public var bibtex: String

  /// A BibTeX entry with its key.
  public init(key: String, bibtex: String) {
    self.key = key
    self.bibtex = bibtex
  }
}

/// Another plugin that a plugin can be made of, a theory prior for instance. In a study it stands under its name as
/// `{model: …, parameter: value, …}`, as the name of a catalog entry, or as that with changes (`{base: …, …}`).
public struct ComponentDeclaration: Sendable, Hashable {
  /// Name as it stands in a study, `prior`.
  public var name: String
  /// Kind of the other plugin.
  public var kind: PluginKind
  /// What it is for, in one line.
  public var meaning: String

  /// A component; a user may leave it out.
  public init(_ name: String, _ kind: PluginKind, _ meaning: String) {
    self.name = name
    self.kind = kind
    self.meaning = meaning
  }
}

/// What a plugin says of itself, once.
public struct PluginDescriptor: Sendable {
  /// Its kind.
  public var kind: PluginKind
  /// Name in studies, `toy-sf`.
  public var name: String
  /// What it is, in one or two sentences.
  public var summary: String
  /// Every parameter a user may set.
  public var parameters: ParameterSchema
  /// Other plugins it can be made of.
  public var components: [ComponentDeclaration]
  /// What to cite when it is used.
  public var citations: [Citation]

  /// A description.
  public init(
    kind: PluginKind, name: String, summary: String, parameters: [ParameterDeclaration],
    retired: [RetiredParameter] = [], components: [ComponentDeclaration] = [], citations: [Citation]
  ) {
    self.kind = kind
    self.name = name
    self.summary = summary
    self.parameters = ParameterSchema(parameters, retired: retired)
    self.components = components
    self.citations = citations
  }
}

/// What a plugin is made from.
public struct PluginConfiguration: Sendable {
  /// Values of the declared parameters.
  public var parameters: ParameterValues
  /// Folder that relative file names are relative to, unless ``directories`` says otherwise.
  public var directory: String
  /// Folders that the file names in some parameters are relative to: those of the files in which the values stand.
  public var directories: [String: String]
  /// The plugins given for the declared components, by name.
  public var components: [String: any Plugin] = [:]

  /// Parameters, and the folder of the file they came from.
  public init(parameters: ParameterValues, directory: String = ".", directories: [String: String] = [:]) {
    self.parameters = parameters
    self.directory = directory
    self.directories = directories
  }

  /// A file named by the user: as given when absolute, otherwise below ``directory``.
  public func path(of file: String) -> String { path(of: file, in: directory) }

  /// The file that a text parameter names: as given when absolute, otherwise below the folder of the file in which
  /// the name stands; nil when the parameter is unset.
  public func path(named parameter: String) -> String? {
    parameters.optionalText(parameter).map { path(of: $0, in: directories[parameter] ?? directory) }
  }

  private func path(of file: String, in folder: String) -> String {
    FilePath.join(folder, file)
  }
}

/// Anything the registry can make by name. Plugins are values: making one computes nothing long and writes nothing.
public protocol Plugin: Sendable {
  /// What it is and which parameters it takes.
  static var descriptor: PluginDescriptor { get }
  /// Makes one; an error says which parameter or file is wrong.
  init(_ configuration: PluginConfiguration) throws
}
