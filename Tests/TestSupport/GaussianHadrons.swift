import Foundation
import NuTuneCore

/// Visible energy with the mean 0.85 ω and the Gaussian error 0.3 √ω ⊕ 0.1 ω ⊕ 0.01 GeV, written out; the first bin takes
/// all below it and the last all above.
package struct GaussianHadrons: HadronicResponse {
  let edges: [Double]

  /// Bins with these edges in GeV.
  package init(edges: [Double]) { self.edges = edges }

  package func probabilities(at energyTransfers: [Double]) -> [[Double]] {
    (0..<edges.count - 1).map { bin in
      energyTransfers.map { transfer in
        let omega = max(transfer, 0)
        let width = (0.09 * omega + 0.01 * omega * omega + 1e-4).squareRoot()
        func below(_ edge: Double) -> Double { 0.5 * erfc((0.85 * omega - edge) / (width * 2.0.squareRoot())) }
        let low = bin == 0 ? 0 : below(edges[bin])
        return (bin == edges.count - 2 ? 1 : below(edges[bin + 1])) - low
      }
    }
  }
}
