import Foundation

/// The version of NuTune.
package enum NuTuneVersion {
  /// Semantic version.
  package static let current = "0.2.0"

  /// Identity of the running program, or of the library that another program loaded: a stage that another build computed is
  /// not reused. A program that was linked without one has the digest of its file.
  package static let build: String =
    BuildIdentity.ofFile(LoadedImage.file) ?? Digest.sha256(ofFile: LoadedImage.file)
    ?? Digest.sha256(ofFile: CommandLine.arguments[0]) ?? current
}
