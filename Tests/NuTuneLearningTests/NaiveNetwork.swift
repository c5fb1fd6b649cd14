import Foundation
import NuTuneLearning

/// The net written as loops over scalars, to compare with.
struct NaiveNetwork {
  let shape: NetworkShape

  /// Outputs [outputs][points].
  func outputs(_ parameters: [Double], _ inputs: [Double]) -> [Double] {
    let points = inputs.count / shape.inputs
    var result = [Double](repeating: 0, count: shape.outputs * points)
    for point in 0..<points {
      var values = (0..<shape.inputs).map { inputs[$0 * points + point] }
      for (number, layer) in shape.layers.enumerated() {
        values = (0..<layer.outputs).map { output in
          var sum = parameters[layer.biases.lowerBound + output]
          for input in 0..<layer.inputs {
            sum += parameters[layer.weights.lowerBound + output * layer.inputs + input] * values[input]
          }
          guard number < shape.hiddenWidths.count else { return sum }
          return shape.activation == .silu ? sum / (1 + exp(-sum)) : tanh(sum)
        }
      }
      for output in 0..<shape.outputs { result[output * points + point] = values[output] }
    }
    return result
  }
}

/// A net with parameters and inputs drawn from a seed.
struct RandomProblem<Scalar: NetworkScalar> {
  let shape: NetworkShape
  let parameters: [Scalar]
  let inputs: [Scalar]
  let weights: [Scalar]

  init(_ shape: NetworkShape, points: Int, seed: UInt64 = 1) {
    var generator = SplitMix(seed: seed)
    self.shape = shape
    var parameters: [Double] = shape.initialParameters(using: &generator)
    for layer in shape.layers {
      for index in layer.biases { parameters[index] = .random(in: -1...1, using: &generator) }
    }
    self.parameters = parameters.map { Scalar($0) }
    inputs = (0..<shape.inputs * points).map { _ in Scalar(Double.random(in: -2...2, using: &generator)) }
    weights = (0..<shape.outputs * points).map { _ in Scalar(Double.random(in: -1...1, using: &generator)) }
  }

  /// Outputs, and the gradients of Σ weights · outputs.
  func evaluate(threads: Int) -> (outputs: [Scalar], parameters: [Scalar], inputs: [Scalar]) {
    let network = NeuralNetwork<Scalar>(shape: shape)
    let tape = network.makeTape(points: inputs.count / shape.inputs)
    var outputs = [Scalar](repeating: .nan, count: weights.count)
    var gradient = [Scalar](repeating: 0, count: parameters.count)
    var inputGradient = [Scalar](repeating: .nan, count: inputs.count)
    parameters.withUnsafeBufferPointer { parameters in
      inputs.withUnsafeBufferPointer { inputs in
        outputs.withUnsafeMutableBufferPointer {
          network.forward(parameters: parameters, inputs: inputs, outputs: $0, recording: tape, threads: threads)
        }
        weights.withUnsafeBufferPointer { weights in
          gradient.withUnsafeMutableBufferPointer { gradient in
            inputGradient.withUnsafeMutableBufferPointer {
              network.backward(
                tape, inputs: inputs, outputGradients: weights, parameterGradient: gradient, inputGradients: $0,
                threads: threads)
            }
          }
        }
      }
    }
    return (outputs, gradient, inputGradient)
  }
}
