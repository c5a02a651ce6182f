using SynthStudio.Privacy;
using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Loss;
using Severity = SynthStudio.V1.PrivacySeverity;

namespace SynthStudio.Api.Privacy;

/// <summary>What is wrong or doubtful with a plan, and what a good one looks like. Everything follows from public parameters.</summary>
internal static class PrivacyAdvice
{
    private const double StrongEpsilon = 1, WeakEpsilon = 5, MeaninglessEpsilon = 20;
    private const double ThinNoise = 0.5;
    private const double LargeRate = 0.5;
    private const int FewBatch = 32;
    private const int DefaultEpochs = 30, LeastBatch = 64, MostBatch = 4096;

    /// <summary>Whether the plan says all that its noise needs.</summary>
    public static bool HasNoise(V1.PrivacyConfig config) => config is { NoiseMultiplier: > 0, SampleRate: > 0, Steps: > 0 };

    /// <summary>The epsilon of the plan's noise.</summary>
    /// <exception cref="PrivacyException">A number is out of range.</exception>
    public static double EpsilonOf(V1.PrivacyConfig config) =>
        new PldAccountant().Epsilon(Steps(config.SampleRate, config.NoiseMultiplier, config.Steps), config.Terms.Delta);

    /// <summary>
    /// Steps of Poisson-sampled Gaussian noise: the probability of a record to be in one, and the noise's standard
    /// deviation over the clipping norm.
    /// </summary>
    public static RepeatedEvent Steps(double rate, double noise, long steps) =>
        new PoissonSampledEvent(rate, new GaussianEvent(noise)).Times(steps);

    /// <summary>Findings on a plan, the worst first.</summary>
    /// <param name="config">The plan, with terms.</param>
    /// <param name="epsilon">Epsilon of its noise; null when it leaves that open.</param>
    public static IReadOnlyList<V1.PrivacyFinding> Judge(V1.PrivacyConfig config, double? epsilon) =>
        [.. Terms(config.Terms).Concat(Noise(config, epsilon)).OrderByDescending(f => f.Severity)];

    /// <summary>A plan for a table of a size.</summary>
    /// <param name="rows">Declared rows, or units.</param>
    /// <param name="epsilon">The promise.</param>
    /// <param name="epochs">Passes over the table; 0 takes the default.</param>
    /// <param name="budgetDelta">Delta of the budget, of which a tenth is taken at most: it is for later releases too. Null without one.</param>
    /// <param name="limit">Ends the search for the noise.</param>
    /// <exception cref="PrivacyException">No noise keeps the promise.</exception>
    public static V1.PrivacyConfig Recommend(long rows, double epsilon, int epochs, double? budgetDelta, CancellationToken limit)
    {
        // Well below 1 / rows, at a power of ten that compares with others' figures.
        var delta = Math.Min(Math.Min(1e-5, Math.Pow(10, Math.Floor(Math.Log10(0.1 / rows)))), 0.1 * (budgetDelta ?? 1));
        var batch = Math.Min(Math.Clamp(rows / 16, LeastBatch, MostBatch), rows);
        var rate = (double)batch / rows;
        var steps = (long)Math.Ceiling((epochs == 0 ? DefaultEpochs : epochs) / rate);
        var noise = NoiseCalibration.NoiseMultiplier(sigma => Steps(rate, sigma, steps), new BoundedAccountant(new PldAccountant(), limit), epsilon, delta);
        return new V1.PrivacyConfig
        {
            Terms = new V1.PrivacyTerms { Epsilon = epsilon, Delta = delta, Rows = rows, MaxRowsPerUnit = 1 }, SampleRate = rate,
            Steps = steps, NoiseMultiplier = noise,
        };
    }

    public static V1.PrivacyFinding Finding(Severity severity, string field, string reason, string message) =>
        new() { Severity = severity, Field = field, Reason = reason, Message = message };

    private static IEnumerable<V1.PrivacyFinding> Terms(V1.PrivacyTerms terms)
    {
        foreach (var (field, problem) in PrivacyTermsCheck.Problems(terms))
            yield return Finding(Severity.Error, $"config.terms.{field}", "OUT_OF_RANGE", $"{field} {problem}");
        if (terms.Epsilon > MeaninglessEpsilon)
            yield return Warn("epsilon", "EPSILON_MEANINGLESS", $"Above {MeaninglessEpsilon} the promise says next to nothing about any single person.");
        else if (terms.Epsilon > WeakEpsilon)
            yield return Warn("epsilon", "EPSILON_LARGE", $"Above {WeakEpsilon} an attacker may learn a good deal; 1 is a strong promise.");
        else if (terms.Epsilon <= StrongEpsilon)
            yield return Note("epsilon", "EPSILON_STRONG", "A strong promise; expect rare categories and fine detail to blur.");
        if (terms.HasRows && terms.Delta > 0.1 / terms.Rows && terms.Delta < 1.0 / terms.Rows)
            yield return Warn("delta", "DELTA_LARGE", FormattableString.Invariant($"delta should be well below 1 / rows; take {Math.Pow(10, Math.Floor(Math.Log10(0.1 / terms.Rows))):G1}."));
        if (!terms.HasRows)
            yield return Note("rows", "ROWS_COUNTED", "The table's size is not declared: it is counted with noise, out of the budget.");
        if (terms.UnitColumn.Length == 0)
            yield return Note("unit_column", "UNIT_IS_ROW", "The promise is for single rows. That every person has one row is then your statement; name a unit column where people have more.");
    }

    private static IEnumerable<V1.PrivacyFinding> Noise(V1.PrivacyConfig config, double? epsilon)
    {
        if (epsilon > config.Terms.Epsilon * (1 + 1e-9))
        {
            yield return Finding(
                Severity.Error, "config.noise_multiplier", "NOISE_TOO_SMALL",
                FormattableString.Invariant($"The noise, sampling rate and steps come to epsilon {epsilon:G5}, more than the {config.Terms.Epsilon:G5} of the terms. Take more noise, fewer steps or smaller batches."));
        }

        if (config.NoiseMultiplier is > 0 and < ThinNoise)
            yield return Warn("noise_multiplier", "NOISE_THIN", $"Below {ThinNoise} the promise rests on sampling alone; take larger batches and more noise.");
        if (config.SampleRate is < 0 or > 1)
            yield return Finding(Severity.Error, "config.sample_rate", "OUT_OF_RANGE", "sample_rate must be from 0 to 1.");
        else if (config.SampleRate > LargeRate)
            yield return Warn("sample_rate", "SAMPLING_WEAK", "Batches of more than half of the table gain nothing from sampling.");
        if (config is { SampleRate: > 0 and <= 1, Terms: { HasRows: true, Rows: > 0 } } && config.SampleRate * config.Terms.Rows < FewBatch)
            yield return Warn("sample_rate", "BATCH_SMALL", FormattableString.Invariant($"A batch has {config.SampleRate * config.Terms.Rows:0} rows on average: the noise will drown them. Take at least {FewBatch}."));
        if (config.Steps < 0)
            yield return Finding(Severity.Error, "config.steps", "OUT_OF_RANGE", "steps must not be negative.");
        else if (config is { Steps: > 0, SampleRate: > 0 } && config.Steps * config.SampleRate < 1)
            yield return Warn("steps", "EPOCHS_FEW", "It ends before it has seen the table once.");
    }

    private static V1.PrivacyFinding Warn(string field, string reason, string message) => Finding(Severity.Warning, Path(field), reason, message);

    private static V1.PrivacyFinding Note(string field, string reason, string message) => Finding(Severity.Note, Path(field), reason, message);

    private static string Path(string field) => field is "noise_multiplier" or "sample_rate" or "steps" ? $"config.{field}" : $"config.terms.{field}";
}
