import NuTuneCore

extension Checklist {
  /// Checks that the declared parameters are accepted over their whole range and have an effect.
  ///
  /// - Parameter output: computes numbers that stand for the output of a plugin; throws when they break the promises of
  ///   its protocol. Nil for a plugin without output before it is tuned.
  mutating func checkParameters(_ subject: Subject, output: ((any Plugin) throws -> [Double])?) {
    let declarations = subject.schema.declarations
    guard declarations.contains(where: { $0.domain.ends != nil }) else { return }
    check("the declared ranges are served") {
      var problems = NuTuneErrors()
      var refused: [String] = []
      for declaration in declarations {
        for value in declaration.domain.ends ?? [] {
          do {
            let plugin = try subject.make([declaration.name: value])
            problems.attempt {
              do {
                _ = try output?(plugin)
              } catch {
                var inner = NuTuneErrors()
                inner.add(error)
                throw broken(
                  declaration.name, found: "trouble at the allowed value \(value) (\(inner.description))",
                  expected: "a plugin for every allowed value: \(declaration.domain.description)")
              }
            }
          } catch {
            // Another parameter's value may forbid it, which a declaration cannot express.
            try checkRefused("\(declaration.name) = \(value)") { throw error }
            refused.append("\(declaration.name) = \(value)")
          }
        }
      }
      try problems.throwIfAny()
      guard refused.isEmpty else {
        throw Warning(
          sentence:
            "found \(refused.joined(separator: ", ")) refused; expected every declared value to be served, unless "
            + "another parameter forbids it")
      }
    }
    guard let output else { return }
    check("parameters have an effect") {
      let reference = try output(try subject.make())
      let idle = try declarations.filter { declaration in
        guard let value = declaration.domain.other(than: subject.values[declaration.name]) else { return false }
        return try output(try subject.make([declaration.name: value])) == reference
      }.map(\.name)
      guard idle.isEmpty else {
        throw Warning(
          sentence: "found the same numbers with another value of \(idle.joined(separator: ", ")); expected others, "
            + "unless the parameter only matters together with another")
      }
    }
  }
}

extension ParameterDomain {
  /// The ends of a range of numbers, as far as they are declared limits; nil for other domains.
  fileprivate var ends: [ParameterValue]? {
    switch self {
    case .number(let range, _), .numberOrList(let range, _):
      let ends = [range.lowerBound, range.upperBound].filter { abs($0) <= 1e6 && ($0 == 0 || abs($0) >= 1e-15) }
      return ends.map { .number($0) }
    case .integer(let range):
      return [range.lowerBound, range.upperBound].filter { abs($0 / 1000) <= 1 }.map { .integer($0) }
    default: return nil
    }
  }

  /// Returns another allowed value near one, for a numeric domain.
  fileprivate func other(than value: ParameterValue?) -> ParameterValue? {
    switch (self, value) {
    case (.number(let range, _), .number(let number)), (.numberOrList(let range, _), .number(let number)):
      let step = number == 0 ? min(0.1, range.upperBound / 2) : abs(number) * 0.1
      return [number + step, number - step].first { range.contains($0) && $0 != number }.map { .number($0) }
    case (.integer(let range), .integer(let number)):
      return [number + 1, number - 1].first { range.contains($0) }.map { .integer($0) }
    default: return nil
    }
  }
}
