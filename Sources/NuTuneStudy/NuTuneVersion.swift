/// Which NuTune this is.
public enum NuTuneVersion {
  /// Semantic version.
  public static let current = "0.1.0"
}
