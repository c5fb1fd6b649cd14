import NuTuneFolding
import Synchronization

/// The points of slices at fixed neutrino energies: chosen when an energy is first asked for, and kept for all models that are
/// compared, since they depend on bins and energy alone.
final class SliceQuadratures: Sendable {
  private let known = Mutex<[Double: BinQuadrature]>([:])

  /// Returns the points at a neutrino energy in GeV, chosen by `make` the first time.
  func quadrature(at energy: Double, _ make: () throws -> BinQuadrature) rethrows -> BinQuadrature {
    try known.withLock { known in
      if let quadrature = known[energy] { return quadrature }
      let quadrature = try make()
      known[energy] = quadrature
      return quadrature
    }
  }
}
