import Foundation
import NuTuneCore

/// Two flavours that oscillate, and one promise of an oscillation model that is broken.
struct BrokenOscillation: OscillationModel {
  enum Fault: String, FaultNames {
    case none, negative, aboveOne, sumAboveOne, notANumber, loses, atSource, dependsOnBatch, dependsOnCall,
      unknownValue, unknownChange, forgets, startsOutside, noStarts, scaleOfZero, hasNoEffect, badEnd, idle,
      failsInStudy
  }

  static let descriptor = PluginDescriptor(
    kind: .oscillation, name: "broken-oscillation", summary: "Breaks a promise.",
    parameters: [
      Fault.declaration, ParameterDeclaration("mixing", default: .number(0.9), .number(0.1...1), "sin² of twice θ"),
    ], citations: [])

  let fault: Fault
  var mixing: Double

  init(_ configuration: PluginConfiguration) {
    fault = Fault(configuration)
    mixing = fault == .idle ? 0.9 : configuration.parameters.number("mixing")
  }

  let fittableParameters = ["mixing"]

  func value(of parameter: String) throws -> Double {
    guard parameter == "mixing" || fault == .unknownValue else { throw refusal(parameter) }
    return mixing
  }

  func setting(_ changes: [String: Double]) throws -> BrokenOscillation {
    var copy = self
    for (name, value) in changes {
      guard name == "mixing" || fault == .unknownChange else { throw refusal(name) }
      copy.mixing = fault == .forgets ? mixing : value
    }
    return copy
  }

  func fitDomain(of parameter: String) throws -> FitDomain {
    let starts: [Double] = fault == .noStarts ? [] : fault == .startsOutside ? [0.5, 3] : [0.5, 0.8]
    return FitDomain(starts: starts, bounds: 0...1, scale: fault == .scaleOfZero ? 0 : 0.05)
  }

  func probabilities(
    at energies: [Double], over baseline: Baseline, helicity: Helicity
  ) throws -> OscillationProbabilities {
    // The tiny study asks for two points a cell.
    if fault == .failsInStudy, energies.count != 60, energies.count > 1 { throw refusal("many energies") }
    let call = Calls.next()
    var values = [Double](repeating: 0, count: 9 * energies.count)
    let strength = fault == .hasNoEffect ? 0.9 : min(mixing, 1)
    for (index, energy) in energies.enumerated() {
      var change = strength * pow(sin(1.267 * 2.5e-3 * baseline.length / energy), 2)
      if fault == .atSource { change = strength }
      if fault == .dependsOnBatch { change *= 1 - 0.01 / Double(energies.count) }
      if fault == .dependsOnCall { change *= 1 - 1e-9 * Double(call % 1000) }
      for row in 0..<9 {
        let (from, to) = (row / 3, row % 3)
        values[row * energies.count + index] =
          from == 0 || to == 0 ? (from == to ? 1 : 0) : from == to ? 1 - change : change
      }
    }
    let scale = Double(energies.count)
    switch fault {
    case .negative: values[4 * energies.count] = -0.1
    case .aboveOne: values[0] = 1.1
    case .sumAboveOne: if scale > 0 { values[energies.count] = 0.5 }
    case .notANumber: values[0] = .nan
    case .loses where baseline.length > 0: values = values.map { 0.9 * $0 }
    case .badEnd where mixing == 1 && !values.isEmpty: values[0] = 2
    default: break
    }
    return OscillationProbabilities(count: energies.count, values: values)
  }
}
