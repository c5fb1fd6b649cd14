import NuTuneCore
import NuTuneLearning

/// The trained densities, one for each species.
struct TunedFlow: Sendable {
  let species: [NeutrinoSpecies]
  let densities: [FlowDensity]

  init(species: [NeutrinoSpecies], densities: [FlowDensity]) {
    self.species = species
    self.densities = densities
  }

  /// Returns the density of a species.
  func density(of wanted: NeutrinoSpecies) throws -> FlowDensity {
    guard let index = species.firstIndex(of: wanted) else {
      throw NuTuneError(
        .badData, key: "channels", found: "the channel \(wanted.rawValue)",
        expected: "a channel on which the model was tuned, \(species.map(\.rawValue).joined(separator: " or "))")
    }
    return densities[index]
  }

  /// Saves tensors `<species>.neutrino_energy` [3K+1], and of the nets of the other two splines
  /// `<species>.<coordinate>.layer<i>.weight` [out][in] and `.bias` [out]; a card with species and energies.
  func state() -> ModelState {
    var tensors: [ModelState.Tensor] = []
    for (species, density) in zip(species, densities) {
      let (shape, parameters) = (density.shape, density.parameters)
      tensors.append(
        .init(
          name: "\(species.rawValue).neutrino_energy", shape: [shape.firstRange.count],
          elements: Array(parameters[shape.firstRange])))
      let nets = [("lepton_energy", shape.second, shape.secondRange), ("cos_theta", shape.third, shape.thirdRange)]
      for (coordinate, network, range) in nets {
        tensors += network.tensors(of: Array(parameters[range]), name: "\(species.rawValue).\(coordinate)")
      }
    }
    return ModelState(
      tensors: tensors,
      card: [
        "species": .texts(species.map(\.rawValue)),
        "lowest_energies": .numbers(densities.map(\.coordinates.energies.lowerBound)),
        "highest_energies": .numbers(densities.map(\.coordinates.energies.upperBound)),
        "formula": .text(Self.formula),
      ])
  }

  /// How a reader of the weights evaluates them.
  private static let formula =
    "d²σ/(dE_l dcosθ) ∝ |∂u/∂(E_ν, E_l, cosθ)|, an autoregressive flow of rational-quadratic splines from the unit "
    + "cube: x₁ = ln(E_ν/E_low)/ln(E_high/E_low), x₂ = (E_l − m)/(E_ν − m), x₃ = 1 − ln(1 + κs)/ln(1 + κ) with s = (1 "
    + "− cosθ)/2; the first spline has its parameters in neutrino_energy, nets of the coordinates before give those of "
    + "the others"

  /// Restores densities from ``state()``; throws for a state that does not fit.
  init(_ state: ModelState, shape: FlowShape, forward: Double) throws {
    func refuse(_ found: String) -> NuTuneError {
      NuTuneError(
        .badData, key: "normalizing-flow", found: found, expected: "the state of a flow with these parameters")
    }
    guard case .texts(let names) = state.card["species"], case .numbers(let low) = state.card["lowest_energies"],
      case .numbers(let high) = state.card["highest_energies"], low.count == names.count, high.count == names.count
    else { throw refuse("a card without species or energies") }
    let species = names.compactMap(NeutrinoSpecies.init(rawValue:))
    let elements = state.tensors.flatMap(\.elements)
    guard !species.isEmpty, species.count == names.count, elements.count == names.count * shape.parameterCount,
      elements.allSatisfy(\.isFinite)
    else { throw refuse("\(elements.count) parameters for [\(names.joined(separator: ", "))]") }
    self.species = species
    densities = try species.indices.map { index in
      guard low[index] > 0, low[index] < high[index], high[index] > species[index].leptonMass else {
        throw refuse("energies from \(low[index]) to \(high[index])")
      }
      return FlowDensity(
        coordinates: FlowCoordinates(
          energies: low[index]...high[index], leptonMass: species[index].leptonMass, forward: forward),
        shape: shape,
        parameters: Array(elements[index * shape.parameterCount..<(index + 1) * shape.parameterCount]))
    }
  }
}
