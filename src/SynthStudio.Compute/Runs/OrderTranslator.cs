using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using SynthStudio.Storage;
using SynthStudio.Worker.V1;
using EvaluatedGenerator = SynthStudio.Orchestration.EvaluatedGenerator;
using Terms = SynthStudio.Worker.V1.PrivacyTerms;

namespace SynthStudio.Compute;

/// <summary>Turns an owner's order into a worker's: objects become local files.</summary>
internal sealed class OrderTranslator(IObjectStore objects, IPrivacyLedger ledger, IOptions<ComputeOptions> options)
{
    /// <summary>The worker's order for what is to be done; of a training's checkpoints those in <paramref name="checkpoints"/>.</summary>
    /// <exception cref="ObjectNotFoundException">An input is not in the object store.</exception>
    public async Task<JobOrder> TranslateAsync(
        WorkOrder order, IReadOnlyList<CheckpointRef> checkpoints, string scratch, CancellationToken cancellation)
    {
        var job = new JobOrder
        {
            Job = order.Job,
            Epoch = order.Epoch.Value,
            ScratchFolder = scratch,
            Device = Device(order.Accelerator),
            Threads = options.Value.Threads,
        };
        switch (order.Spec)
        {
            case TrainingSpec training:
                job.Train = await TrainAsync(training, checkpoints, cancellation);
                job.Train.SpentEventJson = order.SpentEventJson;
                break;
            case GenerationSpec generation:
                job.Stay = options.Value.KeptModels > 0 && generation.Model.Sha256.Length > 0;
                job.Generate = await GenerateAsync(generation, cancellation);
                break;
            case EvaluationSpec evaluation:
                job.Evaluate = new EvaluateOrder
                {
                    Train = await FileAsync(evaluation.Train, cancellation),
                    Holdout = evaluation.Holdout is { } holdout ? await FileAsync(holdout, cancellation) : null,
                    Synthetic = await FileAsync(evaluation.Synthetic, cancellation),
                    Seed = evaluation.Seed,
                    Settings = evaluation.Settings.Length > 0 ? EvaluationSettings.Parser.ParseFrom(Convert.FromBase64String(evaluation.Settings)) : null,
                    Generator = Generator(evaluation.Generator),
                };
                break;
            case ProfilingSpec profiling:
                job.Profile = new ProfileOrder
                {
                    Data = await FileAsync(profiling.Data, cancellation),
                    FingerprintKey = ByteString.CopyFrom(ledger.FingerprintKey(ProjectOf(order.Job))),
                    Withheld = profiling.Withheld,
                };
                break;
            case AnalysisSpec analysis:
                job.Analyze = new AnalyzeOrder
                {
                    Data = await FileAsync(analysis.Data, cancellation),
                    Earlier = analysis.Earlier is { } earlier ? await FileAsync(earlier, cancellation) : null,
                    Columns = { analysis.Columns },
                    MostColumns = analysis.MostColumns,
                };
                break;
            case ExtractionSpec extraction:
                job.Extract = new ExtractOrder { Data = await FileAsync(extraction.Data, cancellation) };
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order.Spec, "There is no such kind of work.");
        }

        return job;
    }

    private static Worker.V1.EvaluatedGenerator? Generator(EvaluatedGenerator? generator)
    {
        if (generator is null)
        {
            return null;
        }

        var order = new Worker.V1.EvaluatedGenerator { Method = generator.Method, ModelSha256 = generator.ModelSha256 };
        if (generator is { Epsilon: { } epsilon, Delta: { } delta })
        {
            (order.Epsilon, order.Delta) = (epsilon, delta);
        }

        return order;
    }

    private async Task<TrainOrder> TrainAsync(TrainingSpec training, IReadOnlyList<CheckpointRef> checkpoints, CancellationToken cancellation) => new()
    {
        Data = training.ReadsData ? await FileAsync(training.Data, cancellation) : new DataFile(),
        Method = training.Method,
        Options = { training.Options.ToDictionary() },
        MaxTime = training.MaxTime is { } limit ? Duration.FromTimeSpan(limit) : null,
        Seed = training.Seed,
        Checkpoints = { await Task.WhenAll(checkpoints.Select(c => objects.GetLocalPathAsync(c.Object, cancellation))) },
        CheckpointInterval = options.Value.CheckpointInterval is { } interval ? Duration.FromTimeSpan(interval) : null,
        CheckpointSteps = options.Value.CheckpointSteps,
        Privacy = training.Privacy is { } terms ? Translate(terms) : null,
        Report = training.Report,
        StartFrom = training.Start is { } start ? await objects.GetLocalPathAsync(start.Model, cancellation) : "",
    };

    /// <summary>An accelerator as workers name devices.</summary>
    internal static string Device(string accelerator) => accelerator is "" or "any" ? "auto" : accelerator;

    internal static Terms Translate(Orchestration.PrivacyTerms terms)
    {
        var translated = new Terms
        {
            Epsilon = terms.Epsilon, Delta = terms.Delta, UnitColumn = terms.UnitColumn, MaxRowsPerUnit = terms.MaxRowsPerUnit,
            PartJson = terms.PartJson ?? "",
        };
        if (terms.Rows is { } rows) translated.Rows = rows;
        return translated;
    }

    /// <summary><c>projects/p</c> of <c>projects/p/jobs/j</c>.</summary>
    private static string ProjectOf(string job) => string.Join('/', job.Split('/').Take(2));

    private async Task<GenerateOrder> GenerateAsync(GenerationSpec generation, CancellationToken cancellation) => new()
    {
        Model = await objects.GetLocalPathAsync(generation.Model, cancellation),
        ModelSha256 = generation.Model.Sha256,
        Rows = generation.Rows,
        Seed = generation.Seed,
        Given = { generation.Given.Where(g => g.Value is not null).ToDictionary(g => g.Key, g => g.Value!) },
        GivenMissing = { generation.Given.Where(g => g.Value is null).Select(g => g.Key) },
        Temperature = generation.Temperature,
        Terms = generation.Terms.Length > 0 ? DrawingTerms.Parser.ParseFrom(Convert.FromBase64String(generation.Terms)) : null,
    };

    private async Task<DataFile> FileAsync(DataInput input, CancellationToken cancellation) => new()
    {
        Path = await objects.GetLocalPathAsync(input.Object, cancellation),
        FileName = input.FileName,
        SchemaJson = input.SchemaJson,
        Sha256 = input.Object.Sha256,
        Split = input.Split is { } split ? new Split { HeldBack = split.HeldBack, Seed = split.Seed } : null,
    };
}
