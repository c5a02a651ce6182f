using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Training;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Declared;

/// <summary>
/// Rows of a declared schema, without any data: distributions, weighted categories, dates, patterns, persons and companies, formulas and correlations. Its
/// training reads the declaration instead of a table; everything after it (package, drawing, export) is that of every method.
/// </summary>
/// <param name="time">The clock of the time limit.</param>
public sealed class DeclaredSynthesizer(TimeProvider time) : ISynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "schema";

    public string Method => Name;

    public string Summary => "No data at all: rows of a declared schema, for tests and demonstrations.";

    public Capabilities Capabilities => Capabilities.NoData;

    public MemoryNeed Memory => MemoryNeed.Megabytes(150, 0);

    public IReadOnlyList<MethodOption> Options => DeclaredOptions.Known;

    public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        var limit = new TimeLimit(Name, request, time);
        if (table.Columns.Count > 0)
        {
            throw new SynthesisException(
                SynthesisError.Unsupported, $"The method '{Name}' learns no table: its rows follow from its option '{DeclaredOptions.DeclarationName}' alone. Give it no data.", "data");
        }

        var options = DeclaredOptions.Parse(request.Options);
        CellTable.RequireCpu(request.Device);
        cancellation.ThrowIfCancellationRequested();
        observer.Report(new TrainingProgress("train", 0));
        var model = new DeclaredModel(options.Declaration, options.Table(), request.Threads);
        limit.DemandLeft();
        observer.Report(new TrainingProgress("train", 1));
        return model;
    }

    public ITabularModel Load(ModelPackage package, Device device, int threads)
    {
        CellTable.RequireCpu(device);
        return DeclaredModel.Load(package, threads);
    }
}
