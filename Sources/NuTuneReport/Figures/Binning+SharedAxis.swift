import NuTuneCore

extension Binning {
  /// An axis on which all bins can be projected, with the bins that are added in each of its bins: the first axis of a
  /// grid. Of several grids, it has the edges that no bin crosses, along the observable with more of them.
  var sharedAxis: (axis: Axis, bins: [[Int]]) {
    if grids.count == 1 {
      let marginal = marginals[0]
      return (marginal.axis, marginal.bins)
    }
    let all = (0..<count).map { ranges(of: $0) }
    let (onFirst, onSecond) = (all.map { $0.first }, all.map { $0.second })
    let (first, second) = (Self.uncrossedEdges(onFirst), Self.uncrossedEdges(onSecond))
    let isFirst = first.count >= second.count
    let edges = isFirst ? first : second
    guard let axis = try? Axis(observableNames[isFirst ? 0 : 1], edges: edges) else {
      preconditionFailure("the ends of all bins are an axis")
    }
    let centers = (isFirst ? onFirst : onSecond).map { ($0.lowerBound + $0.upperBound) / 2 }
    let bins = (0..<axis.count).map { part in
      centers.indices.filter { edges[part] < centers[$0] && centers[$0] < edges[part + 1] }
    }
    return (axis, bins)
  }

  /// Returns the ends of ranges that lie inside none of them, in order. Ends that are sums of printed numbers may
  /// differ in their last digits.
  private static func uncrossedEdges(_ ranges: [ClosedRange<Double>]) -> [Double] {
    var edges: [Double] = []
    for edge in Set(ranges.flatMap { [$0.lowerBound, $0.upperBound] }).sorted() {
      let slack = 1e-9 * abs(edge)
      guard !ranges.contains(where: { $0.lowerBound < edge - slack && edge + slack < $0.upperBound }) else { continue }
      if let last = edges.last, edge - last <= slack { continue }
      edges.append(edge)
    }
    return edges
  }
}
