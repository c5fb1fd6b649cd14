#ifndef NUTUNE_H
#define NUTUNE_H

#include <stddef.h>
#include <stdint.h>

// The C interface of NuTune: what a program in another language needs of cross sections, oscillations and far-detector
// likelihoods.
//
// Every function that can fail returns a code, 0 for success, and else leaves one sentence for each mistake in
// `message`, which the caller frees with nutune_free. The codes are those of the command line: 1 a computation failed,
// 64 wrong usage, 65 bad data, 66 missing input, 70 internal error, 73 output that cannot be written; and 130 for a
// computation that the caller cancelled.
//
// There is no state beside the objects that the caller holds. Objects do not change after they are made, but for the
// models that a study has trained, so every function may be called from several threads at a time. Each object is
// released with nutune_release, in any order: what it is made of lives as long as it does.
//
// Texts are UTF-8. Energies are in GeV, structure functions in GeV^-1 per nucleon, cross sections in 10^-38 cm^2 per
// nucleon (and per GeV), lengths in km, densities in g/cm^3, mass splittings in eV^2, angles in radians. Arrays are of
// double and belong to the caller.

// Clang checks pointers of nutune.h against Swift's optional types with these.
#if defined(__clang__)
#define NUTUNE_NONNULL _Nonnull
#define NUTUNE_NULLABLE _Nullable
#else
#define NUTUNE_NONNULL
#define NUTUNE_NULLABLE
#endif

// Catalogs and plugins.
typedef struct nutune_context nutune_context;
// A cross section.
typedef struct nutune_model nutune_model;
// An oscillation model with its parameters.
typedef struct nutune_oscillation nutune_oscillation;
// A study with its folded forward model and its data.
typedef struct nutune_study nutune_study;
// The far-detector likelihood of a study with one model.
typedef struct nutune_likelihood nutune_likelihood;

// Where a sentence about a failure is left.
typedef char *NUTUNE_NULLABLE *NUTUNE_NONNULL nutune_message;

// Progress of a training or a run: name of the stage, steps done and planned, the loss (NaN when there is none). Another return
// value than 0 cancels it, at the next checkpoint of the training. It is called on the thread that computes.
typedef int32_t (*nutune_progress)(
    void *NUTUNE_NULLABLE user, const char *NUTUNE_NONNULL stage, int64_t step, int64_t steps, double loss);

// Version, build and commit of this library as JSON; freed with nutune_free.
int32_t nutune_provenance(char *NUTUNE_NULLABLE *NUTUNE_NONNULL json, nutune_message message);

// Frees a text.
void nutune_free(char *NUTUNE_NULLABLE text);

// Releases an object of any kind.
void nutune_release(void *NUTUNE_NULLABLE object);

// Opens catalogs folders, nearest first, with the built-in plugins.
int32_t nutune_context_open(
    const char *NUTUNE_NULLABLE const *NUTUNE_NULLABLE catalogs, size_t count,
    nutune_context *NUTUNE_NULLABLE *NUTUNE_NONNULL context, nutune_message message);

// The names of plugins and catalog entries of all kinds as JSON, plugins with their parameters.
int32_t nutune_context_describe(
    nutune_context *NUTUNE_NONNULL context, char *NUTUNE_NULLABLE *NUTUNE_NONNULL json, nutune_message message);

// Makes a cross section: a plugin, or a model that was trained before, by RUN#LABEL or its name in a catalog.
// `settings` are texts parameter=value, as with --set.
int32_t nutune_model_open(
    nutune_context *NUTUNE_NONNULL context, const char *NUTUNE_NONNULL name,
    const char *NUTUNE_NULLABLE const *NUTUNE_NULLABLE settings, size_t setting_count,
    nutune_model *NUTUNE_NULLABLE *NUTUNE_NONNULL model, nutune_message message);

// Name, plugin, targets and energies of a model, and whether it has structure functions, as JSON.
int32_t nutune_model_describe(
    nutune_model *NUTUNE_NONNULL model, char *NUTUNE_NULLABLE *NUTUNE_NONNULL json, nutune_message message);

// d2sigma/(dE_l dcos theta) in 10^-38 cm^2/GeV per nucleon at `count` points; `result` has shape [count].
int32_t nutune_model_cross_section(
    nutune_model *NUTUNE_NONNULL model, const char *NUTUNE_NONNULL channel, const char *NUTUNE_NONNULL target,
    size_t count, const double *NUTUNE_NONNULL neutrino_energy, const double *NUTUNE_NONNULL lepton_energy,
    const double *NUTUNE_NONNULL cos_theta, double *NUTUNE_NONNULL result, nutune_message message);

// sigma(E_nu) in 10^-38 cm^2 per nucleon; `result` has shape [count].
int32_t nutune_model_total_cross_section(
    nutune_model *NUTUNE_NONNULL model, const char *NUTUNE_NONNULL channel, const char *NUTUNE_NONNULL target,
    size_t count, const double *NUTUNE_NONNULL neutrino_energy, double *NUTUNE_NONNULL result, nutune_message message);

// W_1 ... W_5 in GeV^-1 per nucleon at omega > 0 (GeV) and Q^2 > 0 (GeV^2); `result` has shape [5][count].
int32_t nutune_model_structure_functions(
    nutune_model *NUTUNE_NONNULL model, const char *NUTUNE_NONNULL channel, const char *NUTUNE_NONNULL target,
    size_t count, const double *NUTUNE_NONNULL omega, const double *NUTUNE_NONNULL q2, double *NUTUNE_NONNULL result,
    nutune_message message);

// Makes an oscillation model. `preset` is a catalog entry, or NULL for the plugin's own values.
int32_t nutune_oscillation_open(
    nutune_context *NUTUNE_NONNULL context, const char *NUTUNE_NONNULL name, const char *NUTUNE_NULLABLE preset,
    const char *NUTUNE_NULLABLE const *NUTUNE_NULLABLE settings, size_t setting_count,
    nutune_oscillation *NUTUNE_NULLABLE *NUTUNE_NONNULL oscillation, nutune_message message);

// Parameters of an oscillation model that a fit can vary, with their values and units, as JSON.
int32_t nutune_oscillation_describe(
    nutune_oscillation *NUTUNE_NONNULL oscillation, char *NUTUNE_NULLABLE *NUTUNE_NONNULL json,
    nutune_message message);

// P(nu_a -> nu_b) at energies in GeV, rows ee, em, et, me, mm, mt, te, tm, tt; `result` has shape [9][count]. Nothing
// is copied.
int32_t nutune_oscillation_probabilities(
    nutune_oscillation *NUTUNE_NONNULL oscillation, double baseline, double density, double electron_fraction,
    int32_t antineutrino, size_t count, const double *NUTUNE_NONNULL energy, double *NUTUNE_NONNULL result,
    nutune_message message);

// Opens a study: reads and checks it, folds its datasets, makes its data. `source` is the path of a study file, its
// name in a catalog, or, when `directory` is not NULL, YAML (or JSON) text whose file names are relative to
// `directory`. `settings` are texts path.to.key=value.
int32_t nutune_study_open(
    nutune_context *NUTUNE_NONNULL context, const char *NUTUNE_NONNULL source, const char *NUTUNE_NULLABLE directory,
    const char *NUTUNE_NULLABLE const *NUTUNE_NULLABLE settings, size_t setting_count, int32_t threads,
    nutune_study *NUTUNE_NULLABLE *NUTUNE_NONNULL study, nutune_message message);

// Name, title, models, near and far samples with their bins and data, seeds and warnings of a study, as JSON.
int32_t nutune_study_describe(
    nutune_study *NUTUNE_NONNULL study, char *NUTUNE_NULLABLE *NUTUNE_NONNULL json, nutune_message message);

// Trains a model of the study on its near data, as `nutune run` does; the study keeps it. `record` says how it went, as
// JSON.
int32_t nutune_study_train(
    nutune_study *NUTUNE_NONNULL study, const char *NUTUNE_NONNULL label, nutune_progress NUTUNE_NULLABLE progress,
    void *NUTUNE_NULLABLE user, nutune_model *NUTUNE_NULLABLE *NUTUNE_NONNULL model,
    char *NUTUNE_NULLABLE *NUTUNE_NONNULL record, nutune_message message);

// Runs a study into a folder as `nutune run` does, with the same files, log and numbers. `source`, `directory` and
// `settings` are those of nutune_study_open. `folder` is where; NULL for runs/ and the name of the study below the
// current folder. `resume` reuses finished stages there, `report` makes figures, histograms and page, which needs
// gnuplot. `progress` hears of every stage when it begins, step 0 of 1, and when it has ended, 1 of 1, and of the steps
// of trainings in between; the run can be cancelled when a stage begins and at the checkpoints of trainings, from which
// one with `resume` goes on. `summary` says the folder, whether everything converged (results are kept when not), and
// the warnings, as JSON.
int32_t nutune_study_run(
    nutune_context *NUTUNE_NONNULL context, const char *NUTUNE_NONNULL source, const char *NUTUNE_NULLABLE directory,
    const char *NUTUNE_NULLABLE const *NUTUNE_NULLABLE settings, size_t setting_count, int32_t threads,
    const char *NUTUNE_NULLABLE folder, int32_t resume, int32_t report, nutune_progress NUTUNE_NULLABLE progress,
    void *NUTUNE_NULLABLE user, char *NUTUNE_NULLABLE *NUTUNE_NONNULL summary, nutune_message message);

// The far likelihood of a study with one cross section: "truth", the label of a model that is trained or does not
// learn, or a model that was trained before (RUN#LABEL, or its name in a catalog). `at_posterior_mean` holds a model
// that knows its uncertainty at its mean. `progress` hears of trainings with shifted fluxes.
int32_t nutune_likelihood_open(
    nutune_study *NUTUNE_NONNULL study, const char *NUTUNE_NONNULL model, int32_t at_posterior_mean,
    nutune_progress NUTUNE_NULLABLE progress, void *NUTUNE_NULLABLE user,
    nutune_likelihood *NUTUNE_NULLABLE *NUTUNE_NONNULL likelihood, nutune_message message);

// Parameters (name, unit, value, starts, bounds, scale, period, prior), samples (name, bins, whether they are fitted),
// the profiled nuisance parameters (name, and width of the prior: its standard deviation, relative, or 1 for a component
// of the flux covariance; none for a scale without a prior), and whether derivatives are analytic, as JSON.
int32_t nutune_likelihood_describe(
    nutune_likelihood *NUTUNE_NONNULL likelihood, char *NUTUNE_NULLABLE *NUTUNE_NONNULL json,
    nutune_message message);

// The far events of every sample one after another in `result`, shape [bins of all samples].
int32_t nutune_likelihood_data(
    nutune_likelihood *NUTUNE_NONNULL likelihood, double *NUTUNE_NONNULL result, nutune_message message);

// The same likelihood of other far events, shape [bins of all samples].
int32_t nutune_likelihood_with_data(
    nutune_likelihood *NUTUNE_NONNULL likelihood, const double *NUTUNE_NONNULL events,
    nutune_likelihood *NUTUNE_NULLABLE *NUTUNE_NONNULL other, nutune_message message);

// Expected events at values of the parameters, nuisance parameters at their central values, shape [bins of all
// samples].
int32_t nutune_likelihood_rates(
    nutune_likelihood *NUTUNE_NONNULL likelihood, const double *NUTUNE_NONNULL parameters,
    double *NUTUNE_NONNULL result, nutune_message message);

// -2 ln L relative to data that the prediction describes exactly, with the priors.
int32_t nutune_likelihood_value(
    nutune_likelihood *NUTUNE_NONNULL likelihood, const double *NUTUNE_NONNULL parameters,
    double *NUTUNE_NONNULL value, nutune_message message);

// -2 ln L and its derivatives with respect to the parameters, shape [parameters]: analytic, or central differences over
// a thousandth of each parameter's scale, as the description says. Beside analytic derivatives -2 ln L differs from that of
// nutune_likelihood_value by some 1e-10.
int32_t nutune_likelihood_gradient(
    nutune_likelihood *NUTUNE_NONNULL likelihood, const double *NUTUNE_NONNULL parameters,
    double *NUTUNE_NONNULL value, double *NUTUNE_NONNULL gradient, nutune_message message);

// Best values of the nuisance parameters at values of the parameters, in standard deviations of their priors, and scales
// where there is no prior; `result` has shape [nuisance parameters].
int32_t nutune_likelihood_pulls(
    nutune_likelihood *NUTUNE_NONNULL likelihood, const double *NUTUNE_NONNULL parameters,
    double *NUTUNE_NONNULL result, nutune_message message);

#endif
