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
  /// The input from which each of ``components`` was made, so that one can be made again with other parameters, as a fit
  /// of these needs.
  public var componentConfigurations: [String: PluginConfiguration] = [:]

  /// Creates a configuration from parameters and the folder of their file.
  public init(parameters: ParameterValues, directory: String = ".", directories: [String: String] = [:]) {
    self.parameters = parameters
    self.directory = directory
    self.directories = directories
  }

  /// Makes a component of a type and keeps it with the input from which it was made.
  public mutating func addComponent(
    _ name: String, _ type: any Plugin.Type, from configuration: PluginConfiguration
  ) throws {
    components[name] = try type.init(configuration)
    componentConfigurations[name] = configuration
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
