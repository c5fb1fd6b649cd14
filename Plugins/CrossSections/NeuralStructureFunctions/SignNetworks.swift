import NuTuneCore
import NuTuneLearning
import NuTuneNumerics

/// The nets for the neutrino signs of some data: one for each sign, or one for both (`network.signs`). Where data are of
/// several targets, these are the nets of each target: nets of two targets share nothing.
struct SignNetworks: Sendable, Hashable {
  /// What neutrinos and antineutrinos share.
  enum Sharing: String, Sendable, CaseIterable {
    /// A net for each sign; what is learned from neutrinos does not enter the prediction of antineutrinos.
    case separate
    /// One net for each target with a common trunk, its hidden layers, and outputs of the head for each sign: those of neutrinos n, and
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

  /// One of the nets.
  struct Net: Sendable, Hashable {
    /// What it serves, a part of its outputs each: the neutrino signs of one target, neutrinos first.
    let nuclei: [LearnedNucleus]
    /// Its shape, with outputs for all parts.
    let shape: NetworkShape
    /// Its parameters among those of all nets.
    let parameters: Range<Int>

    /// Name in a saved state, `neutrino` or `neutrino+antineutrino`, of one target among several `neutrino-CH` or
    /// `neutrino-CH+antineutrino-CH`.
    var name: String { nuclei.map(\.name).joined(separator: "+") }
  }

  let sharing: Sharing
  /// The neutrino signs, neutrinos first, with their targets where these are several.
  let nuclei: [LearnedNucleus]
  /// The nets, one after the other.
  let nets: [Net]
  /// The shape of a net with the outputs of one sign.
  let head: NetworkShape

  /// Position of the outputs for one neutrino sign and target.
  struct Place: Sendable, Hashable {
    /// Index of the net.
    let net: Int
    /// Index of the part of its outputs, a head's number of outputs each.
    let part: Int
  }

  /// - Parameter head: The shape of a net with the outputs of one sign.
  /// - Throws: `LearningError.invalidShape` if the outputs of all signs are too many.
  init(_ sharing: Sharing, nuclei: [LearnedNucleus], head: NetworkShape) throws(LearningError) {
    self.sharing = sharing
    self.nuclei = nuclei
    self.head = head
    var groups: [[LearnedNucleus]] = []
    for nucleus in nuclei {
      if sharing == .shared, let known = groups.firstIndex(where: { $0[0].target == nucleus.target }) {
        groups[known].append(nucleus)
      } else {
        groups.append([nucleus])
      }
    }
    var nets: [Net] = []
    for group in groups {
      let shape = try NetworkShape(
        inputs: head.inputs, hiddenWidths: head.hiddenWidths, outputs: head.outputs * group.count,
        activation: head.activation)
      let first = nets.last?.parameters.upperBound ?? 0
      nets.append(Net(nuclei: group, shape: shape, parameters: first..<first + shape.parameterCount))
    }
    self.nets = nets
  }

  /// The largest number of parts of the outputs of a net.
  var parts: Int { nets.map(\.nuclei.count).max() ?? 1 }
  /// Number of parameters of all nets.
  var parameterCount: Int { nets.last?.parameters.upperBound ?? 0 }

  /// Returns where the outputs for a reaction are; nil if there are none.
  func place(of reaction: Reaction) -> Place? {
    for (index, net) in nets.enumerated() {
      if let part = net.nuclei.firstIndex(where: { $0.serves(reaction) }) { return Place(net: index, part: part) }
    }
    return nil
  }

  /// Computes the outputs for one neutrino sign, shape [outputs of a head][points], from those of its net.
  func outputs<Scalar: HeadScalar>(at place: Place, of outputs: [Scalar]) -> [Scalar] {
    let size = outputs.count / nets[place.net].nuclei.count
    let first = outputs[..<size]
    guard place.part > 0 else { return Array(first) }
    return zip(first, outputs[place.part * size..<(place.part + 1) * size]).map { $0 + $1 }
  }

  /// Draws parameters before training, one net after the other, each from the random stream of its first neutrino sign
  /// (and target, where these are several).
  /// Outputs for W₄ and W₅ and differences of antineutrinos from neutrinos start at zero, and the others start as they
  /// do without them.
  func initialParameters<Scalar: HeadScalar>(seed: UInt64) throws -> [Scalar] {
    try nets.flatMap { net -> [Scalar] in
      let stream = try RandomStream(seed: seed, purpose: "neural-sf.\(net.nuclei[0].name)", member: 0)
      var parameters = net.shape.initialParameters(Scalar.self) { stream.gaussian() }
      if let last = net.shape.layers.last {
        for index in last.weights.dropFirst(PositiveHead.masslessOutputs * last.inputs) { parameters[index] = 0 }
      }
      return parameters
    }
  }
}
