import NuTuneNumerics

/// A product of two Gauss–Legendre rules on 0…1.
struct PanelRule: Sendable {
  let first: (nodes: [Double], weights: [Double])
  let second: (nodes: [Double], weights: [Double])

  init(first: Int, second: Int) throws {
    self.first = try GaussLegendre(points: first).rule(on: 0...1)
    self.second = try GaussLegendre(points: second).rule(on: 0...1)
  }

  /// Number of points.
  var count: Int { first.nodes.count * second.nodes.count }
}
