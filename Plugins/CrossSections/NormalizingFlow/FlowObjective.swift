import NuTuneCore
import NuTuneLearning

/// The whole chain flow → quadrature → terms of the likelihood, with its gradient.
///
/// There is one density for each species in the data; the parameters of all are one flat array. The loss is the mean of
/// the samples' terms, weighted by their scales.
struct FlowObjective<Scalar: NetworkScalar> {
  /// Number of parameters of all densities.
  let parameterCount: Int

  private let shape: FlowShape
  private let terms: [Term]
  private let floor: Double
  private let threads: Int

  /// Samples of one species with the same points: one evaluation of the density serves them all.
  private struct Term {
    let species: Int
    let pass: FlowPass<Scalar>
    let values: PointArray
    let gradient: PointArray
    let ofSample: PointArray
    var samples: [SampleTerm]
  }

  private struct SampleTerm {
    /// Position among the samples of the problem.
    let index: Int
    let weight: Double
    let pointOperator: any PointOperator
    let term: any LikelihoodTerm
  }

  init(
    problem: TuningProblem, operators: [any PointOperator], coordinates: [NeutrinoSpecies: FlowCoordinates],
    species: [NeutrinoSpecies], shape: FlowShape, floor: Double
  ) throws {
    self.shape = shape
    self.floor = floor
    threads = problem.threads
    parameterCount = species.count * shape.parameterCount
    let weights = problem.sampleWeights
    var terms: [Term] = []
    var pointsOfTerms: [KinematicPoints] = []
    for (position, (sample, pointOperator)) in zip(problem.samples, operators).enumerated() {
      let ofSample = sample.sample.reaction.species
      guard let index = species.firstIndex(of: ofSample), let coordinates = coordinates[ofSample] else {
        throw NuTuneError(
          .internalError, found: "no density for \(ofSample.rawValue)", expected: "one for each species")
      }
      let term = SampleTerm(
        index: position, weight: weights[position],
        pointOperator: pointOperator,
        term: try sample.likelihoodTerm())
      let points = pointOperator.points
      if let known = terms.indices.first(where: {
        terms[$0].species == index && pointsOfTerms[$0].isSame(as: points)
      }) {
        terms[known].samples.append(term)
        continue
      }
      pointsOfTerms.append(points)
      terms.append(
        Term(
          species: index,
          pass: FlowPass(FlowPoints(points, coordinates), shape: shape, recording: true, threads: problem.threads),
          values: PointArray(points.count), gradient: PointArray(points.count),
          ofSample: PointArray(points.count), samples: [term]))
    }
    self.terms = terms
  }

  /// Returns the loss, and adds its gradient to `gradient`.
  func evaluate(
    parameters: UnsafeBufferPointer<Scalar>, gradient: UnsafeMutableBufferPointer<Scalar>
  ) throws -> Double {
    var loss = 0.0
    for term in terms {
      let range = term.species * shape.parameterCount..<(term.species + 1) * shape.parameterCount
      let ownParameters = UnsafeBufferPointer(rebasing: parameters[range])
      term.pass.density(parameters: ownParameters, into: term.values.all)
      for (index, sample) in term.samples.enumerated() {
        let byValues = index == 0 ? term.gradient.all : term.ofSample.all
        loss += try evaluate(sample, values: UnsafeBufferPointer(term.values.all), into: byValues)
        if index > 0 { for i in byValues.indices { term.gradient.all[i] += byValues[i] } }
      }
      term.pass.addGradient(
        values: UnsafeBufferPointer(term.values.all), gradient: UnsafeBufferPointer(term.gradient.all),
        parameters: ownParameters, to: UnsafeMutableBufferPointer(rebasing: gradient[range]))
    }
    return loss
  }

  /// Computes predicted rates, kept positive, shape [samples][bins].
  func rates(parameters: UnsafeBufferPointer<Scalar>) -> [[Double]] {
    var rates = [[Double]](repeating: [], count: terms.reduce(0) { $0 + $1.samples.count })
    for term in terms {
      let range = term.species * shape.parameterCount..<(term.species + 1) * shape.parameterCount
      term.pass.density(parameters: UnsafeBufferPointer(rebasing: parameters[range]), into: term.values.all)
      for sample in term.samples {
        rates[sample.index] = lifted(self.rates(sample, UnsafeBufferPointer(term.values.all)))
      }
    }
    return rates
  }

  private func rates(_ sample: SampleTerm, _ values: UnsafeBufferPointer<Double>) -> [Double] {
    var rates = [Double](repeating: 0, count: sample.pointOperator.binCount)
    rates.withUnsafeMutableBufferPointer { sample.pointOperator.apply(values, rates: $0, threads: threads) }
    return rates
  }

  /// Lifts rates above zero: bins that the finer quadrature behind the data just reaches may contain no point.
  private func lifted(_ rates: [Double]) -> [Double] {
    let lift = floor * rates.reduce(0, +)
    return rates.map { $0 + lift }
  }

  /// Computes the loss of one sample, and its gradient with respect to the density at the points.
  private func evaluate(
    _ sample: SampleTerm, values: UnsafeBufferPointer<Double>, into byValues: UnsafeMutableBufferPointer<Double>
  ) throws -> Double {
    let rates = rates(sample, values)
    let lifted = lifted(rates)
    let floor = floor
    var byLifted = rates
    let loss = try lifted.withUnsafeBufferPointer { lifted in
      try byLifted.withUnsafeMutableBufferPointer { try sample.term.evaluate(rates: lifted, gradient: $0) }
    }
    let common = floor * byLifted.reduce(0, +)
    let byRates = byLifted.map { sample.weight * ($0 + common) }
    byRates.withUnsafeBufferPointer { sample.pointOperator.applyTranspose($0, values: byValues, threads: threads) }
    return sample.weight * loss
  }
}

/// The densities are trained in single precision. The trainer calls the objective through a protocol of another module, and
/// for one precision the compiler specialises everything below.
extension FlowObjective: TrainingObjective, RateObjective where Scalar == Float {}

extension KinematicPoints {
  fileprivate func isSame(as other: KinematicPoints) -> Bool {
    neutrinoEnergy == other.neutrinoEnergy && leptonEnergy == other.leptonEnergy && cosTheta == other.cosTheta
  }
}
