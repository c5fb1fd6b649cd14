import NuTuneCore
import NuTuneLearning

/// Trained parameters, and the scaling of the inputs that belongs to them.
struct TunedNetworks: Sendable {
  let networks: SignNetworks
  /// Parameters, one net after the other, at the places that ``networks`` tells.
  let parameters: [Float]
  let features: NetworkFeatures

  init(networks: SignNetworks, parameters: [Float], features: NetworkFeatures) {
    self.networks = networks
    self.parameters = parameters
    self.features = features
  }

  /// Returns where the outputs for a reaction are; throws for a neutrino sign or target without data.
  func place(of reaction: Reaction) throws -> SignNetworks.Place {
    guard let place = networks.place(of: reaction) else {
      let target = networks.nuclei.contains { $0.target != nil } ? " on \(reaction.target.name)" : ""
      throw NuTuneError(
        .badData, key: "channels", found: "the channel \(reaction.species.rawValue)\(target)",
        expected:
          "a channel of \(networks.nuclei.map(\.name).joined(separator: " or ")), on which the model was tuned")
    }
    return place
  }

  /// Computes the outputs for a reaction, shape [outputs of a head][points].
  func outputs(for reaction: Reaction, at points: InvariantPoints) throws -> [Float] {
    let place = try place(of: reaction)
    let net = networks.nets[place.net]
    let all = NeuralNetwork<Float>(shape: net.shape).outputs(
      parameters: Array(parameters[net.parameters]), inputs: features.inputs(at: points))
    return networks.outputs(at: place, of: all)
  }

  /// Tensors `<net>.layer<i>.weight` [out][in] and `.bias` [out], where nets are called by their neutrino signs and, of
  /// one target among several, by it (``LearnedNucleus/name``), and a card with these names, what neutrino signs share
  /// unless that is nothing, and scaling.
  var state: ModelState {
    var card: [String: ParameterValue] = [
      "helicities": .texts(networks.nuclei.map(\.name)), "features": .texts(features.features),
      "feature_center": .numbers(features.center), "feature_factor": .numbers(features.factor),
      "formula": .text(Self.formula),
    ]
    if networks.sharing != .separate { card["signs"] = .text(networks.sharing.rawValue) }
    return ModelState(
      tensors: networks.nets.flatMap { $0.shape.tensors(of: Array(parameters[$0.parameters]), name: $0.name) },
      card: card)
  }

  /// How a reader of the weights evaluates them.
  private static let formula =
    "inputs (f − feature_center)·feature_factor of the features w2 = asinh((W²−M²)/0.25 GeV²), q2 = ln(Q²/GeV² + "
    + "0.03), psi = asinh[(ω − Q²/2M)/(0.1 |q|)] within ±4; layers weight·x + bias with the activation between them; "
    + "outputs n (plus those of a prior whose ratio is learned): W_T = e^n₁, S = W_T + e^n₂ (network.longitudinal: "
    + "independent), W_T(1 + e^n₂) (ratio) or e^n₂ (total), W₁ = W_T, W₂ = S Q²/(Q²+ω²), W₃ = (2M/|q|) W_T tanh n₃, W₄ "
    + "= 0, 2xF₅ = F₂ unless network.mass_functions is bounded"

  /// Restores networks from ``state``; throws for a state that does not fit the parameters of the model.
  init(_ state: ModelState, settings: Settings) throws {
    func refuse(_ found: String) -> NuTuneError {
      NuTuneError(.badData, key: "neural-sf", found: found, expected: "the state of a net with these parameters")
    }
    guard case .texts(let names) = state.card["helicities"], case .texts(let saved) = state.card["features"],
      case .numbers(let center) = state.card["feature_center"],
      case .numbers(let factor) = state.card["feature_factor"]
    else { throw refuse("a card without helicities or features") }
    // States of separate nets do not say so.
    guard case .text(let signs) = state.card["signs"] ?? .text(SignNetworks.Sharing.separate.rawValue),
      signs == settings.signs.rawValue
    else {
      let found = state.card["signs"].map { "\($0)" } ?? SignNetworks.Sharing.separate.rawValue
      throw NuTuneError(
        .badData, key: "network.signs", found: "the state of nets whose signs are “\(found)”",
        expected: "one whose signs are “\(settings.signs.rawValue)”")
    }
    let nuclei = names.compactMap(LearnedNucleus.init(named:))
    guard !nuclei.isEmpty, nuclei.count == names.count, Set(nuclei).count == names.count else {
      throw refuse("the helicities [\(names.joined(separator: ", "))]")
    }
    networks = try SignNetworks(settings.signs, nuclei: nuclei, head: settings.shape)
    let outputs = (state.tensors.last?.shape.first ?? 0) / (networks.nets.last?.nuclei.count ?? 1)
    guard outputs == settings.shape.outputs else {
      throw NuTuneError(
        .badData, key: "network.mass_functions", found: "the state of nets for \(outputs) structure functions",
        expected:
          "one for \(settings.shape.outputs): three if network.mass_functions is fixed, five if it is bounded")
    }
    guard saved == settings.features, center.count == saved.count, factor.count == saved.count else {
      throw refuse("features [\(saved.joined(separator: ", "))]")
    }
    parameters = state.tensors.flatMap(\.elements)
    guard parameters.count == networks.parameterCount else { throw refuse("\(parameters.count) parameters") }
    features = NetworkFeatures(features: saved, center: center, factor: factor)
  }
}
