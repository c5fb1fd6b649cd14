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
