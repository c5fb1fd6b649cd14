/// What JᵀJ leaves out of the second derivatives of ½ Σ rᵢ², S = Σ rᵢ ∂²rᵢ, from the gradients of the steps so far.
///
/// The update and its size are those of J. E. Dennis, D. M. Gay and R. E. Welsch, ACM Trans. Math. Softw. 7 (1981) 348: after
/// it, S times the step is the change of Jᵀr by the change of J.
struct ResidualCurvature {
  /// S, shape [parameters × parameters].
  private(set) var matrix: Matrix
  /// Whether JᵀJ + S predicted the last step better than JᵀJ.
  private(set) var isBetter = false

  /// Zeros for so many parameters.
  init(_ count: Int) { matrix = Matrix(rows: count, columns: count) }

  /// Decides by the fall of Σ rᵢ² in a step, which the function with JᵀJ alone predicts to be `-gauss.value(at: step)`.
  mutating func judge(_ step: [Double], fall: Double, _ gauss: BoundedQuadratic) throws {
    let predicted = -(try gauss.value(at: step))
    let bent = dot(step, try matrix.multiplied(by: step))
    isBetter = abs(fall - (predicted - bent)) < abs(fall - predicted)
  }

  /// Learns from a step.
  ///
  /// - Parameters:
  ///   - step: δ, shape [parameters].
  ///   - change: change of the gradient Jᵀr, shape [parameters].
  ///   - bending: the part of it by the change of J, with r after the step, shape [parameters].
  mutating func learn(_ step: [Double], change: [Double], bending: [Double]) throws {
    let known = dot(step, try matrix.multiplied(by: step))
    if known != 0 {
      let size = min(1, abs(dot(step, bending) / known))
      for i in step.indices { for j in step.indices { matrix[i, j] *= size } }
    }
    let along = dot(change, step)
    // Where the gradient hardly changes along the step, it says nothing.
    guard along > 1e-8 * zip(change, step).reduce(0, { $0 + abs($1.0 * $1.1) }) else { return }
    let missed = zip(bending, try matrix.multiplied(by: step)).map { $0 - $1 }
    let square = dot(step, missed) / (along * along)
    for i in step.indices {
      for j in step.indices {
        matrix[i, j] += (missed[i] * change[j] + change[i] * missed[j]) / along - square * change[i] * change[j]
      }
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
