using System.Text.Json;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// What fitting has in common for all methods under DP-SGD: the domain and the marginals before, calibration, the loop
/// and the statement after.
/// </summary>
internal sealed class PrivateFit
{
    private readonly FitRequest request;
    private readonly PrivacyTerms terms;
    private readonly ITrainingObserver observer;
    private readonly TimeProvider time;
    private readonly CancellationToken cancellation;
    private readonly string method;
    private readonly Table table;
    private readonly CheckpointFolder? checkpoints;
    private readonly long began;

    /// <summary>Buys the marginals, or takes up those that an interrupted training bought.</summary>
    /// <exception cref="SynthesisException">There are no terms, a column is not declared, or there is no such device.</exception>
    public PrivateFit(
        string method, Table table, FitRequest request, DomainOptions domain, ITrainingObserver observer, TimeProvider time, CancellationToken cancellation)
    {
        (this.method, this.table, this.request, this.observer, this.time, this.cancellation) = (method, table, request, observer, time, cancellation);
        began = time.GetTimestamp();
        terms = PrivacyTerms.Demanded(request, method);
        Device = ComputeDevice.Resolve(request.Device, request.Threads);
        observer.Report(new TrainingProgress("encode", 0));
        checkpoints = request.CheckpointFolder is { } folder ? new CheckpointFolder(folder, Fingerprint(), request.ResumeFrom) : null;
        Marginals = checkpoints?.Read(observer)?.State.Bought is { } bought
            ? JsonSerializer.Deserialize<BoughtMarginals>(bought)!
            : BoughtMarginals.Buy(table, terms, domain, new PrivacySpending(terms, observer, before: request.SpentBefore), new SecureBits());
        cancellation.ThrowIfCancellationRequested();
        observer.Report(new TrainingProgress("encode", 1));
    }

    public BoughtMarginals Marginals { get; }

    public TableCodec Codec => Marginals.Codec;

    public ComputeDevice Device { get; }

    /// <summary>Trains a network of records.</summary>
    /// <param name="layout">The network's parameters, in one group.</param>
    /// <param name="initial">Their starting values.</param>
    /// <param name="choice">How long and how fast.</param>
    /// <param name="bind">Makes the network, one for each thread.</param>
    /// <returns>The weights, what may be told of the training, and the promise it kept.</returns>
    public (float[] Weights, Dictionary<string, double> Metrics, PrivacyStatement Statement) Run(
        ParameterLayout layout, float[] initial, PrivateChoice choice, Func<IRecordNetwork> bind) =>
        Run(layout, group: 0, choice, (batch, recordNorm, shards) => new PrivateTrainable(layout, initial, shards, batch, recordNorm, bind));

    /// <summary>Trains several networks of which records touch one.</summary>
    /// <param name="layout">The networks' parameters.</param>
    /// <param name="group">The group of those that records touch.</param>
    /// <param name="choice">How long and how fast.</param>
    /// <param name="make">From the batches that will be drawn, the norm to clip records to, and the number of shards.</param>
    /// <returns>As above.</returns>
    public (float[] Weights, Dictionary<string, double> Metrics, PrivacyStatement Statement) Run(
        ParameterLayout layout, int group, PrivateChoice choice, Func<PoissonBatch, double, int, ITrainable> make)
    {
        var (steps, sampleRate) = (choice.Steps, choice.SampleRateFor(terms.Rows));
        var plan = new PrivatePlan
        {
            Epsilon = terms.Epsilon,
            Delta = terms.Delta,
            Before = [Marginals.Event],
            SampleRate = sampleRate,
            Steps = steps,
            RecordsPerUnit = terms.MaxRowsPerUnit,
            ExpectedRecords = sampleRate * Marginals.Rows,
            ClipNorm = choice.ClipNorm,
        }.Calibrated();
        var shards = Device.IsCpu ? 2 : 1;
        using var coins = new SecureKeystream();
        var batch = new PoissonBatch(table.RowCount, shards, sampleRate, coins);
        var release = new GradientRelease(layout.Groups[group], plan.ClipNorm, plan.NoiseMultiplier, plan.ExpectedRecords);
        var privacy = new PrivateSteps(plan, group, batch, release, ToldSteps).Foretold();
        var trainable = make(batch, release.RecordNorm, shards);
        var loop = new TrainingLoop(
            trainable, Schedule(plan, choice.LearningRate), Device, checkpoints, request.CheckpointSchedule, time, privacy);
        var (weights, state) = loop.Run(observer, cancellation, JsonSerializer.Serialize(Marginals));
        var metrics = new Dictionary<string, double>
        {
            ["steps"] = state.Step,
            ["noised_steps"] = state.Noised,
            ["sample_rate"] = plan.SampleRate,
            ["noise_multiplier"] = plan.NoiseMultiplier,
            ["clip_norm"] = plan.ClipNorm,
            ["parameters"] = layout.Count,
        };
        return (weights, metrics, Statement(plan, state));
    }

    /// <summary>Steps that were told of an earlier attempt with these marginals: a checkpoint may be older than the last of them.</summary>
    private long ToldSteps => request.SpentBefore is { } told ? Math.Max(PrivateSteps.Count(told) - PrivateSteps.Count(Marginals.Event), 0) : 0;

    private TrainingPlan Schedule(PrivatePlan plan, double learningRate) => new()
    {
        Steps = plan.Steps,
        BatchRows = Math.Max((int)plan.ExpectedRecords, 1),
        TrainingRows = Math.Max((int)Marginals.Rows, 1),
        LearningRate = learningRate,
        WarmUpSteps = (int)Math.Min(20, plan.Steps / 20 + 1),
        FinalShare = 0.05,
        WeightDecay = 0.01,
        GradientClip = double.PositiveInfinity,
        Betas = (0.9, 0.99),
        AverageDecay = Math.Max(1 - 10.0 / plan.Steps, 0.5),
        ValidateEvery = long.MaxValue,
        // What was bought before is not thrown away: a step is made even when the time is over.
        MaxTime = request.MaxTime is { } limit ? TimeSpan.FromTicks(Math.Max(1, (limit - time.GetElapsedTime(began)).Ticks)) : null,
    };

    private PrivacyStatement Statement(PrivatePlan plan, TrainingState state)
    {
        var statement = PrivacyStatement.Kept(
            terms, plan.After(state.Noised), plan.EpsilonAfter(state.Noised), (long)Math.Round(Marginals.Rows), Marginals.Bought,
            ["one-way marginals of all columns", $"{state.Noised} steps of training"]);
        return statement with { Outside = [.. statement.Outside, "the single-precision rounding of gradient sums is measured, not proven"] };
    }

    /// <summary>Names the training without looking at a cell: a private training is resumed on the same table by contract.</summary>
    private string Fingerprint() => TrainingFingerprint.Of(
        [TrainingFingerprint.Part(table.Schema)], [], new { method, terms, request.Options, request.Seed });
}
