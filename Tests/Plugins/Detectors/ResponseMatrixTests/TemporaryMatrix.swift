import Foundation
import NuTuneCore
import ResponseMatrix

/// A response matrix in a file of its own, removed with this object.
final class TemporaryMatrix {
  let directory: URL

  init(_ text: String) throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "response-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try text.write(to: directory.appending(path: "response.csv"), atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  /// Two by two measured bins.
  static func binning() throws -> Binning {
    try Binning(Axis(.leptonEnergy, edges: [0, 1, 2]), Axis(.cosTheta, edges: [-1, 0, 1]))
  }

  /// The detector, made as a study would make it.
  func detector(_ changes: [String: ParameterValue] = [:], file: String = "response.csv") throws
    -> ResponseMatrixDetector
  {
    let values = ResponseMatrixDetector.descriptor.parameters.defaults().setting(["file": .text(file)])
    return try ResponseMatrixDetector(
      PluginConfiguration(parameters: values.setting(changes), directory: directory.path))
  }

  /// The error on the way to the true bins, with the temporary folder left out of its sentence.
  func failure(_ changes: [String: ParameterValue] = [:], file: String = "response.csv") -> (
    sentence: String, category: NuTuneError.Category?
  ) {
    do {
      _ = try detector(changes, file: file).trueBinning(for: Self.binning())
      return ("no error", nil)
    } catch {
      return ("\(error)".replacing(directory.path + "/", with: ""), (error as? NuTuneError)?.category)
    }
  }
}
