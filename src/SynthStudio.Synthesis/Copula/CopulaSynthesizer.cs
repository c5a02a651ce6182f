using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Copula;

/// <summary>
/// A Gaussian copula: empirical marginals, held together by the correlations of latent normal variables; categories and missing values by
/// thresholds. Seconds on a CPU, and conditions without waiting; sees dependence between pairs only. Every row meets its conditions; the other
/// columns follow the copula's conditional distribution, whatever values and ranges are given. It is an approximation only where sets of several
/// categories, beside each other or beside such conditions, hold together in fewer than one of 500 rows: these are met by one of 256 candidates.
/// </summary>
/// <param name="time">The clock of metrics.</param>
public sealed class CopulaSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "copula";

    /// <summary>Latent variables of a table that the method aims at: work grows with their square.</summary>
    private const int AimedVariables = 400;

    /// <summary>Processor time of one row and one pair of latent variables, of a triple of them, and of what does not depend on either.</summary>
    private const double PairSeconds = 4e-9, TripleSeconds = 2e-9, FirstSeconds = 0.15;

    public string Method => Name;

    public string Summary => "A Gaussian copula with empirical marginals: seconds on a CPU, conditions met directly, pairwise dependence.";

    public Capabilities Capabilities => Capabilities.Given;

    public MemoryNeed Memory => MemoryNeed.Megabytes(150, 1);

    public IReadOnlyList<MethodOption> Options => CopulaOptions.Known;

    public TimeNeed? Time(TrainingSize size, IReadOnlyDictionary<string, string> options)
    {
        double most = CopulaOptions.Parse(options).CategoryVariables ?? Math.Clamp(AimedVariables / size.Columns, 1, 24);
        var variables = size.Numbers + Math.Min(size.CategoryVariables, most * size.Categories);
        var rows = Math.Min(size.RowsInMemory, 4e7 / Math.Max(variables, 1));
        return TimeNeed.Of(size, size.CellsInMemory, FirstSeconds + (PairSeconds * rows + TripleSeconds * variables) * variables * variables);
    }

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = CopulaOptions.Parse(request.Options);
        return new TimeLimit(Name, request, time).Whole(stop => Fit(table, request, options, observer, stop), cancellation);
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads)
    {
        CellTable.RequireCpu(device);
        return CopulaModel.Load(package, CellTable.Threads(threads));
    }

    private CopulaModel Fit(Table table, FitRequest request, CopulaOptions options, ITrainingObserver observer, CancellationToken cancellation)
    {
        var data = CellTable.Encode(table, request, options.ProtectRare, observer, cancellation);
        var threads = CellTable.Threads(request.Threads);
        var began = time.GetTimestamp();
        observer.Report(new TrainingProgress("train", 0));
        var most = options.CategoryVariables ?? Math.Clamp(AimedVariables / data.Layouts.Count, 1, 24);
        var columns = LatentColumns(data.Codec, most);
        var fit = new CorrelationFit(columns, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation });
        var correlations = fit.Estimate(data.Cells, share => observer.Report(new TrainingProgress("train", share)));
        var metrics = new Dictionary<string, double>
        {
            ["training_seconds"] = time.GetElapsedTime(began).TotalSeconds,
            [CopulaModel.CategoryVariablesMetric] = most,
        };
        return new CopulaModel(data.Codec, columns, CopulaModel.Pack(correlations), metrics, threads);
    }

    /// <summary>The latent variables of every modelled column.</summary>
    internal static IReadOnlyList<LatentColumn> LatentColumns(Encoding.TableCodec codec, int mostVariables)
    {
        var columns = new List<LatentColumn>();
        foreach (var column in codec.Modelled.Select(c => codec.Columns[c]))
        {
            var first = columns.Count == 0 ? 0 : columns[^1].First + columns[^1].Count;
            columns.Add(LatentColumn.Create(first, column.Layout, CellOrder.Of(column), mostVariables));
        }

        return columns;
    }
}
