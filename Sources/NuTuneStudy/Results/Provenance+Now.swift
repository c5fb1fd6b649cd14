import Foundation
import NuTuneCore
import NuTuneNumerics

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

  /// The commit checked out above the executable, if it stands in a checkout.
  private static func commit() -> String? {
    var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path.count > 1 {
      let git = folder.appendingPathComponent(".git")
      if let head = try? String(contentsOf: git.appendingPathComponent("HEAD"), encoding: .utf8) {
        let trimmed = head.trimmingCharacters(in: .whitespacesAndNewlines)
        guard trimmed.hasPrefix("ref: ") else { return trimmed }
        let reference = git.appendingPathComponent(String(trimmed.dropFirst(5)))
        return (try? String(contentsOf: reference, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
      }
      folder.deleteLastPathComponent()
    }
    return nil
  }
}
