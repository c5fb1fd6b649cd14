import NuTuneCore
import NuTuneNumerics

/// Reads the covariance of a measurement entry: one matrix, or parts by their origin.
enum CovarianceReading {
  /// Keys of each of `covariances`.
  static let keys = [
    EntryKey(
      "kind", "one of " + CovarianceComponent.Kind.allCases.map(\.rawValue).joined(separator: ", "),
      "where it comes from; `flux` and `norm` are fractions of the cross section, which follow the prediction in the "
        + "statistic `t0`", required: true),
    EntryKey("file", "a CSV file without header", "the matrix; this or `fraction`"),
    EntryKey(
      "relative", "true or false", "whether the matrix is a fraction of the values of both bins; false when left out"),
    EntryKey("fraction", "a number", "an uncertainty that is this fraction of every value, common to all bins"),
  ]

  /// The whole covariance, nil where none is published, with its known parts.
  ///
  /// Parts beside `covariance` are parts of it; without it the covariance is their sum.
  static func read(
    _ node: ConfigurationNode, values: [Double], files: inout MeasurementFiles
  ) throws -> (whole: Matrix?, parts: [CovarianceComponent]) {
    let whole = try node["covariance"].map {
      try MatrixFile.read(try files.path($0, key: "covariance"), size: values.count)
    }
    guard let list = node["covariances"] else { return (whole, []) }
    guard let elements = list.elements, !elements.isEmpty else {
      throw NuTuneError(
        .badData, at: list.location, key: "covariances", found: list.summary,
        expected: "a list of {kind: flux, file: flux.csv}")
    }
    var problems = NuTuneErrors()
    let parts = elements.enumerated().compactMap { index, element in
      problems.attempt { try component(element, "covariances.\(index)", values: values, files: &files) }
    }
    try problems.throwIfAny()
    var sum = Matrix(rows: values.count, columns: values.count)
    for part in parts {
      for i in values.indices { for j in values.indices { sum[i, j] += part.matrix[i, j] } }
    }
    guard let whole else { return (sum, parts) }
    try checkRest(whole, less: sum, at: list.location)
    return (whole, parts)
  }

  /// The sum of the parts that are fractions of the cross section; nil where none is known.
  static func multiplicative(_ parts: [CovarianceComponent]) -> Matrix? {
    let matrices = parts.filter(\.kind.isMultiplicative).map(\.matrix)
    guard var sum = matrices.first else { return nil }
    for matrix in matrices.dropFirst() {
      for i in 0..<sum.rows { for j in 0..<sum.columns { sum[i, j] += matrix[i, j] } }
    }
    return sum
  }

  private static func component(
    _ node: ConfigurationNode, _ path: String, values: [Double], files: inout MeasurementFiles
  ) throws -> CovarianceComponent {
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: keys.names, path: path) { problems.add(error) }
    try problems.throwIfAny()
    func refuse(_ key: String, _ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(
        .badData, at: node[key]?.location ?? node.location, key: "\(path).\(key)", found: found, expected: expected)
    }
    let kinds = CovarianceComponent.Kind.allCases.map(\.rawValue)
    guard let kind = node["kind"]?.text.flatMap(CovarianceComponent.Kind.init) else {
      throw refuse("kind", node["kind"]?.summary ?? "nothing", "one of \(kinds.joined(separator: ", "))")
    }
    let relative = node["relative"]?.text ?? "false"
    guard ["true", "false"].contains(relative) else { throw refuse("relative", relative, "true or false") }
    switch (node["file"], node["fraction"]) {
    case (let file?, nil):
      var matrix = try MatrixFile.read(try files.path(file, key: "\(path).file"), size: values.count)
      if relative == "true" {
        for i in values.indices { for j in values.indices { matrix[i, j] *= values[i] * values[j] } }
      }
      return CovarianceComponent(kind: kind, matrix: matrix)
    case (nil, let given?):
      guard let fraction = given.text.flatMap(Double.init), fraction > 0, fraction <= 10 else {
        throw refuse("fraction", given.summary, "a fraction above zero, as 0.1 for 10 %")
      }
      var matrix = Matrix(rows: values.count, columns: values.count)
      for i in values.indices { for j in values.indices { matrix[i, j] = fraction * fraction * values[i] * values[j] } }
      return CovarianceComponent(kind: kind, matrix: matrix)
    case (let both, _):
      throw refuse("file", both == nil ? "neither file nor fraction" : "file beside fraction", "one of the two")
    }
  }

  /// Refuses parts that are larger than what they are said to be parts of.
  private static func checkRest(_ whole: Matrix, less parts: Matrix, at location: SourceLocation) throws {
    var rest = whole
    let sigmas = whole.diagonal.map { max($0, 0).squareRoot() }
    for i in 0..<rest.rows { for j in 0..<rest.columns { rest[i, j] -= parts[i, j] } }
    var scaled = rest
    for i in 0..<rest.rows {
      for j in 0..<rest.columns { scaled[i, j] = sigmas[i] * sigmas[j] > 0 ? rest[i, j] / (sigmas[i] * sigmas[j]) : 0 }
    }
    let smallest = try SymmetricEigen(scaled).values[0]
    guard smallest >= -CrossSectionMeasurement.negativityTolerance * Double(rest.rows) else {
      throw NuTuneError(
        .badData, at: location, key: "covariances", found: "parts that are larger than the covariance beside them",
        expected: "parts of it, or no covariance, which makes it their sum")
    }
  }
}
