import Foundation

/// Which NuTune this is.
public enum NuTuneVersion {
  /// Semantic version.
  public static let current = "0.1.0"

  /// Digest of the running program: a stage that another build computed is not reused.
  static let build: String =
    Digest.sha256(ofFile: "/proc/self/exe") ?? Digest.sha256(ofFile: CommandLine.arguments[0]) ?? current
}
