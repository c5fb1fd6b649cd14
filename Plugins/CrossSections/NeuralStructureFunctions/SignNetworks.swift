import NuTuneCore
import NuTuneLearning
import NuTuneNumerics

/// The nets for the neutrino signs of some data: one for each sign, or one for both (`network.signs`).
struct SignNetworks: Sendable, Hashable {
  /// What neutrinos and antineutrinos share.
  enum Sharing: String, Sendable, CaseIterable {
    /// A net for each sign; what is learned from neutrinos does not enter the prediction of antineutrinos.
    case separate
    /// One net with a common trunk, its hidden layers, and outputs of the head for each sign: those of neutrinos n, and
    /// the differences d of antineutrinos from them,
    ///
    ///     n_ν = n     n_ν̄ = n + d
    ///
    /// By charge symmetry d = 0 on isoscalar nuclei: W₁…W₅ of ν and ν̄ agree, W₃ with its sign, because the sign by
    /// which ν̄ differ stands in the lepton tensor. Training starts at d = 0. The gradient with respect to n is the sum
    /// over both signs, the one with respect to d is that of antineutrinos alone, so that d learns what their own
    /// events say and elsewhere antineutrinos follow neutrinos.
    case shared
  }

  let sharing: Sharing
  /// The neutrino signs, neutrinos first.
  let helicities: [Helicity]
  /// Number of parts of the outputs of each net, one for each of its signs.
  let parts: Int
  /// The shape of each net.
  let shape: NetworkShape

  /// Position of the outputs for one neutrino sign.
  struct Place: Sendable, Hashable {
    /// Index of the net.
    let net: Int
    /// Index of the part of its outputs, a head's number of outputs each.
    let part: Int
  }

  /// - Parameter head: The shape of a net with the outputs of one sign.
  /// - Throws: `LearningError.invalidShape` if the outputs of all signs are too many.
  init(_ sharing: Sharing, helicities: [Helicity], head: NetworkShape) throws(LearningError) {
    self.sharing = sharing
    self.helicities = helicities
    let parts = sharing == .shared ? max(helicities.count, 1) : 1
    self.parts = parts
    shape = try NetworkShape(
      inputs: head.inputs, hiddenWidths: head.hiddenWidths, outputs: head.outputs * parts, activation: head.activation)
  }

  /// The neutrino signs of each net, in the order of its parts.
  var nets: [[Helicity]] {
    sharing == .shared && !helicities.isEmpty ? [helicities] : helicities.map { [$0] }
  }
  /// Number of parameters of all nets.
  var parameterCount: Int { nets.count * shape.parameterCount }

  /// Returns where the outputs for a neutrino sign are; nil if there are none.
  func place(of helicity: Helicity) -> Place? {
    helicities.firstIndex(of: helicity).map {
      sharing == .shared ? Place(net: 0, part: $0) : Place(net: $0, part: 0)
    }
  }

  /// Name of a net in a saved state, `neutrino` or `neutrino+antineutrino`.
  func name(ofNet net: Int) -> String { nets[net].map(\.rawValue).joined(separator: "+") }

  /// Computes the outputs for one neutrino sign, shape [outputs of a head][points], from those of its net.
  func outputs<Scalar: HeadScalar>(at place: Place, of outputs: [Scalar]) -> [Scalar] {
    let size = outputs.count / parts
    let first = outputs[..<size]
    guard place.part > 0 else { return Array(first) }
    return zip(first, outputs[place.part * size..<(place.part + 1) * size]).map { $0 + $1 }
  }

  /// Draws parameters before training, one net after the other, each from the random stream of its first neutrino sign.
  /// Outputs for W₄ and W₅ and differences of antineutrinos from neutrinos start at zero, and the others start as they
  /// do without them.
  func initialParameters<Scalar: HeadScalar>(seed: UInt64) throws -> [Scalar] {
    try nets.flatMap { helicities -> [Scalar] in
      let stream = try RandomStream(seed: seed, purpose: "neural-sf.\(helicities[0].rawValue)", member: 0)
      var parameters = shape.initialParameters(Scalar.self) { stream.gaussian() }
      if let last = shape.layers.last {
        for index in last.weights.dropFirst(PositiveHead.masslessOutputs * last.inputs) { parameters[index] = 0 }
      }
      return parameters
    }
  }
}
