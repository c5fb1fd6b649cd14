import NuTuneCore
import NuTuneTesting

/// A bell that breaks one promise of a flux.
struct BrokenFlux: FluxProvider {
  enum Fault: String, FaultNames {
    case none, breakpoints, oneBreakpoint, noSpecies, speciesTwice, negative, notANumber, count, zero, outside,
      dependsOnBatch, dependsOnCall, emptyBatch, otherSpecies, badEnd, idle, failsInStudy
  }

  static let descriptor = PluginDescriptor(
    kind: .flux, name: "broken-flux", summary: "Breaks a promise.",
    parameters: [
      Fault.declaration, ParameterDeclaration("height", default: .number(1), .number(0.1...10), "height of the bell"),
    ], citations: [])

  let fault: Fault
  let height: Double
  let bell = BellFlux()

  init(_ configuration: PluginConfiguration) {
    fault = Fault(configuration)
    height = fault == .idle ? 1 : configuration.parameters.number("height")
  }

  var species: [NeutrinoSpecies] {
    switch fault {
    case .noSpecies: []
    case .speciesTwice: [.numu, .numu]
    default: [.numu, .nue]
    }
  }

  var breakpoints: [Double] {
    switch fault {
    case .breakpoints: bell.breakpoints.reversed()
    case .oneBreakpoint: [1]
    default: bell.breakpoints
    }
  }

  func density(of species: NeutrinoSpecies, at energies: [Double]) throws -> [Double] {
    guard self.species.contains(species) || fault == .otherSpecies else { throw refusal(species.rawValue) }
    if fault == .failsInStudy, energies.count > 10 { throw refusal("many energies") }
    var values = bell.density(of: species, at: energies).map { height * $0 }
    let call = Calls.next()
    switch fault {
    case .negative: values = values.map { -$0 }
    case .notANumber: values = values.map { $0 > 0 ? .nan : 0 }
    case .count: values.append(0)
    case .zero: values = values.map { _ in 0 }
    case .outside: values = values.map { $0 + 0.1 }
    case .dependsOnBatch: values = values.map { $0 * (1 + 0.01 * Double(energies.count)) }
    case .dependsOnCall: values = values.map { $0 * (1 + 1e-9 * Double(call % 1000)) }
    case .emptyBatch: if energies.isEmpty { values = [1] }
    case .badEnd: if height == 10 { values = values.map { _ in .infinity } }
    default: break
    }
    return values
  }
}
