import Foundation
import NuTuneCore
import ThreeFlavorOscillations

/// The algorithm of NuFast-LBL, written from the formulas of Denton and Parke, arXiv:2405.02400, one energy at a time.
///
/// The third eigenvalue is a guess from θ₁₃ in matter, corrected by Newton steps on the characteristic polynomial; the
/// others follow from trace and determinant. |U_αi|² in matter come from eigenvalues and minors, the Jarlskog invariant
/// from J ∏Δλ = J₀ ∏Δm². What does not depend on the energy is computed once, which favours it.
struct NuFastReading {
  private let squares: [Double]
  private let splittings: (solar: Double, atmospheric: Double)
  /// Σ Δm²_i |U_αi|² for α = e, μ, and Δm²₂₁ Δm²₃₁ |U_α1|².
  private let diagonal: (electron: Double, muon: Double)
  private let minors: (electron: Double, muon: Double)
  private let jarlskogSplittings: Double
  private let phase: Double
  private let potential: Double
  private let newtonSteps: Int

  init(_ model: ThreeFlavorModel, over baseline: Baseline, helicity: Helicity, newtonSteps: Int) {
    let mixing = model.mixing
    let (s12, s13, s23) = (mixing.sin2Theta12, mixing.sin2Theta13, mixing.sin2Theta23)
    let (solar, atmospheric) = (mixing.deltaMassSquared21, mixing.deltaMassSquared31)
    let product = (s12 * (1 - s12) * s23 * (1 - s23) * s13).squareRoot()
    let interference = 2 * product * cos(mixing.deltaCP)
    let muon2 = (1 - s12) * (1 - s23) + s12 * s23 * s13 - interference
    let muon3 = s23 * (1 - s13)
    squares = [s12, s13, s23]
    splittings = (solar, atmospheric)
    diagonal = (solar * s12 * (1 - s13) + atmospheric * s13, solar * muon2 + atmospheric * muon3)
    minors = (solar * atmospheric * (1 - s12) * (1 - s13), solar * atmospheric * (1 - muon2 - muon3))
    jarlskogSplittings =
      helicity.sign * 8 * product * (1 - s13) * sin(mixing.deltaCP) * solar * atmospheric * (atmospheric - solar)
    phase = model.constants.phase * baseline.length
    potential = helicity.sign * model.constants.potential * baseline.electronFraction * baseline.density
    self.newtonSteps = newtonSteps
  }

  /// Writes the nine probabilities at an energy into rows of `output`, shape [9][stride].
  @inline(__always)
  func probabilities(at energy: Double, into output: UnsafeMutablePointer<Double>, stride: Int) {
    let (solar, atmospheric) = splittings
    let a = potential * energy
    let trace = solar + atmospheric + a
    let sum = solar * atmospheric + a * (solar + atmospheric - diagonal.electron)
    let determinant = a * minors.electron
    let effective = atmospheric - squares[0] * solar
    let x = a / effective
    var l3 = atmospheric + 0.5 * effective * (x - 1 + ((1 - x) * (1 - x) + 4 * x * squares[1]).squareRoot())
    for _ in 0..<newtonSteps {
      l3 -= (((l3 - trace) * l3 + sum) * l3 - determinant) / ((3 * l3 - 2 * trace) * l3 + sum)
    }
    let pair = trace - l3
    let gap21 = (pair * pair - 4 * determinant / l3).squareRoot()
    let l2 = 0.5 * (pair + gap21)
    let (gap31, gap32) = (l3 - l2 + gap21, l3 - l2)

    // |U_αi|² = (λ_i² − ξ_α λ_i + χ_α)/∏(λ_i − λ_j).
    let electronTrace = solar + atmospheric - diagonal.electron
    let muonTrace = trace - diagonal.muon
    let muonMinor = minors.muon + a * (solar + atmospheric - diagonal.electron - diagonal.muon)
    let (by3, by2) = (1 / (gap31 * gap32), -1 / (gap32 * gap21))
    let e3 = ((l3 - electronTrace) * l3 + minors.electron) * by3
    let e2 = ((l2 - electronTrace) * l2 + minors.electron) * by2
    let m3 = ((l3 - muonTrace) * l3 + muonMinor) * by3
    let m2 = ((l2 - muonTrace) * l2 + muonMinor) * by2
    let (e1, m1) = (1 - e3 - e2, 1 - m3 - m2)

    let half = phase / energy
    let (s21, s31, s32) = (sin(half * gap21), sin(half * gap31), sin(half * gap32))
    let (q21, q31, q32) = (4 * s21 * s21, 4 * s31 * s31, 4 * s32 * s32)
    let odd = jarlskogSplittings / (gap21 * gap31 * gap32) * s21 * s31 * s32
    // 2 Re U*_ei U_μi U_ej U*_μj = |U_ek U_μk|² − |U_ei U_μi|² − |U_ej U_μj|².
    let (p1, p2, p3) = (e1 * m1, e2 * m2, e3 * m3)
    let em = -0.5 * ((p3 - p2 - p1) * q21 + (p2 - p3 - p1) * q31 + (p1 - p3 - p2) * q32)
    let ee = 1 - (e2 * e1 * q21 + e3 * e1 * q31 + e3 * e2 * q32)
    let mm = 1 - (m2 * m1 * q21 + m3 * m1 * q31 + m3 * m2 * q32)
    let (electronMuon, muonElectron) = (em + odd, em - odd)
    output[0] = ee
    output[stride] = electronMuon
    output[2 * stride] = 1 - ee - electronMuon
    output[3 * stride] = muonElectron
    output[4 * stride] = mm
    output[5 * stride] = 1 - muonElectron - mm
    output[6 * stride] = 1 - ee - muonElectron
    output[7 * stride] = 1 - electronMuon - mm
    output[8 * stride] = ee + mm + electronMuon + muonElectron - 1
  }

  /// Computes probabilities, shape [9][energies].
  func probabilities(at energies: [Double]) -> [Double] {
    [Double](unsafeUninitializedCapacity: 9 * energies.count) { buffer, initialized in
      if let start = buffer.baseAddress {
        for (index, energy) in energies.enumerated() {
          probabilities(at: energy, into: start + index, stride: energies.count)
        }
      }
      initialized = 9 * energies.count
    }
  }
}
