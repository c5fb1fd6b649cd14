/// How much near data have narrowed the structure functions of one neutrino sign and target: the posterior standard
/// deviation of each over its prior one, the mean over points weighted by their share of the near-detector rate. One is nothing learned.
public struct PosteriorWidths: Sendable, Codable {
  /// W₁.
  public var w1: Double?
  /// W₂.
  public var w2: Double?
  /// W₃.
  public var w3: Double?
  /// W₄; nil where a model says that it is zero.
  public var w4: Double?
  /// W₅; nil where a model says that it is zero.
  public var w5: Double?

  enum CodingKeys: String, CodingKey {
    case w1 = "W1"
    case w2 = "W2"
    case w3 = "W3"
    case w4 = "W4"
    case w5 = "W5"
  }

  /// Creates the ratios of W₁…W₅, in order; nil for a function without a prior width.
  public init(_ ratios: [Double?]) {
    precondition(ratios.count == 5)
    (w1, w2, w3, w4, w5) = (ratios[0], ratios[1], ratios[2], ratios[3], ratios[4])
  }

  /// The ratios of W₁…W₅ in order.
  public var all: [Double?] { [w1, w2, w3, w4, w5] }
}
