import CNuTune
import NuTuneCore

// The functions that nutune.h declares for likelihoods; see there.

@c @implementation
public func nutune_likelihood_open(
  _ study: OpaquePointer, _ model: UnsafePointer<CChar>, _ at_posterior_mean: Int32, _ progress: nutune_progress?,
  _ user: UnsafeMutableRawPointer?, _ likelihood: UnsafeMutablePointer<OpaquePointer?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    likelihood.pointee = Handle.make(
      try FarLikelihood(
        Handle.object(study), CText.text(model), atMean: at_posterior_mean != 0, ProgressListener(progress, user)))
  }
}

@c @implementation
public func nutune_likelihood_describe(
  _ likelihood: OpaquePointer, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    json.pointee = try CText.json(Handle.object(likelihood, FarLikelihood.self).description)
  }
}

@c @implementation
public func nutune_likelihood_data(
  _ likelihood: OpaquePointer, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    CArray.write(Handle.object(likelihood, FarLikelihood.self).fit.events, to: result)
  }
}

@c @implementation
public func nutune_likelihood_with_data(
  _ likelihood: OpaquePointer, _ events: UnsafePointer<Double>, _ other: UnsafeMutablePointer<OpaquePointer?>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    other.pointee = Handle.make(try Handle.object(likelihood, FarLikelihood.self).observing(events))
  }
}

@c @implementation
public func nutune_likelihood_rates(
  _ likelihood: OpaquePointer, _ parameters: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let object = Handle.object(likelihood, FarLikelihood.self)
    CArray.write(try object.rates(at: CArray.values(parameters, object.parameters.count)), to: result)
  }
}

@c @implementation
public func nutune_likelihood_value(
  _ likelihood: OpaquePointer, _ parameters: UnsafePointer<Double>, _ value: UnsafeMutablePointer<Double>,
  _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let object = Handle.object(likelihood, FarLikelihood.self)
    value.pointee = try object.value(at: CArray.values(parameters, object.parameters.count))
  }
}

@c @implementation
public func nutune_likelihood_gradient(
  _ likelihood: OpaquePointer, _ parameters: UnsafePointer<Double>, _ value: UnsafeMutablePointer<Double>,
  _ gradient: UnsafeMutablePointer<Double>, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
  Failure.reported(to: message) {
    let object = Handle.object(likelihood, FarLikelihood.self)
    let slope = try object.slope(at: CArray.values(parameters, object.parameters.count))
    value.pointee = slope.value
    CArray.write([slope.gradient], to: gradient)
  }
}
