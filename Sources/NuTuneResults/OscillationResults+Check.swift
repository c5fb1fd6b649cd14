import NuTuneCore
import NuTuneFiles

extension OscillationResults: ReadBack {
  /// Throws for fits whose maps lack a parameter or whose lines are invalid.
  package func check() throws {
    try ReadBackCheck.require(
      !parameters.isEmpty && Set(parameters).count == parameters.count, "parameters",
      "[\(parameters.prefix(8).joined(separator: ", "))]", "names of fitted parameters, each once")
    var maps = [("best_fit", bestFit), ("nearest_minimum", nearestMinimum)]
    maps += minima.enumerated().map { ("minima.\($0).parameters", $1.parameters) }
    for (key, values) in maps {
      for name in parameters {
        try ReadBackCheck.require(values[name] != nil, "\(key).\(name)", "no value", "one for each parameter")
      }
    }
    for (name, interval) in intervals { try interval.check("intervals.\(name)") }
    for (key, contour) in contours { try Self.check(contour.lines, "contours.\(key).lines") }
    for (key, region) in feldmanCousins ?? [:] {
      try Self.check(region.lines, "feldman_cousins.\(key).lines")
      try ReadBackCheck.count(
        region.criticalValues, 2, "feldman_cousins.\(key).critical_values", "the smallest and the largest")
      try ReadBackCheck.count(region.atMinimum, 2, "feldman_cousins.\(key).at_minimum", "a value and its error")
    }
  }

  private static func check(_ lines: [[[Double]]], _ key: String) throws {
    for (index, line) in lines.enumerated() {
      try ReadBackCheck.require(!line.isEmpty, "\(key).\(index)", "no points", "a line of points")
      for (number, point) in line.enumerated() {
        try ReadBackCheck.count(point, 2, "\(key).\(index).\(number)", "the two parameters of a point")
      }
    }
  }
}

extension OscillationResults.Interval {
  fileprivate func check(_ key: String) throws {
    try ReadBackCheck.require(lower <= upper, key, "an interval from \(lower) to \(upper)", "ends in their order")
  }
}
