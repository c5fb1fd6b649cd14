import NuTuneCore

extension NetworkShape {
  /// Returns the parameters of a net as tensors `<name>.layer<i>.weight`, shape [outputs][inputs], and
  /// `<name>.layer<i>.bias`, shape [outputs], of each layer i from 0. One after the other, their elements are the flat
  /// parameters.
  ///
  /// - Parameters:
  ///   - parameters: Shape [parameterCount].
  ///   - name: Name of the net among those of the model, `numu`.
  public func tensors(of parameters: [Float], name: String) -> [ModelState.Tensor] {
    precondition(parameters.count == parameterCount, "parameters must be [parameterCount]")
    return layers.enumerated().flatMap { index, layer in
      [
        ModelState.Tensor(
          name: "\(name).layer\(index).weight", shape: [layer.outputs, layer.inputs],
          elements: Array(parameters[layer.weights])),
        ModelState.Tensor(
          name: "\(name).layer\(index).bias", shape: [layer.outputs], elements: Array(parameters[layer.biases])),
      ]
    }
  }
}
