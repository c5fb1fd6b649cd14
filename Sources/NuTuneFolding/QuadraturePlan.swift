import NuTuneCore

/// Accuracy with which bins and cells are integrated.
///
/// With an ``accuracy`` the points follow from it: each bin is divided into panels until the flux-averaged rate of a
/// surrogate cross section is accurate enough, see ``BinQuadrature``. Without one every bin has exactly the given
/// numbers of points.
public struct QuadraturePlan: Sendable, Hashable {
  /// Relative error allowed for the rate of a bin that holds at least ``smallestShare`` of its sample; smaller bins may
  /// have the absolute error of a bin with just that share. Nil: the numbers of points are used unchanged.
  public var accuracy: Double?
  /// Least number of points in each E_ν cell; the exact number without ``accuracy``.
  public var energyPoints: Int
  /// Least number of points along the first observable of a bin; the exact number without ``accuracy``.
  public var firstPoints: Int
  /// Least number of points along the second observable of a bin; the exact number without ``accuracy``.
  public var secondPoints: Int
  /// Whether cells have exactly ``energyPoints`` points even with an ``accuracy``.
  public var hasFixedEnergyPoints: Bool
  /// Fluxes for which ``accuracy`` has to hold: mean flux × oscillation in each cell, shape [fluxes][cells], in any unit.
  /// Empty: a flux that does not depend on the energy.
  public var fluxes: [[Double]]

  /// Least standard deviation in GeV of a quasi-elastic peak in ω at fixed Q².
  public var peakWidth: Double

  /// ``peakWidth`` on a nucleus, where nucleons move.
  public static let nuclearPeakWidth = 0.03
  /// ``peakWidth`` on free protons, where Fermi motion does not broaden the line.
  public static let protonPeakWidth = 0.008

  /// Returns ``peakWidth`` of a target.
  public static func peakWidth(of target: Target) -> Double {
    target.isFreeProton ? protonPeakWidth : nuclearPeakWidth
  }

  /// Returns what Fermi motion adds in quadrature to the width of a peak in ω at |q| far above the nucleon's mass, GeV:
  /// k_F/√5 on a nucleus, nothing to a peak that is narrower than one has there.
  ///
  /// - Parameter peakWidth: least standard deviation of the peak, GeV.
  public static func fermiMotion(besides peakWidth: Double) -> Double {
    peakWidth < nuclearPeakWidth ? 0 : 0.11
  }

  /// Bins with less than this share of their sample's rate may have larger relative errors.
  public static let smallestShare = 1e-4

  /// Creates a plan; the default keeps rates to 2·10⁻⁴.
  public init(
    accuracy: Double? = 2e-4, energyPoints: Int = 2, firstPoints: Int = 2, secondPoints: Int = 2,
    hasFixedEnergyPoints: Bool = false, fluxes: [[Double]] = [], peakWidth: Double = QuadraturePlan.nuclearPeakWidth
  ) {
    self.accuracy = accuracy
    self.energyPoints = energyPoints
    self.firstPoints = firstPoints
    self.secondPoints = secondPoints
    self.hasFixedEnergyPoints = hasFixedEnergyPoints
    self.fluxes = fluxes
    self.peakWidth = peakWidth
  }
}
