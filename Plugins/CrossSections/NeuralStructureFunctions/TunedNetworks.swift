import NuTuneCore
import NuTuneLearning

/// Trained parameters, and the scaling of the inputs that belongs to them.
struct TunedNetworks: Sendable {
  let networks: SignNetworks
  /// Parameters, one net after the other, shape [nets][parameters].
  let parameters: [Float]
  let features: NetworkFeatures

  init(networks: SignNetworks, parameters: [Float], features: NetworkFeatures) {
    self.networks = networks
    self.parameters = parameters
    self.features = features
  }

  /// Returns where the outputs for a species are; throws for a neutrino sign without data.
  func place(of species: NeutrinoSpecies) throws -> SignNetworks.Place {
    guard let place = networks.place(of: species.helicity) else {
      throw NuTuneError(
        .badData, key: "channels", found: "the channel \(species.rawValue)",
        expected:
          "a channel of \(networks.helicities.map(\.rawValue).joined(separator: " or ")), on which the model was "
          + "tuned")
    }
    return place
  }

  /// Computes the outputs for a species, shape [outputs of a head][points].
  func outputs(for species: NeutrinoSpecies, at points: InvariantPoints) throws -> [Float] {
    let place = try place(of: species)
    let all = NeuralNetwork<Float>(shape: networks.shape).outputs(
      parameters: parameters(ofNet: place.net), inputs: features.inputs(at: points))
    return networks.outputs(at: place, of: all)
  }

  private func parameters(ofNet net: Int) -> [Float] {
    let count = networks.shape.parameterCount
    return Array(parameters[net * count..<(net + 1) * count])
  }

  /// Tensors `<net>.layer<i>.weight` [out][in] and `.bias` [out], where nets are called by their neutrino signs, and a
  /// card with neutrino signs, what they share unless that is nothing, and scaling.
  var state: ModelState {
    var card: [String: ParameterValue] = [
      "helicities": .texts(networks.helicities.map(\.rawValue)), "features": .texts(features.features),
      "feature_center": .numbers(features.center), "feature_factor": .numbers(features.factor),
    ]
    if networks.sharing != .separate { card["signs"] = .text(networks.sharing.rawValue) }
    return ModelState(
      tensors: networks.nets.indices.flatMap { net in
        networks.shape.tensors(of: parameters(ofNet: net), name: networks.name(ofNet: net))
      }, card: card)
  }

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
    let helicities = names.compactMap(Helicity.init(rawValue:))
    networks = try SignNetworks(settings.signs, helicities: helicities, head: settings.shape)
    guard !helicities.isEmpty, helicities.count == names.count, Set(helicities).count == names.count else {
      throw refuse("the helicities [\(names.joined(separator: ", "))]")
    }
    let outputs = (state.tensors.last?.shape.first ?? 0) / networks.parts
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
