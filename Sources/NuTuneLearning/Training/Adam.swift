import Foundation

/// The Adam optimiser (Kingma and Ba, arXiv:1412.6980, algorithm 1).
///
/// m ← β₁ m + (1−β₁) g, v ← β₂ v + (1−β₂) g², p ← p − r m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε). The state is in the public
/// properties; restoring them restores the optimiser exactly.
public struct Adam<Scalar: NetworkScalar>: Sendable, Equatable {
  /// Decay of the first moment.
  public let beta1: Double
  /// Decay of the second moment; 0.99 follows a full-batch gradient faster than the usual 0.999.
  public let beta2: Double
  /// Constant in the denominator that keeps the division finite.
  public let epsilon: Double
  /// Number of steps taken.
  public internal(set) var step: Int
  /// m, [parameters].
  public internal(set) var firstMoment: [Scalar]
  /// v, [parameters].
  public internal(set) var secondMoment: [Scalar]

  /// Creates an optimiser before its first step.
  public init(parameterCount: Int, beta1: Double = 0.9, beta2: Double = 0.99, epsilon: Double = 1e-8) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    step = 0
    firstMoment = [Scalar](repeating: 0, count: parameterCount)
    secondMoment = [Scalar](repeating: 0, count: parameterCount)
  }

  /// Takes one step down the gradient.
  public mutating func update(
    _ parameters: inout [Scalar], gradient: UnsafeBufferPointer<Scalar>, learningRate: Double
  ) {
    precondition(parameters.count == firstMoment.count && gradient.count == firstMoment.count, "sizes differ")
    step += 1
    let correction1 = 1 - pow(beta1, Double(step))
    let correction2 = 1 - pow(beta2, Double(step))
    let count = parameters.count
    parameters.withUnsafeMutableBufferPointer { parameters in
      firstMoment.withUnsafeMutableBufferPointer { first in
        secondMoment.withUnsafeMutableBufferPointer { second in
          guard let parameters = parameters.baseAddress, let gradient = gradient.baseAddress,
            let first = first.baseAddress, let second = second.baseAddress
          else { return }
          Scalar.adamStep(
            AdamCall(
              parameters: parameters, gradient: gradient, firstMoment: first, secondMoment: second, count: count,
              learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, correction1: correction1,
              correction2: correction2))
        }
      }
    }
  }
}
