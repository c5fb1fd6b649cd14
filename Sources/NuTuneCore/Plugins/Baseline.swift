/// The baseline: the distance from source to detector and the matter between.
public struct Baseline: Sendable, Hashable, Codable {
  /// Length in km.
  public var length: Double
  /// Matter density in g/cm³; zero is vacuum.
  public var density: Double
  /// Electrons per nucleon Y_e.
  public var electronFraction: Double

  /// Creates a baseline through constant density.
  public init(length: Double, density: Double, electronFraction: Double = 0.5) {
    self.length = length
    self.density = density
    self.electronFraction = electronFraction
  }
}
