/// `structure_functions.json`, schema `nutune.structure-functions/1`: true and learned structure functions over x and
/// Q², and the share of each pixel in the near and far rates.
public struct StructureFunctionMaps: Sendable, Codable {
  /// Schema name of this version.
  public static let schemaName = "nutune.structure-functions/1"

  /// W₁, W₂, W₃ in GeV⁻¹ at the pixels' centres, each flat of shape [x][Q²]; null where nothing is compared.
  public struct Functions: Sendable, Codable {
    /// W₁.
    public var w1: [Double?]
    /// W₂.
    public var w2: [Double?]
    /// W₃.
    public var w3: [Double?]

    enum CodingKeys: String, CodingKey {
      case w1 = "W1"
      case w2 = "W2"
      case w3 = "W3"
    }

    /// Creates the three maps.
    public init(w1: [Double?], w2: [Double?], w3: [Double?]) {
      self.w1 = w1
      self.w2 = w2
      self.w3 = w3
    }

    /// W₁, W₂, W₃ in order.
    public var all: [[Double?]] { [w1, w2, w3] }
  }

  /// The maps of one channel; pixel (i, j) has the flat index i · (Q² pixels) + j.
  ///
  /// One channel determines three combinations of five functions, so truth and models are shown as the W₁, W₂, W₃ that
  /// give the same cross section with W₄ = 0 and 2xF₅ = F₂.
  public struct Channel: Sendable, Codable {
    /// `numu`.
    public var channel: String
    /// `ν_μ`.
    public var symbol: String
    /// Edges of the pixels in x, evenly spaced in ln x, shape [x pixels + 1].
    public var x: [Double]
    /// Edges of the pixels in Q² (GeV²), evenly spaced in ln Q², shape [Q² pixels + 1].
    public var q2: [Double]
    /// Share of the true near-detector rate in each pixel; the sum is the share inside the map.
    public var nearImportance: [Double]
    /// Share of the true far-detector rate in each pixel, oscillation included; null without a far detector.
    public var farImportance: [Double]?
    /// Structure functions of the truth.
    public var truth: Functions
    /// Structure functions of each model by label, times its scale.
    public var models: [String: Functions]
    /// Factor on each model, by label: a shape does not fix the scale, so each model is given the true near-detector
    /// rate.
    public var scales: [String: Double]

    enum CodingKeys: String, CodingKey {
      case channel
      case symbol
      case x
      case q2
      case nearImportance = "near_importance"
      case farImportance = "far_importance"
      case truth
      case models
      case scales
    }

    /// Creates maps of one channel.
    public init(
      channel: String, symbol: String, x: [Double], q2: [Double], nearImportance: [Double], farImportance: [Double]?,
      truth: Functions, models: [String: Functions], scales: [String: Double]
    ) {
      self.channel = channel
      self.symbol = symbol
      self.x = x
      self.q2 = q2
      self.nearImportance = nearImportance
      self.farImportance = farImportance
      self.truth = truth
      self.models = models
      self.scales = scales
    }
  }

  /// `nutune.structure-functions/1`.
  public var schema: String
  /// One set of maps for each channel.
  public var channels: [Channel]

  /// Creates maps of some channels.
  public init(channels: [Channel]) {
    schema = Self.schemaName
    self.channels = channels
  }
}
