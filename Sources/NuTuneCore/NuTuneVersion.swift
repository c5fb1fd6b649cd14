/// The version of this package, as in CHANGELOG.md.
public enum NuTuneVersion {
  /// Semantic version.
  public static let current = "0.1.0"
}
