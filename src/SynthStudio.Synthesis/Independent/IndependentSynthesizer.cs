using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Independent;

/// <summary>
/// A baseline for reports: draws every column by itself from its own distribution. What a method scores above this one is what it learned
/// about how columns hang together.
/// </summary>
/// <param name="time">The clock of the time limit.</param>
public sealed class IndependentSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "independent";

    public string Method => Name;

    public string Summary => "A baseline: every column by itself, in its own distribution.";

    public Capabilities Capabilities => Capabilities.Given | Capabilities.Temperature;

    public MemoryNeed Memory => MemoryNeed.Megabytes(150, 0);

    public IReadOnlyList<MethodOption> Options => IndependentOptions.Known;

    public TimeNeed? Time(TrainingSize size, IReadOnlyDictionary<string, string> options)
    {
        IndependentOptions.Parse(options);
        return TimeNeed.Of(size, size.CellsInMemory, 0);
    }

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var options = IndependentOptions.Parse(request.Options);
        var cells = new TimeLimit(Name, request, time).Whole(stop => CellTable.Encode(table, request, options.ProtectRare, observer, stop), cancellation);
        return new IndependentModel(cells.Codec, new Dictionary<string, double>(), CellTable.Threads(request.Threads));
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads)
    {
        CellTable.RequireCpu(device);
        return IndependentModel.Load(package, CellTable.Threads(threads));
    }
}
