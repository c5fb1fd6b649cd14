import Foundation
import NuTuneCore
import NuTuneFiles
import NuTuneNumerics
import NuTuneResults

extension Provenance {
  /// What is known of this program and machine.
  static func now(
    seeds: [String: Int], started: String, seconds: [String: Double], plugins: [PluginLibrary]?
  ) -> Provenance {
    Provenance(
      version: NuTuneVersion.current, commit: commit() ?? "", seeds: seeds,
      libraries: ["gsl": NumericsLibrary.gslVersion, "blas": NumericsLibrary.blasLibrary ?? ""], started: started,
      seconds: seconds, plugins: plugins)
  }

  /// The commit that a file `commit` beside the executable or library names, or the one checked out above it, if it stands
  /// in a checkout.
  package static func commit() -> String? {
    func line(_ path: String) -> String? {
      FileManager.default.contents(atPath: path).map {
        String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      }
    }
    var folder = FilePath.folder(of: LoadedImage.path)
    if let named = line("\(folder)/commit"), named.count == 40, named.allSatisfy(\.isHexDigit) { return named }
    while folder != "/" {
      if let head = line("\(folder)/.git/HEAD") {
        guard head.hasPrefix("ref: ") else { return head }
        return line(FilePath.join("\(folder)/.git", String(head.dropFirst(5))))
      }
      folder = FilePath.folder(of: folder)
    }
    return nil
  }
}
