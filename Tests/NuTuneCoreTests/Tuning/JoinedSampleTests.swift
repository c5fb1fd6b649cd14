import NuTuneCore
import NuTuneNumerics
import Testing

/// Samples that share errors or a scale, as a model that learns sees them: one sample.
@Suite struct JoinedSampleTests {
  /// Rates are a matrix times all node values.
  private struct Product: NodeOperator {
    let rows: [[Double]]
    var nodeCount: Int { rows[0].count / 3 }
    var binCount: Int { rows.count }

    func apply(_ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
      for (bin, row) in rows.enumerated() { rates[bin] = zip(row, values).reduce(0) { $0 + $1.0 * Double($1.1) } }
    }

    func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
      for (bin, row) in rows.enumerated() { rates[bin] = zip(row, values).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    func applyTranspose(
      _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>, threads: Int
    ) {
      for node in values.indices { values[node] = Float(zip(rows, gradient).reduce(0) { $0 + $1.0[node] * $1.1 }) }
    }

    func applyTranspose(
      _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int
    ) {
      for node in values.indices { values[node] = zip(rows, gradient).reduce(0) { $0 + $1.0[node] * $1.1 } }
    }
  }

  private static let rows: [[Double]] = [[1, 2, 3], [0, 1, 0.5], [4, 0, 1], [2, 2, 0]]

  private static let nodeValues: [Double] = [0.5, 2, -1]
  private static let gradient: [Double] = [1, 0.5, -2, 3]

  private func sample(_ position: String, _ rows: ArraySlice<[Double]>, target: String = "C12") throws -> TuningSample {
    let axis = try Axis(.leptonEnergy, edges: (0...rows.count).map { Double($0) })
    return TuningSample(
      sample: Sample(
        reaction: Reaction(species: .numu, target: try Target(named: target)), mode: "fhc", site: .near,
        position: position, binning: try Binning(axis, Axis(.cosTheta, edges: [-1, 1]))),
      probabilities: rows.map { _ in 1 / Double(rows.count) }, events: nil, nodeOperator: Product(rows: Array(rows)))
  }

  private func joined() throws -> TuningSample {
    let values = [1.0, 2, 2, 5]
    return try TuningSample.joining(
      [try sample("low", Self.rows[..<1]), try sample("high", Self.rows[1...])], values: values,
      term: try GaussianTerm(try MeasuredValues(values: values, covariance: .identity(4))))
  }

  @Test func binsFollowOneAnother() throws {
    let joined = try joined()
    #expect(joined.sample.name == "near-numu-fhc-low+high" && joined.parts.map(\.position) == ["low", "high"])
    #expect(joined.probabilities == [0.1, 0.2, 0.2, 0.5] && joined.term?.binCount == 4)
    let (nodeOperator, whole) = (joined.nodeOperator, Product(rows: Self.rows))
    #expect(nodeOperator.binCount == 4 && nodeOperator.nodeCount == 1)
    func rates(_ one: any NodeOperator) -> [Double] {
      var rates = [Double](repeating: -1, count: 4)
      rates.withUnsafeMutableBufferPointer { rates in
        Self.nodeValues.withUnsafeBufferPointer { one.apply($0, rates: rates, threads: 1) }
      }
      return rates
    }
    func transposed<Value: BinaryFloatingPoint>(
      _ apply: (UnsafeBufferPointer<Double>, UnsafeMutableBufferPointer<Value>, Int) -> Void
    ) -> [Value] {
      var values = [Value](repeating: -1, count: 3)
      values.withUnsafeMutableBufferPointer { values in
        Self.gradient.withUnsafeBufferPointer { apply($0, values, 1) }
      }
      return values
    }
    #expect(rates(nodeOperator) == rates(whole))
    let double: [[Double]] = [nodeOperator, whole].map { (one: any NodeOperator) in
      transposed { one.applyTranspose($0, values: $1, threads: $2) }
    }
    let single: [[Float]] = [nodeOperator, whole].map { (one: any NodeOperator) in
      transposed { one.applyTranspose($0, values: $1, threads: $2) }
    }
    #expect(double[0] == double[1] && single[0] == single[1] && double[0].contains { $0 != 0 })
  }

  /// Sums of components are joined component by component; without a term the shape of all bins is compared.
  @Test func sumsAreJoined() throws {
    typealias Rows = ArraySlice<[Double]>
    let parts: [(String, Rows, Rows)] = [
      ("a", Self.rows[..<1], Self.rows[3...]), ("b", Self.rows[1..<3], Self.rows[..<2]),
    ]
    let sums = try parts.map { name, first, second in
      var sum = try sample("", first)
      sum.sample.component = "muons-\(name)"
      var reaction = sum.sample.reaction
      reaction.species = .numubar
      sum.others = [TuningSample.Component(reaction: reaction, nodeOperator: Product(rows: Array(second)))]
      return sum
    }
    let joined = try TuningSample.joining(sums, values: [10, 20, 10], events: 40, term: nil)
    #expect(joined.sample.name == "near-muons-a+muons-b" && joined.events == 40 && joined.term == nil)
    #expect(joined.probabilities == [0.25, 0.5, 0.25])
    #expect(joined.components.map(\.reaction.species) == [.numu, .numubar])
    let rates = joined.components.map { component in
      var rates = [Double](repeating: -1, count: 3)
      rates.withUnsafeMutableBufferPointer { rates in
        Self.nodeValues.withUnsafeBufferPointer { component.nodeOperator.apply($0, rates: rates, threads: 1) }
      }
      return rates
    }
    let whole = [Array(Self.rows[..<3]), [Self.rows[3], Self.rows[0], Self.rows[1]]]
    let expected = whole.map { rows in
      rows.map { row in zip(row, Self.nodeValues).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    #expect(rates == expected)
    var other = sums[1]
    other.others = []
    #expect { try TuningSample.joining([sums[0], other], values: [1, 1, 1], term: nil) } throws: {
      "\($0)".contains("one species and one composition")
    }
  }

  /// What shares errors with what is trained on cannot judge it.
  @Test func apartIsNotWithheld() throws {
    let problem = TuningProblem(
      nodes: InvariantPoints(omega: [], q2: []), samples: [try joined(), try sample("other", Self.rows[...])], seed: 1,
      threads: 1)
    let (trained, judging) = try problem.withholding(["low", "high"])
    #expect(trained.samples.map(\.sample.position) == ["other"])
    #expect(judging.samples.map(\.sample.position) == ["low+high"])
    #expect { try problem.withholding(["high"]) } throws: { "\($0)".contains("a part of low+high") }
  }

  @Test func othersAreNotJoined() throws {
    let samples = [try sample("a", Self.rows[..<2]), try sample("b", Self.rows[2...], target: "O16")]
    let term = try GaussianTerm(try MeasuredValues(values: [1, 1, 1, 1], covariance: .identity(4)))
    #expect { try TuningSample.joining(samples, values: [1, 1, 1, 1], term: term) } throws: {
      "\($0)".contains("one species and one composition")
    }
  }
}
