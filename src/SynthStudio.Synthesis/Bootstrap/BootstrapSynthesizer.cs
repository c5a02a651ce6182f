using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Bootstrap;

/// <summary>
/// A baseline for reports: draws training rows with replacement. It shows what a measure of quality says of perfect copies and whether a
/// measure of privacy notices them. It protects nobody: only keys are made anew, so that they stay unique. Servers refuse it unless their operator allows it.
/// </summary>
/// <param name="time">The clock of the time limit.</param>
public sealed class BootstrapSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "bootstrap";

    public string Method => Name;

    public string Summary => "A baseline without any privacy: copies of training rows.";

    public Capabilities Capabilities => Capabilities.Given | Capabilities.CopiesRows;

    public MemoryNeed Memory => MemoryNeed.Megabytes(150, 0);

    public IReadOnlyList<MethodOption> Options => BootstrapOptions.Known;

    public TimeNeed? Time(TrainingSize size, IReadOnlyDictionary<string, string> options)
    {
        BootstrapOptions.Parse(options);
        return TimeNeed.Of(size, size.CellsInMemory, 0);
    }

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var limit = new TimeLimit(Name, request, time);
        BootstrapOptions.Parse(request.Options);
        CellTable.RequireCpu(request.Device);
        if (table.RowCount == 0) throw new SynthesisException(SynthesisError.TooFewRows, "The table has no rows.");
        cancellation.ThrowIfCancellationRequested();
        observer.Report(new TrainingProgress("encode", 0));
        var codec = limit.Whole(stop => TableCodec.Fit(table, request, protectRare: false, stop), cancellation);
        var rows = new Table(codec.Schema, [.. codec.Schema.Columns.Select(column => table[column.Name])]);
        observer.Report(new TrainingProgress("encode", 1));
        return new BootstrapModel(codec, rows, new Dictionary<string, double>());
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads)
    {
        CellTable.RequireCpu(device);
        return BootstrapModel.Load(package);
    }
}
