/// The input from which a plugin is made.
public struct PluginConfiguration: Sendable {
  /// Values of the declared parameters.
  public var parameters: ParameterValues
  /// Folder to which relative file names refer, unless ``directories`` has another.
  public var directory: String
  /// Folders to which the file names in some parameters refer: the folders of the files in which the values stand.
  public var directories: [String: String]
  /// The plugins given for the declared components, by name.
  public var components: [String: any Plugin] = [:]

  /// Creates a configuration from parameters and the folder of their file.
  public init(parameters: ParameterValues, directory: String = ".", directories: [String: String] = [:]) {
    self.parameters = parameters
    self.directory = directory
    self.directories = directories
  }

  /// Resolves a file named by the user: unchanged when absolute, otherwise below ``directory``.
  public func path(of file: String) -> String { path(of: file, in: directory) }

  /// Resolves the file that a text parameter names: unchanged when absolute, otherwise below the folder of the file in
  /// which the name stands; nil when the parameter is unset.
  public func path(named parameter: String) -> String? {
    parameters.optionalText(parameter).map { path(of: $0, in: directories[parameter] ?? directory) }
  }

  private func path(of file: String, in folder: String) -> String {
    FilePath.join(folder, file)
  }
}
