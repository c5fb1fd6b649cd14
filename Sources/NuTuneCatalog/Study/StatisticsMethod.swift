/// How near data of a member are drawn.
package enum StatisticsMethod: String, Sendable, CaseIterable, Hashable {
  /// From the histogram of the study, as one does with real data: every bin anew by its own Poisson law.
  case bootstrap
  /// From the truth, as only a closure test can.
  case redraw
}
