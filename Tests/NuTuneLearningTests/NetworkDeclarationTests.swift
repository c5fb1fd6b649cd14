import NuTuneCore
import NuTuneLearning
import Testing

@Suite struct NetworkDeclarationTests {
  @Test func activationIsDeclaredAndRead() {
    let schema = ParameterSchema([Activation.parameter])
    #expect(Activation.parameter.name == "network.activation")
    #expect(Activation.parameter.domain == .choice(["silu", "tanh"]))
    #expect(Activation(schema.defaults()) == .silu)
    #expect(Activation(schema.defaults().setting(["network.activation": .text("tanh")])) == .tanh)
  }

  /// 2 inputs, 3 hidden units, 1 output: weights 0–5 and biases 6–8 of the first layer, 9–11 and 12 of the second.
  @Test func tensorsFollowTheFlatParameters() throws {
    let shape = try NetworkShape(inputs: 2, hiddenWidths: [3], outputs: 1, activation: .silu)
    let parameters = (0..<13).map { Float($0) }
    let tensors = shape.tensors(of: parameters, name: "numu")
    #expect(
      tensors == [
        ModelState.Tensor(name: "numu.layer0.weight", shape: [3, 2], elements: [0, 1, 2, 3, 4, 5]),
        ModelState.Tensor(name: "numu.layer0.bias", shape: [3], elements: [6, 7, 8]),
        ModelState.Tensor(name: "numu.layer1.weight", shape: [1, 3], elements: [9, 10, 11]),
        ModelState.Tensor(name: "numu.layer1.bias", shape: [1], elements: [12]),
      ])
    #expect(tensors.flatMap(\.elements) == parameters)
  }
}
