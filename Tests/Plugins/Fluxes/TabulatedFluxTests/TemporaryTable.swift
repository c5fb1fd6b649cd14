import Foundation
import NuTuneCore
import TabulatedFlux

/// A table in a file of its own, removed with this object.
final class TemporaryTable {
  let directory: URL

  init(_ text: String) throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "flux-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try text.write(to: directory.appending(path: "table.csv"), atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// The provider, made as a study would make it.
  func provider(offaxis: String? = nil, file: String = "table.csv") throws -> TabulatedFluxProvider {
    try makeProvider(directory: directory.path, file: file, offaxis: offaxis)
  }

  /// The error's sentence with the temporary folder left out.
  func sentence(offaxis: String? = nil, file: String = "table.csv") -> String {
    do {
      _ = try provider(offaxis: offaxis, file: file)
      return "no error"
    } catch { return "\(error)".replacing(directory.path + "/", with: "") }
  }
}

func makeProvider(
  directory: String, file: String, offaxis: String? = nil, interpolation: String? = nil
) throws -> TabulatedFluxProvider {
  let place = SourceLocation(file: "entry.yaml", line: 1, column: 1)
  var entries = [
    ConfigurationNode.Entry(
      key: "file", location: place, value: ConfigurationNode(.scalar(file, quoted: false), at: place))
  ]
  if let offaxis {
    let here = SourceLocation(file: "entry.yaml", line: 2, column: 10)
    entries.append(
      ConfigurationNode.Entry(
        key: "offaxis", location: here, value: ConfigurationNode(.scalar(offaxis, quoted: false), at: here)))
  }
  if let interpolation {
    let here = SourceLocation(file: "entry.yaml", line: 3, column: 16)
    entries.append(
      ConfigurationNode.Entry(
        key: "interpolation", location: here,
        value: ConfigurationNode(.scalar(interpolation, quoted: false), at: here)))
  }
  let node = ConfigurationNode(.mapping(entries), at: place)
  let values = try TabulatedFluxProvider.descriptor.parameters.values(from: node, path: "flux")
  return try TabulatedFluxProvider(PluginConfiguration(parameters: values, directory: directory))
}
