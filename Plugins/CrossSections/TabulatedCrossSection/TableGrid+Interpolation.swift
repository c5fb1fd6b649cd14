import NuTuneCore

extension TableGrid {
  /// Interpolates f at (E_ν, ω, Q²): from the neighbouring neutrino energies at the same ω and Q², linear in 1/E_ν, in
  /// which the cross section of structure functions is a parabola.
  ///
  /// Points that are allowed at E_ν but not at the next lower tabulated energy, a strip along the edge of phase space,
  /// continue the line through the two energies above, limited to between zero and twice the value at the nearer.
  ///
  /// - Complexity: O(log points); `hint` is the position of the last point.
  @inline(__always)
  func value(energy: Double, omega: Double, q2: Double, hint: inout Int) -> Double {
    if !(slabs[hint].energy <= energy && energy <= slabs[hint + 1].energy) {
      var (low, high) = (0, slabs.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if slabs[middle].energy <= energy { low = middle } else { high = middle }
      }
      hint = low
    }
    let (lower, upper) = (slabs[hint], slabs[hint + 1])
    if energy == lower.energy { return value(in: lower, omega: omega, q2: q2) }
    if isAllowed(energy: lower.energy, omega: omega, q2: q2) {
      let share = (1 / lower.energy - 1 / energy) / (1 / lower.energy - 1 / upper.energy)
      let below = value(in: lower, omega: omega, q2: q2)
      return below + share * (value(in: upper, omega: omega, q2: q2) - below)
    }
    let near = value(in: upper, omega: omega, q2: q2)
    guard hint + 2 < slabs.count else { return near }
    let further = slabs[hint + 2]
    let far = value(in: further, omega: omega, q2: q2)
    let share = (1 / upper.energy - 1 / energy) / (1 / upper.energy - 1 / further.energy)
    return min(max(near + share * (far - near), 0), 2 * near)
  }

  /// Whether a lepton can leave with this ω and Q².
  @inline(__always)
  private func isAllowed(energy: Double, omega: Double, q2: Double) -> Bool {
    let leptonEnergy = energy - omega
    guard leptonEnergy > leptonMass else { return false }
    let momentum = Kinematics.leptonMomentum(energy: leptonEnergy, mass: leptonMass)
    return abs(q2 + leptonMass * leptonMass - 2 * energy * leptonEnergy) <= 2 * energy * momentum
  }

  /// Interpolates f at one tabulated energy: between the neighbouring rows along the line of constant W, on which the
  /// peaks of quasi-elastic scattering and of resonances lie; where this line leaves the allowed Q² before it meets one
  /// of the rows, from the other row alone.
  ///
  /// Beyond the table's outermost rows and cosines the nearest value is used.
  @inline(__always)
  private func value(in slab: Slab, omega wanted: Double, q2 wantedQ2: Double) -> Double {
    omega.withUnsafeBufferPointer { omega in
      var (low, high) = (slab.rows.lowerBound, slab.rows.upperBound - 1)
      if wanted <= omega[low] { return value(inRow: low, q2: wantedQ2) }
      if wanted >= omega[high] { return value(inRow: high, q2: wantedQ2) }
      while high - low > 1 {
        let middle = (low + high) / 2
        if omega[middle] <= wanted { low = middle } else { high = middle }
      }
      let gap = omega[high] - omega[low]
      let place = (wanted - omega[low]) / gap
      let rise = 2 * PhysicalConstants.nucleonMass * gap
      let (least, most) = (ends(low), ends(high))
      // Clamped, so that the line starts inside the quadrangle of the two rows.
      let q2 = min(
        max(wantedQ2, least.q2Low + place * (most.q2Low - least.q2Low)),
        least.q2High + place * (most.q2High - least.q2High))

      let leftQ2 = q2 - place * rise
      let rightQ2 = leftQ2 + rise
      let (leavesLeft, leavesRight) = (leftQ2 < least.q2Low, rightQ2 > most.q2High)
      guard leavesLeft || leavesRight else {
        let left = value(inRow: low, q2: leftQ2)
        return left + place * (value(inRow: high, q2: rightQ2) - left)
      }
      // Only one of the rows has this W; the other ends before. The ratio of its last point to the same W of the first
      // row is used for the rest: values at other W along the edge itself lie across a peak or a threshold, and give no
      // information.
      if leavesRight, !leavesLeft {
        return scaled(
          value(inRow: low, q2: leftQ2), from: value(inRow: low, q2: most.q2High - rise), to: most.high, share: place)
      }
      if leavesLeft, !leavesRight {
        return scaled(
          value(inRow: high, q2: rightQ2), from: value(inRow: high, q2: least.q2Low + rise), to: least.low,
          share: 1 - place)
      }
      return least.low + place * (most.high - least.low)
    }
  }

  /// Changes a value by the ratio of two others, up to a share of the way; zero stays zero, and nothing exceeds both
  /// the value and the second of the others.
  @inline(__always)
  private func scaled(_ value: Double, from reference: Double, to other: Double, share: Double) -> Double {
    guard reference > 0, value > 0 else { return value }
    return min(value * (1 + share * (other / reference - 1)), max(value, other))
  }

  /// Returns the first and last point of a row.
  @inline(__always)
  private func ends(_ row: Int) -> (q2Low: Double, low: Double, q2High: Double, high: Double) {
    let (first, last) = (start[row], start[row + 1] - 1)
    return (q2[first], value[first], q2[last], value[last])
  }

  /// Computes Steffen's monotone cubic in Q² within one row; the end values beyond its ends.
  @inline(__always)
  private func value(inRow row: Int, q2 wanted: Double) -> Double {
    q2.withUnsafeBufferPointer { q2 in
      var (low, high) = (start[row], start[row + 1] - 1)
      if wanted <= q2[low] { return value[low] }
      if wanted >= q2[high] { return value[high] }
      while high - low > 1 {
        let middle = (low + high) / 2
        if q2[middle] <= wanted { low = middle } else { high = middle }
      }
      let step = q2[high] - q2[low]
      let t = (wanted - q2[low]) / step
      let u = 1 - t
      return u * u * ((1 + 2 * t) * value[low] + t * step * slope[low])
        + t * t * ((1 + 2 * u) * value[high] - u * step * slope[high])
    }
  }
}
